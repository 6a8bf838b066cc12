"""How each source is doing now, held against its own habit."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import BrandState, Mention, SourceDay, SourceState
from monitor import health
from monitor.settings import Settings, SourceSettings

RECENT = timedelta(days=7)
SAMPLE = 5_000
"""Newest mentions of all sources that the usual delays are taken from."""


@dataclass(frozen=True)
class Pulse:
    place: str
    kind: str
    state: SourceState
    delay: timedelta | None
    """Median from a post to our finding it, of the last week; None where nothing was found."""
    today: int
    """Posts of the team's day so far."""
    usual: float
    """Posts that its habit of the last two weeks lets us expect in as much of a day."""
    is_silent: bool

    @property
    def is_failing(self) -> bool:
        """Its polls fail, or do not end."""
        return self.state.failures > 0 or self.state.told_failing_at is not None

    @property
    def is_ill(self) -> bool:
        return self.is_failing or self.is_silent


def pulses(session: Session, settings: Settings, now: datetime) -> list[Pulse]:
    """Every source that is configured and was registered; the ill ones first, the worst first."""
    states = {state.name: state for state in session.scalars(select(SourceState))}
    delays = _delays(session, states, settings, now)
    found = [
        _pulse(session, source, states[source.name], delays.get(source.name), settings.zone, now)
        for source in settings.sources
        if source.name in states
    ]
    return sorted(found, key=lambda pulse: (not pulse.is_ill, -pulse.state.failures))


def _pulse(
    session: Session,
    source: SourceSettings,
    state: SourceState,
    delay: timedelta | None,
    zone: tzinfo,
    now: datetime,
) -> Pulse:
    day = now.astimezone(zone).date()
    midnight = datetime.combine(day, time(), zone)
    today = session.get(SourceDay, (state.name, day))
    return Pulse(
        place=source.place,
        kind=source.kind,
        state=state,
        delay=delay,
        today=today.posts if today else 0,
        usual=health.expected_posts(session, state.name, now - midnight, now, zone),
        is_silent=state.failures == 0 and health.is_silent(session, state, now, zone),
    )


def _delays(
    session: Session, states: Mapping[str, SourceState], settings: Settings, now: datetime
) -> dict[str, timedelta]:
    """Medians by source, without posts older than our first look there or first search for the brand: they say nothing about how fast we are."""
    brands = [brand.name for brand in settings.brands]
    recent = (
        select(Mention.source, Mention.found_at, Mention.posted_at)
        .outerjoin(BrandState, BrandState.name == Mention.brand)
        .where(Mention.brand.in_(brands), Mention.posted_at >= now - RECENT)
        .where(BrandState.name.is_(None) | (Mention.posted_at >= BrandState.known_since))
    )
    seconds: dict[str, list[float]] = defaultdict(list)
    for source, found_at, posted_at in session.execute(
        recent.order_by(Mention.posted_at.desc()).limit(SAMPLE)
    ):
        if source in states and posted_at >= states[source].known_since:
            seconds[source].append((found_at - posted_at).total_seconds())
    return {source: timedelta(seconds=median(delays)) for source, delays in seconds.items()}
