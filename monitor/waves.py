"""When much runs out at once, staff hear of the first cases one by one, and of the others in one message.

A thousand alerts of one minute are a thousand late cases four hours later: told singly they would ring for an hour.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Notice

FEW = 5
"""Of one kind in one chat are told singly, so long:"""
WAVE = timedelta(minutes=15)
SETTLES = timedelta(minutes=1)
"""So long the message about the others waits for more of them."""
MANY = "many"
BY_MANY = ("unclaimed", "late", "unresolved")
"""Kinds of promises; a claimer is reminded of each of their own cases."""


def is_one_of_few(session: Session, kind: str, chat_id: int, now: datetime) -> bool:
    """Whether one more word of this kind may ring in the chat by itself."""
    lately = or_(Notice.sent_at > now - WAVE, Notice.due_at.is_not(None))
    told = select(func.count()).where(Notice.kind == kind, Notice.chat_id == chat_id, lately)
    return (session.scalar(told) or 0) < FEW


def count_in(session: Session, kind: str, notice: Notice, now: datetime, **values: Any) -> None:
    """Tell of the case in the message about many of its kind, instead of by itself; values: what else they have in common."""
    about = {"of": kind, **values}
    waiting = select(Notice).where(
        Notice.kind == MANY,
        Notice.chat_id == notice.chat_id,
        Notice.due_at.is_not(None),
        Notice.claimed_at.is_(None),
    )
    for many in session.scalars(waiting):
        if about.items() <= many.values.items():
            many.values = {**many.values, "count": many.values["count"] + 1}
            return
    session.add(
        Notice(
            key=f"{MANY}:{notice.key}",
            kind=MANY,
            values={**about, "count": 1},
            chat_id=notice.chat_id,
            due_at=now + SETTLES,
        )
    )
