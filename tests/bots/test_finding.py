"""/find as staff use it."""

from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.act import Act
from bots.finding import find
from bots.office import Office
from models import Search
from monitor import search
from monitor.desk import Refused
from tests.bots.rendering import HOSTILE, seen
from tests.bots.room import ANSWER, Room, button, buttons, press_send
from tests.builders import mention


def indexed(room: Room) -> None:
    while search.index_older(room.sessions):
        pass


def test_words_are_found_in_posts_and_in_our_answers(room: Room) -> None:
    number = room.case(author="oksana")
    indexed(room)
    press_send(room, room.previewed(number))
    room.write(room.andriy, "/find посилки гроші")
    page = room.last("🔍")
    assert page["text"].startswith(f"🔍 посилки гроші: 1 place\n#{number} форум «Покупець» · oksana")
    assert buttons(page) == [f"#{number}"]
    units = page["text"].encode("utf-16-le")
    bold = [
        units[2 * e["offset"] : 2 * (e["offset"] + e["length"])].decode("utf-16-le") for e in page["entities"]
    ]
    assert "посилки" in bold
    room.write(room.andriy, "/find завтра посилки")
    assert "Nobody said" in room.last("🔍")["text"]
    room.write(room.andriy, "/find везти сьогодні")
    assert f"Олена answered:{ANSWER}" in room.last("🔍")["text"].replace("\n", "")


def test_many_places_are_turned_page_by_page(room: Room) -> None:
    with room.sessions.begin() as session:
        for n in range(12):
            mention(session, room.now, f"m{n}", author=f"автор {n}", text="Гроші де?", thread_id=str(n))
    indexed(room)
    room.write(room.olena, "/find гроші")
    page = room.last("12 places")
    assert page["text"].count("автор") == 5
    room.press(room.olena, page, button(page, "Next"))
    page = room.last("12 places")
    room.press(room.olena, page, button(page, "Next"))
    page = room.last("12 places")
    assert page["text"].count("автор") == 2
    assert buttons(page) == ["‹ Previous"]


def test_what_was_looked_for_is_forgotten_after_a_week(room: Room) -> None:
    with room.sessions.begin() as session:
        for n in range(6):
            mention(session, room.now, f"m{n}", author=f"автор {n}", text="Гроші де?", thread_id=str(n))
    indexed(room)
    room.write(room.olena, "/find гроші")
    page = room.last("6 places")
    room.pass_by(days=6, hours=23)
    room.press(room.olena, page, button(page, "Next"))
    assert buttons(room.last("6 places")) == ["‹ Previous"]
    room.pass_by(hours=1)
    with room.sessions() as session:
        assert session.query(Search).count() == 0
    said = room.press(room.olena, page, "‹ Previous")
    assert said == ("This search is too old: look for it again.", True)


def test_without_words_the_right_form_is_shown(room: Room) -> None:
    for wrong in ("/find", "/find !!!"):
        room.write(room.olena, wrong)
        assert "It is written like this: /find …" in room.last()["text"]


def test_a_page_of_a_search_that_is_no_more_is_outdated(room: Room) -> None:
    number = room.case()
    for data in ("find:0:99", "find:0", "find:0:", "find:0:x", "find:99"):
        with room.telegram.lock:
            message = room.staff.messages[room.card(number)["message_id"]]
            message.markup = {"inline_keyboard": [[{"text": "odd", "callback_data": data}]]}
        assert room.press(room.olena, {"message_id": message.id}, "odd")[1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.one_of(HOSTILE, st.text(max_size=300)), more=HOSTILE)
def test_whatever_is_asked_and_found_the_answer_is_valid(room: Room, asked: str, more: str) -> None:
    office = Office(room.sessions, room.settings, {}, lambda: room.now)
    with room.sessions.begin() as session:
        text = f"{asked} {more}"[:20_000]
        search.index(session, [mention(session, room.now, uuid4().hex, text=text, author=more[:500] or "?")])
    try:
        outcome = find(office, Act(1001, room.staff.id, 0, asked))
    except Refused:
        return
    assert outcome.show is not None
    assert seen(outcome.show).text
