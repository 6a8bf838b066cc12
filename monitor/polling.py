"""Ask the sources that are due. One that fails backs off alone, and the others go on."""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, not_, or_, select, update

from models import BrandState, SourceState
from monitor import health, ingest
from monitor.db import Sessions, changed, reading
from monitor.ingest import Listening
from monitor.settings import Settings
from monitor.source import Page, Source, SourceError

log = structlog.get_logger()

ABANDONED_AFTER = timedelta(minutes=30)
"""A poll takes minutes at most; whoever started one so long ago died."""
LONGEST_WAIT = timedelta(hours=6)
LONGEST_ASKED = timedelta(days=1)
"""However long a source asks us to stay away, we look again then."""
PERMANENT_WAIT = timedelta(hours=1)
"""What only staff can mend is still tried, so that nobody has to tell us that it is mended."""
AT_ONCE = 4


@dataclass(frozen=True)
class Polled:
    """What came of asking one source."""

    source: str
    posts: int
    mentions: int
    error: str | None = None


def register(sessions: Sessions, settings: Settings, now: datetime) -> None:
    """Give every configured source and brand its row; a new source is due at once."""
    with sessions.begin() as session:
        known = set(session.scalars(select(SourceState.name)))
        for source in settings.sources:
            if source.name not in known:
                session.add(SourceState(name=source.name, known_since=now, next_due_at=now))
        heard_of = set(session.scalars(select(BrandState.name)))
        for brand in settings.brands:
            if brand.name not in heard_of:
                session.add(BrandState(name=brand.name, known_since=now))


def due(sessions: Sessions, settings: Settings, now: datetime) -> list[str]:
    """The names of the sources whose time has come, longest waiting first."""
    every = {source.name: source.every for source in settings.sources}
    with reading(sessions) as session:
        free = select(SourceState.name, SourceState.next_due_at).where(
            SourceState.name.in_(every), _free(now)
        )
        rows = session.execute(free.order_by(SourceState.next_due_at)).all()
    return [name for name, due_at in rows if _has_come(due_at, every[name], now)]


def poll_due(
    sessions: Sessions,
    sources: Mapping[str, Source],
    listening: Mapping[str, Listening],
    settings: Settings,
    clock: Callable[[], datetime],
) -> list[Polled]:
    """Ask every source that is due, a few at a time."""
    names = [name for name in due(sessions, settings, clock()) if name in sources]
    if not names:
        return []

    def one(name: str) -> Polled | None:
        return poll(sessions, sources[name], listening[name], settings, clock)

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="poll") as threads:
        return [polled for polled in threads.map(one, names) if polled]


def poll(
    sessions: Sessions,
    source: Source,
    listening: Listening,
    settings: Settings,
    clock: Callable[[], datetime],
) -> Polled | None:
    """Ask one source and store what it says; None where another worker is at it."""
    cursor = _claim(sessions, source.name, clock())
    if cursor is _BUSY:
        return None
    posts = mentions = 0
    try:
        for page in _pages(source, cursor):
            with sessions.begin() as session:
                mentions += len(ingest.store(session, listening, page, clock()))
            posts += len(page.posts)
    except SourceError as error:
        return _failed(sessions, source.name, error, settings, clock(), posts, mentions)
    except Exception as error:
        # Whatever it was: a source whose posts we can't keep must neither stop the others nor fall silent.
        log.exception("posts_not_kept", source=source.name)
        told = SourceError(
            f"What {source.name} said could not be kept ({type(error).__name__}); see the log."
        )
        return _failed(sessions, source.name, told, settings, clock(), posts, mentions)
    _succeeded(sessions, source.name, settings, clock())
    log.info("polled", source=source.name, posts=posts, mentions=mentions)
    return Polled(source.name, posts, mentions)


def free(sessions: Sessions, names: Collection[str]) -> None:
    """Whoever polls these is about to die: the next process need not wait until they count as abandoned."""
    with sessions.begin() as session:
        theirs = update(SourceState).where(SourceState.name.in_(names))
        session.execute(theirs.values(polling_since=None))


_BUSY = object()


def _pages(source: Source, cursor: object) -> Iterator[Page]:
    """A source may raise only SourceError; where it breaks that promise, its bug must not stop the others."""
    try:
        yield from source.poll(cursor if isinstance(cursor, str) else None)
    except SourceError:
        raise
    except Exception as error:
        log.exception("source_bug", source=source.name)
        raise SourceError(
            f"{source.name} failed in a way of its own ({type(error).__name__}); see the log."
        ) from error


def _has_come(due_at: datetime, every: timedelta, now: datetime) -> bool:
    """A time farther off than any that we set was set by a clock that was ahead: nobody waits for it."""
    return due_at <= now or due_at > now + max(LONGEST_WAIT, LONGEST_ASKED, every)


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody polls it, or whoever began to is dead, or began by a clock that was ahead."""
    at_it = SourceState.polling_since.between(now - ABANDONED_AFTER, now + ABANDONED_AFTER)
    return or_(SourceState.polling_since.is_(None), not_(at_it))


def _claim(sessions: Sessions, name: str, now: datetime) -> object:
    with sessions.begin() as session:
        mine = update(SourceState).where(SourceState.name == name, _free(now)).values(polling_since=now)
        count = changed(session, mine)
        return session.get_one(SourceState, name).cursor if count == 1 else _BUSY


def _succeeded(sessions: Sessions, name: str, settings: Settings, now: datetime) -> None:
    source = settings.source(name)
    assert source is not None
    with sessions.begin() as session:
        state = session.get_one(SourceState, name)
        state.succeeded(now, source.every)
        health.tell(session, state, settings, now)


def _failed(
    sessions: Sessions,
    name: str,
    error: SourceError,
    settings: Settings,
    now: datetime,
    posts: int,
    mentions: int,
) -> Polled:
    source = settings.source(name)
    assert source is not None
    with sessions.begin() as session:
        state = session.get_one(SourceState, name)
        state.failed(str(error), now, wait(error, state.failures + 1, source.every))
        health.tell(session, state, settings, now)
    log.warning("poll_failed", source=name, error=str(error), permanent=error.permanent)
    return Polled(name, posts, mentions, str(error))


def wait(error: SourceError, failures: int, every: timedelta) -> timedelta:
    """How long to leave a failing source alone: as long as it says, or twice as long each time."""
    if error.retry_after is not None:
        return max(min(error.retry_after, LONGEST_ASKED), every)
    if error.permanent:
        return max(PERMANENT_WAIT, every)
    doublings: int = min(failures - 1, 10)
    return min(max(LONGEST_WAIT, every), every * 2.0**doublings)
