from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, RowId
from models.mention import Mention
from models.staff import Staff


class Status(StrEnum):
    ASKED = "asked"  # is it a complaint? Staff have not said yet, and nothing is promised
    OPEN = "open"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Priority(IntEnum):
    HIGH = 1
    NORMAL = 2
    LOW = 3


class Happening(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    JOINED = "joined"
    CLAIMED = "claimed"
    RELEASED = "released"
    ANSWERED = "answered"
    WOKEN = "woken"
    CLOSED = "closed"
    NOT_OURS = "not_ours"
    WRONG_TONE = "wrong_tone"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    ASKED = "asked"
    COMPLAINT = "complaint"  # the answer to what was asked: yes, it is one
    NO_COMPLAINT = "no_complaint"
    HANDED_OVER = "handed_over"
    NOTED = "noted"
    SNOOZED = "snoozed"
    REOPENED = "reopened"
    APPROVED = "approved"
    UNDONE = "undone"
    ANSWERED_THERE = "answered_there"  # by a colleague, at the source itself
    CHANGED_THERE = "changed_there"  # our reply was edited or deleted at the source
    MUTED = "muted"
    REMINDED = "reminded"
    ESCALATED = "escalated"  # late: a lead was told
    APPROVAL_ASKED = "approval_asked"
    SENT_BACK = "sent_back"  # not approved: the writer is asked to write it anew
    NOT_POSTED = "not_posted"  # an answer, an edit or a deletion did not arrive, or nobody knows


class Case(Base):
    """Our handling of one incident, from the first alert to the end: one or many mentions."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_thread", "source", "thread_id", "author"),
        Index("ix_cases_status", "status", "priority", "answer_by"),
        Index("ix_cases_resolve_by", "resolve_by"),
    )

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    brand: Mapped[str]
    source: Mapped[str]
    thread_id: Mapped[str | None]
    author: Mapped[str]
    status: Mapped[Status] = mapped_column(default=Status.OPEN)
    priority: Mapped[int]
    reasons: Mapped[list[dict[str, Any]]]
    """Why it was opened: what monitor.triage.Reason keeps."""
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    """Of a case that staff are only asked about: when the question leaves by itself."""
    promised: Mapped[bool] = mapped_column(default=True, server_default=true())
    """An answer is owed. False where staff are, or were, only asked whether it is a complaint: such a case counts nowhere."""
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    claimed_at: Mapped[datetime | None]
    first_answered_at: Mapped[datetime | None]
    first_owed_since: Mapped[datetime | None]
    """When the author came back to a case that staff had closed unanswered; empty where the first answer is owed since it opened."""
    woken_at: Mapped[datetime | None]
    """When the author last wrote after an answer."""
    closed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    """Staff put it off; what wakes a case ends that too."""
    alive_at: Mapped[datetime | None]
    """When its claimer last gave a sign of life."""
    duplicate_of_id: Mapped[int | None]
    """The case that has its mentions now. No foreign key: SQLite would copy the whole table to add one."""

    # The promise. answer_by is the one that runs now: the first answer's, or the next one's after the author wrote again.
    first_answer_by: Mapped[datetime | None]
    """What answer_by was when the first answer was promised last, or hastened; empty in cases older than this column."""
    remind_at: Mapped[datetime | None]
    """Half of the working time until answer_by is gone then."""
    resolve_by: Mapped[datetime | None]
    reminded_of: Mapped[datetime | None]
    """The answer_by of which somebody was reminded; the next two likewise. So each is said once a promise."""
    late_shown_of: Mapped[datetime | None]
    late_told_of: Mapped[datetime | None]
    unresolved_told_of: Mapped[datetime | None]

    mentions: Mapped[list[Mention]] = relationship(order_by=Mention.posted_at)
    claimed_by: Mapped[Staff | None] = relationship(lazy="joined")

    def answered(self, now: datetime) -> None:
        if self.status is not Status.CLOSED:
            self.status = Status.ANSWERED
        self.snoozed_until = None
        self.first_answered_at = self.first_answered_at or now

    def close(self, now: datetime) -> None:
        self.status = Status.CLOSED
        self.closed_at = now

    def wake(self, now: datetime, answer_by: datetime, remind_at: datetime | None = None) -> None:
        """The author wrote again: somebody owes an answer, the first one anew where the case was closed without any."""
        if self.status is Status.CLOSED and self.first_answered_at is None:
            self.first_owed_since = now
            if not self.is_late(now):
                self.first_answer_by = answer_by
        self.status = Status.CLAIMED if self.claimed_by_id else Status.OPEN
        self.woken_at = now
        self.closed_at = self.snoozed_until = None
        self.promised = True
        self.answer_by, self.remind_at = answer_by, remind_at

    @property
    def first_response_time(self) -> timedelta | None:
        """None before it; zero where a colleague answered at the source before we knew of the case."""
        if self.first_answered_at is None:
            return None
        return max(self.first_answered_at - self.owed_since, timedelta(0))

    @property
    def owed_since(self) -> datetime:
        """The first answer: from then on its time is counted."""
        return self.first_owed_since or self.opened_at

    def is_late(self, now: datetime) -> bool:
        """The first answer missed, or is missing, its time."""
        ended = self.first_answered_at or self.closed_at or now
        return self.promised and ended > (self.first_answer_by or self.answer_by)

    @property
    def copies(self) -> int:
        """Posts of others with (nearly) the same text."""
        return len({mention.post for mention in self.mentions if mention.is_copy})

    @property
    def waits(self) -> bool:
        """Somebody owes the author an answer."""
        return self.status in (Status.OPEN, Status.CLAIMED)


class Event(Base):
    """What happened to a case, when and by whom: never changed, never deleted."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_kind", "kind", "at"),)

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[Happening]
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    mention_id: Mapped[int | None] = mapped_column(ForeignKey("mentions.id"))
    values: Mapped[dict[str, Any] | None]
    """What else is worth keeping of it: to whom, until when, by which rule."""

    case: Mapped[Case] = relationship()
    staff: Mapped[Staff | None] = relationship(lazy="joined")
