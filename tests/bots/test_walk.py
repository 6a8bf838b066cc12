"""Random walks over two cases, with the real handlers: whatever staff press, nothing breaks, lies or is posted twice."""

import re
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from bots.message import Message
from bots.preview import preview
from models import Alert, Case, Event, Happening, Reply, ReplyState, Status
from tests.bots.rendering import seen
from tests.bots.room import Room
from tests.bots.walking import Walk, begin

pytestmark = pytest.mark.slow

STEPS = 25
ASKS = "Delete this answer where everybody sees it?"
POSTED = (ReplyState.SENT, ReplyState.REPLACED, ReplyState.DELETING, ReplyState.DELETED)
TAKES = (Happening.CLAIMED, Happening.HANDED_OVER)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_pressed(room: Room, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    walk = begin(room, seed)
    for module in ("bots.telegram", "bots.thread", "monitor.outbox", "monitor.posting", "monitor.deletions"):
        monkeypatch.setattr(f"{module}.log", walk.log)
    for _ in range(STEPS):
        walk.step()
        path = "\n".join(walk.path)
        assert unhandled(walk) == [], path
        assert unanswered(walk) == [], path
        assert posted_twice(room) == {}, path
        assert two_holders(room) == [], path
        assert lies(room) == [], path


def unhandled(walk: Walk) -> list[Any]:
    """What was logged as an error, or as a message that Telegram refused."""
    return list(walk.log.calls)


def unanswered(walk: Walk) -> list[str]:
    return [query.button for query in walk.presses if query.answer is None]


def posted_twice(room: Room) -> Counter[str]:
    """Texts that the forum got more often than there are replies with them that were posted."""
    with room.sessions() as session:
        rightly = Counter(session.scalars(select(Reply.text).where(Reply.state.in_(POSTED))))
    return Counter(text for _, text in room.forum.posted) - rightly


def two_holders(room: Room) -> list[str]:
    """Claims of what a colleague held, and cases whose columns don't agree with their history, or with each other."""
    with room.sessions() as session:
        cases = list(session.scalars(select(Case)).unique())
        found = [wrong for case in cases for wrong in _history(session, case)]
        for case in cases:
            if (case.status is Status.CLAIMED) != (case.claimed_by_id is not None) and case.waits:
                found.append(f"#{case.id} is {case.status} and {case.claimed_by_id}'s")
        return found


def _history(session: Any, case: Case) -> list[str]:
    holder: int | None = None
    found = []
    events = select(Event).where(Event.case_id == case.id).order_by(Event.id)
    for event in session.scalars(events).unique():
        values = event.values or {}
        if event.kind is Happening.CLAIMED:
            if holder not in (None, values.get("from")):
                found.append(f"#{case.id}: {event.staff_id} claims what is {holder}'s")
            holder = event.staff_id
        elif event.kind is Happening.HANDED_OVER:
            holder = values["to"]
        elif event.kind is Happening.RELEASED:
            holder = None
    return found if holder == case.claimed_by_id else [*found, f"#{case.id}: {holder}, {case.claimed_by_id}"]


def lies(room: Room) -> list[str]:
    """Cards and previews that say, or offer, something else than they would if they were drawn now."""
    office, messages = room.office(), {m["message_id"]: m for m in room.messages()}
    found = []
    with room.sessions() as session:
        for alert in session.scalars(select(Alert).where(Alert.message_id.is_not(None))).unique():
            found += _differs(messages[alert.message_id], office.card(alert.case_id, alert.chat_id))
        for reply in session.scalars(select(Reply).where(Reply.preview_message_id.is_not(None))).unique():
            if reply.state is not ReplyState.DRAFT:
                drawn = preview(office.draft(session, reply), office.words(reply.chat_id))
                found += _differs(messages[reply.preview_message_id], drawn)
    return [wrong for wrong in found if ASKS not in wrong]


def _differs(message: dict[str, Any], drawn: Message) -> list[str]:
    there = (_timeless(message["text"]), _texts(message))
    now = (_timeless(seen(drawn).text), [button.text for button in seen(drawn).buttons])
    return [] if there == now else [f"message {message['message_id']} is\n{there}\nand should be\n{now}"]


def _timeless(text: str) -> str:
    """A time of yesterday has its date only where it is drawn today."""
    return re.sub(r"\d+ \w{3}, (?=\d\d:\d\d)", "", text)


def _texts(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]
