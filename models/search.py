from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, RowId


class MentionWord(Base):
    """The index of /find: which mentions, or our replies to them, have a word with this stem."""

    __tablename__ = "mention_words"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 (SQLAlchemy declares it so)

    stem: Mapped[str] = mapped_column(primary_key=True)
    """Empty in one row of every mention: it says that the mention is in the index."""
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id"), primary_key=True)


class Search(Base):
    """What somebody looked for: a button has no room for the words."""

    __tablename__ = "searches"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    asked: Mapped[str]
    at: Mapped[datetime]
