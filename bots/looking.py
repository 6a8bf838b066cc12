"""Commands and buttons that look something up: one for each, and what they share."""

from bots.acquaintance import meet
from bots.act import Act, Doing, Outcome
from bots.acts_saved import listed
from bots.corrections import duplicate, duplicate_command, spam
from bots.finding import find, turn_found
from bots.inbox import look_of
from bots.mutes import mute, mute_command, muted, turn_muted, unmute
from bots.office import Office
from bots.pressed import Pressed
from bots.sources import show_sources, turn_sources
from bots.stats import show_stats, turn_stats
from bots.why import explain
from monitor.inbox import Look


def inbox(office: Office, act: Act) -> Outcome:
    return Outcome(show=office.inbox(Look(), act.telegram_id, act.chat_id))


def turn_inbox(office: Office, act: Act) -> Outcome:
    look = look_of(Pressed("inbox", act.number, act.extra), office.brands)
    return Outcome(edit=office.inbox(look, act.telegram_id, act.chat_id))


LOOKS: dict[str, Doing] = {
    "inbox": inbox,
    "dup": duplicate_command,
    "mute": mute_command,
    "muted": muted,
    "find": find,
    "why": explain,
    "sources": show_sources,
    "stats": show_stats,
    "history": meet,
    "saved": listed,
}
"""By command. An act's text is what follows it, its number the case that it replies to, or 0."""
TURNS: dict[str, Doing] = {
    "inbox": turn_inbox,
    "dup": duplicate,
    "spam": spam,
    "mute": mute,
    "unmute": unmute,
    "muted": turn_muted,
    "find": turn_found,
    "why": explain,
    "sources": turn_sources,
    "stats": turn_stats,
    "history": meet,
}
"""By the verb of a button."""
