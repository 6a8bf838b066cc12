"""Rules that fire in the course of a case: it takes too long, or goes on too long. Each fires once, and rings once.

At night only what is of high priority, or becomes so, rings: the others wait for the opening.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Case, Event, Happening, Mention, Notice, Priority, Reply, ReplyState, Status
from monitor import bundles
from monitor.db import changed
from monitor.promise import hasten
from monitor.settings import Settings, Trigger
from monitor.triggers import concerns, is_long_quarrel, priority_of, reason
from monitor.waves import ring

WAITING = (Status.OPEN, Status.CLAIMED)
AT_ONCE = 50
"""After a long time off there may be many; the next sweep takes the rest."""
PUBLIC = (ReplyState.SENT, ReplyState.HANDED_OFF)


def sweep(session: Session, settings: Settings, now: datetime) -> int:
    """Fire the rules whose time has come; return how many times."""
    return sum(
        _fire(session, case, trigger, settings, now, waits=now - since)
        for trigger in settings.triggers
        for case, since in _overdue(session, trigger, settings, now)
    )


def after_post(
    session: Session, case: Case, mention: Mention, settings: Settings, now: datetime, *, unhappy: bool
) -> None:
    """The author wrote again in the thread, happily or not: has it become a quarrel?"""
    rules = [t for t in settings.triggers if t.posts is not None and concerns(t, case.brand, case.source)]
    if not rules or mention.is_copy:
        return
    posts, ours = _talk(session, case)
    for trigger in rules:
        if is_long_quarrel(trigger, posts=posts, ours=ours, unhappy=unhappy):
            _fire(session, case, trigger, settings, now, posts=posts + ours)


def _overdue(
    session: Session, trigger: Trigger, settings: Settings, now: datetime
) -> list[tuple[Case, datetime]]:
    """The cases that this rule is due for, and since when their authors wait."""
    since: ColumnElement[Any] | InstrumentedAttribute[Any]
    is_it: ColumnElement[bool]
    if trigger.unanswered is not None:
        since, wait = func.coalesce(Case.first_owed_since, Case.opened_at), trigger.unanswered
        is_it = Case.first_answered_at.is_(None)
    elif trigger.answered_once is not None:
        since, wait = Case.woken_at, trigger.answered_once
        is_it = Case.first_answered_at.is_not(None) & ~_is_answered_since()
    else:
        return []
    due = select(Case, since).where(Case.status.in_(WAITING), is_it, since <= now - wait, _is_awake(now))
    due = (
        due.where(~_has_fired(trigger), *_only(trigger), *_heard(trigger, settings, now))
        .order_by(Case.priority, since)
        .limit(AT_ONCE)
    )
    return [(case, began) for case, began in session.execute(due).unique() if began is not None]


def _is_answered_since() -> ColumnElement[bool]:
    """Since the author wrote last: staff may have taken the case up anew."""
    answers = (Event.case_id == Case.id) & Event.kind.in_((Happening.ANSWERED, Happening.ANSWERED_THERE))
    return select(Event.id).where(answers, Event.at > Case.woken_at).exists()


def _only(trigger: Trigger) -> list[ColumnElement[bool]]:
    wanted = ((Case.brand, trigger.brand), (Case.source, trigger.source))
    return [column == name for column, name in wanted if name is not None]


def _heard(trigger: Trigger, settings: Settings, now: datetime) -> list[ColumnElement[bool]]:
    """What rings at this hour."""
    if priority_of(trigger) == Priority.HIGH:
        return []
    closed = [b.name for b in settings.brands if settings.calendar(b.name).next_open(now) > now]
    return [Case.brand.not_in(closed) | (Case.priority == Priority.HIGH)] if closed else []


def _is_awake(now: datetime) -> ColumnElement[bool]:
    return Case.snoozed_until.is_(None) | (Case.snoozed_until <= now)


def _has_fired(trigger: Trigger) -> ColumnElement[bool]:
    return select(Notice.id).where(Notice.key == literal(_key(trigger)) + cast(Case.id, String)).exists()


def _key(trigger: Trigger) -> str:
    return f"rule:{trigger.name}:"


def _talk(session: Session, case: Case) -> tuple[int, int]:
    """How many posts of the author's and how many answers of ours the thread has."""
    session.flush()
    theirs = select(func.count(Mention.external_id.distinct())).where(
        Mention.case_id == case.id, Mention.is_copy.is_(False)
    )
    ours = select(func.count()).where(Reply.case_id == case.id, Reply.state.in_(PUBLIC))
    return session.scalar(theirs) or 0, session.scalar(ours) or 0


def _fire(
    session: Session,
    case: Case,
    trigger: Trigger,
    settings: Settings,
    now: datetime,
    *,
    waits: timedelta | None = None,
    posts: int = 0,
) -> bool:
    """Raise the case and tell staff in its thread; False where the rule fired for it before."""
    minutes = None if waits is None else int(waits / timedelta(minutes=1))
    values = {"case": case.id, "rule": trigger.name, "minutes": minutes, "posts": posts}
    rings_at = _rings_at(case, trigger, settings, now)
    together, key = {"rule": trigger.name}, f"{_key(trigger)}{case.id}"
    if not ring(session, case, key, "rule", values, rings_at, together=together):
        return False
    more_urgent = update(Case).where(Case.id == case.id, Case.priority > priority_of(trigger))
    raised = changed(session, more_urgent.values(priority=priority_of(trigger)))
    session.refresh(case)
    if raised:
        hasten(case, settings, now)
    case.reasons = [*case.reasons, reason(trigger).stored()]
    if rings_at <= now:
        bundles.take_out(session, case.id, now, is_asked_for=False)
    return True


def _rings_at(case: Case, trigger: Trigger, settings: Settings, now: datetime) -> datetime:
    is_urgent = min(case.priority, priority_of(trigger)) == Priority.HIGH
    return now if is_urgent else settings.calendar(case.brand).next_open(now)
