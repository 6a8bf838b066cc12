"""Commands and buttons that look something up: one for each, and what they share."""

from bots.acts import Act, Doing, Outcome
from bots.inbox import look_of
from bots.office import Office
from bots.pressed import Pressed
from monitor.inbox import Look


def inbox(office: Office, act: Act) -> Outcome:
    return Outcome(show=office.inbox(Look(), act.telegram_id, act.chat_id))


def turn_inbox(office: Office, act: Act) -> Outcome:
    look = look_of(Pressed("inbox", act.number, act.extra), office.brands)
    return Outcome(edit=office.inbox(look, act.telegram_id, act.chat_id))


LOOKS: dict[str, Doing] = {"inbox": inbox}
"""By command. An act's text is what follows it, its number the case that it replies to, or 0."""
TURNS: dict[str, Doing] = {"inbox": turn_inbox}
"""By the verb of a button."""
