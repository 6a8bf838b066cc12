"""How far a forum has been read: per thread the last page and what stood on it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

MAX_THREADS = 2000
MAX_SEEN = 60
MAX_LEFT = 300
_OVERLAP = timedelta(days=1)
"""A post that waited for a moderator appears with the time at which it was written."""


@dataclass(kw_only=True)
class ReadThread:
    """What we know of a thread that we have read to its end, or could not read at all."""

    mark: str = ""
    """Of the row in the list: as long as it stays, nobody has written."""
    page: str = ""
    seen: list[str] = field(default_factory=list)
    """The ids on that page."""
    at: str = ""
    """When the newest post was written, ISO 8601."""
    back: str = ""
    """The older page that comes next, where there were too many to be read in one poll."""
    tries: int = 0
    """How often it could not be read, if it never could: only after some is it left alone until somebody writes."""


@dataclass(kw_only=True)
class Cursor:
    """All of it. Older threads fall out: a new post in one of them is found by its time."""

    threads: dict[str, ReadThread] = field(default_factory=dict)
    polled_at: datetime | None = None
    """When the forum was last read without a gap."""
    behind: bool = False
    """The last crawl was cut short: lists are read on past what we know."""
    etags: dict[str, str] = field(default_factory=dict)
    """Of the lists, where the server gives one."""
    listed: list[str] = field(default_factory=list)
    """The lists that staff named and that had threads: one without may be empty, until it has had some."""
    starts: list[str] = field(default_factory=list)
    """Where the last crawl began: what it left belongs to these."""
    left: list[str] = field(default_factory=list)
    """Pages of lists that the last crawl knew of and did not come to, those first that have waited longest."""

    def left_of(self, starts: list[str]) -> list[str]:
        """What was left, unless staff have named other lists since."""
        return self.left if self.starts == starts else []

    def floor(self, now: datetime, lookback: timedelta) -> datetime:
        """Posts from before this are not news."""
        start = now - lookback
        return min(start, self.polled_at - _OVERLAP) if self.polled_at else start

    def dump(self) -> str:
        newest = sorted(self.threads.items(), key=lambda pair: pair[1].at, reverse=True)[:MAX_THREADS]
        told = {
            "threads": {id: asdict(thread) for id, thread in newest},
            "polled_at": self.polled_at.isoformat() if self.polled_at else None,
            "behind": self.behind,
            "etags": self.etags,
            "listed": self.listed,
            "starts": self.starts,
            "left": self.left[:MAX_LEFT],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str | None) -> "Cursor":
        """The cursor in a text of dump; an empty one for anything else, so that a poll starts afresh."""
        try:
            told = json.loads(text or "{}")
            return cls(
                threads=dict(_threads(told.get("threads", {}))),
                polled_at=_time(told.get("polled_at")),
                behind=bool(told.get("behind")),
                etags={str(url): str(etag) for url, etag in told.get("etags", {}).items()},
                listed=[str(url) for url in told.get("listed", [])],
                starts=[str(url) for url in told.get("starts", [])],
                left=[str(url) for url in told.get("left", [])],
            )
        except (ValueError, TypeError, AttributeError):
            return cls()


def _threads(told: dict[str, Any]) -> Iterator[tuple[str, ReadThread]]:
    for id, thread in told.items():
        yield id, ReadThread(**thread)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
