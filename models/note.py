"""What staff say to each other about a case. None of it ever leaves the staff chat."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, RowId
from models.staff import Staff


class Note(Base):
    """Only staff see it. There is no way from here to a reply."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_message", "chat_id", "message_id", unique=True),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    chat_id: Mapped[int]
    message_id: Mapped[int]
    """Of the message in Telegram: who edits that edits the note."""

    staff: Mapped[Staff] = relationship(lazy="joined")


class ThreadMessage(Base):
    """A message that stands in the thread of a case: what staff answer to it is about that case."""

    __tablename__ = "thread_messages"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))


class Asked(StrEnum):
    """What the bot can ask staff for, beside the text of an answer."""

    REASON = "reason"  # why an answer is sent back; the number is the reply's


class Question(Base):
    """The bot asked somebody something in this message, and waits for their answer to it."""

    __tablename__ = "questions"

    chat_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    asked: Mapped[Asked]
    number: Mapped[int]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
