"""Every button, tried twice, late, out of order, by the wrong person, by a stranger, on a closed case, after a restart.

One table: what stands there is what the bot says and does, every time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from demo.telegram import User
from models import Event, ReplyState, Status
from tests.bots.room import ANSWER, Room, button, buttons, press_send

OUTDATED = "This button is outdated; the card has been refreshed."
LEFT = "This answer has left already."
TAKEN = "Олена has claimed case #1 already."
CLOSED = "Case #1 is closed."
HERS = "Олена is writing this answer."
STRANGER = "This bot is for the staff of a company."
LEGAL = "Зустрінемося в суді."


@dataclass(frozen=True)
class Verb:
    """A button, the scene that it stands in, and what comes of it."""

    prepare: Callable[[Room], dict[str, Any]]
    """Set the scene; the message that has the button."""
    button: str
    twice: str
    """What the second press of the same person is told; empty: nothing, it was done again or is harmless."""
    other: str
    """What a colleague is told who presses it first."""
    closed: str
    """What is told when the case was closed meanwhile."""


def opened(room: Room) -> dict[str, Any]:
    return room.card(room.case())


def claimed(room: Room) -> dict[str, Any]:
    room.press(room.olena, opened(room), "Claim")
    return room.card(1)


def menu(room: Room) -> dict[str, Any]:
    room.press(room.olena, claimed(room), "⋯")
    return room.card(1)


def menu_of_an_open_case(room: Room) -> dict[str, Any]:
    room.press(room.olena, opened(room), "⋯")
    return room.card(1)


def to_whom(room: Room) -> dict[str, Any]:
    room.press(room.olena, menu(room), "Hand over")
    return room.card(1)


def until_when(room: Room) -> dict[str, Any]:
    room.press(room.olena, menu(room), "Later")
    return room.card(1)


def put_off(room: Room) -> dict[str, Any]:
    room.press(room.olena, until_when(room), "in 1 hour")
    room.press(room.olena, room.card(1), "⋯")
    return room.card(1)


def previewed(room: Room) -> dict[str, Any]:
    opened(room)
    return room.previewed(1)


def leaving(room: Room) -> dict[str, Any]:
    press_send(room, previewed(room))
    return room.last("It leaves at")


def failed(room: Room) -> dict[str, Any]:
    preview = previewed(room)
    with room.sessions.begin() as session:
        reply = session.merge(room.reply_row())
        reply.state, reply.error = ReplyState.FAILED, "The thread is locked."
    room.pass_by()
    return next(m for m in room.messages() if m["message_id"] == preview["message_id"])


def unknown(room: Room) -> dict[str, Any]:
    preview = previewed(room)
    with room.sessions.begin() as session:
        reply = session.merge(room.reply_row())
        reply.state, reply.error = ReplyState.UNKNOWN, "No answer."
    room.pass_by()
    return next(m for m in room.messages() if m["message_id"] == preview["message_id"])


def by_hand(room: Room) -> dict[str, Any]:
    number = room.case(source="blog", answerable="hand_off", url="https://blog.example/7")
    room.write(room.olena, ANSWER, to=room.card(number))
    return room.last("Only a person can post there")


def waiting(room: Room) -> dict[str, Any]:
    opened(room)
    room.write(room.olena, LEGAL, to=room.card(1))
    press_send(room, room.last("Preview"), "Ask for approval")
    return room.last("asks a colleague to look first")


VERBS = {
    "claim": Verb(opened, "Claim", "The case is yours.", "The case is yours.", CLOSED),
    "reply": Verb(claimed, "Reply", "", TAKEN, CLOSED),
    "close": Verb(claimed, "Close", CLOSED, TAKEN, CLOSED),
    "more": Verb(claimed, "⋯", "", "", ""),
    "card": Verb(menu, "‹ Back", "", "", ""),
    "release": Verb(menu, "Release", "Nobody has claimed case #1.", TAKEN, CLOSED),
    "hand": Verb(menu, "Hand over", "", TAKEN, CLOSED),
    "give": Verb(to_whom, "Андрій", "Андрій has claimed case #1 already.", TAKEN, CLOSED),
    "later": Verb(menu, "Later", "", "", ""),
    "snooze": Verb(until_when, "in 1 hour", OUTDATED, TAKEN, CLOSED),
    "resume": Verb(put_off, "Bring back", OUTDATED, "It is back in the inbox.", OUTDATED),
    "not ours": Verb(menu_of_an_open_case, "Not ours", CLOSED, "Thank you. Closed as not about us.", CLOSED),
    "tone": Verb(menu, "Wrong tone", CLOSED, TAKEN, CLOSED),
    "send": Verb(previewed, "📤 Send", LEFT, TAKEN, CLOSED),
    "edit": Verb(previewed, "Edit", "", HERS, ""),
    "cancel": Verb(previewed, "Cancel", OUTDATED, TAKEN, "Cancelled"),
    "undo": Verb(leaving, "↩️ Undo", OUTDATED, HERS, "Stopped. Nothing was posted."),
    "retry": Verb(failed, "🔁 Retry", LEFT, TAKEN, CLOSED),
    "there": Verb(unknown, "It is there", LEFT, "Thank you.", "Thank you."),
    "missing": Verb(unknown, "It is not there", OUTDATED, "Thank you.", "Thank you."),
    "done": Verb(by_hand, "✅ Done", OUTDATED, TAKEN, ""),
    "approve": Verb(waiting, "✅ Approve", LEFT, "", CLOSED),
    "send back": Verb(waiting, "↩️ Send back", "", "", CLOSED),
}
BY_A_COLLEAGUE = {"approve", "send back"}
"""Pressed by Андрій where all is well: the answer is Олена's."""
OWN = "It is your answer: a colleague has to look at it."

every_verb = pytest.mark.parametrize("name", VERBS)


@pytest.fixture
def desk(room: Room) -> Room:
    room.configure(
        desk={"undo": 20, "claim_expires": "never"},
        approval=[{"name": "Legal words", "words": ["суд"]}],
    )
    return room


def who_may(room: Room, name: str) -> User:
    return room.andriy if name in BY_A_COLLEAGUE else room.olena


def press(room: Room, who: User, message: dict[str, Any], name: str) -> Any:
    """The bot has not heard of it yet."""
    return room.telegram.press(who, room.staff, message["message_id"], VERBS[name].button)


def told(room: Room, query: Any) -> str:
    return str(room.telegram.answer(query).text)


def settle(room: Room) -> None:
    room.pass_by()
    room.pass_by(seconds=25)


def nothing_dead(room: Room) -> None:
    """The card shows what can be done now: each of its buttons is one of its state."""
    case, shown = room.row(1), buttons(room.card(1))
    if case.status is Status.CLOSED:
        assert shown[0] == "Reopen"
    elif "It is there" not in shown and "‹ Back" not in shown:
        assert "Reply" in shown[:2]
        assert ("Claim" in shown) == (case.status is Status.OPEN)


def events(room: Room) -> int:
    with room.sessions() as session:
        return session.scalar(select(func.count()).select_from(Event)) or 0


@every_verb
def test_twice_is_once(desk: Room, name: str) -> None:
    message = VERBS[name].prepare(desk)
    who = who_may(desk, name)
    presses = [press(desk, who, message, name) for _ in range(2)]
    settle(desk)
    first, second = (told(desk, query) for query in presses)
    assert second == VERBS[name].twice
    assert first not in (OUTDATED, LEFT)
    desk.pass_by(days=1)
    assert len(desk.forum.posted) <= 1
    nothing_dead(desk)


@every_verb
def test_by_a_colleague(desk: Room, name: str) -> None:
    message = VERBS[name].prepare(desk)
    wrong = desk.olena if name in BY_A_COLLEAGUE else desk.andriy
    query = press(desk, wrong, message, name)
    settle(desk)
    assert told(desk, query) == (OWN if name in BY_A_COLLEAGUE else VERBS[name].other)
    if VERBS[name].other in (TAKEN, HERS) or name in BY_A_COLLEAGUE:
        assert desk.row(1).claimed_by_id == desk.olena.id
    assert desk.forum.posted in ([], [("p1", ANSWER)])
    nothing_dead(desk)


@every_verb
def test_by_a_stranger(desk: Room, name: str) -> None:
    message = VERBS[name].prepare(desk)
    stranger = desk.telegram.add_user("Хтось", user_id=6666)
    desk.staff.members[stranger.id] = "member"
    before = (events(desk), desk.row(1).status)
    query = press(desk, stranger, message, name)
    desk.pass_by()
    assert told(desk, query).startswith(STRANGER)
    assert (events(desk), desk.row(1).status) == before
    nothing_dead(desk)


@every_verb
def test_on_a_case_that_was_closed_meanwhile(desk: Room, name: str) -> None:
    message = VERBS[name].prepare(desk)
    desk.telegram.write(desk.olena, desk.staff, "/close 1")
    query = press(desk, who_may(desk, name), message, name)
    desk.pass_by()
    said = told(desk, query)
    expected = VERBS[name].closed
    assert said == expected if expected != "Cancelled" else said == ""
    settle(desk)
    assert desk.row(1).status is Status.CLOSED
    if expected == CLOSED:
        assert desk.forum.posted == []
    nothing_dead(desk)


@every_verb
def test_after_a_restart_it_is_as_before(desk: Room, name: str) -> None:
    message = VERBS[name].prepare(desk)
    desk.restart()
    query = press(desk, who_may(desk, name), message, name)
    desk.pass_by()
    assert told(desk, query) not in (OUTDATED, LEFT)
    desk.restart()
    desk.pass_by(seconds=25)
    assert len(desk.forum.posted) == (1 if name in ("send", "retry", "approve") else 0)
    nothing_dead(desk)


@pytest.mark.parametrize(
    "nonsense",
    ["", "claim", "claim:", "claim:x", "claim:-1", "claim:9" * 30, "nonsense:1", "give:1:x", "give:1:99",
     "hand:1:-6", "snooze:1:never", "approve:99", "undo:99", "reopen:99", "more:99", "sendback:99"],
)  # fmt: skip
def test_what_no_button_of_ours_says_is_refused_in_words(desk: Room, nonsense: str) -> None:
    message = claimed(desk)
    with desk.telegram.lock:
        rows = desk.staff.messages[message["message_id"]].markup
        assert rows is not None
        rows["inline_keyboard"][0][0]["callback_data"] = nonsense or "x"
    query = desk.telegram.press(desk.olena, desk.staff, message["message_id"], nonsense or "x")
    desk.pass_by()
    if nonsense != "hand:1:-6":
        assert told(desk, query)
        assert desk.telegram.answer(query).show_alert
    assert desk.row(1).claimed_by_id == desk.olena.id


def test_out_of_order_the_later_press_meets_what_the_earlier_left(desk: Room) -> None:
    """Undo, Send and Cancel at once: one of them wins, and nothing is posted that was stopped."""
    message = leaving(desk)
    undo = press(desk, desk.olena, message, "undo")
    desk.pass_by()
    assert told(desk, undo) == "Stopped. Nothing was posted."
    preview = desk.last("Preview")
    cancel = desk.telegram.press(desk.olena, desk.staff, preview["message_id"], "Cancel")
    send = desk.telegram.press(desk.olena, desk.staff, preview["message_id"], button(preview, "Send"))
    desk.pass_by()
    assert told(desk, cancel) == ""
    assert told(desk, send) == OUTDATED
    desk.pass_by(days=1)
    assert desk.forum.posted == []


def test_reopen_by_anybody_twice_and_after_a_restart(desk: Room) -> None:
    desk.press(desk.olena, claimed(desk), "Close")
    message = desk.card(1)["message_id"]
    desk.restart()
    presses = [desk.telegram.press(who, desk.staff, message, "Reopen") for who in (desk.andriy, desk.olena)]
    desk.pass_by()
    assert [told(desk, query) for query in presses] == ["Reopened.", "Case #1 is open already."]
    nothing_dead(desk)
