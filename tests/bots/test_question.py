"""Is this a complaint? One small card, one press."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.inbox import Inbox, inbox
from bots.question import TO_DECIDE, question, with_questions
from models import Alert, Status
from monitor.asking import ASKED_FOR
from monitor.inbox import Look, Shelf
from monitor.outbox import FOR_CASES
from monitor.pace import PER_MINUTE, Pace
from monitor.verdicts import drop_old
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, case_view, seen, words
from tests.bots.room import ANSWER, Room, buttons, open_room
from tests.builders import considered

UNSURE = 0.5
TEXT = "Новолінія, а чому двері приїхали без ручки? Замовляли ж із ручкою."


def asked(room: Room, external_id: str = "q1", **changes: Any) -> int:
    """A case that staff are asked about, with its small card in the chat."""
    return room.case(external_id, **{"text": TEXT, "matches": [], "negative": UNSURE, **changes})


@pytest.fixture
def number(room: Room) -> int:
    return asked(room)


def sent(room: Room, saying: str) -> list[dict[str, Any]]:
    return [given for name, given in room.telegram.calls if name == "sendMessage" and saying in given["text"]]


def test_the_question_is_small_and_makes_no_sound(room: Room, number: int) -> None:
    card = room.card(number)
    assert card["text"].splitlines()[0] == "❔ Is this a complaint?"
    assert TEXT in card["text"]
    assert "unhappy 0.50" in card["text"]
    assert "Answer by" not in card["text"]
    assert buttons(card) == ["Yes", "No", "↗ Open"]
    assert [given["disable_notification"] for given in sent(room, "Is this a complaint?")] == ["true"]
    room.case()
    assert "disable_notification" not in room.telegram.calls[-1][1], "a real case rings"


def test_a_yes_makes_it_a_whole_card_in_place(room: Room, number: int) -> None:
    before = room.card(number)["message_id"]
    room.now += timedelta(hours=1)
    assert room.press(room.olena, room.card(number), "Yes") == ("Thank you. The case is open.", False)
    card = room.card(number)
    assert card["message_id"] == before
    assert "⏳ Answer by" in card["text"]
    assert "a complaint, says Олена" in card["text"]
    assert "Claim" in buttons(card)
    assert room.row(number).answer_by == room.now + room.settings.sla.normal
    room.write(room.olena, f"/case {number}")
    assert "asked whether it is a complaint" in room.last("a complaint, says Олена")["text"]


def test_a_no_closes_it_and_the_card_says_who_said_so(room: Room, number: int) -> None:
    said, _ = room.press(room.andriy, room.card(number), "No")
    assert said == "Thank you. Closed: it is no complaint."
    card = room.card(number)
    assert card["text"].splitlines()[0] == "⚪️ no complaint, says Андрій"
    assert buttons(card) == ["↩️ Ask again", "↗ Open"]
    assert room.row(number).status is Status.CLOSED


def test_one_tap_takes_a_no_back(room: Room, number: int) -> None:
    room.press(room.andriy, room.card(number), "No")
    shown = room.card(number)
    assert room.press(room.olena, shown, "↩️ Ask again") == ("It is a question again: Yes or No?", False)
    card = room.card(number)
    assert card["message_id"] == shown["message_id"]
    assert card["text"].splitlines()[0] == "❔ Is this a complaint?"
    assert buttons(card) == ["Yes", "No", "↗ Open"]
    assert room.row(number).status is Status.ASKED
    assert room.press(room.olena, card, "Yes")[0] == "Thank you. The case is open."
    room.write(room.olena, f"/case {number}")
    assert "Олена asks again whether it is a complaint" in room.last("no complaint, says Андрій")["text"]


def test_of_two_who_take_it_back_the_second_hears_that_it_was_done(room: Room, number: int) -> None:
    room.press(room.andriy, room.card(number), "No")
    message = room.card(number)["message_id"]
    room.restart()
    presses = [
        room.telegram.press(who, room.staff, message, "↩️ Ask again") for who in (room.olena, room.andriy)
    ]
    room.pass_by()
    assert [room.telegram.answer(query).show_alert for query in presses] == [False, True]
    assert room.row(number).status is Status.ASKED
    assert buttons(room.card(number)) == ["Yes", "No", "↗ Open"]


def test_a_stranger_takes_nothing_back(room: Room, number: int) -> None:
    room.press(room.andriy, room.card(number), "No")
    guest = room.telegram.add_user("Гість", user_id=667)
    room.staff.members[guest.id] = "member"
    assert room.press(guest, room.card(number), "↩️ Ask again")[1]
    assert room.row(number).status is Status.CLOSED


def test_what_was_asked_again_and_left_by_itself_was_nobody_s_no(room: Room, number: int) -> None:
    room.press(room.andriy, room.card(number), "No")
    room.press(room.andriy, room.card(number), "↩️ Ask again")
    room.now += ASKED_FOR
    with room.sessions.begin() as session:
        assert drop_old(session, room.now) == 1
    room.pass_by()
    assert room.card(number)["text"].splitlines()[0] == "⚪️ Closed"
    assert buttons(room.card(number)) == ["↗ Open"]


def test_a_no_in_the_inbox_is_taken_back_there(room: Room) -> None:
    number, _ = asked(room), asked(room, "q2", text="Де ручка, Новолінія?")
    room.write(room.olena, "/inbox")
    room.press(room.olena, room.last("To judge: 2 posts"), f"{number} No")
    shown = room.last("To judge: 1 post")
    said, _ = room.press(room.olena, shown, f"↩️ #{number} Ask again")
    assert said == "It is a question again: Yes or No?"
    assert room.last("To judge: 2 posts")["message_id"] == shown["message_id"]
    assert not any("Ask again" in text for text in buttons(room.last("To judge: 2 posts")))
    assert room.row(number).status is Status.ASKED


@pytest.mark.parametrize("second", ["Yes", "No"])
@pytest.mark.parametrize(
    ("first", "refusal"),
    [
        ("Yes", "Олена has said already: a complaint."),
        ("No", "Олена has said already: no complaint."),
    ],
)
def test_of_two_presses_at_once_the_first_counts(
    room: Room, number: int, first: str, second: str, refusal: str
) -> None:
    card = room.card(number)
    presses = [
        room.telegram.press(who, room.staff, card["message_id"], what)
        for who, what in ((room.olena, first), (room.andriy, second))
    ]
    room.pass_by()
    assert room.telegram.answer(presses[1]).text == refusal
    assert room.row(number).status is (Status.OPEN if first == "Yes" else Status.CLOSED)


def test_a_press_after_a_restart_counts(room: Room, number: int) -> None:
    card = room.card(number)
    room.restart()
    room.press(room.olena, card, "Yes")
    assert room.row(number).status is Status.OPEN


def test_a_press_on_a_question_that_left_says_so_and_the_card_is_redrawn(room: Room, number: int) -> None:
    room.now += ASKED_FOR
    with room.sessions.begin() as session:
        drop_old(session, room.now)
    query = room.telegram.press(room.olena, room.staff, room.card(number)["message_id"], "Yes")
    room.pass_by()
    assert room.telegram.answer(query).text == f"Case #{number} is closed."
    assert buttons(room.card(number)) == ["↗ Open"]
    assert "Closed" in room.card(number)["text"]


def test_a_stranger_answers_no_question(room: Room, number: int) -> None:
    guest = room.telegram.add_user("Гість", user_id=667)
    room.staff.members[guest.id] = "member"
    said, alert = room.press(guest, room.card(number), "Yes")
    assert "for the staff of a company" in said
    assert alert
    assert room.row(number).status is Status.ASKED


def test_an_answer_before_a_yes_is_refused_and_stays_here(room: Room, number: int) -> None:
    room.write(room.olena, ANSWER, to=room.card(number))
    assert room.last()["text"] == f"Is #{number} a complaint? Say Yes or No on its card first."
    room.write(room.olena, f"/claim {number}")
    assert "Say Yes or No" in room.last()["text"]
    assert room.forum.posted == []


def test_when_the_author_says_more_the_case_opens_by_itself_and_rings(room: Room, number: int) -> None:
    before = room.card(number)["message_id"]
    with room.sessions.begin() as session:
        considered(
            session,
            room.settings,
            room.now,
            "q2",
            thread_id="q1",
            author="author of q1",
            text="Обман!",
            matches=[],
        )
    room.pass_by()
    assert "⏳ Answer by" in room.card(number)["text"]
    assert room.card(number)["message_id"] == before
    assert room.last("wrote again:")["reply_to_message"]["message_id"] == before


def test_the_inbox_lists_what_is_to_decide_beneath_what_waits(room: Room) -> None:
    waiting, first, second = room.case(), asked(room), asked(room, "q2", text="Де ручка, Новолінія?")
    room.write(room.olena, "/inbox")
    shown = room.last("To judge")
    assert f"#{waiting} " in shown["text"].partition("To judge")[0]
    assert "❔ To judge: 2 posts" in shown["text"]
    assert room.press(room.olena, shown, f"{first} Yes")[0] == "Thank you. The case is open."
    shown = room.last("To judge: 1 post")
    assert f"{first} Yes" not in buttons(shown)
    room.press(room.olena, shown, f"{second} No")
    assert "To judge" not in room.last("2 cases wait")["text"]
    assert [room.row(n).status for n in (first, second)] == [Status.OPEN, Status.CLOSED]


def test_an_inbox_that_is_out_of_date_says_who_was_quicker_and_is_redrawn(room: Room, number: int) -> None:
    room.write(room.olena, "/inbox")
    shown = room.last("To judge: 1 post")
    room.press(room.andriy, room.card(number), "No")
    said, _ = room.press(room.olena, shown, f"{number} Yes")
    assert said == "Андрій has said already: no complaint."
    assert room.last("Nobody waits for an answer.")["message_id"] == shown["message_id"]
    assert "To judge" not in room.last("Nobody waits for an answer.")["text"]
    assert room.row(number).status is Status.CLOSED


def test_an_inbox_with_questions_alone_says_that_nobody_waits(room: Room, number: int) -> None:
    room.write(room.olena, "/inbox")
    assert "Nobody waits for an answer." in room.last("To judge: 1 post")["text"]


@pytest.fixture
def terse(line: Any, one_database: Any, now: Any) -> Iterator[Room]:
    with open_room(line, one_database, now) as room:
        rules = room.settings.triage.model_copy(update={"asked_a_day": 1})
        room.settings = room.settings.model_copy(update={"triage": rules})
        room.restart()
        yield room


def test_beyond_the_days_measure_the_chat_is_spared_and_a_yes_brings_the_card(terse: Room) -> None:
    asked(terse)
    number = asked(terse, "q2", text="Де ручка, Новолінія?")
    assert len(sent(terse, "Is this a complaint?")) == 1
    terse.write(terse.olena, "/inbox")
    terse.press(terse.olena, terse.last("To judge: 2 posts"), f"{number} Yes")
    assert "Claim" in buttons(terse.card(number))


def test_a_question_that_is_shown_from_the_inbox_gets_its_card(terse: Room) -> None:
    asked(terse)
    number = asked(terse, "q2", text="Де ручка, Новолінія?")
    terse.write(terse.olena, f"/case {number}")
    terse.pass_by()
    assert buttons(terse.card(number)) == ["Yes", "No", "↗ Open"]


def test_real_cases_come_first_and_questions_leave_them_room(room: Room) -> None:
    first = room.open_case("q1", text=TEXT, matches=[], negative=UNSURE)
    real = room.open_case("p1")
    room.pass_by()
    assert room.card(real)["message_id"] < room.card(first)["message_id"]
    pace = Pace()
    for _ in range(PER_MINUTE - FOR_CASES):
        assert pace.allows(1, NOW, leave=FOR_CASES)
        pace.spoke(1, NOW)
    assert not pace.allows(1, NOW, leave=FOR_CASES)
    assert pace.allows(1, NOW)


def test_a_no_to_what_was_never_shown_sends_nothing(terse: Room) -> None:
    asked(terse)
    number = asked(terse, "q2", text="Де ручка, Новолінія?")
    terse.write(terse.olena, "/inbox")
    terse.press(terse.olena, terse.last("To judge: 2 posts"), f"{number} No")
    assert terse.row(number).status is Status.CLOSED
    with terse.sessions() as session:
        assert session.query(Alert).filter_by(case_id=number).one().message_id is None


# Pure


@settings(max_examples=40, deadline=None)
@given(language=st.sampled_from(LANGUAGES), text=HOSTILE, author=HOSTILE, count=st.integers(0, TO_DECIDE))
def test_whatever_is_in_it_a_question_is_valid_and_short(
    language: str, text: str, author: str, count: int
) -> None:
    said = words(language)
    case = case_view(text=text * 20, author=author * 5, status=Status.ASKED, promised=False, matches=[])
    assert len(seen(question(case, said)).text) < 500
    cases = [case] * 8
    found = Inbox(Look(), cases, dict.fromkeys(Shelf, 8), {}, [], "Олена")
    assert seen(with_questions(inbox(found, said, NOW), [case] * count, 99, said)).text


def test_stars_that_spoke_against_it_are_shown() -> None:
    reasons = [
        {"code": "negative", "value": 0.55},
        {"code": "weighed", "value": {"rating": 5.0, "before": 0.85}},
    ]
    shown = seen(question(case_view(reasons=reasons, status=Status.ASKED, promised=False), words("en")))
    assert "unhappy 0.55 · 0.85 without the 5★" in shown.text
