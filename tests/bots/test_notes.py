"""Notes and answers can't be confused: what staff say to each other in a case's thread never becomes public."""

from typing import Any

import pytest
from sqlalchemy import select

from demo.telegram import people
from models import Note, Reply, ReplyState
from monitor.notes import MAX_NOTE
from tests.bots.room import ANSWER, Room, button, press_send

SECRET = "Клієнт скандальний, але правий."


def notes(room: Room) -> list[tuple[int, int, str]]:
    with room.sessions() as session:
        return [(n.case_id, n.staff_id, n.text) for n in session.scalars(select(Note).order_by(Note.id))]


def reaction(room: Room, message: dict[str, Any]) -> list[str]:
    return room.telegram.reactions(room.staff, message["message_id"]).get(room.telegram.bot.id, [])


def in_thread(room: Room, place: str) -> tuple[int, dict[str, Any]]:
    """A case, and a message in its thread that is not its card."""
    number = room.case()
    if place == "history":
        room.write(room.olena, f"/case {number}")
        return number, room.last("opened")
    preview = room.previewed(number)
    if place == "preview":
        return number, preview
    if place == "own words":
        return number, room.messages()[-2]
    if place == "note":
        return number, room.write(room.andriy, "Дивлюся склад.", to=preview)
    press_send(room, preview)
    if place == "sent":
        return number, room.last("Posted")
    room.wake(number)
    return number, room.last("wrote again:")


PLACES = ["history", "preview", "own words", "note", "sent", "author wrote"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("who", ["olena", "andriy"])
def test_what_is_said_in_the_thread_is_a_note_and_confirmed_by_a_reaction(
    room: Room, place: str, who: str
) -> None:
    number, message = in_thread(room, place)
    before, public = len(notes(room)), list(room.forum.posted)
    user = room.olena if who == "olena" else room.andriy
    said = room.write(user, SECRET, to=message)
    assert notes(room)[before:] == [(number, user.id, SECRET)]
    assert reaction(room, said) == ["✍"]
    assert room.messages()[-1]["message_id"] == said["message_id"], "no message to confirm it"
    room.pass_by(days=1)
    assert room.forum.posted == public


@pytest.mark.parametrize("place", PLACES)
def test_no_note_ever_leaves_whatever_is_pressed(room: Room, place: str) -> None:
    _, message = in_thread(room, place)
    room.write(room.olena, SECRET, to=message)
    for shown in room.messages():
        for row in shown.get("reply_markup", {}).get("inline_keyboard", []):
            for key in row:
                if "callback_data" in key:
                    try:
                        room.telegram.press(room.olena, room.staff, shown["message_id"], key["callback_data"])
                    except people.Impossible:
                        continue
    room.pass_by(seconds=30)
    room.pass_by(days=1)
    assert all(text in (ANSWER, "Дивлюся склад.") for _, text in room.forum.posted)
    assert not any(SECRET in text for _, text in room.forum.posted)
    with room.sessions() as session:
        assert not any(SECRET in text for text in session.scalars(select(Reply.text)))


def test_a_reply_to_the_card_is_an_answer_and_no_note(room: Room) -> None:
    number = room.case()
    room.write(room.olena, ANSWER, to=room.card(number))
    assert notes(room) == []
    assert room.reply_row().state is ReplyState.PREVIEW


def test_what_follows_the_reply_button_is_an_answer_and_no_note(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), button(room.card(number), "Reply"))
    room.write(room.olena, ANSWER, to=room.last("write your answer"))
    assert notes(room) == []
    assert ANSWER in room.last("Preview")["text"]


def test_a_note_can_be_written_by_its_case_s_number(room: Room) -> None:
    number = room.case()
    said = room.write(room.andriy, f"/note {number} {SECRET}")
    assert notes(room) == [(number, room.andriy.id, SECRET)]
    assert reaction(room, said) == ["✍"]
    assert "📝 1 note" in room.card(number)["text"]
    room.write(room.andriy, f"/note {number}")
    assert "/note 123 your note" in room.last("It is written like this")["text"]
    room.write(room.andriy, f"/note {number + 7} {SECRET}")
    assert room.last()["text"] == f"There is no case #{number + 7}."


def test_an_edited_message_changes_its_note(room: Room) -> None:
    _, message = in_thread(room, "preview")
    said = room.write(room.olena, SECRET, to=message)
    room.telegram.edit(room.olena, room.staff, said["message_id"], "Клієнт правий.")
    room.pass_by()
    assert [text for _, _, text in notes(room)] == ["Клієнт правий."]


def test_an_edited_command_changes_its_note(room: Room) -> None:
    number = room.case()
    said = room.write(room.olena, f"/note {number} {SECRET}")
    room.telegram.edit(room.olena, room.staff, said["message_id"], f"/note {number} Так.")
    room.pass_by()
    assert [text for _, _, text in notes(room)] == ["Так."]


def test_an_edited_answer_does_not_become_a_note_nor_another_answer(room: Room) -> None:
    number = room.case()
    said = room.write(room.olena, ANSWER, to=room.card(number))
    room.telegram.edit(room.olena, room.staff, said["message_id"], "Інше")
    room.pass_by()
    assert notes(room) == []
    assert room.reply_row().text == ANSWER


def test_the_history_tells_the_notes_with_who_wrote_them(room: Room) -> None:
    number, message = in_thread(room, "preview")
    room.write(room.andriy, f"{SECRET}\nПеревірив.", to=message)
    room.write(room.olena, f"/case {number}")
    assert f"📝 Андрій: {SECRET} Перевірив." in room.last("opened")["text"]


def test_a_note_outlives_a_restart_and_so_does_its_thread(room: Room) -> None:
    number, message = in_thread(room, "note")
    room.restart()
    room.write(room.olena, SECRET, to=message)
    assert notes(room)[-1] == (number, room.olena.id, SECRET)


def test_a_photo_with_words_is_noted_by_its_words_and_one_without_is_let_be(room: Room) -> None:
    _, message = in_thread(room, "preview")
    world = room.telegram.world
    for caption in ("Чек із пошти", ""):
        with room.telegram.lock:
            photo = people.file_content(world, "check.txt", b"1", caption)
            people.post(world, room.olena, room.staff, photo, reply_to=message["message_id"])
        room.pass_by()
    assert [text for _, _, text in notes(room)] == ["Чек із пошти"]


def test_on_a_closed_case_notes_are_still_taken(room: Room) -> None:
    number, message = in_thread(room, "history")
    room.write(room.olena, f"/close {number}")
    room.write(room.andriy, SECRET, to=message)
    assert notes(room) == [(number, room.andriy.id, SECRET)]


def test_a_stranger_s_words_in_the_thread_are_no_note(room: Room) -> None:
    _, message = in_thread(room, "preview")
    stranger = room.telegram.add_user("Хтось", user_id=6666)
    room.staff.members[stranger.id] = "member"
    room.write(stranger, SECRET, to=message)
    assert notes(room) == []


@pytest.mark.parametrize("text", ["<b>", "{name} %s", "ш" * 4096, "😀" * 2048, "нота\n\n  нота"])
def test_whatever_a_note_says_it_is_kept_as_it_is(room: Room, text: str) -> None:
    number, message = in_thread(room, "history")
    room.write(room.olena, text, to=message)
    assert notes(room) == [(number, room.olena.id, text[:MAX_NOTE])]
    room.write(room.olena, f"/case {number}")
    assert "📝 Олена:" in room.last("opened")["text"]
