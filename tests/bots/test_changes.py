"""Editing and deleting at the source what was posted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models import Event, Happening, Reply, ReplyState, Status
from monitor.source import Posted, SourceError
from tests.bots.room import ANSWER, Forum, Room, button, buttons, press_send


@dataclass
class Soft(Forum):
    """A forum where what was posted can be changed."""

    edited: list[tuple[str, str]] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)

    def edit(self, posted: Posted, text: str) -> Posted:
        if self.refusal:
            raise self.refusal
        self.edited.append((posted.id, text))
        return posted

    def delete(self, posted: Posted) -> None:
        if self.refusal:
            raise self.refusal
        self.deleted.append(posted.id)


@pytest.fixture
def soft(room: Room) -> Iterator[Room]:
    room.forum = Soft()
    room.restart()
    return room


def answered(room: Room, number: int | None = None) -> dict[str, Any]:
    """A posted answer, as its preview message shows it."""
    press_send(room, room.previewed(number or room.case()))
    return room.last("Posted")


def states(room: Room) -> list[ReplyState]:
    with room.sessions() as session:
        return list(session.scalars(select(Reply.state).order_by(Reply.id)))


def happened(room: Room) -> list[Any]:
    with room.sessions() as session:
        changed = select(Event).where(Event.kind == Happening.CHANGED_THERE)
        return [e.values["what"] for e in session.scalars(changed) if e.values]


def test_where_the_source_can_not_nothing_is_offered(room: Room) -> None:
    assert buttons(answered(room)) == []


def test_who_edits_an_answer_to_a_case_that_woke_is_answering(soft: Room) -> None:
    number = soft.case()
    posted = answered(soft, number)
    soft.wake(number)
    assert "Claimed by Олена" in soft.card(number)["text"]
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    assert "✍️ Олена is answering" in soft.card(number)["text"]


def test_an_edit_passes_the_preview_and_replaces_what_is_there(soft: Room) -> None:
    number = soft.case()
    posted = answered(soft, number)
    first = soft.row(number).first_answered_at
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    prompt = soft.last("write your answer")
    assert ANSWER in prompt["text"]
    soft.write(soft.olena, "Уже веземо.", to=prompt)
    preview = soft.last("This replaces what is there")
    assert soft.forum.edited == []
    soft.now += timedelta(minutes=30)
    press_send(soft, preview)
    assert soft.forum.edited == [("r1", "Уже веземо.")]
    assert "Олена answered at 14:00" in soft.card(number)["text"]
    assert soft.forum.posted == [("p1", ANSWER)]
    assert states(soft) == [ReplyState.REPLACED, ReplyState.SENT]
    assert happened(soft) == ["edited"]
    assert soft.row(number).first_answered_at == first
    assert "Replaced by a newer wording." in soft.last("Replaced")["text"]
    assert buttons(soft.last("Replaced")) == []
    assert "https://forum.example/t/7#r1" in soft.last("Posted")["text"]
    soft.write(soft.olena, f"/case {number}")
    assert "answer edited at the source by Олена" in soft.last("opened")["text"]


def test_a_deletion_is_asked_for_twice(soft: Room) -> None:
    number = soft.case()
    posted = answered(soft, number)
    soft.press(soft.olena, posted, "🗑 Delete the answer")
    assert soft.forum.deleted == []
    asked = soft.last("Delete this answer where everybody sees it?")
    soft.press(soft.olena, asked, "Keep it")
    assert soft.forum.deleted == []
    soft.press(soft.olena, soft.last("Posted"), "🗑 Delete the answer")
    soft.press(soft.olena, soft.last("everybody sees it?"), "Yes, delete it")
    assert soft.forum.deleted == ["r1"]
    assert "Deleted there." in soft.last("Deleted")["text"]
    assert "Олена's answer was deleted there" in soft.card(number)["text"]
    assert states(soft) == [ReplyState.DELETED]
    assert happened(soft) == ["to_delete", "deleted"]
    soft.write(soft.olena, f"/case {number}")
    history = soft.last("opened")["text"]
    assert "Олена wants the answer deleted at the source" in history
    assert "answer deleted at the source" in history.splitlines()[-1]


def test_pressed_twice_and_after_a_restart_it_is_deleted_once(soft: Room) -> None:
    posted = answered(soft)
    soft.press(soft.olena, posted, "🗑 Delete the answer")
    asked = soft.last("everybody sees it?")
    soft.restart()
    for _ in "12":
        soft.telegram.press(soft.olena, soft.staff, asked["message_id"], "Yes, delete it")
    soft.pass_by()
    assert soft.forum.deleted == ["r1"]
    assert buttons(soft.last("Deleted there.")) == []


def test_another_neither_edits_nor_deletes_what_is_claimed_nor_anybody_in_a_closed_case(soft: Room) -> None:
    number = soft.case()
    posted = answered(soft, number)
    assert "has claimed" in soft.press(soft.andriy, posted, "✏️ Edit the answer")[0]
    assert "has claimed" in soft.press(soft.andriy, posted, "🗑 Delete the answer")[0]
    soft.press(soft.olena, posted, "🗑 Delete the answer")
    asked = soft.last("everybody sees it?")
    assert "has claimed" in soft.press(soft.andriy, asked, "Yes, delete it")[0]
    soft.press(soft.olena, soft.card(number), "Close")
    assert "is closed" in soft.press(soft.olena, asked, "Yes, delete it")[0]
    assert soft.row(number).status is Status.CLOSED
    assert soft.forum.deleted == soft.forum.edited == []


def test_a_failed_deletion_is_tried_again_by_itself_and_a_refused_one_says_why(soft: Room) -> None:
    posted = answered(soft)
    soft.forum.refusal = SourceError("The forum is slow.")
    soft.press(soft.olena, posted, "🗑 Delete the answer")
    soft.press(soft.olena, soft.last("everybody sees it?"), "Yes, delete it")
    assert "Not yet: The forum is slow." in soft.last("Not yet")["text"]
    soft.forum.refusal = SourceError("The thread is locked.", permanent=True)
    soft.pass_by(minutes=1)
    assert "was not deleted" in soft.last("The thread is locked.")["text"]
    shown = next(m for m in soft.messages() if m["message_id"] == posted["message_id"])
    assert "The thread is locked." in shown["text"]
    assert states(soft) == [ReplyState.SENT]
    soft.forum.refusal = None
    soft.press(soft.olena, shown, button(shown, "Delete"))
    soft.press(soft.olena, soft.last("everybody sees it?"), "Yes, delete it")
    assert soft.forum.deleted == ["r1"]


def test_who_deletes_while_an_edit_is_on_its_way_is_told_to_wait(soft: Room) -> None:
    posted = answered(soft)
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    soft.write(soft.olena, "Уже веземо.", to=soft.last("write your answer"))
    soft.forum.refusal = SourceError("The forum is slow.")
    press_send(soft, soft.last("This replaces"))
    soft.forum.refusal = None
    soft.press(soft.olena, posted, "🗑 Delete the answer")
    said, _ = soft.press(soft.olena, soft.last("everybody sees it?"), "Yes, delete it")
    assert said == "An edit of this answer is on its way: wait for it first."
    soft.pass_by(minutes=1)
    assert soft.forum.edited == [("r1", "Уже веземо.")]
    assert soft.forum.deleted == []


def test_an_edit_of_what_was_deleted_meanwhile_does_not_leave(soft: Room) -> None:
    posted = answered(soft)
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    soft.write(soft.olena, "Уже веземо.", to=soft.last("write your answer"))
    preview = soft.last("This replaces")
    soft.press(soft.olena, posted, "🗑 Delete the answer")
    soft.press(soft.olena, soft.last("everybody sees it?"), "Yes, delete it")
    press_send(soft, preview)
    assert soft.forum.edited == []
    assert soft.forum.deleted == ["r1"]


def test_an_edit_that_had_to_wait_never_overwrites_a_newer_one(soft: Room) -> None:
    posted = answered(soft)
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    soft.write(soft.olena, "Веземо у вівторок.", to=soft.last("write your answer"))
    soft.forum.refusal = SourceError("The forum is slow.", retry_after=timedelta(minutes=10))
    press_send(soft, soft.last("This replaces"))
    soft.forum.refusal = None
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    soft.write(soft.olena, "Ні, у середу.", to=soft.last("write your answer"))
    press_send(soft, soft.last("This replaces"))
    soft.pass_by(minutes=11)
    assert soft.forum.edited == [("r1", "Ні, у середу.")]
    assert states(soft) == [ReplyState.REPLACED, ReplyState.FAILED, ReplyState.SENT]
    assert soft.last("was not posted")["text"].endswith("Meanwhile it was edited again, or deleted.")


def test_an_edit_of_unknown_fate_is_looked_for_by_staff(soft: Room) -> None:
    number = soft.case()
    posted = answered(soft, number)
    soft.press(soft.olena, posted, "✏️ Edit the answer")
    soft.write(soft.olena, "Уже веземо.", to=soft.last("write your answer"))
    soft.forum.refusal = SourceError("No answer from the forum.", unsure=True)
    press_send(soft, soft.last("This replaces"))
    soft.forum.refusal = None
    press_send(soft, soft.last("It may have been posted"), "It is there")
    assert states(soft) == [ReplyState.REPLACED, ReplyState.SENT]
    assert happened(soft) == ["edited"]


@pytest.mark.parametrize(
    ("confirmed", "after"),
    [
        ((0, 1), [ReplyState.REPLACED, ReplyState.REPLACED, ReplyState.SENT]),
        ((1, 0), [ReplyState.REPLACED, ReplyState.SENT, ReplyState.REPLACED]),
    ],
)
def test_of_two_edits_of_unknown_fate_the_one_that_is_confirmed_last_stands_there(
    soft: Room, confirmed: tuple[int, int], after: list[ReplyState]
) -> None:
    posted = answered(soft)
    soft.forum.refusal = SourceError("No answer from the forum.", unsure=True)
    for text in ("Веземо у вівторок.", "Ні, у середу."):
        soft.press(soft.olena, posted, "✏️ Edit the answer")
        soft.write(soft.olena, text, to=soft.last("write your answer"))
        press_send(soft, soft.last("This replaces"))
    unknown = [message for message in soft.messages() if "It may have been posted" in message["text"]]
    for number in confirmed:
        press_send(soft, unknown[number], "It is there")
    assert states(soft) == after
    assert len([message for message in soft.messages() if "Posted." in message["text"]]) == 1
