from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class SourceState(Base):
    """How far we have read a source, and how it is."""

    __tablename__ = "sources"

    name: Mapped[str] = mapped_column(primary_key=True)
    known_since: Mapped[datetime]
    """When we began to read it: what is older says nothing about how fast we are."""
    cursor: Mapped[str | None]
    next_due_at: Mapped[datetime]
    polling_since: Mapped[datetime | None]
    """Set while somebody polls it: two workers never poll one source."""
    last_ok_at: Mapped[datetime | None]
    last_post_at: Mapped[datetime | None]
    """When the newest post that it ever gave was posted."""
    failures: Mapped[int] = mapped_column(default=0)
    """In a row."""
    error: Mapped[str | None]
    told_failing_at: Mapped[datetime | None]
    told_silent_at: Mapped[datetime | None]

    def succeeded(self, now: datetime, every: timedelta) -> None:
        self.polling_since = None
        self.last_ok_at = now
        self.next_due_at = now + every
        self.failures = 0
        self.error = None

    def failed(self, error: str, now: datetime, wait: timedelta) -> None:
        self.polling_since = None
        self.failures += 1
        self.error = error
        self.next_due_at = now + wait


class SourceDay(Base):
    """How many new posts a source gave on one day (the team's), about us or not: its habit."""

    __tablename__ = "source_days"

    source: Mapped[str] = mapped_column(ForeignKey("sources.name"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    posts: Mapped[int] = mapped_column(default=0)
