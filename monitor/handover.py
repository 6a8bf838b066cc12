"""A case goes from one colleague to another."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Role, Staff, Status
from monitor import desk
from monitor.cases import redraw
from monitor.db import changed
from monitor.desk import Refused
from monitor.notices import ring
from monitor.people import Member, everybody
from monitor.settings import Settings


def colleagues(session: Session, settings: Settings, but: int | None) -> Sequence[Member]:
    """Who can be given a case: everybody who answers, but its present owner."""
    return [m for m in everybody(session, settings) if m.role.reaches(Role.STAFF) and m.id != but]


def may_give(session: Session, case_id: int, staff: Staff) -> Case:
    """The case, if this person may hand it over: its claimer, or a lead. Raises Refused."""
    case = desk.find(session, case_id)
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case_id)
    if case.claimed_by_id != staff.id and not staff.role.reaches(Role.LEAD):
        raise desk.taken(case) if case.claimed_by_id else Refused("not_claimed", case=case_id)
    return case


def give(
    session: Session, case_id: int, staff: Staff, to_id: int, settings: Settings, now: datetime
) -> Staff:
    """Make the case a colleague's, and tell them in its thread. Returns the colleague; raises Refused."""
    case = may_give(session, case_id, staff)
    to = desk.known(session, to_id, settings)
    if to is None or not to.role.reaches(Role.STAFF):
        raise Refused("no_colleague", case=case_id)
    if case.claimed_by_id == to.id:
        raise desk.taken(case)
    _move(session, case, to, now)
    given = {"to": to.id, "name": to.name}
    event = Event(case_id=case.id, kind=Happening.HANDED_OVER, at=now, staff_id=staff.id, values=given)
    session.add(event)
    session.flush()
    values = {"case": case.id, "staff": to.id, "name": to.name, "by": staff.name}
    ring(session, case, f"handed:{event.id}", "handed_over", values, now)
    redraw(session, case, now)
    return to


def _move(session: Session, case: Case, to: Staff, now: datetime) -> None:
    """Only from the owner that we saw: two who hand it over at once can't both."""
    owner = case.claimed_by_id
    seen = Case.claimed_by_id.is_(None) if owner is None else Case.claimed_by_id == owner
    status = Status.CLAIMED if case.status is Status.OPEN else case.status
    mine = update(Case).where(Case.id == case.id, seen, Case.status == case.status)
    values = {"claimed_by_id": to.id, "claimed_at": now, "alive_at": now, "status": status}
    count = changed(session, mine.values(values))
    session.refresh(case)
    if count == 0:
        raise Refused("outdated", case=case.id)
