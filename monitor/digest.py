"""The week in numbers, each of which can be explained: what was said, how fast we were, the worst and the kindest."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from statistics import median, quantiles
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, lazyload

from models import Alert, Case, DigestIssue, Mention, Mute, MuteKind, SourceState, Status
from monitor.db import upsert
from monitor.hours import Calendar
from monitor.keys import Weekday
from monitor.settings import Settings

BEST_AND_WORST = 5
MUTES = 20
CAUGHT_UP_FOR = timedelta(days=3)
"""A digest missed on Monday, because we were down, is still sent until Thursday."""
WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


@dataclass(frozen=True)
class Week:
    """An ISO week from Monday 00:00 to Monday 00:00 in a time zone."""

    year: int
    number: int
    zone: ZoneInfo

    @classmethod
    def of(cls, day: date, zone: ZoneInfo) -> "Week":
        year, number, _ = day.isocalendar()
        return cls(year, number, zone)

    @classmethod
    def parse(cls, name: str, zone: ZoneInfo) -> "Week":
        """Of a name such as 2026-W47. Raises ValueError with a sentence."""
        match = re.fullmatch(r"(\d{4})-W(\d{2})", name)
        try:
            assert match
            date.fromisocalendar(int(match[1]), int(match[2]), 1)
        except (AssertionError, ValueError):
            raise ValueError(f"«{name}» is not a week; weeks are written as in 2026-W47.") from None
        return cls(int(match[1]), int(match[2]), zone)

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def start(self) -> datetime:
        return datetime(self.monday.year, self.monday.month, self.monday.day, tzinfo=self.zone)

    @property
    def end(self) -> datetime:
        return self.next.start

    @property
    def next(self) -> "Week":
        return Week.of(self.monday + timedelta(days=7), self.zone)

    @property
    def before(self) -> "Week":
        return Week.of(self.monday - timedelta(days=7), self.zone)

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02}"


@dataclass(frozen=True)
class Span:
    """Any time from a start to an end, for those who want no week."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Tally:
    """Mentions by sentiment; each counts for the likeliest of the three."""

    negative: int = 0
    neutral: int = 0
    positive: int = 0

    @property
    def mentions(self) -> int:
        return self.negative + self.neutral + self.positive

    @property
    def net_sentiment(self) -> int | None:
        """Positive less negative, in percent of all: -100 to 100."""
        return round(100 * (self.positive - self.negative) / self.mentions) if self.mentions else None


@dataclass(frozen=True)
class Compared:
    """One line of the digest: this week against the week before."""

    name: str
    now: Tally
    before: Tally
    share: int | None
    """Of all mentions of all brands (share of voice) or sources, in percent; None where there are none at all."""


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
    """Median from the post to the alert, without posts older than our first look at the source."""
    detection_p95: timedelta | None
    in_opening_hours: bool = False
    """Times count only while a brand's hours are open (monitor.hours)."""
    first_response_p90: timedelta | None = None
    kept: int = 0
    """Of those answered: the first answer came within its time."""


@dataclass(frozen=True)
class Quoted:
    brand: str
    place: str
    author: str
    text: str
    url: str
    rating: float | None


@dataclass(frozen=True)
class KeptQuiet:
    """What one mute did."""

    kind: MuteKind
    label: str
    place: str | None
    """None: everywhere."""
    staff: str
    """Who muted it."""
    mentions: int


@dataclass(frozen=True)
class Digest:
    week: Week
    brands: Sequence[Compared]
    sources: Sequence[Compared]
    cases: CaseNumbers
    cases_before: CaseNumbers
    worst: Sequence[Quoted]
    kindest: Sequence[Quoted]
    muted: int = 0
    """Mentions that a mute kept from alerting."""
    mutes: Sequence[KeptQuiet] = ()
    """The mutes that did it, those that did most first, MUTES of them at the most."""


def compile_digest(session: Session, week: Week, settings: Settings, now: datetime) -> Digest:
    """Count everything of a week and of the week before; now bounds a week that is not over."""
    return Digest(
        week=week,
        brands=_compared(session, week, "brand", {b.name: b.name for b in settings.brands}),
        sources=_compared(session, week, "source", {s.name: s.place for s in settings.sources}),
        cases=case_numbers(session, week, settings, now),
        cases_before=case_numbers(session, week.before, settings, now),
        worst=_quoted(session, week, settings, worst=True),
        kindest=_quoted(session, week, settings, worst=False),
        muted=session.scalar(select(func.count()).where(_within(week), Mention.mute_id.is_not(None))) or 0,
        mutes=_mutes(session, week, settings),
    )


def queue_due(session: Session, settings: Settings, now: datetime) -> None:
    """Queue last week's digest for every chat once its hour has come. Asking often does no harm."""
    last = _told_now(settings, now)
    if last is None or not _listened(session, last):
        return
    chats = settings.digest.chats or [chat.id for chat in settings.staff.chats]
    insert = upsert(session)(DigestIssue).on_conflict_do_nothing()
    session.execute(insert, [{"chat_id": chat, "week": str(last), "due_at": now} for chat in chats])


def _told_now(settings: Settings, now: datetime) -> Week | None:
    """The week whose digest's hour has come; one of a Sunday may be caught up on Tuesday, in another week."""
    this = Week.of(now.astimezone(settings.zone).date(), settings.zone)
    for week in (this, this.before):
        day = week.monday + timedelta(days=WEEKDAYS.index(settings.digest.day))
        hour = datetime.combine(day, settings.digest.at, settings.zone)
        if hour <= now < hour + CAUGHT_UP_FOR:
            return week.before
    return None


def _listened(session: Session, week: Week) -> bool:
    """Of a week in which we had not begun there is nothing to tell."""
    begun = select(SourceState.name).where(SourceState.known_since < week.end)
    return session.scalar(begun.limit(1)) is not None


def _compared(session: Session, week: Week, column: str, places: dict[str, str]) -> list[Compared]:
    now, before = _tallies(session, week, column), _tallies(session, week.before, column)
    names = [*places, *sorted((now.keys() | before.keys()) - places.keys())]
    total = sum(tally.mentions for tally in now.values())
    return [
        Compared(
            places.get(name, name),
            now.get(name, Tally()),
            before.get(name, Tally()),
            round(100 * now.get(name, Tally()).mentions / total) if total else None,
        )
        for name in names
    ]


def _tallies(session: Session, week: Week, column: str) -> dict[str, Tally]:
    by = getattr(Mention, column)
    rows = session.execute(
        select(by, Mention.negative, Mention.neutral, Mention.positive).where(
            _within(week), Mention.judged_at.is_not(None)
        )
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, *probabilities in rows:
        counts[name][_likeliest(probabilities)] += 1
    return {name: Tally(**count) for name, count in counts.items()}


def _likeliest(probabilities: Sequence[float]) -> str:
    names = ("negative", "neutral", "positive")
    return max(zip(probabilities, names, strict=True))[1]


def _within(week: Week) -> ColumnElement[bool]:
    return (Mention.posted_at >= week.start) & (Mention.posted_at < week.end)


def case_numbers(session: Session, week: Week | Span, settings: Settings, now: datetime) -> CaseNumbers:
    """Of the cases that were opened in it, as they stand now."""
    opened = session.scalars(
        select(Case).where(Case.opened_at >= week.start, Case.opened_at < week.end, Case.promised)
    ).all()
    clock_of = cache(settings.calendar)
    times = [
        clock_of(case.brand).between(case.opened_at, case.first_answered_at)
        for case in opened
        if case.first_answered_at is not None
    ]
    latencies = list(_latencies(session, week, clock_of))
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
    session: Session, week: Week | Span, clock_of: Callable[[str], Calendar]
) -> Iterable[timedelta]:
    first_post = func.min(Mention.posted_at).label("first_post")
    rows = session.execute(
        select(Case.brand, Alert.sent_at, first_post, SourceState.known_since)
        .join(Case, Case.id == Alert.case_id)
        .join(Mention, Mention.case_id == Case.id)
        .join(SourceState, SourceState.name == Case.source)
        .where(Case.opened_at >= week.start, Case.opened_at < week.end, Case.promised)
        .where(Alert.sent_at.is_not(None))
        .group_by(Alert.id, Case.brand, Alert.sent_at, SourceState.known_since)
    )
    for brand, sent_at, posted_at, known_since in rows:
        if sent_at is not None and posted_at >= known_since:
            yield clock_of(brand).between(posted_at, sent_at)


def _quoted(session: Session, week: Week, settings: Settings, *, worst: bool) -> list[Quoted]:
    ours = [brand.name for brand in settings.brands if brand.ours]
    sign = Mention.negative if worst else Mention.positive
    rows = session.scalars(
        select(Mention)
        .where(_within(week), Mention.brand.in_(ours), Mention.is_copy.is_(False), sign >= 0.5)
        .order_by(sign.desc(), Mention.posted_at)
        .limit(BEST_AND_WORST)
    )
    return [_quote(mention, settings) for mention in rows]


def _mutes(session: Session, week: Week, settings: Settings) -> list[KeptQuiet]:
    count = func.count(Mention.id)
    rows = session.execute(
        select(Mute, count)
        .join(Mention, Mention.mute_id == Mute.id)
        .where(_within(week))
        .group_by(Mute.id)
        .order_by(count.desc(), Mute.id)
        .limit(MUTES)
        .options(lazyload(Mute.staff))
    )
    return [_kept_quiet(mute, mentions, settings) for mute, mentions in rows]


def _kept_quiet(mute: Mute, mentions: int, settings: Settings) -> KeptQuiet:
    source = settings.source(mute.source) if mute.source else None
    place = source.place if source else mute.source
    return KeptQuiet(mute.kind, mute.label, place, mute.staff.name, mentions)


def _quote(mention: Mention, settings: Settings) -> Quoted:
    source = settings.source(mention.source)
    place = source.place if source else mention.source
    return Quoted(mention.brand, place, mention.author, mention.text, mention.url, mention.rating)
