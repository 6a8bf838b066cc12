from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class OwnPost(Base):
    """What one of our own accounts wrote in a thread: no mention, but perhaps a colleague's answer to a case."""

    __tablename__ = "own_posts"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index("ix_own_posts_thread", "source", "thread_id", "posted_at"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    source: Mapped[str]
    external_id: Mapped[str]
    thread_id: Mapped[str]
    account: Mapped[str]
    answers: Mapped[str | None]
    """The external id of the post that it answers, where the source tells."""
    url: Mapped[str]
    text: Mapped[str]
    posted_at: Mapped[datetime]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    """The case that it answered."""
