from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId
from models.outgoing import Outgoing

RUNNING = text("ended_at IS NULL")


class Crisis(Outgoing, Base):
    """Unhappy posts about a brand far above their own habit, from the first look that saw it to the end: one card."""

    __tablename__ = "crises"
    __table_args__ = (
        # One at a time for a brand, whoever looks.
        Index("uq_crises_running", "brand", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_crises_message", "chat_id", "message_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    brand: Mapped[str]
    chat_id: Mapped[int]
    topic_id: Mapped[int | None]
    message_id: Mapped[int | None]
    sent_at: Mapped[datetime | None]

    began_at: Mapped[datetime]
    """When the window began in which it was seen."""
    seen_at: Mapped[datetime]
    """Of the last look; the numbers are of then."""
    hours: Mapped[int]
    """Length of the window that says most."""
    count: Mapped[int]
    expected: Mapped[float]
    peak: Mapped[int]
    """The most unhappy posts in any hour of it."""
    posts: Mapped[int]
    """Unhappy ones since it began."""
    calm_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Who said that it is over; empty where it ended by itself."""
    bundles: Mapped[bool] = mapped_column(default=False)
    """Further alerts of the brand go into one message."""
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("bundles.id"))
