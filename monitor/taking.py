"""A lead takes a case over, even from whoever has claimed it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Role, Staff, Status
from monitor import desk
from monitor.cases import redraw
from monitor.db import changed
from monitor.desk import Refused
from monitor.notices import ring


def take(session: Session, case_id: int, staff: Staff, now: datetime) -> Case:
    """Make the case this lead's, and tell whoever had it. Raises Refused where nobody waits for an answer."""
    case = desk.find(session, case_id)
    if not staff.role.reaches(Role.LEAD):
        raise Refused("leads_only", case=case_id)
    if not case.waits:
        raise Refused("closed" if case.status is Status.CLOSED else "answered", case=case_id)
    if case.claimed_by_id == staff.id:
        return case
    former = case.claimed_by
    _move(session, case, staff, now)
    session.add(
        Event(
            case_id=case.id,
            kind=Happening.CLAIMED,
            at=now,
            staff_id=staff.id,
            values={"from": former.id} if former else None,
        )
    )
    if former is not None:
        _tell(session, former, case, staff, now)
    redraw(session, case, now)
    return case


def _move(session: Session, case: Case, staff: Staff, now: datetime) -> None:
    """Only from the hands in which we saw it: of two leads who press at once, one is told of the other."""
    as_seen = update(Case).where(
        Case.id == case.id,
        Case.status.in_([Status.OPEN, Status.CLAIMED]),
        Case.claimed_by_id.is_not_distinct_from(case.claimed_by_id),
    )
    mine = as_seen.values(claimed_by_id=staff.id, claimed_at=now, alive_at=now, status=Status.CLAIMED)
    count = changed(session, mine)
    session.refresh(case)
    if count == 0:
        raise desk.taken(case) if case.claimed_by_id else Refused("outdated", case=case.id)


def _tell(session: Session, former: Staff, case: Case, staff: Staff, now: datetime) -> None:
    people = [{"name": former.name, "telegram": former.id}]
    values = {"case": case.id, "people": people, "by_whom": staff.name}
    key = f"taken_over:{case.id}:{former.id}:{now.isoformat()}"
    ring(session, case, key, "taken_over", values, now)
