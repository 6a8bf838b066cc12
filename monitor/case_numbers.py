"""How many cases a time brought, and how fast we were: each number can be explained."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from statistics import median, quantiles

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from models import Alert, BrandState, Case, Event, Happening, Mention, SourceState, Status
from monitor.hours import Calendar
from monitor.settings import Settings
from monitor.week import Span, Week

OPENINGS = (Happening.OPENED, Happening.ASKED)
"""Events whose mention opened the case, or asked before whether it is one: these stay the same, whatever else is put there."""


@dataclass(frozen=True)
class CaseNumbers:
    opened: int
    answered: int
    """Of those opened this week, by the time of the digest."""
    late: int
    """Of those opened this week: the first answer came after its time, or has not come."""
    waiting: int
    first_response: timedelta | None
    """Median, of those answered."""
    detection: timedelta | None
    """Median from the post to the alert, without posts older than our first look at the source or first search for the brand."""
    detection_p95: timedelta | None
    in_opening_hours: bool = False
    """Times count only while a brand's hours are open (monitor.hours)."""
    first_response_p90: timedelta | None = None
    kept: int = 0
    """Of those answered: the first answer came within its time."""


def case_numbers(
    session: Session,
    week: Week | Span,
    settings: Settings,
    now: datetime,
    *which: ColumnElement[bool],
) -> CaseNumbers:
    """Of the cases that were opened in it, as they stand now; which: only where all of this is so."""
    counted = and_(Case.opened_at >= week.start, Case.opened_at < week.end, Case.promised, *which)
    opened = session.scalars(select(Case).where(counted)).all()
    clock_of = cache(settings.calendar)
    times = [
        clock_of(case.brand).between(case.owed_since, case.first_answered_at)
        for case in opened
        if case.first_answered_at is not None
    ]
    latencies = list(_latencies(session, counted, clock_of))
    return CaseNumbers(
        opened=len(opened),
        answered=len(times),
        late=sum(case.is_late(now) for case in opened),
        waiting=sum(case.status in (Status.OPEN, Status.CLAIMED) for case in opened),
        first_response=_median(times),
        detection=_median(latencies),
        detection_p95=_percentile(latencies, 95),
        first_response_p90=_percentile(times, 90),
        kept=sum(case.first_answered_at is not None and not case.is_late(now) for case in opened),
        in_opening_hours=not all(
            settings.calendar(brand.name).is_always for brand in settings.brands if brand.ours
        ),
    )


def _median(times: Sequence[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(t.total_seconds() for t in times)) if times else None


def _percentile(times: Sequence[timedelta], percent: int) -> timedelta | None:
    """In steps of five percent."""
    if len(times) < 2:
        return times[0] if times else None
    steps = quantiles([t.total_seconds() for t in times], n=20, method="inclusive")
    return timedelta(seconds=steps[percent // 5 - 1])


def _latencies(
    session: Session, counted: ColumnElement[bool], clock_of: Callable[[str], Calendar]
) -> Iterable[timedelta]:
    post = func.max(Mention.posted_at).label("post")  # the newest that the alert can have told of
    rows = session.execute(
        select(Case.brand, Alert.sent_at, post, SourceState.known_since, BrandState.known_since)
        .join(Case, Case.id == Alert.case_id)
        .join(Event, (Event.case_id == Case.id) & Event.kind.in_(OPENINGS))
        .join(Mention, (Mention.id == Event.mention_id) & (Mention.posted_at <= Alert.sent_at))
        .join(SourceState, SourceState.name == Case.source)
        .outerjoin(BrandState, BrandState.name == Case.brand)
        .where(counted, Alert.sent_at.is_not(None))
        .group_by(Alert.id, Case.brand, Alert.sent_at, SourceState.known_since, BrandState.known_since)
    )
    for brand, sent_at, posted_at, source_since, brand_since in rows:
        if sent_at is not None and posted_at >= max(source_since, brand_since or source_since):
            yield clock_of(brand).between(posted_at, sent_at)
