"""What staff say to "is this a complaint?". Either answer is a correction that is kept; the first one counts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Alert, Case, Event, Happening, Priority, Staff, Status
from monitor.asking import ASKED_FOR, becomes_real
from monitor.cases import redraw
from monitor.db import changed
from monitor.desk import Refused, can_reopen, find
from monitor.settings import Settings

SAID = (Happening.COMPLAINT, Happening.NO_COMPLAINT)


def complaint(session: Session, case_id: int, staff: Staff, settings: Settings, now: datetime) -> Case:
    """Yes: the case is open, and an answer is promised from now on. Raises Refused where it was decided before."""
    case = _decide(session, case_id, Status.OPEN)
    becomes_real(case, Priority(case.priority), settings, now)
    case.reasons = [*case.reasons, {"code": "confirmed", "value": staff.name}]
    _note(session, case, Happening.COMPLAINT, staff, now)
    return case


def no_complaint(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    """No: the case is closed, and counts nowhere. Raises Refused where it was decided before."""
    case = _decide(session, case_id, Status.CLOSED)
    case.close(now)
    _note(session, case, Happening.NO_COMPLAINT, staff, now)
    _call_back(session, case_id)
    return case


def ask_again(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    """Take a No back, for a week: staff are asked as before. Raises Refused where the case went on, or is asked already."""
    case = find(session, case_id)
    if case.status is Status.CLOSED and not can_reopen(case, now):
        raise Refused("closed_long_ago", case=case_id)
    was_no = update(Case).where(Case.id == case_id, Case.status == Status.CLOSED, Case.promised.is_(False))
    count = changed(session, was_no.values(status=Status.ASKED, closed_at=None, answer_by=now + ASKED_FOR))
    session.refresh(case)
    if count == 0:
        raise Refused("outdated" if case.status is Status.ASKED else "decided", case=case_id)
    reopened = Event(
        case_id=case_id, kind=Happening.REOPENED, at=now, staff_id=staff.id, values={"asked": True}
    )
    session.add(reopened)
    redraw(session, case, now)
    return case


def drop_old(session: Session, now: datetime) -> int:
    """Close the questions that nobody answered in time, without a verdict; return how many."""
    old = select(Case.id).where(Case.status == Status.ASKED, Case.answer_by <= now)
    dropped = 0
    for case_id in session.scalars(old).all():
        case = _decide(session, case_id, Status.CLOSED)
        case.close(now)
        session.add(Event(case_id=case_id, kind=Happening.CLOSED, at=now))
        redraw(session, case, now)
        _call_back(session, case_id)
        dropped += 1
    return dropped


def undecided(session: Session, *, limit: int) -> tuple[Sequence[Case], int]:
    """The cases that staff are asked about, the surest to matter first, and how many there are in all."""
    asked = Case.status == Status.ASKED
    total = session.scalar(select(func.count(Case.id)).where(asked)) or 0
    newest = select(Case).where(asked).order_by(Case.priority, Case.id.desc()).limit(limit)
    return session.scalars(newest).all(), total


def said_by(session: Session, case: Case) -> str | None:
    """Who said that it is no complaint, where that is what ended it."""
    if case.promised or case.status is not Status.CLOSED:
        return None
    event = _verdict(session, case.id)
    return event.staff.name if event and event.staff and event.kind is Happening.NO_COMPLAINT else None


def _decide(session: Session, case_id: int, to: Status) -> Case:
    """Change the state if nobody else did: the second of two presses is refused."""
    case = find(session, case_id)
    still = update(Case).where(Case.id == case_id, Case.status == Status.ASKED).values(status=to)
    count = changed(session, still)
    session.refresh(case)
    if count == 0:
        raise _too_late(session, case)
    return case


def _too_late(session: Session, case: Case) -> Refused:
    verdict = _verdict(session, case.id)
    if verdict is None or verdict.staff is None:
        is_over = case.status is Status.CLOSED
        return Refused("closed", case=case.id) if is_over else Refused("decided", case=case.id)
    if verdict.kind is Happening.COMPLAINT:
        return Refused("said_complaint", case=case.id, by=verdict.staff.name)
    return Refused("said_no_complaint", case=case.id, by=verdict.staff.name)


def _verdict(session: Session, case_id: int) -> Event | None:
    """The last word of staff, unless it was taken back."""
    kinds = (*SAID, Happening.REOPENED)
    newest = select(Event).where(Event.case_id == case_id, Event.kind.in_(kinds)).order_by(Event.id.desc())
    event = session.scalars(newest.limit(1)).unique().first()
    return event if event and event.kind in SAID else None


def _note(session: Session, case: Case, kind: Happening, staff: Staff, now: datetime) -> None:
    session.add(Event(case_id=case.id, kind=kind, at=now, staff_id=staff.id))
    redraw(session, case, now)


def _call_back(session: Session, case_id: int) -> None:
    """A card that was never sent need not be: it would only say that it is closed."""
    unsent = (Alert.message_id.is_(None)) & (Alert.claimed_at.is_(None))
    session.execute(update(Alert).where(Alert.case_id == case_id, unsent).values(due_at=None, held=False))
