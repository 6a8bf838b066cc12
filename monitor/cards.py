"""What staff see of a case, gathered from the rows: everything a card says, and nothing about how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Mention, Note, OwnPost, Reply, ReplyState, Status
from monitor import desk
from monitor.claims import UNSENT
from monitor.said_before import SaidBefore, said_before
from monitor.settings import Settings
from monitor.verdicts import said_by
from monitor.whom import posts_to_answer

SETTLED = (
    ReplyState.SENT,
    ReplyState.HANDED_OFF,
    ReplyState.FAILED,
    ReplyState.UNKNOWN,
    ReplyState.WAITING,
    ReplyState.QUEUED,
    ReplyState.DELETING,
    ReplyState.DELETED,
)


@dataclass(frozen=True)
class Answer:
    """The newest reply that left, or tried to."""

    id: int
    state: ReplyState
    staff: str
    text: str
    url: str | None
    error: str | None
    at: datetime | None
    approved_by: str | None = None
    leaves_at: datetime | None = None
    """While it can still be stopped."""


@dataclass(frozen=True)
class AnsweredThere:
    """A colleague's answer at the source itself."""

    account: str
    text: str
    url: str
    at: datetime


@dataclass(frozen=True)
class CaseView:
    number: int
    brand: str
    place: str
    priority: int
    status: Status
    late: bool
    author: str
    reach: int | None
    language: str
    rating: float | None
    title: str
    text: str
    matches: Sequence[dict[str, Any]]
    url: str
    answerable: str
    posted_at: datetime
    told_at: datetime
    answer_by: datetime
    reasons: Sequence[dict[str, Any]]
    posts: int
    """By the author."""
    copies: int
    claimed_by: str | None
    woken: bool
    answer: Answer | None
    perhaps_twice: bool
    promised: bool = True
    """False where staff are, or were, only asked whether it is a complaint."""
    said_by: str | None = None
    """Who said that it is none."""
    resolve_by: datetime | None = None
    """Where we promised an end of the matter, and it has not come."""
    notes: int = 0
    answering: str | None = None
    """Who has a draft or a preview open."""
    snoozed_until: datetime | None = None
    can_reopen: bool = False
    duplicate_of: int | None = None
    answered_there: AnsweredThere | None = None
    """Where that is newer than our own answer."""
    answer_until: datetime | None = None
    """When the platform takes no more answers to the post shown."""
    told_before: SaidBefore | None = None
    """What the author has been told last."""

    @property
    def offers_more(self) -> bool:
        """Its card has buttons behind "⋯"."""
        unknown = self.answer is not None and self.answer.state is ReplyState.UNKNOWN
        return self.status is not Status.CLOSED and not unknown


def view(session: Session, case: Case, settings: Settings, now: datetime) -> CaseView:
    alert = session.scalars(select(Alert).where(Alert.case_id == case.id)).one()
    posts = posts_to_answer(session, case) or _moved(session, case)
    shown = _to_show(case, posts)
    answer, there = _answer(session, case, now), answered_there(session, case)
    told = said_before(session, case)
    source = settings.source(shown.source)
    return CaseView(
        number=case.id,
        brand=case.brand,
        place=source.place if source else shown.source,
        priority=case.priority,
        status=case.status,
        late=case.waits and now > case.answer_by,
        author=shown.author,
        reach=shown.reach,
        language=shown.language,
        rating=shown.rating,
        title=shown.title,
        text=shown.text,
        matches=shown.matches,
        url=shown.url,
        answerable=shown.answerable,
        posted_at=shown.posted_at,
        told_at=alert.sent_at or now,
        answer_by=case.answer_by,
        reasons=case.reasons,
        posts=len({m.post for m in posts}),
        copies=case.copies,
        claimed_by=case.claimed_by.name if case.claimed_by else None,
        woken=_is_woken(case, told),
        answer=answer,
        perhaps_twice=alert.perhaps_twice,
        promised=case.promised,
        said_by=said_by(session, case),
        resolve_by=case.resolve_by if case.status is not Status.CLOSED else None,
        notes=_notes(session, case),
        answering=_answering(session, case),
        snoozed_until=case.snoozed_until,
        can_reopen=case.status is Status.CLOSED and desk.can_reopen(case, now),
        duplicate_of=case.duplicate_of_id,
        told_before=told,
        answered_there=there if there and _is_newer(there, answer) else None,
    )


def _to_show(case: Case, posts: Sequence[Mention]) -> Mention:
    """The post that the case is about; after the author wrote again, what they wrote last."""
    return posts[-1] if case.woken_at else posts[0]


def _is_woken(case: Case, told: SaidBefore | None) -> bool:
    """The last word is the author's, also where staff closed the case and took it up anew."""
    return case.waits and case.woken_at is not None and (told is None or told.at <= case.woken_at)


def _answering(session: Session, case: Case) -> str | None:
    open_ones = select(Reply.id).where(
        Reply.case_id == case.id,
        Reply.state.in_(UNSENT),
        Reply.staff_id == case.claimed_by_id,
        Reply.touched_at.is_not(None),
    )
    is_answering = case.claimed_by is not None and session.scalar(open_ones.limit(1)) is not None
    return case.claimed_by.name if is_answering and case.claimed_by else None


def _notes(session: Session, case: Case) -> int:
    return session.scalar(select(func.count()).where(Note.case_id == case.id)) or 0


def _moved(session: Session, case: Case) -> Sequence[Mention]:
    """Of a duplicate, whose mentions are another case's now: the one that opened it."""
    opened = select(Event.mention_id).where(
        Event.case_id == case.id, Event.kind.in_((Happening.OPENED, Happening.ASKED))
    )
    return session.scalars(select(Mention).where(Mention.id.in_(opened)).order_by(Mention.id)).all()


def _answer(session: Session, case: Case, now: datetime) -> Answer | None:
    newest = select(Reply).where(Reply.case_id == case.id, Reply.state.in_(SETTLED)).order_by(Reply.id.desc())
    reply = session.scalars(newest.limit(1)).unique().first()
    if reply is None:
        return None
    return Answer(
        id=reply.id,
        state=reply.state,
        staff=reply.staff.name,
        text=reply.text,
        url=reply.url,
        error=reply.error,
        at=reply.sent_at,
        approved_by=reply.approved_by.name if reply.approved_by else None,
        leaves_at=reply.leaves_at(now),
    )


def answered_there(session: Session, case: Case) -> AnsweredThere | None:
    """The newest answer that a colleague gave there."""
    newest = select(OwnPost).where(OwnPost.case_id == case.id).order_by(OwnPost.posted_at.desc()).limit(1)
    post = session.scalars(newest).first()
    return AnsweredThere(post.account, post.text, post.url, post.posted_at) if post else None


def _is_newer(there: AnsweredThere, answer: Answer | None) -> bool:
    return answer is None or answer.at is None or there.at > answer.at
