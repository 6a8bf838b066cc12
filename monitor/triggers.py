"""Rules of the configuration beside sentiment, each with a name that the card shows. Those that a post decides are pure."""

from collections.abc import Sequence

from models import Priority
from monitor import triage
from monitor.settings import Settings, Trigger
from monitor.triage import Decision, Outcome, Reason, Situation, unhappiness
from monitor.zones import Zone

PERHAPS_UNHAPPY = 0.4
"""So sure we want to be of a complaint before a widely read author, who seems content, opens a case."""


def decide(situation: Situation, settings: Settings, zone: Zone | None = None) -> Decision:
    """What sentiment and the built-in rules decide, and then what the rules of the configuration make of it."""
    decision = triage.decide(situation, settings.triage, zone)
    fired = [trigger for trigger in settings.triggers if fires(trigger, situation)]
    if not decision.opens:
        fired = [trigger for trigger in fired if trigger.opens and _may_open(trigger, situation, decision)]
    if not fired:
        return decision
    return Decision(
        Outcome.ALERT, _priority(decision, fired), (*_good_reasons(decision), *map(reason, fired))
    )


def fires(trigger: Trigger, situation: Situation) -> bool:
    """Does the post by itself meet the rule?"""
    if not concerns(trigger, situation.brand, situation.source):
        return False
    if trigger.rating is not None:
        return situation.rating is not None and situation.rating <= trigger.rating
    if trigger.complaints is not None:
        return situation.complaints >= trigger.complaints
    return trigger.reach is not None and (situation.reach or 0) >= trigger.reach


def concerns(trigger: Trigger, brand: str, source: str) -> bool:
    return trigger.brand in (None, brand) and trigger.source in (None, source)


def is_long_quarrel(trigger: Trigger, *, posts: int, ours: int, unhappy: bool) -> bool:
    """A thread of so many posts, some of them our answers, and the author is still unhappy."""
    return trigger.posts is not None and unhappy and ours > 0 and posts + ours > trigger.posts


def reason(trigger: Trigger) -> Reason:
    return Reason("rule", trigger.name)


def priority_of(trigger: Trigger) -> Priority:
    return Priority[trigger.priority.upper()]


def _may_open(trigger: Trigger, situation: Situation, decision: Decision) -> bool:
    """Nothing opens a case about another's brand, or about what is old or not about us."""
    if not decision.asks and decision.reasons[0].code != "not_unhappy":
        return False
    return trigger.rating is not None or unhappiness(situation) >= PERHAPS_UNHAPPY


def _priority(decision: Decision, fired: Sequence[Trigger]) -> Priority:
    """Rules only raise it."""
    given = [priority_of(trigger) for trigger in fired]
    return min([*given, decision.priority] if decision.priority else given)


def _good_reasons(decision: Decision) -> tuple[Reason, ...]:
    return () if decision.priority is None else decision.reasons
