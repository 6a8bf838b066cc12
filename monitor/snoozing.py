"""Cases that staff put off: out of the inbox, and back by themselves. What was promised to the author stays promised."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Role, Staff, Status
from monitor import desk
from monitor.cases import redraw
from monitor.db import changed
from monitor.desk import Refused
from monitor.notices import ring

MORNING = time(9, 0)
HOURS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4)}
MONDAY = 0


def until(choice: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a case that is put off now comes back; None for a choice that we don't offer."""
    if choice in HOURS:
        return now + HOURS[choice]
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    days = {"tomorrow": 0, "monday": (MONDAY - tomorrow.weekday()) % 7}
    if choice not in days:
        return None
    return datetime.combine(tomorrow + timedelta(days=days[choice]), MORNING, tzinfo=zone)


def put_off(session: Session, case_id: int, staff: Staff, until: datetime, now: datetime) -> None:
    """Take the case out of the inbox for a time. Raises Refused."""
    case = desk.find(session, case_id)
    if case.status is Status.CLOSED:
        raise Refused("closed", case=case_id)
    if case.claimed_by_id not in (None, staff.id) and not staff.role.reaches(Role.LEAD):
        raise desk.taken(case)
    if case.status is Status.ASKED or not _move(session, case, Case.snoozed_until.is_(None), until):
        raise Refused("outdated", case=case_id)
    _happened(session, case, staff, {"until": until.isoformat()}, now)


def resume(session: Session, case_id: int, staff: Staff, now: datetime) -> None:
    """Anybody may bring it back before its time."""
    case = desk.find(session, case_id)
    if not _move(session, case, Case.snoozed_until.is_not(None), None):
        raise Refused("outdated", case=case_id)
    _awake(case, now)
    _happened(session, case, staff, {"until": None}, now)


def bring_back(session: Session, now: datetime) -> int:
    """Those whose time has come, each with a ring in its thread; return how many."""
    due = session.scalars(select(Case).where(Case.snoozed_until <= now)).unique().all()
    return sum(_bring_back(session, case, now) for case in due)


def _bring_back(session: Session, case: Case, now: datetime) -> bool:
    since = case.snoozed_until
    assert since is not None
    if not _move(session, case, Case.snoozed_until == since, None):
        return False
    _awake(case, now)
    owner = case.claimed_by
    values = {"case": case.id, "staff": owner and owner.id, "name": owner and owner.name}
    ring(session, case, f"awake:{case.id}:{since:%Y%m%dT%H%M%S}", "snooze_over", values, now)
    redraw(session, case, now)
    return True


def _move(session: Session, case: Case, condition: ColumnElement[bool], until: datetime | None) -> bool:
    moved = update(Case).where(Case.id == case.id, Case.status != Status.CLOSED, condition)
    count = changed(session, moved.values(snoozed_until=until))
    session.refresh(case)
    return count == 1


def _awake(case: Case, now: datetime) -> None:
    """Its claimer has their time from now on."""
    if case.claimed_by_id is not None:
        case.alive_at = now


def _happened(session: Session, case: Case, staff: Staff, values: dict[str, object], now: datetime) -> None:
    session.add(Event(case_id=case.id, kind=Happening.SNOOZED, at=now, staff_id=staff.id, values=values))
    redraw(session, case, now)
