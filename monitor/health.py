"""Is a source well? Staff are told once when it fails or falls silent, and told again when it is well."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import SourceDay, SourceState
from monitor.notices import announce
from monitor.settings import Settings

HANGS_FROM = timedelta(hours=1)
"""Its own time-outs end a poll long before."""
DAY = timedelta(days=1)
HABIT = 14 * DAY
SILENT_FROM = timedelta(hours=12)
"""Nobody posts at night."""
EXPECTED = 20
"""So many posts should have come in the silence. If they came at random, the chance of none would be e⁻²⁰;
people post in bursts, so the margin is wide."""


def expected_posts(session: Session, source: str, time: timedelta, until: datetime, zone: tzinfo) -> float:
    """How many posts the source's habit of the 14 days until then lets us expect in a time of this length."""
    day = until.astimezone(zone).date()
    posts, first = session.execute(
        select(func.sum(SourceDay.posts), func.min(SourceDay.day)).where(
            SourceDay.source == source, SourceDay.day >= day - HABIT, SourceDay.day < day
        )
    ).one()
    if not posts or first is None:
        return 0.0
    days = max(3, (day - first).days)
    return float(posts) / days * (time / DAY)


def is_silent(session: Session, state: SourceState, now: datetime, zone: tzinfo) -> bool:
    """Nothing came for so long that, by its habit until then, much should have: a long silence must not become the habit.

    The day on which it fell silent may be the only one: once it is over it counts where more is expected with it.
    """
    if state.last_post_at is None or now - state.last_post_at < SILENT_FROM:
        return False
    last, lasts = state.last_post_at, now - state.last_post_at
    habits = (
        expected_posts(session, state.name, lasts, until, zone) for until in (last, min(now, last + DAY))
    )
    return any(expected >= EXPECTED for expected in habits)


def tell(session: Session, state: SourceState, settings: Settings, now: datetime) -> None:
    """Queue a notice where the source's health has changed since staff last heard of it."""
    if state.failures >= settings.health.failures and state.told_failing_at is None:
        state.told_failing_at = now
        _notice(session, state, "source_failing", settings, now, error=state.error, failures=state.failures)
    elif state.failures == 0 and state.told_failing_at is not None:
        minutes = int((now - state.told_failing_at).total_seconds() // 60)
        state.told_failing_at = None
        _notice(session, state, "source_well", settings, now, minutes=minutes)
    _tell_silence(session, state, settings, now)


def hanging(session: Session, asked: Collection[str], now: datetime) -> Sequence[SourceState]:
    """Of the sources that are being asked, those whose poll does not end, and of which staff have not heard."""
    began = SourceState.polling_since < now - HANGS_FROM
    untold = began & SourceState.name.in_(asked) & SourceState.told_failing_at.is_(None)
    return session.scalars(select(SourceState).where(untold)).all()


def tell_hanging(session: Session, asked: Collection[str], settings: Settings, now: datetime) -> None:
    """A poll that hangs has no end in which to say it: whoever watches it does."""
    for state in hanging(session, asked, now):
        assert state.polling_since is not None
        state.told_failing_at = now
        minutes = int((now - state.polling_since).total_seconds() // 60)
        _notice(session, state, "source_hanging", settings, now, minutes=minutes)


def _tell_silence(session: Session, state: SourceState, settings: Settings, now: datetime) -> None:
    silent = state.failures == 0 and is_silent(session, state, now, settings.zone)
    if silent and state.told_silent_at is None:
        assert state.last_post_at is not None
        state.told_silent_at = now
        hours = int((now - state.last_post_at).total_seconds() // 3600)
        _notice(session, state, "source_silent", settings, now, hours=hours)
    elif not silent and state.told_silent_at is not None and state.failures == 0:
        state.told_silent_at = None
        _notice(session, state, "source_speaks", settings, now)


def _notice(
    session: Session, state: SourceState, kind: str, settings: Settings, now: datetime, **values: Any
) -> None:
    source = settings.source(state.name)
    for chat in settings.staff.chats:
        said = {"source": source.place if source else state.name, **values}
        announce(session, chat.id, f"{kind}:{state.name}:{now.isoformat()}:{chat.id}", kind, said, now)
