"""/sources: how each one is, the ill ones first, page by page. Pure, but for the acts."""

from collections.abc import Sequence
from datetime import datetime

from bots.act import Act, Outcome
from bots.markup import escape, shorten
from bots.message import Message, button, pages
from bots.office import Office
from bots.words import Words
from monitor.db import reading
from monitor.pulse import Pulse, pulses

PAGE = 5
ERROR = 300
"""Units of an error that a list shows."""


def show_sources(office: Office, act: Act) -> Outcome:
    return Outcome(show=_page(office, 0, act))


def turn_sources(office: Office, act: Act) -> Outcome:
    return Outcome(edit=_page(office, act.number, act))


def _page(office: Office, offset: int, act: Act) -> Message:
    with reading(office.sessions) as session:
        now = office.clock()
        return sources(pulses(session, office.settings, now), offset, office.words(act.chat_id), now)


def sources(found: Sequence[Pulse], offset: int, words: Words, now: datetime) -> Message:
    """One page; of one that is no more, the last."""
    total = len(found)
    offset = min(offset, max(0, total - 1)) // PAGE * PAGE
    ill = sum(pulse.is_ill for pulse in found)
    heading = f"<b>{words('Sources')}</b> · {total}"
    if ill:
        heading += " · ⚠️ " + words.plural("{count} is not well", "{count} are not well", ill)
    lines = [heading, *(_source(pulse, words, now) for pulse in found[offset : offset + PAGE])]
    again = [button("↻ " + words("Refresh"), "sources", offset)]
    return Message("\n".join(lines), [pages("sources", offset, PAGE, total, words), again])


def _source(pulse: Pulse, words: Words, now: datetime) -> str:
    state = pulse.state
    mark = "⚠️" if pulse.is_failing else "🔇" if pulse.is_silent else "✅" if state.last_ok_at else "…"
    facts = []
    if state.last_ok_at:
        facts.append(words("read {time}", time=words.ago(state.last_ok_at, now)))
    if state.last_post_at:
        facts.append(words("newest post {time}", time=words.ago(state.last_post_at, now)))
    facts.append(words("next look at {time}", time=words.time(state.next_due_at, now)))
    lines = [
        f"{mark} <b>{escape(pulse.place)}</b> ({escape(pulse.kind)})",
        " · ".join(facts),
        _pace(pulse, words),
    ]
    if state.error:
        lines.append(escape(shorten(state.error, ERROR)))
    return "\n      ".join(line for line in lines if line)


def _pace(pulse: Pulse, words: Words) -> str:
    """What came today against what usually has come by this hour, and how late we find it."""
    facts = []
    if pulse.today or pulse.usual:
        usual = words("usually {count}", count=words.number(round(pulse.usual)))
        facts.append(words.plural("{count} post today", "{count} posts today", pulse.today) + f" ({usual})")
    if pulse.delay is not None:
        facts.append(words("found after {time}", time=words.span(pulse.delay)))
    return " · ".join(facts)
