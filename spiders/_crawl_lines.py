"""What a crawl in a child process says to its parent: one JSON object a line, posts first, the end last."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import IO, Any

from monitor.source import Answerable, Post, SourceError

MAX_LINE = 4_000_000
"""Bytes; the cursor of a big forum is the longest line."""


@dataclass
class Failure:
    """Why a crawl did not do all that it should: a SourceError on its way."""

    message: str
    permanent: bool = False
    wait: float | None = None
    """Seconds for which the site asks to be left alone."""

    def error(self) -> SourceError:
        wait = timedelta(seconds=self.wait) if self.wait is not None else None
        return SourceError(self.message, permanent=self.permanent, retry_after=wait)


@dataclass
class End:
    """The last line of a crawl. Without a cursor nothing was read that could be remembered."""

    cursor: str | None
    failure: Failure | None = None


class Lines:
    """The child's side: writes."""

    def __init__(self, out: IO[str]):
        self._out = out

    def post(self, post: Post) -> None:
        told = asdict(post) | {"posted_at": post.posted_at.isoformat()}
        self._write({"post": told})

    def end(self, end: End) -> None:
        self._write({"end": asdict(end)})

    def _write(self, told: dict[str, Any]) -> None:
        self._out.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._out.flush()


def read_line(line: bytes) -> Post | End:
    """The parent's side. ValueError for a line that is not of ours."""
    try:
        told = json.loads(line)
        return _end(told["end"]) if "end" in told else _post(told["post"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a line of a crawl: {error}") from None


def _post(told: dict[str, Any]) -> Post:
    posted_at = datetime.fromisoformat(told["posted_at"])
    return Post(**told | {"posted_at": posted_at, "answerable": Answerable(told["answerable"])})


def _end(told: dict[str, Any]) -> End:
    failure = told["failure"]
    return End(cursor=told["cursor"], failure=Failure(**failure) if failure else None)
