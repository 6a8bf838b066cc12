"""The card of a case that staff closed and took up anew."""

from tests.bots.room import Room, press_send

AGAIN = "🔔 The author wrote again"


def answer(room: Room, number: int) -> None:
    press_send(room, room.previewed(number))
    room.pass_by(minutes=1)


def test_whose_word_was_the_last_is_not_forgotten(room: Room) -> None:
    number = room.case()
    answer(room, number)
    room.wake(number)
    assert AGAIN in room.card(number)["text"]
    room.pass_by(minutes=1)
    answer(room, number)
    room.press(room.olena, room.card(number), "Close")
    room.press(room.olena, room.card(number), "Reopen")
    shown = room.card(number)["text"]
    assert "⏳ Answer by" in shown
    assert AGAIN not in shown, "ours was"


def test_an_author_who_waited_when_it_was_closed_waits_still(room: Room) -> None:
    number = room.case()
    answer(room, number)
    room.wake(number)
    room.press(room.olena, room.card(number), "Close")
    room.press(room.olena, room.card(number), "Reopen")
    assert AGAIN in room.card(number)["text"]
