"""What a case promises its author, in the brand's working time, and when staff may be spoken to about it."""

from datetime import datetime, timedelta

from models import Case, Priority, Status
from monitor.people import is_staff
from monitor.settings import Settings


def promise(case: Case, settings: Settings, now: datetime) -> None:
    """The first answer, and the end of the matter where the configuration promises that."""
    within = settings.sla.within(case.priority, case.brand)
    case.answer_by, case.remind_at = _due(case, within, settings, now)
    case.first_answer_by = case.answer_by
    case.resolve_by = _resolved_by(case, settings, now)


def wake(case: Case, settings: Settings, now: datetime) -> None:
    """The author wrote again: one more answer is owed, and of what was closed one more end."""
    free_of_strangers(case, settings)
    if case.status is Status.CLOSED:
        case.resolve_by = _resolved_by(case, settings, now)
    within = settings.sla.next_within(case.priority, case.brand)
    case.wake(now, *_due(case, within, settings, now))


def free_of_strangers(case: Case, settings: Settings) -> None:
    """Who has left the staff meanwhile keeps no case that comes back."""
    if case.claimed_by is not None and not is_staff(case.claimed_by, settings):
        case.claimed_by_id = case.claimed_at = case.alive_at = None


def renew(case: Case, settings: Settings, now: datetime) -> None:
    """An answer and an end are owed again, though the author has not written: the case was taken up anew."""
    within = settings.sla.next_within(case.priority, case.brand)
    case.answer_by, case.remind_at = _due(case, within, settings, now)
    case.resolve_by = _resolved_by(case, settings, now)


def hasten(case: Case, settings: Settings, now: datetime) -> None:
    """It has become more urgent: what its priority promises counts from now, unless more was promised before.

    A first answer that staff are told is late is late in every number too.
    """
    first = case.first_answered_at is None
    within = settings.sla.within if first else settings.sla.next_within
    answer_by, remind_at = _due(case, within(case.priority, case.brand), settings, now)
    if answer_by < case.answer_by:
        case.answer_by, case.remind_at = answer_by, remind_at
        if first:
            case.first_answer_by = min(answer_by, case.first_answer_by or answer_by)


def heard_at(case: Case, settings: Settings, now: datetime) -> datetime:
    """When staff may be told of the case: at once where it can't wait, or at the next opening."""
    return now if breaks_through(case) else settings.calendar(case.brand).next_open(now)


def breaks_through(case: Case) -> bool:
    return case.priority == Priority.HIGH


def _due(case: Case, within: timedelta, settings: Settings, now: datetime) -> tuple[datetime, datetime]:
    """The end of so much working time, and the middle of it."""
    calendar = settings.calendar(case.brand)
    return calendar.add(now, within), calendar.add(now, within / 2)


def _resolved_by(case: Case, settings: Settings, now: datetime) -> datetime | None:
    within = settings.sla.resolved_within(case.priority, case.brand)
    return settings.calendar(case.brand).add(now, within) if within else None
