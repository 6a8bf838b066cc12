"""Lists for staff: a bundle, the sources. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bots.card import line
from bots.markup import escape, shorten, shown_length
from bots.message import Message, button
from bots.words import Words
from models import Priority, SourceState
from monitor.cards import CaseView

IN_BUNDLE = 10
FITS = 4_000
"""Units of one message, less a line."""


@dataclass(frozen=True)
class SourceLine:
    place: str
    kind: str
    state: SourceState


def bundle(number: int, cases: Sequence[CaseView], priorities: Sequence[int], words: Words) -> Message:
    """Many new cases in one message, the most urgent first; priorities are those of all, cases the few shown."""
    if not priorities:
        return Message("🌤 " + words("The storm of new cases is worked off."))
    total = len(priorities)
    by_light = {light: priorities.count(p) for p, light in LIGHT_OF.items()}
    counts = "  ".join(f"{light} {count}" for light, count in by_light.items() if count)
    heading = (
        "⚡️ <b>" + words.plural("{count} more new case", "{count} more new cases", total) + f"</b>  {counts}"
    )
    lines = [heading, *(line(case, words) for case in cases)]
    if total > len(cases):
        lines.append(words("… and {count} more", count=total - len(cases)))
    return Message("\n".join(lines), [[button(words("Show the most urgent"), "bundle", number)]])


LIGHT_OF = {Priority.HIGH: "🔴", Priority.NORMAL: "🟠", Priority.LOW: "🟡"}


def sources(lines: Sequence[SourceLine], words: Words, now: datetime) -> Message:
    """How each source is: last success, last post, next look, what is wrong; the ill ones first."""
    text = "<b>" + words("Sources") + "</b>"
    for number, one in enumerate(sorted(lines, key=lambda s: -s.state.failures)):
        said = _source(one, words, now)
        if shown_length(text) + shown_length(said) > FITS:
            return Message(f"{text}\n{words('… and {count} more', count=len(lines) - number)}")
        text += "\n" + said
    return Message(text)


def _source(source: SourceLine, words: Words, now: datetime) -> str:
    state = source.state
    mark = "⚠️" if state.failures else "✅" if state.last_ok_at else "…"
    facts = []
    if state.last_ok_at:
        facts.append(words("read {time}", time=words.ago(state.last_ok_at, now)))
    if state.last_post_at:
        facts.append(words("newest post {time}", time=words.ago(state.last_post_at, now)))
    facts.append(words("next look at {time}", time=words.time(state.next_due_at, now)))
    error = f"\n      {escape(shorten(state.error, 300))}" if state.error else ""
    return f"{mark} <b>{escape(source.place)}</b> ({escape(source.kind)})\n      {' · '.join(facts)}{error}"
