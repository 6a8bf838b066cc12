"""What we have to say to the outside world, saved in the transaction that decided to say it.

A row with `due_at` waits; `claimed_at` says that somebody is saying it right now. Both empty: nothing to say.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, RowId
from models.case import Case
from models.mention import Mention
from models.staff import Staff


class Outgoing:
    """The columns of everything that waits to be said."""

    due_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]

    @property
    def is_to_be_said(self) -> bool:
        """As it will be then; what somebody is saying right now was drawn before."""
        return self.due_at is not None and self.claimed_at is None

    def said(self) -> None:
        self.due_at = self.claimed_at = self.error = None
        self.attempts = 0

    def failed(self, error: str, retry_at: datetime | None) -> None:
        """Without retry_at it is given up: nobody will try again on their own."""
        self.error = error
        self.claimed_at = None
        self.due_at = retry_at

    def backoff(self) -> timedelta:
        return timedelta(seconds=min(2 ** min(self.attempts, 12), 3600))


class Bundle(Outgoing, Base):
    """Many new cases at once, told to staff as one message that opens on demand."""

    __tablename__ = "bundles"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    chat_id: Mapped[int]
    topic_id: Mapped[int | None]
    opened_at: Mapped[datetime]
    message_id: Mapped[int | None]
    is_morning: Mapped[bool] = mapped_column(default=False, server_default=false())
    """What came while we were closed, rather than a storm."""
    came: Mapped[int] = mapped_column(default=0, server_default="0")
    """Cases that were ever put in; 0 in bundles older than this column."""


class Alert(Outgoing, Base):
    """The card of a case in Telegram: sent once, then edited in place through its life."""

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    chat_id: Mapped[int]
    topic_id: Mapped[int | None]
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("bundles.id"), index=True)
    """While set, the case is told of in the bundle and has no card of its own."""
    taken_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was asked for by itself: no later bundle takes it in."""
    message_id: Mapped[int | None]
    sent_at: Mapped[datetime | None]
    """When staff first got it; in a bundle, when the bundle was delivered."""
    perhaps_twice: Mapped[bool] = mapped_column(default=False)
    """A crash left its fate unknown and it was sent again."""
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It came while we were closed, and waits for the opening (`due_at`), to come with the others that do."""
    own_topic: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The topic is this case's alone: opened for it and closed with it."""
    topic_closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    menu: Mapped[str | None]
    """The menu that somebody has opened on it, with what else its button said."""
    menu_until: Mapped[datetime | None] = mapped_column(index=True)

    __table_args__ = (Index("ix_alerts_message", "chat_id", "message_id"),)
    case: Mapped[Case] = relationship(lazy="joined")


class ReplyState(StrEnum):
    DRAFT = "draft"  # the bot asked for the text and waits
    PREVIEW = "preview"  # staff see what the public would see
    WAITING = "waiting"  # for a second pair of eyes
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"  # it may be there since claimed_at; only a person can look
    HANDED_OFF = "handed_off"  # a person posted it at the source
    CANCELLED = "cancelled"
    REPLACED = "replaced"  # edited at the source: a newer reply has what is there now
    DELETING = "deleting"
    DELETED = "deleted"


class Reply(Outgoing, Base):
    """What the author will see, from the first draft to the permalink. Never said twice."""

    __tablename__ = "replies"
    __table_args__ = (
        Index("ix_replies_prompt", "chat_id", "prompt_message_id"),
        Index("ix_replies_external", "source", "external_id"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id"))
    """The post that it answers."""
    source: Mapped[str]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[ReplyState] = mapped_column(default=ReplyState.DRAFT)
    text: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    external_id: Mapped[str | None]
    url: Mapped[str | None]
    touched_at: Mapped[datetime | None]
    """When its writer last did something about it, or it was last sent; empty once that is too long ago to call it answering."""
    rule: Mapped[str | None]
    """Why a second person has to look at it: the name of the rule."""
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    """Of the text as it is: whoever edits it loses the approval."""

    # The dialogue in Telegram: kept here, so that a restart forgets nothing.
    chat_id: Mapped[int]
    prompt_message_id: Mapped[int | None]
    preview_message_id: Mapped[int | None]
    shown: Mapped[ReplyState | None]
    """The state that the preview message shows; DRAFT where its words may be others, None where no better can be shown."""
    saved: Mapped[str | None]
    """The saved answer that it began from."""
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    """The posted reply that it is to stand in the place of: an edit at the source."""
    unheeded_since: Mapped[datetime | None]
    """When it failed, as long as no lead was told of it."""
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It failed by API, and its writer chose to post it as a person."""

    case: Mapped[Case] = relationship(lazy="joined")
    mention: Mapped[Mention] = relationship(lazy="joined")
    staff: Mapped[Staff] = relationship(lazy="joined", foreign_keys=[staff_id])
    approved_by: Mapped[Staff | None] = relationship(lazy="joined", foreign_keys=[approved_by_id])

    def leaves_at(self, now: datetime) -> datetime | None:
        """While it lies in the outbox and can still be stopped: until when; None where it goes at once, or is on its way."""
        if self.due_at is None or self.claimed_at is not None or self.due_at <= now:
            return None
        return self.due_at


class Notice(Outgoing, Base):
    """A word to staff that is not a card: a source failed, the author wrote again."""

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What it is about: the same thing is never said twice."""
    kind: Mapped[str]
    values: Mapped[dict[str, Any]]
    chat_id: Mapped[int]
    topic_id: Mapped[int | None]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    """Said in the thread of this case's card."""
    message_id: Mapped[int | None]
    reply_id: Mapped[int | None] = mapped_column(index=True)
    """The answer that it calls somebody to look at, until somebody has. No foreign key: SQLite would copy the whole table to add one."""
    sent_at: Mapped[datetime | None]


class DigestIssue(Outgoing, Base):
    """One week's digest to one chat: sent once, however often the clock strikes."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("chat_id", "week"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    chat_id: Mapped[int]
    week: Mapped[str]
    """ISO: 2026-W47."""
    sent_at: Mapped[datetime | None]
    """When its message was; the page may have to be tried again."""
