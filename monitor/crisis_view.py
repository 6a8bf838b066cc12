"""What staff see of a crisis, gathered from the rows: everything its card says, and nothing about how it looks."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Crisis, Mention, Staff
from monitor import crises
from monitor.crisis import expected
from monitor.growing import Said, growing
from monitor.settings import Settings

SHOWN_HOURS = 48
BACKGROUND = timedelta(weeks=2)
READ_AT_MOST = 2_000
"""Posts that are read for their words: more say nothing else."""
MOST_READ = 3
PLACES = 3


@dataclass(frozen=True)
class ReadPost:
    author: str
    place: str
    reach: int | None
    url: str


@dataclass(frozen=True)
class Curve:
    """Unhappy posts an hour, and what is usual for each of those hours; the newest last."""

    until: datetime
    counts: Sequence[int]
    usual: Sequence[float]


@dataclass(frozen=True)
class CrisisView:
    number: int
    brand: str
    hours: int
    count: int
    expected: float
    began_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    peak: int
    posts: int
    bundles: bool
    words: Sequence[str]
    places: Sequence[tuple[str, int]]
    most_read: Sequence[ReadPost]
    curve: Curve


def view(session: Session, crisis: Crisis, settings: Settings) -> CrisisView:
    during = _during(session, crisis)
    ended_by = session.get(Staff, crisis.ended_by_id) if crisis.ended_by_id else None
    return CrisisView(
        number=crisis.id,
        brand=crisis.brand,
        hours=crisis.hours,
        count=crisis.count,
        expected=crisis.expected,
        began_at=crisis.began_at,
        seen_at=crisis.seen_at,
        ended_at=crisis.ended_at,
        ended_by=ended_by.name if ended_by else None,
        peak=crisis.peak,
        posts=crisis.posts,
        bundles=crisis.bundles,
        words=growing(map(_said, during), map(_said, _before(session, crisis, settings)), crisis.brand),
        places=_places(session, crisis, settings),
        most_read=[_read_post(mention, settings) for mention in _most_read(during)],
        curve=_curve(session, crisis, settings),
    )


def _during(session: Session, crisis: Crisis) -> Sequence[Mention]:
    told = select(Mention).where(crises.during(crisis))
    return session.scalars(told.order_by(Mention.posted_at.desc(), Mention.id).limit(READ_AT_MOST)).all()


def _before(session: Session, crisis: Crisis, settings: Settings) -> Sequence[Mention]:
    told = select(Mention).where(
        Mention.brand == crisis.brand,
        Mention.posted_at > crisis.began_at - BACKGROUND,
        Mention.posted_at <= crisis.began_at,
    )
    return session.scalars(told.order_by(Mention.posted_at.desc(), Mention.id).limit(READ_AT_MOST)).all()


def _said(mention: Mention) -> Said:
    return Said(mention.text, mention.language, mention.matches)


def _places(session: Session, crisis: Crisis, settings: Settings) -> list[tuple[str, int]]:
    """Those with the most posts, all of them counted."""
    by_source = select(Mention.source, func.count()).where(crises.during(crisis)).group_by(Mention.source)
    counts = Counter[str]()
    for source, posts in session.execute(by_source.order_by(Mention.source)):
        counts[_place(source, settings)] += posts  # two sources may be one place to staff
    return counts.most_common(PLACES)


def _place(name: str, settings: Settings) -> str:
    source = settings.source(name)
    return source.place if source else name


def _most_read(during: Sequence[Mention]) -> Sequence[Mention]:
    """Where nobody's readers are known, the newest."""
    return sorted(during, key=lambda m: (-(m.reach or 0), -m.posted_at.timestamp(), m.id))[:MOST_READ]


def _read_post(mention: Mention, settings: Settings) -> ReadPost:
    return ReadPost(mention.author, _place(mention.source, settings), mention.reach, mention.url)


def _curve(session: Session, crisis: Crisis, settings: Settings) -> Curve:
    until = crisis.seen_at
    hours = max(crises.listened(session, crisis.brand, until), SHOWN_HOURS)
    counts = crises.hourly(session, crisis.brand, settings, until, hours)
    usual = [expected(counts[:at] or [0]) for at in range(hours - SHOWN_HOURS, hours)]
    return Curve(until, counts[-SHOWN_HOURS:], usual)
