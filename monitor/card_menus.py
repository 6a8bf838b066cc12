"""Which menu stands open on a card: it outlives what others do to the case meanwhile, and folds by itself."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Alert
from monitor.db import changed

LASTS = timedelta(minutes=3)
"""While it is open, colleagues see neither Claim nor Reply."""


def unfold(session: Session, case_id: int, menu: str, now: datetime) -> None:
    """Somebody opened this menu, or turned to a page of it."""
    card = update(Alert).where(Alert.case_id == case_id)
    session.execute(card.values(menu=menu, menu_until=now + LASTS))


def fold(session: Session, case_id: int) -> None:
    card = update(Alert).where(Alert.case_id == case_id)
    session.execute(card.values(menu=None, menu_until=None))


def is_open(session: Session, chat_id: int, message_id: int, now: datetime) -> int | None:
    """The case on whose card, which this message is, a menu stands open."""
    card = select(Alert.case_id).where(Alert.chat_id == chat_id, Alert.message_id == message_id)
    return session.scalar(card.where(Alert.menu_until > now))


def fold_old(session: Session, now: datetime) -> int:
    """Whoever opened these went away: their cards are drawn as usual again. Returns how many."""
    old = update(Alert).where(Alert.menu_until <= now)
    return changed(session, old.values(menu=None, menu_until=None, due_at=now))
