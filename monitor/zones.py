"""From which score on staff are alerted, and from which they are asked: by language, for a wanted precision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from monitor.sentiment.curves import UNDETERMINED, Curve, Point
from monitor.settings import TriageSettings

ALERT_FROM, ASK_FROM = 0.6, 0.45
"""For a judge that does not know how often it is right."""


@dataclass(frozen=True)
class Zone:
    """Scores from alert_from on raise an alert, those from ask_from on a question, the rest nothing."""

    alert_from: float = ALERT_FROM
    ask_from: float = ASK_FROM
    alerted: Point | None = None
    """What to expect of the posts that raise an alert; None where the judge can't tell."""
    asked: Point | None = None
    """What to expect of those that staff are asked about, they alone."""

    def __str__(self) -> str:
        asks = (
            f"ask from {self.ask_from:.2f}{_expected(self.asked)}"
            if self.ask_from < self.alert_from
            else "ask of none"
        )
        return f"alert from {self.alert_from:.2f}{_expected(self.alerted)}; {asks}"


@dataclass(frozen=True)
class Zones:
    """The zones that a judge's curves and the configuration make."""

    curves: Mapping[str, Curve]
    rules: TriageSettings

    def of(self, language: str) -> Zone:
        return self._by_language.get(language) or self._by_language.get(UNDETERMINED) or self._plain

    def every(self) -> Iterable[tuple[str, Zone]]:
        """The zones by language; one for all where the judge has no curves."""
        return self._by_language.items() or [("all languages", self._plain)]

    @cached_property
    def _by_language(self) -> dict[str, Zone]:
        return {language: _zone(curve, self.rules) for language, curve in self.curves.items()}

    @cached_property
    def _plain(self) -> Zone:
        alert_from = _given(self.rules.alert_from, ALERT_FROM)
        return Zone(alert_from, min(alert_from, _given(self.rules.ask_from, ASK_FROM)))


def _zone(curve: Curve, rules: TriageSettings) -> Zone:
    if rules.alert_from is None:
        alerted = curve.reaching(rules.precision)
        alert_from = alerted.threshold
    else:
        alert_from = rules.alert_from
        alerted = curve.at(alert_from)
    if rules.ask_from is None:
        asked = curve.below(alerted, rules.ask_precision)
        return Zone(alert_from, min(alert_from, asked.threshold), alerted, asked)
    ask_from = min(alert_from, rules.ask_from)
    return Zone(alert_from, ask_from, alerted, curve.under(alerted, ask_from))


def _expected(point: Point | None) -> str:
    return f" (precision {point.precision:.2f}, recall {point.recall:.2f})" if point else ""


def _given(value: float | None, default: float) -> float:
    return default if value is None else value
