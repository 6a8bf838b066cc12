"""When much runs out at once, staff hear of the first cases one by one, and of the others in one message.

A thousand alerts of one minute are a thousand late cases four hours later: told singly they would ring for an hour.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Alert, Case, Notice
from monitor import notices
from monitor.notices import announce

FEW = 5
"""Of one kind in one chat are told singly, so long:"""
WAVE = timedelta(minutes=15)
SETTLES = timedelta(minutes=1)
"""So long the message about the others waits for more of them."""
BY_MANY = ("unclaimed", "late", "unresolved")
"""Kinds of promises; a claimer is reminded of each of their own cases."""


def ring(
    session: Session,
    case: Case,
    key: str,
    kind: str,
    values: Mapping[str, Any],
    due_at: datetime,
    *,
    together: Mapping[str, Any],
) -> bool:
    """Say something in the thread of a case's card; False where it was said before.

    Of many at once the later ones are counted in one message, which says what they have together; their rows only
    keep that they were told of.
    """
    card = session.scalars(select(Alert).where(Alert.case_id == case.id)).unique().one()
    is_single = _is_one_of_few(session, kind, card.chat_id, due_at)
    if not notices.ring(session, case, key, kind, values, due_at if is_single else None):
        return False
    if not is_single:
        _count_in(session, card.chat_id, key, {"of": kind, **together}, due_at)
    return True


def _is_one_of_few(session: Session, kind: str, chat_id: int, now: datetime) -> bool:
    lately = or_(Notice.sent_at > now - WAVE, Notice.due_at.is_not(None))
    told = select(func.count()).where(Notice.kind == kind, Notice.chat_id == chat_id, lately)
    return (session.scalar(told) or 0) < FEW


def _count_in(session: Session, chat_id: int, key: str, about: Mapping[str, Any], due_at: datetime) -> None:
    """One more in the message about many that waits already, or begin one."""
    waiting = select(Notice).where(
        Notice.kind == "many",
        Notice.chat_id == chat_id,
        Notice.due_at.is_not(None),
        Notice.claimed_at.is_(None),
    )
    for many in session.scalars(waiting):
        if about.items() <= many.values.items():
            many.values = {**many.values, "count": many.values["count"] + 1}
            return
    announce(session, chat_id, f"many:{key}", "many", {**about, "count": 1}, due_at + SETTLES)
