"""Crises from their first sight to their end: one running for a brand, looked at again and again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

from models import BrandState, Bundle, Case, Crisis, Mention, Priority, SourceState, Staff
from monitor import bundles
from monitor.crisis import HOUR, WEEK, WEEKS, WINDOWS, Reading, is_calm, is_crisis, reading
from monitor.db import changed, upsert
from monitor.desk import Refused
from monitor.settings import Settings
from monitor.triage import RELEVANT_FROM

LISTENED = 24
"""Hours that we must have listened: before that nothing is known to be unusual."""
UNHAPPY_FROM = 0.6
"""What counts here. Not the alert zone: habit and now must be counted alike, whatever model or precision is chosen meanwhile."""
CALM_FOR = timedelta(hours=2)
REDRAWN_EVERY = timedelta(minutes=5)
QUIET_FOR = timedelta(hours=6)
"""Whoever said that it is over does not want to hear it again in this shift."""


def look(session: Session, settings: Settings, now: datetime) -> int:
    """Look at every brand of ours: begin, follow and end crises. Returns how many cards changed."""
    running = {crisis.brand: crisis for crisis in session.scalars(select(Crisis).where(is_running()))}
    changed = 0
    for brand in (brand.name for brand in settings.brands if brand.ours):
        crisis = running.pop(brand, None)
        seen = (
            _seen(session, brand, settings, now) if crisis or _may_be(session, brand, settings, now) else []
        )
        if crisis is not None:
            changed += _follow(session, crisis, seen, settings, now)
        elif worst := next((one for one in seen if is_crisis(one, settings.crisis)), None):
            changed += _begin(session, brand, worst, settings, now)
    for crisis in running.values():  # of brands that were taken out of the configuration
        end(session, crisis.id, None, now)
    return changed + len(running)


def is_running() -> ColumnElement[bool]:
    return Crisis.ended_at.is_(None)


def unhappy(brand: str) -> ColumnElement[bool]:
    """The mentions that count: about the brand, by somebody who is unhappy, copies too."""
    tone = (Mention.negative >= UNHAPPY_FROM) | (Mention.complaint >= UNHAPPY_FROM)
    return (Mention.brand == brand) & (Mention.relevance >= RELEVANT_FROM) & tone


def during(crisis: Crisis) -> ColumnElement[bool]:
    """The posts that it is made of, until it was looked at last."""
    since = (Mention.posted_at > crisis.began_at) & (Mention.posted_at <= crisis.seen_at)
    return unhappy(crisis.brand) & Mention.source.in_(_with_a_habit(crisis.seen_at)) & since


def hourly(session: Session, brand: str, settings: Settings, until: datetime, hours: int) -> list[int]:
    """Unhappy posts by the hour, the newest last, of sources that have a habit."""
    counts = [0] * hours
    posted = select(Mention.posted_at).where(
        unhappy(brand),
        Mention.source.in_(_with_a_habit(until)),
        Mention.posted_at > until - hours * HOUR,
        Mention.posted_at <= until,
    )
    for at in session.scalars(posted):
        counts[-1 - int((until - at) / HOUR)] += 1
    return counts


def listened(session: Session, brand: str, until: datetime) -> int:
    """For how many hours the brand was listened for, in all sources that speak of it, at most those that a habit is made of."""
    speaking = select(Mention.source).where(unhappy(brand), Mention.posted_at > until - WEEKS * WEEK)
    theirs = SourceState.name.in_(_with_a_habit(until)) & SourceState.name.in_(speaking)
    newest = session.scalar(select(func.max(SourceState.known_since)).where(theirs))
    oldest = newest or session.scalar(select(func.min(SourceState.known_since)))
    known_since = session.scalar(select(BrandState.known_since).where(BrandState.name == brand))
    if oldest is None or known_since is None:
        return 0
    heard = until - max(oldest, known_since)
    return max(0, min(int(WEEKS * WEEK / HOUR), int(heard / HOUR)))


def _with_a_habit(until: datetime) -> Select[str]:
    """A source that is new brings more posts than there ever were, and no crisis."""
    long_ago = until - (LISTENED + max(WINDOWS)) * HOUR
    return select(SourceState.name).where(SourceState.known_since <= long_ago)


def end(session: Session, number: int, staff: Staff | None, now: datetime) -> None:
    """It is over: somebody says so, or nothing has been unusual for two hours. Raises Refused where it is over already."""
    over = update(Crisis).where(Crisis.id == number, is_running())
    _once(session, over.values(ended_at=now, ended_by_id=staff and staff.id, due_at=now), number)


def bundle(session: Session, number: int, now: datetime, *, on: bool) -> None:
    """Tell of further cases of the brand in one message, or no longer. Raises Refused where it is so already, or over."""
    toggled = update(Crisis).where(Crisis.id == number, is_running(), Crisis.bundles.is_(not on))
    _once(session, toggled.values(bundles=on, due_at=now), number)


def redraw(session: Session, number: int, now: datetime) -> None:
    """The card no longer tells the truth."""
    session.execute(update(Crisis).where(Crisis.id == number).values(due_at=now))


def gather(session: Session, now: datetime) -> None:
    """Put new cards of brands in crisis, except urgent ones, into the crisis's message, where staff asked for that."""
    for crisis in session.scalars(select(Crisis).where(is_running(), Crisis.bundles)):
        is_it = (Case.brand == crisis.brand) & (Case.priority > Priority.HIGH)
        if waiting := session.scalars(bundles.new_cards(now).where(is_it)).unique().all():
            bundles.put_in(session, _message(session, crisis, now), waiting, now)


def _message(session: Session, crisis: Crisis, now: datetime) -> Bundle:
    if crisis.bundle_id is None:
        row = Bundle(chat_id=crisis.chat_id, topic_id=crisis.topic_id, opened_at=now)
        session.add(row)
        session.flush()
        crisis.bundle_id = row.id
    return session.get_one(Bundle, crisis.bundle_id)


def _may_be(session: Session, brand: str, settings: Settings, now: datetime) -> bool:
    """Cheap to ask: the habit is only looked up where there are enough posts to matter."""
    recent = select(func.count()).where(unhappy(brand), Mention.posted_at > now - max(WINDOWS) * HOUR)
    if (session.scalar(recent) or 0) < settings.crisis.at_least:
        return False
    told = (Crisis.brand == brand) & Crisis.ended_by_id.is_not(None) & (Crisis.ended_at > now - QUIET_FOR)
    return session.scalar(select(Crisis.id).where(told).limit(1)) is None


def _seen(session: Session, brand: str, settings: Settings, now: datetime) -> Sequence[Reading]:
    """What each window says, the most telling first; nothing where we have not listened for long enough."""
    hours = listened(session, brand, now)
    if hours < LISTENED + max(WINDOWS):
        return []
    counts = hourly(session, brand, settings, now, hours)
    readings = [reading(sum(counts[-window:]), counts[:-window], window) for window in WINDOWS]
    return sorted(readings, key=lambda one: (not is_crisis(one, settings.crisis), one.hours))


def _begin(session: Session, brand: str, seen: Reading, settings: Settings, now: datetime) -> int:
    chat = settings.staff.chat_for(brand)
    insert = upsert(session)(Crisis).on_conflict_do_nothing().returning(Crisis.id)
    number = session.scalar(
        insert.values(
            brand=brand,
            chat_id=chat.id,
            topic_id=chat.topic_for(brand, "", Priority.HIGH),
            began_at=now - seen.hours * HOUR,
            **_numbers(seen, now),
            peak=max(hourly(session, brand, settings, now, seen.hours)),
            posts=seen.count,
            bundles=False,
            due_at=now,
            attempts=0,
        )
    )
    return int(number is not None)


def _follow(
    session: Session, crisis: Crisis, readings: Sequence[Reading], settings: Settings, now: datetime
) -> int:
    """New numbers; the card is redrawn when they changed, at most every five minutes."""
    last_hour = next((one for one in readings if one.hours == 1), None)
    if last_hour is None:
        return 0
    calm = is_calm(last_hour, settings.crisis)
    crisis.calm_since = (crisis.calm_since or now) if calm else None
    before = (crisis.count, crisis.posts)
    for key, value in _numbers(last_hour, now).items():
        setattr(crisis, key, value)
    hours = max(1, int((now - crisis.began_at) / HOUR))  # some posts are found late
    crisis.peak = max(crisis.peak, *hourly(session, crisis.brand, settings, now, hours))
    crisis.posts = session.scalar(select(func.count()).where(during(crisis))) or 0
    if crisis.calm_since and now - crisis.calm_since >= CALM_FOR:
        session.flush()
        end(session, crisis.id, None, now)
        return 1
    if (crisis.count, crisis.posts) == before or crisis.is_to_be_said:
        return 0
    crisis.due_at = now + REDRAWN_EVERY
    return 1


def _numbers(seen: Reading, now: datetime) -> dict[str, Any]:
    return {"seen_at": now, "hours": seen.hours, "count": seen.count, "expected": seen.expected}


def _once(session: Session, change: Any, number: int) -> None:
    """The second of two presses finds nothing to change."""
    count = changed(session, change)
    if count == 0:
        running = session.scalar(select(Crisis.id).where(Crisis.id == number, is_running()))
        raise Refused("outdated" if running else "crisis_over", crisis=number)
