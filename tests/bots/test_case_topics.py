"""A case as a topic of its own; and as a chain of replies where topics are refused."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from models import Alert, Note
from monitor.db import Sessions
from tests.bots.room import ANSWER, Line, Room, open_room, press_send

OTHER = "Дриль згорів за день, гарантію Новолінія не визнає, на пошту не відповідають."


@pytest.fixture
def forum(line: tuple[Line, str], one_database: Sessions, now: datetime) -> Iterator[Room]:
    """A staff chat that is a forum, with a topic a case."""
    with open_room(line, one_database, now, topics=("Загальне",), thread_mode="topic") as room:
        yield room


@pytest.fixture
def no_forum(line: tuple[Line, str], one_database: Sessions, now: datetime) -> Iterator[Room]:
    with open_room(line, one_database, now, thread_mode="topic") as room:
        yield room


def alert(room: Room, number: int) -> Alert:
    with room.sessions() as session:
        return session.scalars(select(Alert).where(Alert.case_id == number)).unique().one()


def topic(room: Room, number: int) -> Any:
    topic_id = alert(room, number).topic_id
    assert topic_id is not None
    return room.staff.topics[topic_id]


def test_a_case_gets_a_topic_of_its_own_with_its_card_inside(forum: Room) -> None:
    number = forum.case()
    assert topic(forum, number).name == f"#{number} Новолінія · author of p1"
    assert forum.card(number)["message_thread_id"] == alert(forum, number).topic_id
    other = forum.case("p2", text=OTHER, matches=[])
    assert alert(forum, other).topic_id != alert(forum, number).topic_id


def test_the_topic_closes_with_its_case_and_opens_when_the_author_writes_again(forum: Room) -> None:
    number = forum.case()
    press_send(forum, forum.previewed(number))
    forum.press(forum.olena, forum.card(number), "Close")
    assert topic(forum, number).closed
    forum.restart()
    forum.wake(number)
    assert not topic(forum, number).closed
    assert forum.last("wrote again:")["message_thread_id"] == alert(forum, number).topic_id


def test_what_is_said_in_the_topic_is_a_note_and_a_reply_to_the_card_an_answer(forum: Room) -> None:
    number = forum.case()
    forum.write(forum.andriy, "Хто знає склад?", topic=alert(forum, number).topic_id)
    with forum.sessions() as session:
        assert [(n.case_id, n.text) for n in session.scalars(select(Note))] == [(number, "Хто знає склад?")]
    preview = forum.previewed(number)
    assert preview["message_thread_id"] == alert(forum, number).topic_id
    press_send(forum, preview)
    assert forum.forum.posted == [("p1", ANSWER)]


def test_what_is_said_in_other_topics_is_talk(forum: Room) -> None:
    forum.case()
    forum.write(forum.andriy, "Кава є?", topic=min(forum.staff.topics))
    with forum.sessions() as session:
        assert session.scalars(select(Note)).all() == []


def test_a_group_without_topics_falls_back_to_replies_and_says_so_once(no_forum: Room) -> None:
    first = no_forum.case()
    no_forum.restart()
    second = no_forum.case("p2", text=OTHER, matches=[])
    for number in (first, second):
        assert "message_thread_id" not in no_forum.card(number)
        assert not alert(no_forum, number).own_topic
    told = [m for m in no_forum.messages() if "No topic can be opened" in m.get("text", "")]
    assert len(told) == 1
    assert "not a forum" in told[0]["text"]
    press_send(no_forum, no_forum.previewed(first))
    assert no_forum.forum.posted == [("p1", ANSWER)]


def test_without_the_right_to_manage_topics_it_falls_back_too(forum: Room) -> None:
    forum.staff.members[forum.telegram.bot.id] = "member"
    number = forum.case()
    assert not alert(forum, number).own_topic
    assert "Новолінія" in forum.card(number)["text"]


def test_the_history_is_told_wherever_it_is_asked_for(forum: Room) -> None:
    number = forum.case()
    forum.write(forum.olena, f"/case {number}")
    assert "opened" in forum.last("opened")["text"]
