"""Pressing the buttons of the table of outcomes."""

from typing import Any

from demo.telegram import User
from models import Status
from tests.bots.outcomes import BY_A_COLLEAGUE, VERBS
from tests.bots.room import Room, buttons
from tests.bots.scenes import Shown, shown


def who_may(room: Room, name: str) -> User:
    return room.andriy if name in BY_A_COLLEAGUE else room.olena


def who_else(room: Room, name: str) -> User:
    return room.olena if name in BY_A_COLLEAGUE else room.andriy


def press(room: Room, who: User, message: Shown, name: str) -> Any:
    """The bot has not heard of it yet."""
    rows = shown(room, message)["reply_markup"]["inline_keyboard"]
    data = [one["callback_data"] for row in rows for one in row if "callback_data" in one]
    wanted = next(each for each in data if each.startswith(VERBS[name].data))
    return room.telegram.press(who, room.staff, message["message_id"], wanted)


def told(room: Room, query: Any) -> str:
    """The toast. Fails where nobody answered the press: the button was dead."""
    return str(room.telegram.answer(query, timeout=0.1).text)


def nothing_dead(room: Room) -> None:
    """The card of case 1 shows what can be done now."""
    case, offered = room.row(1), buttons(room.card(1))
    if case.duplicate_of_id is not None or "‹ Back" in offered or "It is there" in offered:
        return
    if not case.promised:
        assert offered[0] in ("Yes", "↩️ Ask again", "↗ Open", "Reopen")
    elif case.status is Status.CLOSED:
        assert offered[0] == "Reopen"
    else:
        assert "Reply" in offered[:2]
        assert ("Claim" in offered) == (case.status is Status.OPEN)
