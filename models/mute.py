from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, RowId
from models.staff import Staff


class MuteKind(StrEnum):
    AUTHOR = "author"  # by name
    PERSON = "person"  # by the id of an author, where the source has one
    THREAD = "thread"
    WORD = "word"


class Mute(Base):
    """Whom, or what, staff no longer want to hear of: such mentions are kept and judged, and alert nobody."""

    __tablename__ = "mutes"
    __table_args__ = (Index("ix_mutes_value", "kind", "source", "value"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[MuteKind]
    source: Mapped[str | None]
    """Where the author or the thread is; a word is muted everywhere."""
    value: Mapped[str]
    label: Mapped[str]
    """What staff read: a thread's title instead of its id."""
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    """Empty: for good."""
    ended_at: Mapped[datetime | None]
    """When somebody ended it before its time."""
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))

    staff: Mapped[Staff] = relationship(lazy="joined")
