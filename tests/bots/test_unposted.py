"""Answers that did not arrive: who is called, what the buttons do, and when a lead hears of it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select

from models import Reply, ReplyState, Status
from monitor import answers, handover
from monitor.db import Sessions
from monitor.desk import release
from monitor.source import SourceError
from tests.bots.room import ANSWER, Forum, Line, Room, buttons, open_room, press_send
from tests.bots.test_promises import configure, saying
from tests.bots.test_there import hear
from tests.builders import staff

LOCKED = SourceError("The thread is locked: ask a moderator.", permanent=True)
UNSURE = SourceError("The forum did not answer.", unsure=True)
SEEN_TO = "✔️ This answer has been seen to."
MEANWHILE = "The author has been answered meanwhile. Read this once more before you send it."
OFF = {"weekly": [{"people": ["Олена"], "week": {"monday-friday": "08:00-13:00"}}]}


@pytest.fixture
def desk(line: tuple[Line, str], one_database: Sessions, now: datetime) -> Iterator[Room]:
    """Олена is staff, Андрій a lead; an answer leaves at once."""
    with open_room(line, one_database, now) as room:
        configure(room, desk={"undo": 0, "claim_expires": "30m"})
        yield room


def failed(room: Room, error: SourceError = LOCKED, external_id: str = "p1") -> int:
    number = room.case(external_id)
    preview = room.previewed(number)
    room.forum.refusal = error
    press_send(room, preview)
    return number


def call(room: Room, saying_: str = "was not posted") -> dict[str, Any]:
    (found,) = saying(room, f", the answer to author of p1, case #1, {saying_}")
    return found


def preview_of(room: Room) -> dict[str, Any]:
    number = room.reply_row().preview_message_id
    return next(m for m in room.messages() if m["message_id"] == number)


def shown(room: Room, message: dict[str, Any]) -> dict[str, Any]:
    return next(m for m in room.messages() if m["message_id"] == message["message_id"])


def text_of(room: Room, message: dict[str, Any]) -> str:
    """What the message says by now."""
    return str(shown(room, message)["text"])


def named(message: dict[str, Any]) -> list[int]:
    return [e["user"]["id"] for e in message["entities"] if e["type"] == "text_mention"]


# Whoever wrote it


def test_the_writer_is_called_in_the_thread_with_the_reason_once_and_aloud(desk: Room) -> None:
    number = failed(desk)
    message = call(desk)
    assert message["text"] == (
        "🚫 Олена, the answer to author of p1, case #1, was not posted.\nThe thread is locked: ask a moderator."
    )
    assert named(message) == [desk.olena.id]
    assert message["reply_to_message"]["message_id"] == desk.card(number)["message_id"]
    sent = next(
        c for name, c in desk.telegram.calls if name == "sendMessage" and "was not posted" in c["text"]
    )
    assert not sent.get("disable_notification")
    assert buttons(message) == ["🔁 Retry", "🤝 Post it by hand"]
    desk.restart()
    desk.pass_by(minutes=10)
    assert call(desk)["message_id"] == message["message_id"]


def test_a_second_failure_calls_again(desk: Room) -> None:
    failed(desk)
    desk.press(desk.olena, preview_of(desk), "🔁 Retry")
    assert len(saying(desk, "Олена, the answer to author of p1, case #1, was not posted")) == 2


def test_what_will_be_tried_again_calls_nobody_until_it_is_given_up(desk: Room) -> None:
    failed(desk, SourceError("The forum is busy."))
    assert saying(desk, "Олена, the answer to") == []
    for _ in range(8):
        desk.pass_by(minutes=10)
    assert "The forum is busy." in call(desk)["text"]


def test_a_colleague_who_has_the_case_now_is_called_too(desk: Room) -> None:
    number = desk.case()
    preview = desk.previewed(number)
    desk.forum.refusal = SourceError("Busy.")
    press_send(desk, preview)
    desk.press(desk.olena, desk.card(number), "Hand over")
    desk.press(desk.olena, desk.card(number), "Андрій")
    desk.forum.refusal = LOCKED
    desk.pass_by(minutes=1)
    (message,) = saying(desk, "the answer to author of p1, case #1, was not posted")
    assert named(message) == [desk.olena.id, desk.andriy.id]


def test_where_nobody_knows_whether_it_is_there_the_writer_is_asked_to_look(desk: Room) -> None:
    failed(desk, UNSURE)
    message = call(desk, "may be there or not")
    assert buttons(message) == ["It is there", "It is not there", "↗ Open"]
    presses = [
        desk.telegram.press(desk.olena, desk.staff, message["message_id"], text)
        for text in ("It is there", "It is not there")
    ]
    desk.pass_by()
    assert desk.row(1).status is Status.ANSWERED
    assert desk.telegram.answer(presses[1]).text == "This answer has left already."


def test_the_history_tells_of_it(desk: Room) -> None:
    failed(desk)
    desk.write(desk.olena, "/case 1")
    assert "the answer was not posted" in desk.last("opened")["text"]


# What the buttons do


def test_retry_sends_it_again_and_the_message_becomes_the_preview(desk: Room) -> None:
    failed(desk)
    message, older = call(desk), preview_of(desk)
    desk.forum.refusal = None
    desk.press(desk.olena, message, "🔁 Retry")
    desk.pass_by()
    assert desk.forum.posted == [("p1", ANSWER)]
    assert preview_of(desk)["message_id"] == message["message_id"]
    assert preview_of(desk)["text"].startswith("✅ Posted.")
    now_older = next(m for m in desk.messages() if m["message_id"] == older["message_id"])
    assert now_older["text"] == "This answer goes on further down."
    assert buttons(now_older) == []


@pytest.mark.parametrize("said_before", [0, 15])
def test_retry_in_the_group_sends_what_was_written_in_private(desk: Room, said_before: int) -> None:
    """The messages of the two chats are counted apart: the preview's number is another card's, or a later one."""
    numbers = [desk.case(f"p{n}", text=f"Новолінія, жах: {word}") for n, word in enumerate(("двері", "каса"))]
    cards = [desk.card(number) for number in numbers]
    private = desk.telegram.private_chat(desk.olena)
    for _ in range(said_before):
        desk.write(desk.olena, "/inbox", chat=private)
    desk.write(desk.olena, f"/reply {numbers[1]} {ANSWER}", chat=private)
    desk.forum.refusal = LOCKED
    desk.press(desk.olena, desk.last("Preview", private), "📤 Send", private)
    desk.forum.refusal = None
    message = desk.last("was not posted")
    desk.press(desk.olena, message, "🔁 Retry")
    desk.pass_by()
    assert desk.forum.posted == [("p1", ANSWER)]
    assert text_of(desk, message).startswith("✅ Posted.")
    assert text_of(desk, cards[0]) == cards[0]["text"]
    older = desk.last("", private)
    assert (older["text"], buttons(older)) == ("This answer goes on in the staff chat.", [])


def test_retry_pressed_twice_posts_once(desk: Room) -> None:
    failed(desk)
    message = call(desk)["message_id"]
    desk.forum.refusal = None
    presses = [desk.telegram.press(desk.olena, desk.staff, message, "🔁 Retry") for _ in range(2)]
    desk.pass_by()
    assert desk.telegram.answer(presses[1]).text == "This answer has left already."
    desk.pass_by(days=1)
    assert len(desk.forum.posted) == 1


def test_who_retried_on_the_preview_leaves_no_dead_button_in_the_call(desk: Room) -> None:
    failed(desk)
    message = call(desk)
    desk.forum.refusal = None
    presses = [
        desk.telegram.press(desk.olena, desk.staff, number, "🔁 Retry")
        for number in (preview_of(desk)["message_id"], message["message_id"])
    ]
    desk.pass_by()
    assert desk.telegram.answer(presses[1]).text == "This answer has left already."
    assert (text_of(desk, message), buttons(shown(desk, message))) == (SEEN_TO, [])
    assert len(desk.forum.posted) == 1


@pytest.mark.parametrize("where", ["call", "preview"])
def test_by_hand_shows_the_three_steps_and_done_stops_the_clock(desk: Room, where: str) -> None:
    failed(desk)
    desk.press(desk.olena, call(desk) if where == "call" else preview_of(desk), "🤝 Post it by hand")
    steps = preview_of(desk)
    assert "Only a person can post there." in steps["text"]
    assert [text for text in buttons(steps) if "Send" in text or "Retry" in text] == []
    press_send(desk, steps, "Done")
    assert desk.row(1).status is Status.ANSWERED
    assert desk.reply_row().state is ReplyState.HANDED_OFF
    assert desk.forum.posted == []


def test_a_source_that_lost_its_login_leads_to_posting_by_hand(desk: Room) -> None:
    failed(desk)
    desk.forum = cast(Forum, object())  # it can only be read now
    desk.restart()
    desk.press(desk.olena, call(desk), "🔁 Retry")
    assert "Only a person can post there." in preview_of(desk)["text"]


def test_a_colleague_is_refused_and_a_lead_may_retry(desk: Room) -> None:
    failed(desk)
    desk.forum.refusal = None
    assert (
        desk.press(desk.andriy, call(desk), "🤝 Post it by hand")[0] == "Олена has claimed case #1 already."
    )
    desk.press(desk.andriy, call(desk), "🔁 Retry")
    desk.pass_by()
    assert desk.forum.posted == [("p1", ANSWER)]
    assert desk.reply_row().staff_id == desk.olena.id


def test_a_closed_case_says_so(desk: Room) -> None:
    failed(desk)
    desk.write(desk.olena, "/close 1")
    for pressed in ("🔁 Retry", "🤝 Post it by hand"):
        assert desk.press(desk.olena, call(desk), pressed)[0] == "Case #1 is closed."


def test_who_begins_anew_can_not_send_the_old_text_too(desk: Room) -> None:
    failed(desk)
    message = call(desk)
    desk.forum.refusal = None
    desk.telegram.write(desk.olena, desk.staff, "Інакше: веземо завтра.", reply_to=desk.card(1)["message_id"])
    late = desk.telegram.press(desk.olena, desk.staff, message["message_id"], "🔁 Retry")
    desk.pass_by()
    assert desk.telegram.answer(late).text.startswith("This button is outdated")
    press_send(desk, desk.last("Preview"))
    assert [text for _, text in desk.forum.posted] == ["Інакше: веземо завтра."]


# Somebody has answered the author meanwhile


def answer_as_a_lead(room: Room, text: str = "Гроші вже повернуто.") -> None:
    """Олена's claim has run out; Андрій answers instead."""
    room.forum.refusal = None
    room.pass_by(minutes=40)
    room.write(room.andriy, text, to=room.card(1))
    room.press(room.andriy, room.last("Preview"), "📤 Send")


def answer_there(room: Room) -> None:
    room.forum.refusal = None
    room.now += timedelta(minutes=5)
    hear(room, "Добрий день! Гроші повернуто, перевірте картку.")


@pytest.mark.parametrize("answer", [answer_as_a_lead, answer_there])
def test_once_somebody_has_answered_the_call_offers_nothing(
    desk: Room, answer: Callable[[Room], None]
) -> None:
    failed(desk)
    message = call(desk)
    answer(desk)
    desk.pass_by()
    assert (text_of(desk, message), buttons(shown(desk, message))) == (SEEN_TO, [])


def test_retry_shows_the_answer_anew_where_a_colleague_has_answered_there(desk: Room) -> None:
    failed(desk)
    preview = preview_of(desk)
    answer_there(desk)
    assert desk.press(desk.olena, preview, "🔁 Retry")[0] == MEANWHILE
    assert desk.forum.posted == []
    anew = preview_of(desk)["text"]
    assert anew.startswith("🌍 Preview. Everybody will see this:")
    assert "⚠️ novolinia-care has answered there meanwhile." in anew
    press_send(desk, preview_of(desk))
    assert desk.forum.posted == [("p1", ANSWER)]


def test_retry_pressed_twice_does_not_pass_by_what_is_to_be_read(desk: Room) -> None:
    failed(desk)
    preview = preview_of(desk)["message_id"]
    answer_there(desk)
    presses = [desk.telegram.press(desk.olena, desk.staff, preview, "🔁 Retry") for _ in range(2)]
    desk.pass_by()
    assert desk.telegram.answer(presses[1]).text.startswith("This button is outdated")
    assert desk.forum.posted == []
    assert "📤 Send" in buttons(preview_of(desk))


def test_a_lead_s_retry_posts_no_second_answer_beside_a_colleague_s(desk: Room) -> None:
    failed(desk)
    preview = preview_of(desk)
    answer_as_a_lead(desk)
    assert desk.press(desk.andriy, preview, "🔁 Retry")[0] == MEANWHILE
    assert "⚠️ Андрій has answered the author meanwhile." in text_of(desk, preview)
    assert [text for _, text in desk.forum.posted] == ["Гроші вже повернуто."]


def test_no_lead_is_told_of_what_a_colleague_has_answered_there_and_the_author_wrote_again(
    desk: Room,
) -> None:
    number = failed(desk)
    answer_there(desk)
    desk.wake(number)
    desk.pass_by(hours=2)
    assert leads_told(desk) == []


def test_where_nobody_knows_whether_it_is_there_the_question_stays(desk: Room) -> None:
    failed(desk, UNSURE)
    message = call(desk, "may be there or not")
    answer_as_a_lead(desk)
    assert buttons(shown(desk, message)) == ["It is there", "It is not there", "↗ Open"]


# A colleague was quicker than an answer in the outbox

BUSY = SourceError("The forum is busy.")
HELD = "was held back: the author has been answered meanwhile"


def waiting_for_the_source(room: Room) -> dict[str, Any]:
    """Олена's answer, which the forum does not take just now."""
    failed(room, BUSY)
    return preview_of(room)


def answer_by_hand(room: Room) -> None:
    """Олена gives the case back; Андрій posts his answer there himself, and gives it back too."""
    take_and_answer(room)
    with room.sessions.begin() as session:
        release(session, 1, staff(session, room.settings, room.andriy.id), room.now)


def take_and_answer(room: Room) -> None:
    """Олена gives the case back, and Андрій posts his answer there himself."""
    room.now += timedelta(minutes=1)
    with room.sessions.begin() as session:
        olena, andriy = (staff(session, room.settings, person.id) for person in (room.olena, room.andriy))
        release(session, 1, olena, room.now)
        reply = answers.begin(session, 1, andriy, room.staff.id, room.now)
        answers.write(session, reply, "Гроші вже повернуто.", room.now)
        answers.handed_off(session, reply.id, andriy, room.now)


@pytest.mark.parametrize(
    ("answer", "who"),
    [(answer_by_hand, "Андрій has answered the author"), (answer_there, "novolinia-care has answered there")],
)
def test_an_answer_that_waits_for_the_source_is_held_back_once_a_colleague_has_answered(
    desk: Room, answer: Callable[[Room], None], who: str
) -> None:
    preview = waiting_for_the_source(desk)
    answer(desk)
    desk.forum.refusal = None
    desk.pass_by(hours=1)
    assert desk.forum.posted == []
    assert named(call(desk, HELD)) == [desk.olena.id]
    assert f"⚠️ {who} meanwhile." in text_of(desk, preview)
    assert buttons(shown(desk, preview))[:3] == ["📤 Send", "Edit", "Cancel"]


def test_what_was_held_back_is_posted_once_its_writer_sends_it_all_the_same(desk: Room) -> None:
    preview = waiting_for_the_source(desk)
    answer_there(desk)
    desk.pass_by(hours=1)
    press_send(desk, shown(desk, preview))
    desk.pass_by(hours=1)
    assert desk.forum.posted == [("p1", ANSWER)]
    assert len(saying(desk, HELD)) == 1


def test_where_the_colleague_has_the_case_it_takes_a_hand_over_to_send_all_the_same(desk: Room) -> None:
    preview = waiting_for_the_source(desk)
    take_and_answer(desk)
    desk.forum.refusal = None
    desk.pass_by(hours=1)
    assert "and Андрій has the case. Only once it is handed over" in call(desk, HELD)["text"]
    assert press_send(desk, shown(desk, preview))[0] == "Андрій has claimed case #1 already."
    with desk.sessions.begin() as session:
        andriy = staff(session, desk.settings, desk.andriy.id)
        handover.give(session, 1, andriy, desk.olena.id, desk.settings, desk.now)
    press_send(desk, shown(desk, preview))
    assert desk.forum.posted == [("p1", ANSWER)]


def test_what_was_held_back_is_never_posted_once_its_writer_withdraws_it(desk: Room) -> None:
    preview = waiting_for_the_source(desk)
    answer_there(desk)
    desk.pass_by(hours=1)
    press_send(desk, shown(desk, preview), "Cancel")
    desk.pass_by(hours=1)
    assert desk.forum.posted == []
    assert desk.reply_row().state is ReplyState.CANCELLED


def test_the_history_says_that_an_answer_was_held_back(desk: Room) -> None:
    waiting_for_the_source(desk)
    answer_there(desk)
    desk.pass_by(hours=1)
    desk.write(desk.olena, "/case 1")
    assert "the answer was held back: the author had been answered meanwhile" in desk.last("opened")["text"]


def test_one_s_own_second_answer_does_not_hold_for_one_s_first(desk: Room) -> None:
    waiting_for_the_source(desk)
    desk.now += timedelta(minutes=1)
    desk.write(desk.olena, "І ще: вибачте за мовчання.", to=desk.card(1))
    press_send(desk, desk.last("Preview"))
    desk.forum.refusal = None
    desk.pass_by(hours=1)
    assert {text for _, text in desk.forum.posted} == {ANSWER, "І ще: вибачте за мовчання."}


def test_a_colleague_s_answer_before_it_was_sent_holds_nothing_for_the_preview_has_said_so(
    desk: Room,
) -> None:
    preview = desk.previewed(desk.case())
    answer_there(desk)
    assert "⚠️ novolinia-care has answered there meanwhile." in text_of(desk, preview)
    press_send(desk, preview)
    assert desk.forum.posted == [("p1", ANSWER)]


# Leads


def leads_told(room: Room) -> list[dict[str, Any]]:
    return saying(room, "Андрій, Олена's answer in case #1 was not posted")


def test_a_lead_hears_of_it_when_nothing_happened_for_the_claims_time_once(desk: Room) -> None:
    failed(desk)
    desk.pass_by(minutes=29)
    assert leads_told(desk) == []
    desk.pass_by(minutes=1)
    desk.pass_by(minutes=1)
    (message,) = leads_told(desk)
    assert named(message) == [desk.andriy.id]
    assert buttons(message) == ["🔁 Retry", "Take it"]
    desk.restart()
    desk.pass_by(hours=1)
    assert len(leads_told(desk)) == 1


def test_a_lead_who_takes_the_case_may_still_try_again(desk: Room) -> None:
    failed(desk)
    desk.pass_by(minutes=30)
    (message,) = leads_told(desk)
    desk.press(desk.andriy, message, "Take it")
    (message,) = leads_told(desk)
    assert buttons(message) == ["🔁 Retry"]


def test_a_lead_hears_at_once_where_the_writer_is_off_shift(desk: Room) -> None:
    configure(desk, desk={"undo": 0}, shifts=OFF)
    failed(desk)
    desk.pass_by()
    assert len(leads_told(desk)) == 1


def test_no_lead_is_told_of_what_was_tried_again_or_closed(desk: Room) -> None:
    failed(desk)
    desk.forum.refusal = None
    desk.press(desk.olena, call(desk), "🔁 Retry")
    desk.pass_by(hours=2)
    assert leads_told(desk) == []


def test_no_lead_is_told_while_the_writer_writes_anew(desk: Room) -> None:
    failed(desk)
    desk.previewed(1, "Інакше.")
    desk.pass_by(minutes=31)
    assert leads_told(desk) == []


def test_what_can_wait_is_told_to_a_lead_at_the_opening(desk: Room) -> None:
    configure(
        desk, desk={"undo": 0, "claim_expires": "30m"}, hours={"week": {"monday-friday": "09:00-14:15"}}
    )
    failed(desk)
    desk.pass_by(hours=2)
    assert leads_told(desk) == []
    desk.pass_by(hours=17)
    assert len(leads_told(desk)) == 1


# Deletions


def test_who_wanted_it_deleted_is_told_that_it_is_still_there(desk: Room) -> None:
    number = desk.case()
    press_send(desk, desk.previewed(number))
    with desk.sessions.begin() as session:
        reply = session.scalars(select(Reply)).unique().one()
        reply.state, reply.due_at = ReplyState.DELETING, desk.now
    desk.pass_by(seconds=1)
    message = call(desk, "was not deleted")
    assert "can no longer delete replies" in message["text"]
    assert buttons(message) == []
