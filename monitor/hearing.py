"""What a source is told rather than asked for: nobody tells it again, so it waits here until the database has it."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import OperationalError

from monitor import ingest
from monitor.db import Sessions
from monitor.ingest import Listening
from monitor.source import Page, Post, Source, SourceError

log = structlog.get_logger()

MOST = 10_000
"""Posts of a source that wait at most: a day of busy groups."""


@dataclass
class Hearing:
    """The ear of one source. Safe to use from many threads."""

    sessions: Sessions
    listening: Listening
    clock: Callable[[], datetime]
    waiting: list[Post] = field(default_factory=list)
    error: str | None = None
    """What kept the newest post out; None once one is kept."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def hear(self, posts: Sequence[Post]) -> int:
        """Store these, and what waits; return the number of mentions."""
        self._wait(posts)
        return self.store()

    def store(self) -> int:
        """Store what waits, each post by itself: one that no database takes keeps none of the others out."""
        with self.lock:
            posts, self.waiting = self.waiting, []
        mentions = 0
        for number, post in enumerate(posts):
            try:
                mentions += self._store(post)
            except OperationalError as error:
                self.error = type(error).__name__
                self._wait([*posts[number + 1 :], post])
                log.error(
                    "not_stored", source=self.listening.source, waiting=len(self.waiting), error=str(error)
                )
                break
            except Exception as error:
                self.error = type(error).__name__
                self._wait(posts[number + 1 :])
                raise
            else:
                self.error = None
        return mentions

    def _store(self, post: Post) -> int:
        with self.sessions.begin() as session:
            return len(ingest.store(session, self.listening, Page([post], None), self.clock()))

    def _wait(self, posts: Sequence[Post]) -> None:
        with self.lock:
            waiting = [*self.waiting, *posts]
            self.waiting = waiting[-MOST:]
        if len(waiting) > MOST:
            log.error("lost", source=self.listening.source, posts=len(waiting) - MOST)


@dataclass
class Heard:
    """A source that is told, as it is asked: it is not well while what it was told can't be kept."""

    name: str
    source: Source
    ear: Hearing

    def poll(self, cursor: str | None) -> Iterator[Page]:
        yield from self.source.poll(cursor)
        if self.ear.error is not None:
            # What waits is stored at the next poll: that is not put off.
            raise SourceError(
                f"What {self.name} said could not be kept ({self.ear.error}); see the log.",
                retry_after=timedelta(0),
            )
