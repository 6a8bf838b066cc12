"""How a time went: the digest's numbers, but of all that staff had to look at; who answered, and how often an alert was none."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Case, Event, Happening, Staff, Status
from monitor.case_numbers import CaseNumbers, case_numbers
from monitor.last_words import FALSE_ALARMS, last_words
from monitor.settings import Settings
from monitor.week import Span

DONE = (Status.ANSWERED, Status.CLOSED)


@dataclass(frozen=True)
class Stats:
    lasts: timedelta
    cases: CaseNumbers
    by_brand: Mapping[str, int]
    """Cases opened."""
    by_person: Mapping[str, int]
    """Answers that each of the staff gave, in any case."""
    done: int
    """Of the cases opened: answered or closed, so that staff have said what they think of them."""
    called: Mapping[Happening, int]
    """Of those done: closed as a false alarm or a duplicate, by what staff called them."""

    @property
    def precision(self) -> int | None:
        """In percent: of the alerts that staff have dealt with, those they did not call false. Duplicates are no false alarms."""
        false = sum(self.called.get(kind, 0) for kind in FALSE_ALARMS)
        return round(100 * (self.done - false) / self.done) if self.done else None

    @property
    def in_time(self) -> int | None:
        """In percent: of the cases opened that were answered or are late, those answered in time; None where there are none."""
        return round(100 * self.cases.kept / self.due) if self.due else None

    @property
    def due(self) -> int:
        """Of the cases opened: those of which we know whether the promise was kept."""
        return self.cases.kept + self.cases.late


def stats(session: Session, lasts: timedelta, settings: Settings, now: datetime) -> Stats:
    """Of the cases opened in the time until now, and of the answers given in it."""
    span = Span(now - lasts, now + timedelta.resolution)
    opened = (Case.opened_at >= span.start) & Case.promised
    brands = session.execute(select(Case.brand, func.count()).where(opened).group_by(Case.brand))
    done = session.scalar(select(func.count()).where(opened, Case.status.in_(DONE)))
    return Stats(
        lasts=lasts,
        cases=case_numbers(session, span, settings, now),
        by_brand=dict(brands.all()),
        by_person=_answers(session, span),
        done=done or 0,
        called=_called(session, span),
    )


def _answers(session: Session, span: Span) -> Counter[str]:
    given = select(Staff.name, func.count()).join(Event, Event.staff_id == Staff.id)
    rows = session.execute(
        given.where(Event.kind == Happening.ANSWERED, Event.at >= span.start).group_by(Staff.id, Staff.name)
    )
    answers = Counter[str]()
    for name, count in rows:  # of two people of one name, one may have been invited
        answers[name] += count
    return answers


def _called(session: Session, span: Span) -> Counter[Happening]:
    """The last word of staff on each closed case."""
    rows = session.execute(last_words().where(Case.opened_at >= span.start))
    return Counter(kind for _, kind in rows)
