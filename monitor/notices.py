"""Words to staff that are not cards, queued in the transaction that decided to say them. The same thing is never said twice."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Alert, Case, Notice
from monitor.db import upsert


def ring(
    session: Session,
    case: Case,
    key: str,
    kind: str,
    values: Mapping[str, Any],
    due_at: datetime | None,
    reply_id: int | None = None,
) -> bool:
    """Say something in the thread of a case's card; False where it was said before. Without a time it is only noted.

    reply_id: of the answer that somebody is called to look at.
    """
    card = session.scalars(select(Alert).where(Alert.case_id == case.id)).unique().one()
    return _queue(session, key, kind, values, due_at, card.chat_id, card.topic_id, case.id, reply_id)


def announce(
    session: Session, chat_id: int, key: str, kind: str, values: Mapping[str, Any], due_at: datetime
) -> bool:
    """Say something in a staff chat; False where it was said before."""
    return _queue(session, key, kind, values, due_at, chat_id)


def _queue(
    session: Session,
    key: str,
    kind: str,
    values: Mapping[str, Any],
    due_at: datetime | None,
    chat_id: int,
    topic_id: int | None = None,
    case_id: int | None = None,
    reply_id: int | None = None,
) -> bool:
    """The key is unique, on any database and for any worker."""
    insert = upsert(session)(Notice).on_conflict_do_nothing().returning(Notice.id)
    new = insert.values(
        key=key,
        kind=kind,
        values=dict(values),
        chat_id=chat_id,
        topic_id=topic_id,
        case_id=case_id,
        reply_id=reply_id,
        due_at=due_at,
        attempts=0,
    )
    return session.scalar(new) is not None
