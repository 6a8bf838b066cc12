"""Staff at the desk: the real bot against the stand-in for Telegram. Whose a case is, and the way of an answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete, event, select, update
from sqlalchemy.exc import OperationalError

from demo.telegram import people
from models import Alert, Reply, ReplyState, Status, ThreadMessage
from monitor.source import SourceError
from tests.bots.room import ANSWER, Room, button, buttons, press_send

# Whose it is


def test_the_first_claim_wins_and_the_other_sees_who(room: Room) -> None:
    number = room.case()
    card = room.card(number)
    assert room.press(room.olena, card, "Claim") == ("The case is yours.", False)
    assert "Claimed by Олена" in room.card(number)["text"]
    refused = room.press(room.andriy, card, button(card, "Reply"))
    assert refused == (f"Олена has claimed case #{number} already.", True)
    assert room.row(number).claimed_by_id == room.olena.id


def test_two_who_press_at_once_are_told_apart(room: Room) -> None:
    number = room.case()
    message = room.card(number)["message_id"]
    presses = [room.telegram.press(who, room.staff, message, "Claim") for who in (room.andriy, room.olena)]
    room.pass_by()
    said = [room.telegram.answer(press).text for press in presses]
    assert said == ["The case is yours.", f"Андрій has claimed case #{number} already."]
    assert room.row(number).claimed_by_id == room.andriy.id


def test_a_released_case_is_anybodys_again(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    said, _ = room.press(room.olena, room.card(number), "Release")
    assert "anybody can claim it" in said
    assert room.press(room.andriy, room.card(number), "Claim") == ("The case is yours.", False)


@pytest.mark.parametrize(
    ("pressed", "said", "why"),
    [
        ("Close", "Closed.", "closed by Олена"),
        ("Not ours", "Closed as not about us", "closed as not about us by Олена"),
        ("Wrong tone", "the author is not unhappy", "closed as wrong tone by Олена"),
    ],
)
def test_a_case_ends_with_a_press_and_the_history_knows_how(
    room: Room, pressed: str, said: str, why: str
) -> None:
    number = room.case()
    assert said in room.press(room.olena, room.card(number), pressed)[0]
    assert room.row(number).status is Status.CLOSED
    assert "Closed" in room.card(number)["text"]
    assert buttons(room.card(number)) == ["Reopen", "↗ Open"]
    room.write(room.olena, f"/case {number}")
    assert why in room.last("opened")["text"]


# The answer


def test_a_reply_to_the_card_is_previewed_sent_and_proven(room: Room) -> None:
    number = room.case()
    preview = room.previewed(number)
    assert ANSWER in preview["text"]
    assert "As: novolinia-care" in preview["text"]
    assert room.forum.posted == []
    press_send(room, preview)
    assert room.forum.posted == [("p1", ANSWER)]
    assert "✅ Posted. https://forum.example/t/7#r1" in room.last("Posted")["text"]
    assert room.last("Posted")["message_id"] == preview["message_id"]
    card = room.card(number)
    assert "Олена answered at 14:00" in card["text"]
    assert "https://forum.example/t/7#r1" in [entity.get("url") for entity in card["entities"]]
    assert room.row(number).status is Status.ANSWERED


def test_by_the_button_the_bot_asks_and_the_answer_to_that_is_previewed(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), button(room.card(number), "Reply"))
    prompt = room.last("write your answer")
    room.write(room.olena, ANSWER, to=prompt)
    assert ANSWER in room.last("Preview")["text"]
    assert room.row(number).claimed_by_id == room.olena.id


def test_an_edited_answer_is_previewed_anew_and_only_that_is_sent(room: Room) -> None:
    preview = room.previewed(room.case())
    press_send(room, preview, "Edit")
    prompt = room.last("write your answer")
    assert ANSWER in prompt["text"]
    room.write(room.olena, "Краще так.", to=prompt)
    press_send(room, room.last("Preview"))
    assert room.forum.posted == [("p1", "Краще так.")]


def test_a_cancelled_answer_stays_here(room: Room) -> None:
    preview = room.previewed(room.case())
    press_send(room, preview, "Cancel")
    assert "Nothing was posted" in room.last("Cancelled")["text"]
    assert buttons(room.last("Cancelled")) == []
    assert room.forum.posted == []


def test_an_answer_that_is_too_long_cannot_be_sent_until_it_is_shorter(room: Room) -> None:
    preview = room.previewed(room.case(), "ш" * 61)
    assert "Too long by 1 character." in preview["text"]
    assert not any("Send" in text for text in buttons(preview))
    press_send(room, preview, "Edit")
    room.write(room.olena, "ш" * 60, to=room.last("write your answer"))
    press_send(room, room.last("Length: 60 of 60"))
    assert room.forum.posted == [("p1", "ш" * 60)]


def test_where_nobody_posts_by_api_the_bot_hands_over_and_a_press_is_enough(room: Room) -> None:
    number = room.case(source="blog", answerable="hand_off", url="https://blog.example/7")
    room.write(room.olena, ANSWER, to=room.card(number))
    handed = room.last("Only a person can post there")
    keys = [key for row in handed["reply_markup"]["inline_keyboard"] for key in row]
    assert {"copy_text": {"text": ANSWER}}.items() <= next(k for k in keys if "copy_text" in k).items()
    assert "https://blog.example/7" in [key.get("url") for key in keys]
    press_send(room, handed, "Done")
    assert "you posted it yourself" in room.last("Noted")["text"]
    assert room.row(number).status is Status.ANSWERED


def test_a_failure_says_why_and_can_be_tried_again(room: Room) -> None:
    number = room.case()
    room.forum.refusal = SourceError("The thread is locked.", permanent=True)
    press_send(room, room.previewed(number))
    failed = room.last("It was not posted.")
    assert "The thread is locked." in failed["text"]
    assert "The thread is locked." in room.card(number)["text"]
    room.forum.refusal = None
    press_send(room, failed, "Retry")
    assert room.forum.posted == [("p1", ANSWER)]
    assert "Олена answered" in room.card(number)["text"]


def test_an_answer_of_unknown_fate_is_looked_for_by_staff_and_never_sent_again(room: Room) -> None:
    number = room.case()
    room.forum.refusal = SourceError("No answer from the forum.", unsure=True)
    press_send(room, room.previewed(number))
    assert "we can't tell" in room.last("It may have been posted")["text"]
    assert room.press(room.andriy, room.card(number), "It is there") == ("Thank you.", False)
    assert room.row(number).status is Status.ANSWERED
    assert room.reply_row().state is ReplyState.SENT
    room.forum.refusal = None
    room.pass_by(days=1)
    assert room.forum.posted == []


def test_an_answer_that_staff_do_not_find_can_be_sent_again(room: Room) -> None:
    number = room.case()
    room.forum.refusal = SourceError("No answer from the forum.", unsure=True)
    press_send(room, room.previewed(number))
    room.forum.refusal = None
    press_send(room, room.last("It may have been posted"), "It is not there")
    press_send(room, room.last("It was not posted."), "Retry")
    assert room.forum.posted == [("p1", ANSWER)]
    assert room.row(number).status is Status.ANSWERED


def test_only_text_is_an_answer(room: Room) -> None:
    number = room.case()
    card = room.card(number)["message_id"]
    with room.telegram.lock:
        photo = people.file_content(room.telegram.world, "sorry.txt", b"sorry", "Вибачте")
        people.post(room.telegram.world, room.olena, room.staff, photo, reply_to=card)
    room.pass_by()
    assert room.last()["text"] == "Only text can be posted there."


def test_an_answer_to_what_nobody_can_answer_is_refused(room: Room) -> None:
    number = room.case(answerable="none")
    room.write(room.olena, ANSWER, to=room.card(number))
    assert room.last()["text"] == "Nobody can answer there. You can only close the case."


def test_talk_among_staff_is_no_answer(room: Room) -> None:
    room.case()
    said = room.write(room.olena, "Хто візьме?")
    before = len(room.messages())
    room.write(room.andriy, "Я!", to=said)
    assert len(room.messages()) == before + 1


def test_an_answer_to_a_card_whose_number_was_lost_is_an_answer_all_the_same(room: Room) -> None:
    number = room.case()
    first = room.card(number)
    with room.sessions.begin() as session:
        alert = session.scalars(select(Alert)).unique().one()
        alert.message_id, alert.due_at = None, room.now
    room.pass_by()
    assert room.card(number)["message_id"] != first["message_id"]
    room.write(room.olena, ANSWER, to=first)
    press_send(room, room.last("Preview"))
    assert room.forum.posted == [("p1", ANSWER)]


def test_an_answer_to_a_question_whose_number_was_lost_is_not_dropped_without_a_word(room: Room) -> None:
    room.press(room.olena, room.card(room.case()), "Reply")
    question = room.last("write your answer")
    with room.sessions.begin() as session:
        session.execute(update(Reply).values(prompt_message_id=None))
        session.execute(delete(ThreadMessage))
    room.write(room.olena, ANSWER, to=question)
    assert room.last()["text"] == (
        "I lost track of this message of mine, so nothing was kept of yours. Answer the newest card of the case."
    )
    said = len(room.messages())
    room.write(room.andriy, "Пиши ввічливо!", to=question)
    assert len(room.messages()) == said + 1, "he was not asked"


def test_what_the_database_does_not_take_is_not_dropped_without_a_word(room: Room) -> None:
    card = room.card(room.case())
    not_kept = (
        "This was perhaps not kept: our database can't be used just now. Please do it again in a minute."
    )
    with full_disk(room):
        pressed = room.telegram.press(room.olena, room.staff, card["message_id"], "Claim")
        room.telegram.write(room.olena, room.staff, ANSWER, reply_to=card["message_id"])
        room.bot.handle_waiting()
    assert room.last()["text"] == not_kept
    assert (room.telegram.answer(pressed).text, room.telegram.answer(pressed).show_alert) == (not_kept, True)
    room.write(room.olena, ANSWER, to=card)
    assert ANSWER in room.last("Preview")["text"]


@contextmanager
def full_disk(room: Room) -> Iterator[None]:
    """Nothing can be written."""

    def refuse(connection: Connection) -> None:
        if not connection.get_execution_options().get("only_reads", False):
            raise OperationalError("BEGIN", None, Exception("disk is full"))

    engine = room.sessions.kw["bind"]
    event.listen(engine, "begin", refuse)
    yield
    event.remove(engine, "begin", refuse)


def test_what_is_said_to_a_message_that_is_about_no_case_is_talk(room: Room) -> None:
    room.write(room.olena, "/sources")
    said, before = room.last(), len(room.messages())
    room.write(room.olena, "Ого!", to=said)
    assert len(room.messages()) == before + 1


def test_nobody_sends_the_answer_of_another(room: Room) -> None:
    preview = room.previewed(room.case())
    said, alert = room.press(room.andriy, preview, button(preview, "Send"))
    assert "Олена" in said
    assert alert
    press_send(room, preview, "Edit")
    room.write(room.andriy, "Я краще знаю", to=room.last("write your answer"))
    assert room.last()["text"] == "Олена is writing this answer."
    assert room.forum.posted == []


def test_when_the_author_writes_again_the_case_wakes_beneath_its_card(room: Room) -> None:
    number = room.case()
    press_send(room, room.previewed(number))
    room.now += timedelta(hours=1)
    room.wake(number)
    notice = room.last("wrote again:")
    assert "Досі тиша!" in notice["text"]
    assert notice["reply_to_message"]["message_id"] == room.card(number)["message_id"]
    assert "🔔 The author wrote again" in room.card(number)["text"]
    assert room.row(number).status is Status.CLAIMED
    room.write(room.olena, "Їдемо!", to=room.card(number))
    press_send(room, room.last("Їдемо!"))
    assert room.forum.posted[-1] == ("again", "Їдемо!")
