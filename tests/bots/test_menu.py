"""The keyboards of a card: few buttons first, everything else behind "⋯"."""

from datetime import timedelta
from typing import Any

import pytest

from bots.menu import ITEMS, colleagues, first, later, rest
from bots.message import Message, Rows
from models import ReplyState, Role, Status
from monitor.people import Member
from tests.bots.rendering import LANGUAGES, NOW, answer, case_view, seen, words
from tests.bots.room import Room, buttons

LOOKED_UP = ["why", "history", "mute"]
CORRECTED = ["dup", "spam", "notours", "tone"]


def verbs(rows: Rows) -> list[str]:
    shown = seen(Message("x", rows))
    return [str(b.callback_data).split(":")[0] for b in shown.buttons if b.callback_data]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({}, ["claim", "reply", "more"]),
        ({"status": Status.CLAIMED, "claimed_by": "Олена"}, ["reply", "close", "more"]),
        ({"status": Status.ANSWERED, "answer": answer()}, ["reply", "close", "more"]),
        ({"answer": answer(ReplyState.UNKNOWN)}, ["there", "missing"]),
        ({"status": Status.CLOSED, "can_reopen": True}, ["reopen"]),
        ({"status": Status.CLOSED}, []),
    ],
)
def test_a_card_has_few_buttons(view: dict[str, Any], expected: list[str]) -> None:
    assert verbs(first(case_view(**view), words("en"))) == expected


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ({}, ["close", "hand", "later", *LOOKED_UP, *CORRECTED, "card"]),
        (
            {"status": Status.CLAIMED, "claimed_by": "Олена"},
            ["release", "hand", "later", *LOOKED_UP, *CORRECTED, "card"],
        ),
        (
            {"snoozed_until": NOW + timedelta(hours=1)},
            ["close", "hand", "resume", *LOOKED_UP, *CORRECTED, "card"],
        ),
        ({"status": Status.ANSWERED, "answer": answer()}, ["hand", "later", *LOOKED_UP, "card"]),
    ],
)
def test_the_rest_is_what_can_be_done_now(view: dict[str, Any], expected: list[str]) -> None:
    assert verbs(rest(case_view(**view), words("en"))) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_fits_a_phone(language: str) -> None:
    """Some thirty characters, and no more than two buttons."""
    say = words(language)
    people = [Member(n, f"Олександра {n}", Role.STAFF, None, is_configured=True) for n in range(1, 5)]
    case = case_view()
    for rows in (first(case, say), rest(case, say), later(case, say), colleagues(case, people, 0, say)):
        for row in rows:
            assert len(row) <= 2
            assert sum(len(key.text) for key in row) <= 40, [key.text for key in row]


def test_everything_behind_the_dots_is_a_verb_of_its_own() -> None:
    assert len({item.verb for item in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize("offset", [-6, 0, 6, 12, 99])
def test_of_many_colleagues_there_are_pages_and_an_absurd_page_is_the_first(offset: int) -> None:
    people = [Member(n, f"Колега {n}", Role.STAFF, None, is_configured=True) for n in range(1, 15)]
    shown = seen(Message("x", colleagues(case_view(), people, offset, words("en")))).buttons
    names = [b.text for b in shown if str(b.callback_data).startswith("give:")]
    start = offset if offset in (6, 12) else 0
    assert names == [person.name for person in people[start : start + 6]]


def test_the_menu_opens_in_place_and_closes_again(room: Room) -> None:
    number = room.case()
    closed = buttons(room.card(number))
    room.press(room.olena, room.card(number), "⋯")
    assert "Hand over" in buttons(room.card(number))
    room.press(room.olena, room.card(number), "‹ Back")
    assert buttons(room.card(number)) == closed


def test_the_menu_of_a_case_that_was_closed_meanwhile_shows_what_is_left(room: Room) -> None:
    number = room.case()
    message = room.card(number)["message_id"]
    press = room.telegram.press(room.andriy, room.staff, message, "⋯")
    room.write(room.olena, f"/close {number}")
    room.telegram.answer(press)
    assert buttons(room.card(number)) == ["Reopen", "↗ Open"]
