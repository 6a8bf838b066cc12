"""What happens at the source itself, as staff see it: colleagues' answers, platforms' windows, and what was said before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.card import card
from bots.notices import notice
from bots.preview import deletion, preview
from models import ReplyState, Status
from monitor import colleagues, ingest
from monitor.cards import AnsweredThere
from monitor.ingest import Listening
from monitor.matching import Matcher
from monitor.offers import Offer
from monitor.said_before import SaidBefore
from monitor.source import Page, PostRef, SourceError
from tests import builders
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, URLS, case_view, draft, seen, words
from tests.bots.room import ANSWER, Forum, Room, buttons, press_send

LEGAL = "Зустрінемося в суді."


@dataclass
class Patient(Forum):
    """A forum that takes answers for a time only."""

    window: timedelta = timedelta(hours=2)

    def answer_until(self, post: PostRef) -> datetime | None:
        return post.posted_at + self.window if post.posted_at else None


@pytest.fixture
def patient(room: Room) -> Iterator[Room]:
    room.forum = Patient()
    room.restart()
    return room


def hear(room: Room, text: str = "Вже шукаємо, вибачте.", **changes: object) -> None:
    """A colleague's post is read at the forum."""
    brands = room.settings.brands
    listening = Listening(
        "forum",
        Matcher([brand.terms for brand in brands]),
        None,
        (),
        colleagues.accounts_of(brands, "forum"),
    )
    external_id = str(changes.pop("id", "a1"))
    post = builders.post(
        external_id,
        **{"at": room.now, "author": "novolinia-care", "text": text, "thread_id": "p1", **changes},
    )
    with room.sessions.begin() as session:
        ingest.store(session, listening, Page([post], None), room.now)
    room.pass_by()


# A colleague's answer


def test_the_card_and_the_history_say_who_answered_there(room: Room) -> None:
    number = room.case()
    hear(room)
    card = room.card(number)
    assert "✅ Answered at the source by novolinia-care at 14:00 · the answer" in card["text"]
    assert "https://forum.example/t/7#a1" in [entity.get("url") for entity in card["entities"]]
    assert "Answer by" not in card["text"]
    assert room.row(number).status is Status.ANSWERED
    room.write(room.olena, f"/case {number}")
    assert "answered at the source by novolinia-care" in room.last("opened")["text"]


def test_who_is_writing_an_answer_sees_on_the_preview_that_a_colleague_was_quicker(room: Room) -> None:
    number = room.case()
    preview = room.previewed(number)
    assert "has answered there" not in preview["text"]
    room.now += timedelta(minutes=1)
    hear(room)
    shown = room.last("novolinia-care has answered there meanwhile.")
    assert shown["message_id"] == preview["message_id"]
    press_send(room, shown)
    assert room.forum.posted == [("p1", ANSWER)]


def test_our_own_answer_after_a_colleagues_is_what_the_card_tells(room: Room) -> None:
    number = room.case()
    hear(room)
    room.now += timedelta(minutes=5)
    press_send(room, room.previewed(number))
    assert "Олена answered at 14:05" in room.card(number)["text"]
    assert "at the source" not in room.card(number)["text"]


def test_what_the_customer_changes_stands_silently_beneath_the_card(room: Room) -> None:
    number = room.case()
    hear(room, "Новолінія привезла не те, повертати не хочуть!", id="p1", author="author of p1")
    told = room.last("✏️ author of p1 has changed the post, case #1. It says now:")
    assert "повертати не хочуть!" in told["text"]
    assert told["reply_to_message"]["message_id"] == room.card(number)["message_id"]
    assert builders.ANGRY in room.card(number)["text"]
    sent = next(
        given for _, given in reversed(room.telegram.calls) if "has changed" in str(given.get("text"))
    )
    assert str(sent["disable_notification"]).lower() == "true"


def test_where_several_wait_each_card_gets_a_word_and_stays_open(room: Room) -> None:
    numbers = [
        room.case("p1", thread_id="p1"),
        room.case("p2", thread_id="p1", text="Новолінія, де мій стіл? Жах."),
    ]
    hear(room)
    told = [m for m in room.messages() if "where several authors wait" in m.get("text", "")]
    beneath = {m["reply_to_message"]["message_id"] for m in told}
    assert beneath == {room.card(number)["message_id"] for number in numbers}
    assert {room.row(number).status for number in numbers} == {Status.OPEN}


def test_what_staff_posted_by_hand_is_found_there_and_its_link_kept(room: Room) -> None:
    number = room.case(answerable="hand_off")
    room.write(room.olena, ANSWER, to=room.card(number))
    press_send(room, room.last("Only a person can post there"), "Done")
    room.now += timedelta(minutes=5)
    hear(room, f"{ANSWER.upper()} 🙏")
    assert "https://forum.example/t/7#a1" in room.last("you posted it yourself")["text"]
    assert "Олена answered at 14:00 · the answer" in room.card(number)["text"]
    assert "at the source" not in room.card(number)["text"]


def test_an_answer_of_unknown_fate_that_is_read_there_needs_nobody_to_look(room: Room) -> None:
    number = room.case()
    room.forum.refusal = SourceError("No answer from the forum.", unsure=True)
    press_send(room, room.previewed(number))
    room.now += timedelta(minutes=5)
    hear(room, "Щось зовсім інше.")
    assert room.reply_row().state is ReplyState.UNKNOWN
    hear(room, ANSWER, id="a2")
    assert room.reply_row().state is ReplyState.SENT
    assert room.row(number).status is Status.ANSWERED
    assert "https://forum.example/t/7#a2" in room.last("Posted")["text"]


# Windows


def test_the_card_and_the_preview_say_how_long_the_platform_takes_answers(patient: Room) -> None:
    number = patient.case()
    assert "⌛ Answers are taken there until 15:46" in patient.card(number)["text"]
    assert "⌛ Closes in 2 hr, at 15:46" in patient.previewed(number)["text"]


def test_a_send_after_the_window_is_refused_and_becomes_the_hand_off(patient: Room) -> None:
    number = patient.case()
    preview = patient.previewed(number)
    patient.now += timedelta(hours=3)
    said, _ = press_send(patient, preview)
    assert said == "The platform takes no more answers to this post. Post it by hand: here is how."
    assert patient.forum.posted == []
    handed = patient.last("Only a person can post there")
    assert handed["message_id"] == preview["message_id"]
    assert "By API no answer has been taken there since 15:46." in handed["text"]
    assert patient.reply_row().state is ReplyState.PREVIEW
    press_send(patient, handed, "Done")
    assert patient.row(number).status is Status.ANSWERED
    assert patient.forum.posted == []


def test_a_retry_after_the_window_is_handed_over_too(patient: Room) -> None:
    number = patient.case()
    patient.forum.refusal = SourceError("The forum is closed for repairs.", permanent=True)
    press_send(patient, patient.previewed(number))
    patient.forum.refusal = None
    patient.now += timedelta(hours=3)
    press_send(patient, patient.last("It was not posted."), "Retry")
    assert patient.reply_row().state is ReplyState.PREVIEW
    press_send(patient, patient.last("Only a person can post there"), "Done")
    assert patient.forum.posted == []
    assert patient.row(number).status is Status.ANSWERED


def test_where_the_undo_would_outlast_the_window_the_answer_leaves_at_once(patient: Room) -> None:
    patient.configure(desk={"undo": 20})
    number = patient.case()
    preview = patient.previewed(number)
    patient.now += timedelta(hours=1, minutes=45, seconds=45)
    press_send(patient, preview)
    assert patient.forum.posted == [("p1", ANSWER)]


def test_an_answer_that_lay_in_the_outbox_past_the_window_is_handed_over(patient: Room) -> None:
    patient.configure(desk={"undo": 20})
    number = patient.case()
    press_send(patient, patient.previewed(number))
    patient.pass_by(hours=3)  # we were down
    assert patient.forum.posted == []
    failed = patient.last("It was not posted.")
    assert "takes no more answers" in failed["text"]
    assert "was not posted" in patient.card(number)["text"]
    press_send(patient, failed, "Post it by hand")
    press_send(patient, patient.last("Only a person can post there"), "Done")
    assert patient.row(number).status is Status.ANSWERED
    assert patient.forum.posted == []


def careful(room: Room) -> Room:
    """Whoever speaks of courts needs a colleague's approval, and has twenty seconds to undo."""
    room.configure(approval=[{"name": "Legal words", "words": ["суд"]}], desk={"undo": 20})
    return room


def to_approve(room: Room, number: int) -> dict[str, Any]:
    room.write(room.olena, LEGAL, to=room.card(number))
    press_send(room, room.last("Preview"), "Ask for approval")
    return room.last("asks a colleague to look first")


def test_approved_after_the_window_it_is_not_queued_and_both_are_told(patient: Room) -> None:
    number = careful(patient).case()
    waiting = to_approve(patient, number)
    patient.now += timedelta(hours=3)
    said, _ = patient.press(patient.andriy, waiting, "✅ Approve")
    assert said == "Approved, but the platform takes no more answers to it. Олена has to post it by hand."
    told = patient.last("Олена, Андрій approved your answer, but the platform takes no more answers")
    assert any(e.get("user", {}).get("id") == patient.olena.id for e in told["entities"])
    assert "waits for approval" not in patient.card(number)["text"]
    patient.pass_by(days=1)
    assert patient.forum.posted == []
    handed = patient.last("Only a person can post there")
    assert handed["message_id"] == waiting["message_id"]
    press_send(patient, handed, "Done")
    assert patient.reply_row().approved_by_id == patient.andriy.id
    assert patient.row(number).status is Status.ANSWERED


def test_approved_twice_after_the_window_the_writer_is_told_once(patient: Room) -> None:
    waiting = to_approve(patient, careful(patient).case())
    patient.now += timedelta(hours=3)
    presses = [
        patient.telegram.press(patient.andriy, patient.staff, waiting["message_id"], "✅ Approve")
        for _ in "12"
    ]
    patient.pass_by()
    assert [patient.telegram.answer(press).show_alert for press in presses] == [False, True]
    assert len([m for m in patient.messages() if "approved your answer" in m.get("text", "")]) == 1


def test_approved_just_before_the_window_ends_it_leaves_at_once(patient: Room) -> None:
    waiting = to_approve(patient, careful(patient).case())
    patient.now += timedelta(hours=1, minutes=45, seconds=45)
    patient.press(patient.andriy, waiting, "✅ Approve")
    assert patient.forum.posted == [("p1", LEGAL)]


def test_undone_and_sent_after_the_window_it_keeps_its_approval(patient: Room) -> None:
    waiting = to_approve(patient, careful(patient).case())
    patient.press(patient.andriy, waiting, "✅ Approve")
    press_send(patient, patient.last("It leaves at"), "Undo")
    preview = patient.last("Preview")
    patient.now += timedelta(hours=3)
    press_send(patient, preview)
    press_send(patient, patient.last("Only a person can post there"), "Done")
    assert patient.reply_row().state is ReplyState.HANDED_OFF
    assert patient.forum.posted == []


def test_an_answer_begun_after_the_window_is_handed_over_at_once(patient: Room) -> None:
    number = patient.case(posted_at=patient.now - timedelta(hours=5))
    assert "🔒 By API no answer has been taken there since" in patient.card(number)["text"]
    patient.write(patient.olena, ANSWER, to=patient.card(number))
    assert not any("Send" in text for text in buttons(patient.last("Only a person can post there")))


def test_where_only_people_post_no_window_is_told(patient: Room) -> None:
    number = patient.case(answerable="hand_off")
    assert "Answers are taken" not in patient.card(number)["text"]


# What was said before


def test_a_woken_case_shows_what_the_author_was_told_and_when(room: Room) -> None:
    number = room.case()
    press_send(room, room.previewed(number))
    room.now += timedelta(hours=1)
    room.wake(number)
    for message in (room.last("wrote again:"), room.card(number)):
        assert "Досі тиша!" in message["text"]
        assert f"Told before by Олена, 14:00:\n{ANSWER}" in message["text"]


def test_a_colleagues_answer_is_what_was_said_before_too(room: Room) -> None:
    number = room.case()
    hear(room)
    room.now += timedelta(days=1)
    room.wake(number)
    assert "Told before by novolinia-care, 18 Nov, 14:00:\nВже шукаємо" in room.last("wrote again:")["text"]
    assert room.row(number).status is Status.OPEN


# Whatever is written


@settings(max_examples=40, deadline=None)
@given(
    language=st.sampled_from(LANGUAGES),
    said=HOSTILE,
    account=HOSTILE,
    url=URLS,
    left=st.integers(-9, 9),
    by_hand=st.booleans(),
)
def test_whatever_is_written_there_the_card_the_preview_and_the_notice_are_valid(
    language: str, said: str, account: str, url: str, left: int, by_hand: bool
) -> None:
    until = NOW + timedelta(hours=left)
    shown = case_view(
        woken=True,
        answered_there=AnsweredThere(account, said, url, NOW),
        told_before=SaidBefore(account, said, NOW),
        answer_until=until,
        text=said * 3,
    )
    assert seen(card(shown, words(language), NOW)).text
    written = draft(
        text=f"{said} {{{{{said.replace('}', '')}}}}}",
        account=None if by_hand else "novolinia-care",
        answered_there=account,
        said_before=True,
        answer_until=until,
        seen_at=NOW,
        offers=[Offer("late", (said.strip() or "x")[:60], "ro")],
    )
    assert seen(preview(written, words(language))).text
    assert seen(deletion(written, words(language))).text
    values = {"account": account, "author": account, "text": said, "url": url}
    before = SaidBefore(account, said, NOW).stored(NOW)
    assert seen(notice("wrote_there", values, words(language))).text
    assert seen(notice("author_wrote", values | {"before": before}, words(language))).text
