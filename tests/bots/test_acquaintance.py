"""/history: one author, one source."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.acquaintance import acquaintance_message
from models import Case, Happening, Reply, Staff, Status
from monitor import desk
from monitor.acquaintance import Acquaintance
from tests.bots.rendering import HOSTILE, LANGUAGES, NOW, seen, words
from tests.bots.room import ANSWER, Room, button, buttons, press_send
from tests.builders import mention, staff

OTHER = "Новолінія: не ті двері привезли, міняти не хочуть."


def test_an_authors_cases_and_our_answers_are_listed(room: Room) -> None:
    first = room.case(author="oksana")
    press_send(room, room.previewed(first))
    second = room.case("p2", author="oksana", text=OTHER)
    with room.sessions.begin() as session:
        person = staff(session, room.settings, 1001)
        desk.close(session, second, person, room.now, Happening.WRONG_TONE)
    room.write(room.andriy, "/history @oksana")
    said = room.last("👤 oksana")
    assert "форум «Покупець»" in said["text"]
    assert "2 posts · 2 unhappy" in said["text"]
    assert f"#{first} 14:00 · answered after" in said["text"]
    assert f"#{second} 14:00 · Wrong tone" in said["text"]
    assert f"💬 14:00 Олена: {ANSWER}" in said["text"]
    assert buttons(said) == [f"#{second}", f"#{first}"]


def test_one_post_about_two_brands_is_one_unhappy_post(room: Room) -> None:
    number = room.case(author="oksana")
    with room.sessions.begin() as session:
        mention(session, room.now, author="oksana", brand="Будсвіт", case_id=number)
    room.write(room.olena, "/history oksana")
    assert "1 post · 1 unhappy" in room.last("👤 oksana")["text"]


def test_a_case_that_staff_are_only_asked_about_waits_for_no_answer(room: Room) -> None:
    number = room.case(author="oksana", negative=0.5, neutral=0.4, positive=0.1)
    room.write(room.olena, "/history oksana")
    assert f"#{number} 14:00 · To judge" in room.last("👤 oksana")["text"]


def test_in_reply_to_a_card_it_is_its_author(room: Room) -> None:
    number = room.case(author="oksana")
    room.write(room.olena, "/history", to=room.card(number))
    assert f"#{number} 14:00 · waits for an answer" in room.last("👤 oksana")["text"]


@pytest.mark.parametrize("asked", ["оксана К.", "@ОКСАНА К.", "оксана  к."])
def test_a_name_is_found_as_a_phone_writes_it(room: Room, asked: str) -> None:
    room.case(author="Оксана К.")
    room.case("p2", author="oksana", text=OTHER)
    room.write(room.olena, f"/history {asked}")
    assert "1 post" in room.last("👤 Оксана К.")["text"]


def test_the_name_as_it_is_written_is_preferred(room: Room) -> None:
    room.case(author="Max")
    room.case("p2", author="max", text=OTHER)
    room.write(room.olena, "/history max")
    assert "👤 max" in room.last("👤")["text"]


def test_the_same_name_elsewhere_may_be_somebody_else(room: Room) -> None:
    room.case(author="oksana")
    with room.sessions.begin() as session:
        mention(session, room.now, "b1", source="blog", author="oksana", negative=0.1, neutral=0.8)
    room.write(room.olena, "/history oksana")
    asked = room.last("several places")
    room.press(room.olena, asked, button(asked, "blog"))
    said = room.last("👤 oksana")
    assert "blog" in said["text"]
    assert "1 post · 0 unhappy" in said["text"]
    assert "#" not in said["text"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("/history", "It is written like this: /history @author"),
        ("/history <b>нема", "We have met nobody called <b>нема."),
        ("/history " + "я" * 3000, "We have met nobody called яяя"),
    ],
)
def test_nobody_is_told_so(room: Room, asked: str, said: str) -> None:
    room.write(room.olena, asked)
    assert said in room.last()["text"]


def test_a_button_to_nobody_is_outdated(room: Room) -> None:
    number = room.case()
    for data in ("history:0:99", "history:0:x", "history:99"):
        with room.telegram.lock:
            message = room.staff.messages[room.card(number)["message_id"]]
            message.markup = {"inline_keyboard": [[{"text": "odd", "callback_data": data}]]}
        assert room.press(room.olena, {"message_id": message.id}, "odd")[1]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LANGUAGES), HOSTILE)
def test_whatever_the_author_and_our_words_it_is_valid(language: str, text: str) -> None:
    cases = [(Case(id=n, status=Status.OPEN, opened_at=NOW - timedelta(days=n)), None) for n in range(8)]
    reply = Reply(text=text, sent_at=NOW, staff=Staff(id=1, name=text[:60] or "?"))
    found = Acquaintance("forum", text[:500] or "?", 99, NOW, NOW, 9, cases, 30, [reply] * 3)
    assert seen(acquaintance_message(found, "м" * 60, words(language), NOW)).text
