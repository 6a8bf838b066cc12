"""A second pair of eyes: what a rule wants looked at leaves only when somebody else has approved that very text."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from demo.telegram import Chat
from models import Event, Happening, Note, Reply, ReplyState, Role
from tests.bots.room import ANSWER, Room, button, buttons, press_send
from tests.bots.test_there import hear

LEGAL = "Зустрінемося в суді."


def rules(room: Room, *rules: dict[str, Any], undo: int = 0, lead: bool = False) -> Room:
    staff = room.settings.staff.model_dump()
    if lead:
        staff["people"][1]["role"] = Role.LEAD
    room.configure(approval=list(rules), desk={"undo": undo, "claim_expires": "never"}, staff=staff)
    return room


@pytest.fixture
def careful(room: Room) -> Room:
    """A room where whoever speaks of courts needs a colleague's approval."""
    return rules(room, {"name": "Legal words", "words": ["суд"]})


def asked(room: Room, text: str = LEGAL, **case: Any) -> dict[str, Any]:
    """Олена's answer, waiting for approval."""
    number = room.case(**case)
    room.write(room.olena, text, to=room.card(number))
    preview = room.last("Preview")
    assert "Needs" in preview["text"]
    press_send(room, preview, "Ask for approval")
    return room.last("asks a colleague to look first")


def waits(room: Room) -> bool:
    return room.reply_row().state is ReplyState.WAITING


def test_an_answer_without_such_words_needs_nobody(careful: Room) -> None:
    press_send(careful, careful.previewed(careful.case()))
    assert careful.forum.posted == [("p1", ANSWER)]


def test_with_them_it_waits_until_a_colleague_approves(careful: Room) -> None:
    waiting = asked(careful)
    assert "Needs a second pair of eyes: «Legal words»" in waiting["text"]
    assert LEGAL in waiting["text"]
    assert "asks for a second pair of eyes: «Legal words»" in careful.last("asks for")["text"]
    number = careful.reply_row().case_id
    assert "Олена's answer waits for approval" in careful.card(number)["text"]
    careful.pass_by(days=1)
    assert careful.forum.posted == []
    careful.press(careful.andriy, waiting, "✅ Approve")
    assert careful.forum.posted == [("p1", LEGAL)]
    reply = careful.reply_row()
    assert (reply.staff_id, reply.approved_by_id) == (careful.olena.id, careful.andriy.id)
    assert "Posted" in careful.last("approved by Андрій")["text"]
    with careful.sessions() as session:
        approved = select(Event.values).where(Event.kind == Happening.APPROVED)
        assert session.scalars(approved).all() == [{"rule": "Legal words"}]


def test_whoever_looks_sees_that_the_author_has_been_answered_meanwhile(careful: Room) -> None:
    waiting = asked(careful, thread_id="p1")
    careful.now += timedelta(minutes=5)
    hear(careful)
    assert "⚠️ novolinia-care has answered there meanwhile." in careful.last("asks a colleague")["text"]
    careful.press(careful.andriy, waiting, "✅ Approve")
    assert careful.forum.posted == []
    assert "was held back" in careful.last("was held back")["text"]
    press_send(careful, careful.last("Preview"))
    assert careful.forum.posted == [("p1", LEGAL)]


def test_nobody_approves_their_own_answer(careful: Room) -> None:
    waiting = asked(careful)
    said = careful.press(careful.olena, waiting, "✅ Approve")
    assert said == ("It is your answer: a colleague has to look at it.", True)
    assert careful.forum.posted == []
    assert waits(careful)


def test_after_the_approval_there_is_still_time_to_undo_for_both(room: Room) -> None:
    rules(room, {"name": "Legal words", "words": ["суд"]}, undo=20)
    room.press(room.andriy, asked(room), "✅ Approve")
    room.press(room.andriy, room.last("It leaves at"), "↩️ Undo")
    room.pass_by(days=1)
    assert room.forum.posted == []
    press_send(room, room.last("Preview"))
    room.pass_by(seconds=20)
    assert room.forum.posted == [("p1", LEGAL)], "the same text need not be approved again"


def test_until_it_leaves_the_card_says_who_approved_it_and_when_it_goes(room: Room) -> None:
    rules(room, {"name": "Legal words", "words": ["суд"]}, undo=20)
    room.press(room.andriy, asked(room), "✅ Approve")
    card = room.card(room.reply_row().case_id)
    assert "📤 Олена's answer leaves at 14:00:20 · approved by Андрій" in card["text"]
    assert "waits for approval" not in card["text"]


def test_edited_after_the_approval_it_has_to_be_approved_again(room: Room) -> None:
    rules(room, {"name": "Legal words", "words": ["суд"]}, undo=20)
    room.press(room.andriy, asked(room), "✅ Approve")
    press_send(room, room.last("It leaves at"), "Undo")
    press_send(room, room.last("Preview"), "Edit")
    room.write(room.olena, "Суд вирішить!", to=room.last("write your answer"))
    press_send(room, room.last("Preview"), "Ask for approval")
    room.pass_by(days=1)
    assert room.forum.posted == []
    assert waits(room)


def test_while_what_waits_is_written_anew_the_card_says_so(careful: Room) -> None:
    waiting = asked(careful)
    press_send(careful, waiting, "Edit")
    careful.write(careful.olena, "Вибачте.", to=careful.last("write your answer"))
    assert "✍️ Олена is answering" in careful.card(1)["text"]
    assert "waits for approval" not in careful.card(1)["text"]


def test_an_older_preview_approves_nothing(careful: Room) -> None:
    first = asked(careful)
    press_send(careful, first, "Edit")
    careful.write(careful.olena, "Суд — це гірше.", to=careful.last("write your answer"))
    press_send(careful, careful.last("Preview"), "Ask for approval")
    assert waits(careful)
    stale = careful.telegram.press(
        careful.andriy,
        careful.staff,
        first["message_id"],
        f"approve:{careful.reply_row().id}",
    )
    careful.pass_by()
    assert "replaced by a newer one" in careful.telegram.answer(stale).text
    assert careful.forum.posted == []
    assert waits(careful)


def test_it_is_sent_back_with_a_reason_that_only_colleagues_see(careful: Room) -> None:
    waiting = asked(careful)
    careful.press(careful.andriy, waiting, "↩️ Send back")
    question = careful.last("why do you send")
    careful.restart()
    careful.write(careful.andriy, "Без погроз, будь ласка.", to=question)
    told = careful.last("sends your answer back")
    assert "Без погроз, будь ласка." in told["text"]
    assert any(e.get("user", {}).get("id") == careful.olena.id for e in told["entities"])
    assert careful.reply_row().state is ReplyState.PREVIEW
    assert "Ask for approval" in button(careful.last("Preview"), "Ask")
    careful.pass_by(days=1)
    assert careful.forum.posted == []
    with careful.sessions() as session:
        assert session.scalars(select(Note.text)).all() == ["Без погроз, будь ласка."]


def test_only_who_was_asked_says_why(careful: Room) -> None:
    waiting = asked(careful)
    careful.press(careful.andriy, waiting, "↩️ Send back")
    careful.write(careful.olena, "Сама знаю.", to=careful.last("why do you send"))
    assert waits(careful)
    with careful.sessions() as session:
        assert session.scalars(select(Note.text)).all() == ["Сама знаю."]


def test_a_reason_that_comes_too_late_changes_nothing(careful: Room) -> None:
    waiting = asked(careful)
    careful.press(careful.andriy, waiting, "↩️ Send back")
    question = careful.last("why do you send")
    careful.press(careful.andriy, waiting, "✅ Approve")
    careful.write(careful.andriy, "Зачекай!", to=question)
    assert careful.last()["text"] == "This answer waits for nobody's approval any more."
    assert careful.forum.posted == [("p1", LEGAL)]


def test_approved_twice_it_leaves_once(careful: Room) -> None:
    waiting = asked(careful)
    presses = [
        careful.telegram.press(careful.andriy, careful.staff, waiting["message_id"], "✅ Approve")
        for _ in range(2)
    ]
    careful.pass_by()
    assert [careful.telegram.answer(press).show_alert for press in presses] == [False, True]
    careful.pass_by(days=1)
    assert careful.forum.posted == [("p1", LEGAL)]


def test_what_its_writer_cancelled_is_not_approved(careful: Room) -> None:
    waiting = asked(careful)
    stale = careful.telegram.press(careful.andriy, careful.staff, waiting["message_id"], "✅ Approve")
    with careful.sessions.begin() as session:
        reply = session.merge(careful.reply_row())
        reply.state = ReplyState.CANCELLED
    careful.pass_by()
    assert careful.telegram.answer(stale).show_alert
    careful.pass_by(days=1)
    assert careful.forum.posted == []


def test_a_new_answer_replaces_the_one_that_waits(careful: Room) -> None:
    waiting = asked(careful)
    number = careful.reply_row().case_id
    careful.write(careful.olena, ANSWER, to=careful.card(number))
    assert buttons(careful.last("Cancelled")) == []
    assert careful.last("Cancelled")["message_id"] == waiting["message_id"]
    press_send(careful, careful.last(ANSWER))
    careful.pass_by(days=1)
    assert careful.forum.posted == [("p1", ANSWER)]


def test_a_closed_case_s_answer_is_not_approved(careful: Room) -> None:
    waiting = asked(careful)
    number = careful.reply_row().case_id
    careful.write(careful.olena, f"/close {number}")
    assert careful.press(careful.andriy, waiting, "✅ Approve") == (f"Case #{number} is closed.", True)
    careful.pass_by(days=1)
    assert careful.forum.posted == []


def test_where_a_lead_is_wanted_a_colleague_is_not_enough(room: Room) -> None:
    press = {"name": "Press", "sources": ["forum"], "by": "lead"}
    rules(room, press)
    waiting = asked(room, ANSWER)
    assert "Needs the approval of a lead: «Press»" in waiting["text"]
    assert room.press(room.andriy, waiting, "✅ Approve") == ("A lead has to approve this answer.", True)
    rules(room, press, lead=True)
    room.press(room.andriy, waiting, "✅ Approve")
    assert room.forum.posted == [("p1", ANSWER)]


def test_who_is_in_training_neither_sends_alone_nor_approves(room: Room) -> None:
    rules(room, {"name": "In training", "staff": ["Олена"]})
    waiting = asked(room, ANSWER)
    room.press(room.andriy, waiting, "✅ Approve")
    assert room.forum.posted == [("p1", ANSWER)]
    rules(room, {"name": "In training", "staff": ["Андрій"]}, {"name": "Legal words", "words": ["суд"]})
    waiting = asked(room, LEGAL, external_id="p2")
    said = room.press(room.andriy, waiting, "✅ Approve")
    assert said == ("Somebody with more experience has to look at it.", True)


@pytest.mark.parametrize(
    ("rule", "case", "fits"),
    [
        ({"reach": 1000}, {"reach": 1000}, True),
        ({"reach": 1000}, {"reach": 999}, False),
        ({"reach": 1000}, {"reach": None}, False),
        ({"brands": ["Новолінія"]}, {}, True),
        ({"brands": ["Будсвіт"]}, {}, False),
        ({"sources": ["blog"]}, {}, False),
        ({"words": ["суд"]}, {"text": "Новолінія, подам до суду на вас!", "matches": []}, True),
        ({"words": ["суд"], "reach": 5}, {"text": "Новолінія, подам до суду на вас!", "matches": []}, False),
    ],
)
def test_a_rule_fits_when_all_of_it_does(
    room: Room, rule: dict[str, Any], case: dict[str, Any], fits: bool
) -> None:
    rules(room, {"name": "Rule", **rule})
    number = room.case(**case)
    room.write(room.olena, ANSWER, to=room.card(number))
    assert any("Ask for approval" in text for text in buttons(room.last("Preview"))) == fits


def test_what_a_person_posts_is_shown_for_copying_only_when_it_is_approved(room: Room) -> None:
    rules(room, {"name": "Legal words", "words": ["суд"]})
    waiting = asked(room, LEGAL, source="blog", answerable="hand_off", url="https://blog.example/7")
    assert room.press(room.andriy, waiting, "✅ Approve")[0] == "Approved. Олена has to post it by hand."
    assert "the preview has the steps" in room.last("Олена, Андрій approved your answer. Post it")["text"]
    handed = room.last("Only a person can post there")
    press_send(room, handed, "Done")
    assert room.reply_row().state is ReplyState.HANDED_OFF
    assert room.reply_row().approved_by_id == room.andriy.id


def test_nobody_approves_what_they_could_not_see_whole(careful: Room) -> None:
    """Not even from before the preview said so."""
    careful.forum.max_length = 10_000
    waiting = asked(careful)
    with careful.sessions.begin() as session:
        session.get_one(Reply, careful.reply_row().id).text = "Дякуємо. " * 400
    said = careful.press(careful.andriy, waiting, "✅ Approve")
    assert said == ("Too long to be seen whole: at most 3000 characters.", True)
    assert waits(careful)


def test_nobody_is_asked_to_approve_what_is_not_shown_whole(careful: Room) -> None:
    careful.forum.max_length = 10_000
    careful.write(careful.olena, f"{LEGAL} {'Дякуємо. ' * 400}", to=careful.card(careful.case()))
    preview = careful.last("Preview")
    assert "Not shown whole here" in preview["text"]
    assert buttons(preview)[:2] == ["Edit", "Cancel"]


def asked_in_private(room: Room, text: str = LEGAL) -> tuple[Chat, dict[str, Any]]:
    """Олена's answer, written alone with the bot; what colleagues see of it in the group."""
    number, private = room.case(), room.telegram.private_chat(room.olena)
    room.write(room.olena, f"/reply {number} {text}", chat=private)
    room.press(room.olena, room.last("Preview", private), "👀 Ask for approval", private)
    return private, room.last("asks a colleague to look first")


def test_an_answer_written_in_private_is_shown_to_colleagues_in_the_group(careful: Room) -> None:
    _, waiting = asked_in_private(careful)
    assert LEGAL in waiting["text"]
    assert buttons(waiting) == ["✅ Approve", "↩️ Send back"]
    assert careful.press(careful.olena, waiting, "✅ Approve")[0] == (
        "It is your answer: a colleague has to look at it."
    )
    careful.press(careful.andriy, waiting, "✅ Approve")
    assert careful.forum.posted == [("p1", LEGAL)]


def test_approved_in_the_group_it_goes_on_there(room: Room) -> None:
    rules(room, {"name": "Legal words", "words": ["суд"]}, undo=20)
    private, waiting = asked_in_private(room)
    room.press(room.andriy, waiting, "✅ Approve")
    assert room.last("", private)["text"] == "This answer goes on in the staff chat."
    assert buttons(room.last("", private)) == []
    leaves = room.last("It leaves at")
    assert leaves["message_id"] == waiting["message_id"]
    room.press(room.olena, leaves, "↩️ Undo")
    room.pass_by(days=1)
    assert room.forum.posted == []
    press_send(room, room.last("Preview"))
    room.pass_by(seconds=20)
    assert room.forum.posted == [("p1", LEGAL)]
    assert "Posted" in next(m for m in room.messages() if m["message_id"] == waiting["message_id"])["text"]


def test_sent_back_from_the_group_it_is_its_writers_again_in_private(careful: Room) -> None:
    private, waiting = asked_in_private(careful)
    careful.press(careful.andriy, waiting, "↩️ Send back")
    reason = careful.write(careful.andriy, "Без погроз.", to=careful.last("why do you send"))
    assert "Без погроз." in careful.last("sends your answer back")["text"]
    assert "👀 Ask for approval" in buttons(careful.last("Preview", private))
    with careful.sessions() as session:
        (note,) = session.scalars(select(Note))
        assert (note.chat_id, note.message_id) == (careful.staff.id, reason["message_id"])
    seen_to = careful.last("has been seen to")
    assert (seen_to["message_id"], buttons(seen_to)) == (waiting["message_id"], [])


def test_what_the_group_saw_of_an_older_text_approves_nothing(careful: Room) -> None:
    private, first = asked_in_private(careful)
    careful.press(careful.olena, careful.last("asks a colleague", private), "Edit", private)
    prompt = careful.last("write your answer", private)
    careful.telegram.write(careful.olena, private, "Суд — це гірше.", reply_to=prompt["message_id"])
    careful.bot.handle_waiting()
    preview = careful.last("Preview", private)
    careful.telegram.press(careful.olena, private, preview["message_id"], "👀 Ask for approval")
    careful.bot.handle_waiting()
    stale = careful.telegram.press(careful.andriy, careful.staff, first["message_id"], "✅ Approve")
    careful.pass_by()
    assert "replaced by a newer one" in careful.telegram.answer(stale).text
    assert waits(careful)
    careful.press(careful.andriy, careful.last("Суд — це гірше."), "✅ Approve")
    assert careful.forum.posted == [("p1", "Суд — це гірше.")]
