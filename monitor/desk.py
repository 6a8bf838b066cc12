"""What staff do with a case: claim, release, close, correct. The first claim wins; the other sees who."""

from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Staff, Status
from monitor.cases import redraw
from monitor.settings import Settings


class Refused(Exception):
    """Staff asked for what can't be done now. `code` is in the message catalogues, `values` fill it in."""

    def __init__(self, code: str, **values: object):
        super().__init__(code)
        self.code = code
        self.values = values


def known(session: Session, telegram_id: int, settings: Settings) -> Staff | None:
    """The member of staff with this Telegram id, or None for a stranger."""
    person = next((p for p in settings.staff.people if p.telegram == telegram_id), None)
    return session.merge(Staff(id=person.telegram, name=person.name, role=person.role)) if person else None


def name_of(session: Session, telegram_id: int, settings: Settings) -> str:
    """What a member of staff is called, whether or not they did anything yet."""
    if person := session.get(Staff, telegram_id):
        return person.name
    return next((p.name for p in settings.staff.people if p.telegram == telegram_id), "?")


def find(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise Refused("no_such_case", case=case_id)
    return case


def claim(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    """Make the case this person's. Raises Refused where it is another's, or closed."""
    case = find(session, case_id)
    if case.claimed_by_id == staff.id:
        return case
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case_id)
    mine = update(Case).where(Case.id == case_id, Case.claimed_by_id.is_(None))
    result = session.execute(mine.values(claimed_by_id=staff.id, claimed_at=now))
    assert isinstance(result, CursorResult)
    session.refresh(case)
    if result.rowcount == 0:
        raise taken(case)
    if case.status is Status.OPEN:
        case.status = Status.CLAIMED
    _note(session, case, Happening.CLAIMED, staff, now)
    return case


def release(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    case = find(session, case_id)
    if case.claimed_by_id != staff.id:
        raise taken(case) if case.claimed_by_id else Refused("not_claimed", case=case_id)
    case.claimed_by_id = case.claimed_at = None
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
    if case.claimed_by_id not in (None, staff.id):
        raise taken(case)
    case.close(now)
    _note(session, case, why, staff, now)
    return case


def taken(case: Case) -> Refused:
    assert case.claimed_by is not None
    return Refused("taken", case=case.id, by=case.claimed_by.name, since=case.claimed_at)


def _note(session: Session, case: Case, kind: Happening, staff: Staff, now: datetime) -> None:
    session.add(Event(case_id=case.id, kind=kind, at=now, staff_id=staff.id))
    redraw(session, case, now)
