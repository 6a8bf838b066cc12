"""Decide what a mention deserves. No I/O here: a situation in, a decision and its reasons out."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from models import Priority
from monitor.settings import TriageSettings
from monitor.urgent import Urgent

RELEVANT_FROM = 0.3
KIND_RATING_FROM = 4.0
HARD_TO_BELIEVE = 0.25
"""How much surer the model must be of a complaint where the author gave four or five stars."""
HARDLY_UNHAPPY = 0.1
"""Within this much above the threshold the priority is low."""
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


@dataclass(frozen=True)
class Decision:
    priority: Priority | None
    """None: nobody needs to answer."""
    reasons: tuple[Reason, ...]

    @property
    def opens(self) -> bool:
        return self.priority is not None


def decide(situation: Situation, rules: TriageSettings) -> Decision:
    """Open a case with a priority, or not; either way the reasons say why."""
    if refusal := _refusal(situation, rules):
        return Decision(None, (refusal,))
    return Decision(_priority(situation, rules), tuple(_reasons(situation, rules)))


def unhappiness(situation: Situation) -> float:
    """The surer of two signs: a negative tone, a complaint."""
    return max(situation.negative, situation.complaint or 0.0)


def _refusal(situation: Situation, rules: TriageSettings) -> Reason | None:
    if not situation.ours:
        return Reason("competitor")
    if situation.age > rules.ignore_older_than:
        return Reason("too_old", situation.age.days)
    if situation.relevance < RELEVANT_FROM:
        return Reason("irrelevant", round(situation.relevance, 2))
    if not _is_unhappy(situation, rules):
        return Reason("not_unhappy", round(unhappiness(situation), 2))
    return None


def _is_unhappy(situation: Situation, rules: TriageSettings) -> bool:
    if situation.rating is not None and situation.rating <= rules.rating:
        return True
    contradicted = situation.rating is not None and situation.rating >= KIND_RATING_FROM
    needed = min(0.95, rules.alert_from + (HARD_TO_BELIEVE if contradicted else 0))
    return unhappiness(situation) >= needed


def _priority(situation: Situation, rules: TriageSettings) -> Priority:
    if situation.urgent or situation.complaints >= REPEATED_FROM or _is_heard(situation, rules):
        return Priority.HIGH
    hardly = unhappiness(situation) < rules.alert_from + HARDLY_UNHAPPY
    return Priority.LOW if hardly and situation.rating is None else Priority.NORMAL


def _is_heard(situation: Situation, rules: TriageSettings) -> bool:
    return situation.reach is not None and situation.reach >= rules.reach


def _reasons(situation: Situation, rules: TriageSettings) -> list[Reason]:
    reasons = []
    if situation.rating is not None and situation.rating <= rules.rating:
        reasons.append(Reason("rating", situation.rating))
    if unhappiness(situation) >= rules.alert_from:
        is_complaint = situation.complaint is not None and situation.complaint >= situation.negative
        code = "complaint" if is_complaint else "negative"
        reasons.append(Reason(code, round(unhappiness(situation), 2)))
    reasons += [Reason("urgent", {"topic": u.topic, "word": u.word}) for u in situation.urgent]
    if situation.complaints >= REPEATED_FROM:
        reasons.append(Reason("repeated", situation.complaints))
    if _is_heard(situation, rules):
        reasons.append(Reason("reach", situation.reach))
    if situation.age >= WAITING_LONG:
        reasons.append(Reason("unanswered", int(situation.age.total_seconds() // 60)))
    return reasons
