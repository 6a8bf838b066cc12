"""What is pressed twice, too late, or after a restart; and messages and chats that are gone."""

import pytest
from sqlalchemy import select

from models import Alert
from tests.bots.room import ANSWER, Room, button, buttons, press_send


@pytest.mark.parametrize("pressed", ["Claim", "Close", "Not ours", "Wrong tone"])
def test_a_button_of_the_card_pressed_twice_does_it_once(room: Room, pressed: str) -> None:
    number = room.case()
    message = room.card(number)["message_id"]
    if pressed != "Claim":
        room.press(room.olena, room.card(number), "⋯")
    presses = [room.telegram.press(room.olena, room.staff, message, pressed) for _ in range(2)]
    room.pass_by()
    said = [room.telegram.answer(press).text for press in presses]
    assert all(said)
    assert said[1] == (said[0] if pressed == "Claim" else f"Case #{number} is closed.")
    room.write(room.olena, f"/case {number}")
    assert len(room.last("opened")["text"].splitlines()) == 3


@pytest.mark.parametrize("pressed", ["Send", "Cancel", "Done"])
def test_a_button_of_the_preview_pressed_twice_does_it_once(room: Room, pressed: str) -> None:
    source = {"source": "blog", "answerable": "hand_off"} if pressed == "Done" else {}
    number = room.case(**source)
    room.write(room.olena, ANSWER, to=room.card(number))
    preview = room.last(ANSWER)
    name = button(preview, pressed)
    presses = [room.telegram.press(room.olena, room.staff, preview["message_id"], name) for _ in range(2)]
    room.pass_by()
    assert room.telegram.answer(presses[1]).show_alert
    room.pass_by(days=1)
    assert len(room.forum.posted) == (pressed == "Send")


def test_reply_pressed_twice_asks_twice_and_the_last_question_counts(room: Room) -> None:
    number = room.case()
    reply = button(room.card(number), "Reply")
    for _ in range(2):
        room.press(room.olena, room.card(number), reply)
    first, second = [m for m in room.messages() if "write your answer" in m.get("text", "")]
    room.write(room.olena, "Запізно", to=first)
    assert room.last()["text"] == "This draft was cancelled or replaced by a newer one."
    room.write(room.olena, ANSWER, to=second)
    press_send(room, room.last("Preview"))
    assert room.forum.posted == [("p1", ANSWER)]


def test_a_restart_forgets_neither_the_card_nor_the_question_nor_the_preview(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), button(room.card(number), "Reply"))
    room.restart()
    room.write(room.olena, ANSWER, to=room.last("write your answer"))
    room.restart()
    press_send(room, room.last("Preview"))
    assert room.forum.posted == [("p1", ANSWER)]
    assert "Олена answered" in room.card(number)["text"]


def test_a_card_that_somebody_deleted_is_sent_anew(room: Room) -> None:
    number = room.case()
    old = room.card(number)["message_id"]
    room.telegram.call("deleteMessage", {"chat_id": room.staff.id, "message_id": old})
    room.write(room.olena, f"/claim {number}")
    assert room.card(number)["message_id"] > old
    assert "Claimed by Олена" in room.card(number)["text"]


def test_thrown_out_of_the_group_the_bot_says_why_and_knocks_once_an_hour(room: Room) -> None:
    room.telegram.kick(room.staff)
    number = room.case()
    with room.sessions() as session:
        alert = session.scalars(select(Alert)).unique().one()
        assert "may not write there" in (alert.error or "")
        assert alert.message_id is None
    room.telegram.calls.clear()
    for _ in range(5):
        room.pass_by(minutes=15)
    assert [name for name, _ in room.telegram.calls if name == "sendMessage"] == ["sendMessage"]
    room.staff.members[room.telegram.bot.id] = "administrator"
    room.pass_by(hours=1)
    assert "Claim" in buttons(room.card(number))


def test_an_older_preview_sends_nothing_and_loses_its_buttons(room: Room) -> None:
    older = room.previewed(room.case())
    press_send(room, older, "Edit")
    room.write(room.olena, "Краще так.", to=room.last("write your answer"))
    said, _ = press_send(room, older)
    assert said == "This draft was cancelled or replaced by a newer one."
    assert room.forum.posted == []
    assert "reply_markup" not in next(m for m in room.messages() if m["message_id"] == older["message_id"])
    press_send(room, room.last("Preview"))
    assert room.forum.posted == [("p1", "Краще так.")]
