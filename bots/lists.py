"""A bundle of new cases. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bots.card import line
from bots.inbox import waiting
from bots.message import Message, button
from bots.words import Words
from models import Priority
from monitor.cards import CaseView

IN_BUNDLE = 10


def bundle(number: int, cases: Sequence[CaseView], priorities: Sequence[int], words: Words) -> Message:
    """Many new cases in one message, the most urgent first; priorities are those of all, cases the few shown."""
    if not priorities:
        return Message("🌤 " + words("The storm of new cases is worked off."))
    total = len(priorities)
    heading = (
        "⚡️ <b>"
        + words.plural("{count} more new case", "{count} more new cases", total)
        + f"</b>{_counts(priorities)}"
    )
    lines = [heading, *(line(case, words) for case in cases)]
    if total > len(cases):
        lines.append(words("… and {count} more", count=total - len(cases)))
    return Message("\n".join(lines), [[button(words("Show the most urgent"), "bundle", number)]])


def morning(
    number: int, cases: Sequence[CaseView], priorities: Sequence[int], words: Words, now: datetime
) -> Message:
    """What came while we were closed, the oldest promise first; priorities are those of all, cases the few shown."""
    if not priorities:
        return Message("🌤 " + words("What came while we were closed is worked off."))
    total = len(priorities)
    came = words.plural(
        "{count} case came while we were closed", "{count} cases came while we were closed", total
    )
    lines = [f"🌅 <b>{came}</b>{_counts(priorities)}", *(waiting(case, words, now) for case in cases)]
    if total > len(cases):
        lines.append(words("… and {count} more", count=total - len(cases)))
    return Message("\n".join(lines), [[button(words("Show the most urgent"), "bundle", number)]])


def _counts(priorities: Sequence[int]) -> str:
    """How many of each; nothing where all are alike, as the lines below show."""
    by_light = {light: priorities.count(p) for p, light in LIGHT_OF.items() if p in priorities}
    if len(by_light) == 1:
        return ""
    return "  " + "  ".join(f"{light} {count}" for light, count in by_light.items())


LIGHT_OF = {Priority.HIGH: "🔴", Priority.NORMAL: "🟠", Priority.LOW: "🟡"}
