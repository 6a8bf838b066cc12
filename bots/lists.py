"""A bundle of new cases. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bots.card import line
from bots.inbox import waiting
from bots.message import Message, button
from bots.words import Words
from models import Priority, Status
from monitor.cards import CaseView

IN_BUNDLE = 10
NOTHING: Mapping[Status, int] = {}


def bundle(
    number: int, cases: Sequence[CaseView], priorities: Sequence[int], words: Words, *, shown: int = 0
) -> Message:
    """Many new cases in one message, the most urgent first; priorities are those of all, cases the few listed.

    Of those that came, shown have cards of their own by now.
    """
    if not priorities and shown:
        return Message("🌤 " + words("Every case of the storm has its own card now."))
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
    return Message("\n".join(lines), [[button(words("Show the most urgent"), "bundle", number, shown)]])


def morning(
    number: int,
    cases: Sequence[CaseView],
    priorities: Sequence[int],
    words: Words,
    now: datetime,
    *,
    shown: int = 0,
    done: Mapping[Status, int] = NOTHING,
) -> Message:
    """What came while we were closed, the oldest promise first; priorities are those of all that are still here, cases the few listed.

    Of those that came, shown have cards of their own by now; done, answered or closed, never needed one.
    """
    answered, closed = done.get(Status.ANSWERED, 0), done.get(Status.CLOSED, 0)
    if not priorities and not shown and not answered:
        return Message("🌤 " + words("What came while we were closed is worked off."))
    total = len(priorities)
    came = words.plural(
        "{count} case came while we were closed",
        "{count} cases came while we were closed",
        total + shown + answered + closed,
    )
    gone = _gone(total, shown, answered, closed, words)
    lines = [f"🌅 <b>{came}</b>{gone}{_counts(priorities)}", *(waiting(case, words, now) for case in cases)]
    if total > len(cases):
        lines.append(words("… and {count} more", count=total - len(cases)))
    more = [button(words("Show the most urgent"), "bundle", number, shown)] if total else []
    return Message("\n".join(lines), [more])


def _gone(here: int, shown: int, answered: int, closed: int, words: Words) -> str:
    """What became of the others, and how many are left; nothing where all are here."""
    parts = []
    if shown:
        parts.append(words.plural("{count} has its own card", "{count} have their own cards", shown))
    if answered:
        parts.append(words.plural("{count} is answered", "{count} are answered", answered))
    if closed:
        parts.append(words.plural("{count} is closed", "{count} are closed", closed))
    if parts and here:
        parts.append(words.plural("{count} is still here", "{count} are still here", here))
    return "\n" + " · ".join(parts) if parts else ""


def _counts(priorities: Sequence[int]) -> str:
    """How many of each; nothing where all are alike, as the lines below show."""
    by_light = {light: priorities.count(p) for p, light in LIGHT_OF.items() if p in priorities}
    if len(by_light) < 2:
        return ""
    return "  " + "  ".join(f"{light} {count}" for light, count in by_light.items())


LIGHT_OF = {Priority.HIGH: "🔴", Priority.NORMAL: "🟠", Priority.LOW: "🟡"}
