"""Keep the promise: remind whoever claimed, call whoever is on call, tell a lead. Each is said once a promise.

What was said of which promise stands in the case's own columns, so that a restart neither forgets nor repeats it.
Staff are spoken to when the brand's hours are open; of a case of high priority at any time.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Alert, Case, Event, Happening, Role, Status
from monitor import people, waves
from monitor.cases import redraw
from monitor.db import changed
from monitor.notices import announce, ring
from monitor.people import Member
from monitor.promise import heard_at
from monitor.settings import Settings

Column = InstrumentedAttribute[Any]
Named = dict[str, Any]
"""Somebody's name and Telegram id."""

TOLD_FOR = timedelta(hours=1)
"""So long after a change of the rota it is still news, after a restart for example."""


def keep_promises(session: Session, settings: Settings, now: datetime) -> None:
    """Say everything that has become due since the last time. Asking often does no harm."""

    def heard(case: Case) -> bool:
        return heard_at(case, settings, now) <= now

    late = (Case.answer_by < now) & Case.status.in_([Status.OPEN, Status.CLAIMED])
    for case in _once(session, late & _is_shown(), Case.late_shown_of, Case.answer_by):
        redraw(session, case, now)
    for case in _once(session, late & _awake(now), Case.late_told_of, Case.answer_by, heard):
        _escalate(session, case, settings, now)

    def has_somebody(case: Case) -> bool:
        """In a gap of the rota the word waits for whoever comes on call next."""
        in_a_gap = bool(settings.rota.shifts) and not settings.rota.on_call(now)
        return heard(case) and (case.claimed_by_id is not None or not in_a_gap)

    half_gone = _half_gone(now) & _awake(now)
    for case in _once(session, half_gone, Case.reminded_of, Case.answer_by, has_somebody):
        _remind(session, case, settings, now)
    unresolved = (Case.resolve_by < now) & (Case.status != Status.CLOSED) & _awake(now)
    for case in _once(session, unresolved, Case.unresolved_told_of, Case.resolve_by, heard):
        _tell_unresolved(session, case, settings, now)


def tell_on_call(session: Session, settings: Settings, now: datetime) -> None:
    """One line in every staff chat when somebody else has come on call."""
    if not settings.shifts.tell:
        return
    turns = list(settings.rota.turns(now - TOLD_FOR, now))
    if len(turns) < 2 or not turns[-1].people:
        return
    for chat in settings.staff.chats:
        key = f"on_call:{chat.id}:{turns[-1].start.isoformat()}"
        named = [_named(person) for person in _people(session, settings, turns[-1].people)]
        announce(session, chat.id, key, "on_call", {"people": named}, now)


def leads_to_tell(session: Session, settings: Settings, now: datetime, but: int | None = None) -> list[Named]:
    """Who decides and is on call; all leads where none of them is; the administrators where nobody leads.

    but: who has the case already, and hears of it only where nobody else decides.
    """
    everybody = people.leads(session, settings)
    deciding = [one for one in everybody if one.id != but] or everybody
    on_call = _called(deciding, settings.rota.on_call(now))
    leads = [one for one in deciding if one.role is Role.LEAD]
    return [_named(one) for one in on_call or leads or deciding]


def _remind(session: Session, case: Case, settings: Settings, now: datetime) -> None:
    if case.remind_at and case.claimed_at and case.claimed_at > case.remind_at:
        return  # the card has just said by when
    if case.claimed_by is not None:
        owner = {"name": case.claimed_by.name, "telegram": case.claimed_by.id}
        _notice(session, case, "half_gone", now, people=[owner], by=case.answer_by)
    elif called := [_named(person) for person in _people(session, settings, settings.rota.on_call(now))]:
        _notice(session, case, "unclaimed", now, people=called, by=case.answer_by)
    else:
        return
    session.add(Event(case_id=case.id, kind=Happening.REMINDED, at=now, staff_id=case.claimed_by_id))


def _escalate(session: Session, case: Case, settings: Settings, now: datetime) -> None:
    leads = leads_to_tell(session, settings, now, but=case.claimed_by_id)
    if not leads:
        return
    owner = case.claimed_by
    only_owner = owner is not None and [lead["telegram"] for lead in leads] == [owner.id]
    named = {"owner": owner and owner.name, "to_owner": only_owner}
    _notice(session, case, "late", now, people=leads, by=case.answer_by, **named)
    session.add(Event(case_id=case.id, kind=Happening.ESCALATED, at=now))


def _tell_unresolved(session: Session, case: Case, settings: Settings, now: datetime) -> None:
    assert case.resolve_by is not None
    redraw(session, case, now)
    if leads := leads_to_tell(session, settings, now):
        _notice(session, case, "unresolved", now, people=leads, by=case.resolve_by)


def _half_gone(now: datetime) -> ColumnElement[bool]:
    waits = Case.status.in_([Status.OPEN, Status.CLAIMED])
    return (Case.remind_at <= now) & (Case.answer_by > now) & waits


def _is_shown() -> ColumnElement[bool]:
    """A card that staff have not got yet is drawn as it is then; one that was given up stays so."""
    return select(Alert.id).where(Alert.case_id == Case.id, Alert.sent_at.is_not(None)).exists()


def _awake(now: datetime) -> ColumnElement[bool]:
    """Staff have not put it off."""
    return or_(Case.snoozed_until.is_(None), Case.snoozed_until <= now)


def _once(
    session: Session,
    due: ColumnElement[bool],
    said_of: Column,
    promise: Column,
    may: Callable[[Case], bool] = lambda _: True,
) -> Iterator[Case]:
    """The due cases, each once a promise: said_of keeps the promise of which it was said. What may not be said waits."""
    unsaid = said_of.is_distinct_from(promise)
    for case in (
        session.scalars(select(Case).where(due, unsaid).order_by(Case.priority, promise)).unique().all()
    ):
        if not may(case):
            continue
        # Two workers can't both say it, on any database.
        mine = update(Case).where(Case.id == case.id, unsaid).values({said_of.key: promise})
        count = changed(session, mine.execution_options(synchronize_session=False))
        if count == 1:
            yield case


def _notice(
    session: Session,
    case: Case,
    kind: str,
    now: datetime,
    people: Sequence[Named],
    by: datetime,
    **values: Any,
) -> None:
    """Beneath the case's card."""
    key = f"{kind}:{case.id}:{by.isoformat()}"
    said = {"case": case.id, "people": people, "by": by.isoformat(), "at": now.isoformat(), **values}
    if kind in waves.BY_MANY:
        waves.ring(session, case, key, kind, said, now, together={"people": people})
    else:
        ring(session, case, key, kind, said, now)


def _people(session: Session, settings: Settings, names: Sequence[str]) -> list[Member]:
    return _called(people.everybody(session, settings), names)


def _called(members: Sequence[Member], names: Sequence[str]) -> list[Member]:
    """Of the configuration's people: anybody may be invited under any name."""
    return [member for member in members if member.is_configured and member.name in names]


def _named(person: Member) -> Named:
    return {"name": person.name, "telegram": person.id}
