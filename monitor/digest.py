"""The week in numbers, each of which can be explained: what was said, how fast we were, the worst and the kindest."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, lazyload

from models import Case, DigestIssue, Event, Happening, Mention, Mute, MuteKind, SourceState
from monitor.case_numbers import OPENINGS, CaseNumbers, case_numbers
from monitor.corrections import NOT_ABOUT_US
from monitor.db import upsert
from monitor.last_words import called
from monitor.relevance import PERHAPS
from monitor.settings import Settings
from monitor.week import WEEKDAYS, Week

BEST_AND_WORST = 5
MUTES = 20
POSTS = func.count(Mention.post.distinct())
CAUGHT_UP_FOR = timedelta(days=3)
"""A digest missed on Monday, because we were down, is still sent until Thursday."""


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
class Quoted:
    brand: str
    place: str
    author: str
    text: str
    url: str
    rating: float | None


@dataclass(frozen=True)
class KeptQuiet:
    """What one mute was upon."""

    kind: MuteKind
    label: str
    place: str | None
    """None: everywhere."""
    staff: str
    """Who muted it."""
    posts: int


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
    """Posts that a mute was upon, also those that would have alerted nobody."""
    mutes: Sequence[KeptQuiet] = ()
    """The mutes of these posts, those of most first, MUTES of them at the most."""


def compile_digest(session: Session, week: Week, settings: Settings, now: datetime) -> Digest:
    """Count everything of a week and of the week before; now bounds a week that is not over.

    Both weeks are counted by what staff call their cases today.
    """
    about_us = Case.id.not_in(_not_about_us())
    return Digest(
        week=week,
        brands=_compared(session, week, "brand", {b.name: b.name for b in settings.brands}),
        sources=_compared(session, week, "source", {s.name: s.place for s in settings.sources}),
        cases=case_numbers(session, week, settings, now, about_us),
        cases_before=case_numbers(session, week.before, settings, now, about_us),
        worst=_quoted(session, week, settings, worst=True),
        kindest=_quoted(session, week, settings, worst=False),
        muted=session.scalar(select(POSTS).where(_within(week), Mention.mute_id.is_not(None))) or 0,
        mutes=_mutes(session, week, settings),
    )


def _not_about_us() -> Select[int]:
    """The cases that staff called so, and their duplicates, whose posts are theirs now."""
    posts = select(Event.case_id).join(Mention, Mention.id == Event.mention_id)
    return posts.where(Event.kind.in_(OPENINGS), Mention.case_id.in_(called(*NOT_ABOUT_US)))


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
        select(by, _negative(), Mention.neutral, Mention.positive).where(
            _counted(week), Mention.judged_at.is_not(None)
        )
    )
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, *probabilities in rows:
        counts[name][_likeliest(probabilities)] += 1
    return {name: Tally(**count) for name, count in counts.items()}


def _likeliest(probabilities: Sequence[float]) -> str:
    names = ("negative", "neutral", "positive")
    return max(zip(probabilities, names, strict=True))[1]


def _counted(week: Week) -> ColumnElement[bool]:
    """Said in the week, and staff did not say that it is spam or about somebody else."""
    about_us = or_(Mention.case_id.is_(None), Mention.case_id.not_in(called(*NOT_ABOUT_US)))
    return _within(week) & about_us


def _negative() -> ColumnElement[float | None]:
    """What the model says, unless staff know better: an author who is not unhappy is one of the other two."""
    return case((Mention.case_id.in_(called(Happening.WRONG_TONE)), 0.0), else_=Mention.negative)


def _within(week: Week) -> ColumnElement[bool]:
    is_about_a_brand = (Mention.relevance > PERHAPS) | Mention.case_id.is_not(None)
    return (Mention.posted_at >= week.start) & (Mention.posted_at < week.end) & is_about_a_brand


def _quoted(session: Session, week: Week, settings: Settings, *, worst: bool) -> list[Quoted]:
    ours = [brand.name for brand in settings.brands if brand.ours]
    sign = _negative() if worst else Mention.positive
    rows = session.scalars(
        select(Mention)
        .where(_counted(week), Mention.brand.in_(ours), Mention.is_copy.is_(False), sign >= 0.5)
        .order_by(sign.desc(), Mention.posted_at)
        .limit(BEST_AND_WORST * len(ours))
    )
    strongest: dict[str, Mention] = {}
    for mention in rows:
        strongest.setdefault(mention.post, mention)
    return [_quote(mention, settings) for mention in islice(strongest.values(), BEST_AND_WORST)]


def _mutes(session: Session, week: Week, settings: Settings) -> list[KeptQuiet]:
    rows = session.execute(
        select(Mute, POSTS)
        .join(Mention, Mention.mute_id == Mute.id)
        .where(_within(week))
        .group_by(Mute.id)
        .order_by(POSTS.desc(), Mute.id)
        .limit(MUTES)
        .options(lazyload(Mute.staff))
    )
    return [_kept_quiet(mute, posts, settings) for mute, posts in rows]


def _kept_quiet(mute: Mute, posts: int, settings: Settings) -> KeptQuiet:
    source = settings.source(mute.source) if mute.source else None
    place = source.place if source else mute.source
    return KeptQuiet(mute.kind, mute.label, place, mute.staff.name, posts)


def _quote(mention: Mention, settings: Settings) -> Quoted:
    source = settings.source(mention.source)
    place = source.place if source else mention.source
    return Quoted(mention.brand, place, mention.author, mention.text, mention.url, mention.rating)
