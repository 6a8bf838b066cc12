"""Taking what is due, and what became of whoever took it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from monitor.db import changed

Clock = Callable[[], datetime]

LOST_AFTER = timedelta(minutes=5)
"""A claim older than any time-out of ours: whoever made it died."""
MAX_ATTEMPTS = 8
"""So often a source is asked to post or to delete before it is given up, and staff decide."""


def claim(
    session: Session, kind: type[Any], row_id: int, now: datetime, *conditions: ColumnElement[bool]
) -> bool:
    """Take this row, of a class that is Outgoing, if it still is due: of two workers one gets it, on any database."""
    mine = update(kind).where(kind.id == row_id, kind.claimed_at.is_(None), kind.due_at <= now, *conditions)
    return changed(session, mine.values(claimed_at=now, attempts=kind.attempts + 1)) == 1
