from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint, text, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId

WAITING = text("judged_at IS NULL")
MUTED = text("mute_id IS NOT NULL")
ANONYMOUS = "?"
"""The author, where the source names none: two such posts need not be one person's."""


class Mention(Base):
    """A post about one brand. A post about two brands is two mentions: each has its own tone."""

    __tablename__ = "mentions"
    __table_args__ = (
        UniqueConstraint("source", "external_id", "brand"),
        Index("ix_mentions_thread", "source", "thread_id", "author"),
        Index("ix_mentions_author", "source", "author", "posted_at"),
        Index("ix_mentions_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_mentions_brand_posted", "brand", "posted_at"),
        Index("ix_mentions_mute", "mute_id", sqlite_where=MUTED, postgresql_where=MUTED),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    source: Mapped[str]
    external_id: Mapped[str]
    brand: Mapped[str]
    thread_id: Mapped[str | None]
    url: Mapped[str]
    author: Mapped[str]
    author_id: Mapped[str | None]
    """Whose it is, whatever they are called; empty where the source tells a name only."""
    reach: Mapped[int | None]
    title: Mapped[str]
    title_is_own: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False where somebody else wrote it, as the title of a thread that this author only answers in."""
    text: Mapped[str]
    language: Mapped[str]
    """ISO 639-1, or "und" where we can't tell."""
    rating: Mapped[float | None]
    """1 (worst) to 5 (best)."""
    answerable: Mapped[str]
    matches: Mapped[list[dict[str, Any]]]
    """What matched and where: {"term", "start", "end"}, offsets into text."""
    relevance: Mapped[float]
    """0 to 1: how much the post is about the brand."""
    posted_at: Mapped[datetime]
    found_at: Mapped[datetime]

    # Empty until the model has seen it.
    judged_at: Mapped[datetime | None]
    negative: Mapped[float | None]
    neutral: Mapped[float | None]
    positive: Mapped[float | None]
    complaint: Mapped[float | None]

    signature: Mapped[bytes | None]
    """MinHash of the text, for finding copies."""
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    is_copy: Mapped[bool] = mapped_column(default=False)
    """The case has another mention with (nearly) this text, by another author or elsewhere."""
    mute_id: Mapped[int | None]
    """What was upon it, whether or not it would have alerted. No foreign key: SQLite would copy the whole table to add one."""

    @hybrid_property
    def post(self) -> str:
        """Which post it is of, alike for all brands of the post: where posts are counted, these are."""
        return self.source + "\n" + self.external_id

    @property
    def own_title(self) -> str:
        """The title where this author wrote it."""
        return self.title if self.title_is_own else ""


class MentionBand(Base):
    """Sixteen hashes of a signature: mentions that share one are worth comparing."""

    __tablename__ = "mention_bands"

    band: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id"), primary_key=True)
