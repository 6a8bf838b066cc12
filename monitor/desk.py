"""What staff do with a case: claim, release, close, correct. The first claim wins; the other sees who."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Priority, Role, Staff, Status
from monitor.asking import becomes_real
from monitor.cases import redraw
from monitor.db import changed
from monitor.people import known
from monitor.promise import free_of_strangers, renew
from monitor.settings import Settings

__all__ = ["Refused", "can_reopen", "claim", "close", "find", "known", "release", "reopen", "taken"]

REOPENS_FOR = timedelta(days=7)


class Refused(Exception):
    """Staff asked for what can't be done now. `code` is in the message catalogues, `values` fill it in."""

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.code = code
        self.values = values


def find(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise Refused("no_such_case", case=case_id)
    return case


def claim(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    """Make the case this person's. Raises Refused where it is another's, or closed."""
    case = find(session, case_id)
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case_id)
    if case.status is Status.ASKED:
        raise Refused("asked", case=case_id)
    if case.claimed_by_id == staff.id:
        case.alive_at = now
        return case
    mine = update(Case).where(Case.id == case_id, Case.claimed_by_id.is_(None))
    count = changed(session, mine.values(claimed_by_id=staff.id, claimed_at=now, alive_at=now))
    session.refresh(case)
    if count == 0:
        raise taken(case)
    if case.status is Status.OPEN:
        case.status = Status.CLAIMED
    _note(session, case, Happening.CLAIMED, staff, now)
    return case


def release(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    case = find(session, case_id)
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case_id)
    if case.claimed_by_id != staff.id:
        raise taken(case) if case.claimed_by_id else Refused("not_claimed", case=case_id)
    mine = update(Case).where(Case.id == case_id, Case.claimed_by_id == staff.id)
    count = changed(session, mine.values(claimed_by_id=None, claimed_at=None, alive_at=None))
    session.refresh(case)
    if count == 0:
        raise taken(case) if case.claimed_by_id else Refused("not_claimed", case=case_id)
    if case.status is Status.CLAIMED:
        case.status = Status.OPEN
    _note(session, case, Happening.RELEASED, staff, now)
    return case


def close(
    session: Session, case_id: int, staff: Staff, now: datetime, why: Happening = Happening.CLOSED
) -> Case:
    """End the case; why: CLOSED, or a correction (NOT_OURS, WRONG_TONE) that is kept for the next model."""
    case = find(session, case_id)
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case_id)
    if case.claimed_by_id not in (None, staff.id) and not staff.role.reaches(Role.LEAD):
        raise taken(case)
    still_open = update(Case).where(Case.id == case_id, Case.status != Status.CLOSED)
    count = changed(session, still_open.values(status=Status.CLOSED, closed_at=now, snoozed_until=None))
    session.refresh(case)
    if count == 0:
        raise Refused("closed", case=case_id)
    _note(session, case, why, staff, now)
    return case


def reopen(session: Session, case_id: int, staff: Staff, settings: Settings, now: datetime) -> Case:
    """Undo a close, for a week. Whoever was answered before is promised a new answer."""
    case = find(session, case_id)
    if case.status is not Status.CLOSED:
        raise Refused("not_closed", case=case_id)
    if not can_reopen(case, now):
        raise Refused("closed_long_ago", case=case_id)
    free_of_strangers(case, settings)
    status = Status.CLAIMED if case.claimed_by_id else Status.OPEN
    closed = update(Case).where(Case.id == case_id, Case.status == Status.CLOSED)
    count = changed(session, closed.values(status=status, closed_at=None, alive_at=now))
    session.refresh(case)
    if count == 0:
        raise Refused("not_closed", case=case_id)
    if not case.promised:
        becomes_real(case, Priority(case.priority), settings, now)
    elif case.first_answered_at is not None:
        renew(case, settings, now)
    _note(session, case, Happening.REOPENED, staff, now)
    return case


def can_reopen(case: Case, now: datetime) -> bool:
    return case.duplicate_of_id is None and case.closed_at is not None and now - case.closed_at <= REOPENS_FOR


def taken(case: Case) -> Refused:
    assert case.claimed_by is not None
    return Refused("taken", case=case.id, by=case.claimed_by.name, since=case.claimed_at)


def _note(session: Session, case: Case, kind: Happening, staff: Staff, now: datetime) -> None:
    session.add(Event(case_id=case.id, kind=kind, at=now, staff_id=staff.id))
    redraw(session, case, now)
