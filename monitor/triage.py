"""Decide what a mention deserves. No I/O here: a situation in, a decision and its reasons out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise
from math import exp
from typing import Any

from models import Priority
from monitor.settings import TriageSettings
from monitor.urgent import Urgent
from monitor.zones import Zone, Zones

RELEVANT_FROM = 0.3
STARS = ((1.0, 2.0), (2.0, 1.0), (3.0, 0.0), (4.0, -1.0), (5.0, -1.5))
"""What a rating adds to the log-odds that its author is unhappy. Where 0.6 is needed of others, 0.87 is of one who gave five
stars: a complaint among them must be plain, and is not impossible."""
HARDLY_UNHAPPY = 0.25
"""In this lowest part of the zone of alerts the priority is low."""
REPEATED_FROM = 3
WAITING_LONG = timedelta(hours=1)


@dataclass(frozen=True)
class Reason:
    """Why: a code that the message catalogue has words for, and what to fill in."""

    code: str
    value: Any = None

    def stored(self) -> dict[str, Any]:
        return {"code": self.code, "value": self.value}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that a decision rests on."""

    negative: float
    complaint: float | None
    rating: float | None
    relevance: float
    age: timedelta
    reach: int | None
    urgent: tuple[Urgent, ...]
    complaints: int
    """Of this author at this source in the last 30 days, this one counted."""
    ours: bool
    brand: str = ""
    source: str = ""


class Outcome(StrEnum):
    ALERT = "alert"
    ASK = "ask"  # not sure: staff say whether it is a complaint
    LEAVE = "leave"


@dataclass(frozen=True)
class Decision:
    outcome: Outcome
    priority: Priority | None
    """Of the case, also of one that is only asked about; None: nobody needs to answer."""
    reasons: tuple[Reason, ...]

    @property
    def opens(self) -> bool:
        return self.outcome is Outcome.ALERT

    @property
    def asks(self) -> bool:
        return self.outcome is Outcome.ASK


def decide(situation: Situation, rules: TriageSettings, zone: Zone | None = None) -> Decision:
    """Alert with a priority, ask, or leave it; the reasons say why. zone is that of the post's language."""
    zone = zone or Zones({}, rules).of("")
    if refusal := _refusal(situation, rules):
        return Decision(Outcome.LEAVE, None, (refusal,))
    if _is_rated_badly(situation, rules) or unhappiness(situation) >= zone.alert_from:
        outcome = Outcome.ALERT
    elif unhappiness(situation) >= zone.ask_from:
        outcome = Outcome.ASK
    else:
        reasons = (Reason("not_unhappy", round(unhappiness(situation), 2)), *_weighed(situation))
        return Decision(Outcome.LEAVE, None, reasons)
    priority = _priority(situation, zone, outcome, rules)
    return Decision(outcome, priority, tuple(_reasons(situation, rules, zone)))


def unhappiness(situation: Situation) -> float:
    """The surer of two signs, a negative tone or a complaint, held against the stars that the author gave."""
    said = spoken_unhappiness(situation)
    if situation.rating is None:
        return said
    weight = exp(stars(situation.rating))
    return round(
        said * weight / (said * weight + 1 - said), 9
    )  # else rounding errors pass one, or turn the order


def spoken_unhappiness(situation: Situation) -> float:
    """What the words alone say."""
    return max(situation.negative, situation.complaint or 0.0)


def stars(rating: float) -> float:
    """What a rating of 1 to 5 adds to the log-odds, in a straight line between whole stars."""
    for (low, less), (high, more) in pairwise(STARS):
        if rating <= high:
            return less + (more - less) * (max(rating, low) - low) / (high - low)
    return STARS[-1][1]


def _refusal(situation: Situation, rules: TriageSettings) -> Reason | None:
    if not situation.ours:
        return Reason("competitor")
    if situation.age > rules.ignore_older_than:
        return Reason("too_old", situation.age.days)
    if situation.relevance < RELEVANT_FROM:
        return Reason("irrelevant", round(situation.relevance, 2))
    return None


def _is_rated_badly(situation: Situation, rules: TriageSettings) -> bool:
    return situation.rating is not None and situation.rating <= rules.rating


def _priority(situation: Situation, zone: Zone, outcome: Outcome, rules: TriageSettings) -> Priority:
    """Of a post that staff are asked about, what it has once they say yes: no doubt is left then to lower it."""
    if situation.urgent or situation.complaints >= REPEATED_FROM or _is_heard(situation, rules):
        return Priority.HIGH
    sure_from = zone.alert_from + HARDLY_UNHAPPY * (1 - zone.alert_from)
    hardly = outcome is Outcome.ALERT and unhappiness(situation) < sure_from
    return Priority.LOW if hardly and situation.rating is None else Priority.NORMAL


def _is_heard(situation: Situation, rules: TriageSettings) -> bool:
    return situation.reach is not None and situation.reach >= rules.reach


def _weighed(situation: Situation) -> list[Reason]:
    """That the stars changed what the words say, and from what."""
    if situation.rating is None or not stars(situation.rating):
        return []
    before = round(spoken_unhappiness(situation), 2)
    return [Reason("weighed", {"rating": situation.rating, "before": before})]


def _reasons(situation: Situation, rules: TriageSettings, zone: Zone) -> list[Reason]:
    reasons = []
    if _is_rated_badly(situation, rules):
        reasons.append(Reason("rating", situation.rating))
    if unhappiness(situation) >= zone.ask_from:
        is_complaint = situation.complaint is not None and situation.complaint >= situation.negative
        code = "complaint" if is_complaint else "negative"
        reasons.append(Reason(code, round(unhappiness(situation), 2)))
        reasons += [] if _is_rated_badly(situation, rules) else _weighed(situation)
    reasons += urgent_reasons(situation.urgent)
    if situation.complaints >= REPEATED_FROM:
        reasons.append(Reason("repeated", situation.complaints))
    if _is_heard(situation, rules):
        reasons.append(Reason("reach", situation.reach))
    if situation.age >= WAITING_LONG:
        reasons.append(Reason("unanswered", int(situation.age.total_seconds() // 60)))
    return reasons


def urgent_reasons(found: Iterable[Urgent]) -> list[Reason]:
    return [Reason("urgent", {"topic": urgent.topic, "word": urgent.word}) for urgent in found]
