"""Two cases about one matter become one: the mentions of the one move to the other. It can't be taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, and_, false, func, or_, select, update
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Mention, MentionBand, Reply, ReplyState, Staff, Status
from monitor import desk
from monitor.cases import redraw
from monitor.db import changed
from monitor.desk import Refused
from monitor.neighbours import heir

ON_ITS_WAY = (ReplyState.QUEUED, ReplyState.UNKNOWN)
OWED = (
    "promised",
    "reasons",
    "opened_at",
    "first_owed_since",
    "answer_by",
    "first_answer_by",
    "remind_at",
    "resolve_by",
    "first_answered_at",
    "woken_at",
    "reminded_of",
    "late_shown_of",
    "late_told_of",
    "unresolved_told_of",
)
"""What is promised to an author, since when and why, what was kept of it, and what was said of that."""


def likely(session: Session, case: Case, limit: int = 6) -> Sequence[Case]:
    """Cases that this one may repeat: of the author, of the thread, or with a like text; the living and the newest first."""
    alike = or_(
        and_(Case.source == case.source, Case.author == case.author),
        and_(Case.source == case.source, Case.thread_id == case.thread_id) if case.thread_id else false(),
        Case.id.in_(_with_like_text(case)),
    )
    others = select(Case).where(alike, Case.id != case.id, Case.duplicate_of_id.is_(None))
    return session.scalars(
        others.order_by(Case.status == Status.CLOSED, Case.opened_at.desc(), Case.id.desc()).limit(limit)
    ).all()


def merge(session: Session, case_id: int, into_id: int, staff: Staff, now: datetime) -> tuple[Case, int]:
    """Close the case as a duplicate and move its mentions; return the case that has them now, and how many posts moved."""
    _lock(session, case_id, into_id)
    case, into = desk.find(session, case_id), heir(session, desk.find(session, into_id))
    _refuse_what_cant_be(session, case, into, staff)
    if case.promised and into.status is Status.ASKED:
        _owe_the_same(case, into)
        _count_there(session, case, into, now)
    _close(session, case, into, now)
    moved = session.scalar(select(func.count(Mention.post.distinct())).where(Mention.case_id == case.id)) or 0
    theirs = update(Mention).where(Mention.case_id == case.id).values(case_id=into.id)
    session.execute(theirs.execution_options(synchronize_session="fetch"))
    session.expire(case, ["mentions"])
    session.expire(into, ["mentions"])
    _note(session, case, Happening.DUPLICATE, staff, now, {"of": into.id, "posts": moved})
    _note(session, into, Happening.JOINED, staff, now, {"case": case.id, "posts": moved})
    return into, moved


def _with_like_text(case: Case) -> Select[int | None]:
    own = select(MentionBand.band).join(Mention, Mention.id == MentionBand.mention_id)
    shares = select(Mention.case_id).join(MentionBand, MentionBand.mention_id == Mention.id)
    return shares.where(
        MentionBand.band.in_(own.where(Mention.case_id == case.id)), Mention.case_id.is_not(None)
    )


def _lock(session: Session, *ids: int) -> None:
    """Of two who make each a duplicate of the other at the same time, the second sees what the first did."""
    session.execute(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update())


def _refuse_what_cant_be(session: Session, case: Case, into: Case, staff: Staff) -> None:
    if case.duplicate_of_id is not None:
        raise Refused("already_duplicate", case=case.id, of=case.duplicate_of_id)
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case.id)
    if into.id == case.id:
        raise Refused("itself", case=case.id)
    if case.claimed_by_id not in (None, staff.id):
        raise desk.taken(case)
    leaving = select(Reply.id).where(Reply.case_id == case.id, Reply.state.in_(ON_ITS_WAY))
    if session.scalar(leaving.limit(1)) is not None:
        raise Refused("answer_on_its_way", case=case.id)


def _owe_the_same(case: Case, asked: Case) -> None:
    """What staff were asked about is the complaint that the other case is: its author was promised an answer."""
    for name in OWED:
        setattr(asked, name, getattr(case, name))
    asked.priority = min(asked.priority, case.priority)
    asked.status = Status.OPEN if case.waits else case.status


def _count_there(session: Session, case: Case, asked: Case, now: datetime) -> None:
    """It is one complaint, opened by the same post, and staff have known of it since they knew of either case."""
    case.promised = False
    opened = (Event.case_id == case.id) & Event.kind.in_((Happening.OPENED, Happening.ASKED))
    by = session.scalar(select(Event.mention_id).where(opened).order_by(Event.id.desc()).limit(1))
    session.add(Event(case_id=asked.id, kind=Happening.OPENED, at=now, mention_id=by))
    told, mine = (session.scalars(select(Alert).where(Alert.case_id == c.id)).one() for c in (case, asked))
    mine.sent_at = mine.sent_at or told.sent_at


def _close(session: Session, case: Case, into: Case, now: datetime) -> None:
    mine = update(Case).where(Case.id == case.id, Case.status != Status.CLOSED)
    over = {"status": Status.CLOSED, "closed_at": now, "snoozed_until": None}
    closed = changed(session, mine.values(**over, duplicate_of_id=into.id))
    session.refresh(case)
    if closed == 0:
        raise Refused("closed", case=case.id)


def _note(
    session: Session, case: Case, kind: Happening, staff: Staff, now: datetime, values: dict[str, int]
) -> None:
    session.add(Event(case_id=case.id, kind=kind, at=now, staff_id=staff.id, values=values))
    redraw(session, case, now)
