"""The crawl of review pages, from the newest on."""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin

from scrapy import Request
from scrapy.http import Response

from monitor.source import Post

from ._crawl_lines import End, Failure, Lines
from ._forum_page import Unreadable
from ._links import shown
from ._reviews_page import read_reviews, selectors_of, undated_id
from ._site_crawl import SiteSpider

MAX_SEEN = 5000
_OVERLAP = timedelta(days=1)
_NONE_LEFT = "it shows no review any more, though it did: has the page moved, or does it ask for a captcha?"


@dataclass(kw_only=True)
class Cursor:
    """The ids that were given, newest last, and when all was read."""

    seen: list[str] = field(default_factory=list)
    polled_at: str = ""
    behind: bool = False
    etags: dict[str, str] = field(default_factory=dict)
    reviewed: list[str] = field(default_factory=list)
    """The first pages that had reviews."""

    def floor(self, now: datetime, lookback: timedelta) -> datetime:
        """Reviews from before this are not news."""
        start = now - lookback
        return min(start, datetime.fromisoformat(self.polled_at) - _OVERLAP) if self.polled_at else start

    @classmethod
    def load(cls, text: str | None) -> "Cursor":
        """The cursor, or an empty one for a text that is none."""
        try:
            cursor = cls(**json.loads(text or "{}"))
            cursor.floor(datetime.fromisoformat("2026-01-01T00:00:00+00:00"), timedelta(0))
        except (ValueError, TypeError):
            return cls()
        return cursor


class Spider(SiteSpider):
    """Reads review pages from a cursor."""

    name = "reviews"

    def __init__(self, *, keys: dict[str, Any], cursor: str | None, now: datetime, lines: Lines):
        super().__init__(keys=keys, now=now, lines=lines)
        self._keys = keys
        self._selectors = selectors_of(keys["selectors"])
        self._cursor = Cursor.load(cursor)
        self._floor = self._cursor.floor(now, timedelta(days=keys["lookback"]))
        self._seen = dict.fromkeys(self._cursor.seen)
        self._reviewed = dict.fromkeys(self._cursor.reviewed)
        self._asked: set[str] = set()

    async def start(self) -> AsyncIterator[Request]:
        for address in self._keys["pages"] or [self.site]:
            first = urljoin(self.site, address)
            for request in self._page(first, 1, first=first):
                yield request

    def reviews(self, response: Response, number: int, first: str) -> Iterator[Request]:
        if response.status == 304:
            self.keep_old_etag(response, self._cursor.etags)
            return
        try:
            told = read_reviews(
                self.content(response),
                response.url,
                self._selectors,
                now=self.now,
                timezone=self._keys["timezone"],
                language=self._keys["language"],
            )
        except Unreadable as error:
            if number == 1:  # a page after the last may be empty
                self.fail(Failure(f"{shown(response.url)}: {error}.", permanent=True))
            return
        if number == 1 and told.has_reviews:
            self._reviewed[first] = None
        elif number == 1 and first in self._reviewed:
            self.fail(Failure(f"{shown(response.url)}: {_NONE_LEFT}", permanent=True))
            return
        self.keep_etag(response)
        fresh = [post for post in told.posts if self._is_new(post)]
        for post in fresh:
            self._seen[post.id] = None
            self.lines.post(post)
        if told.next and number < self.max_pages and (fresh or self._cursor.behind):
            yield from self._page(told.next, number + 1, first=first)

    def _is_new(self, post: Post) -> bool:
        ids = {post.id, undated_id(post.author, post.text)}
        return ids.isdisjoint(self._seen) and post.posted_at >= self._floor

    def closed(self, reason: str) -> None:
        """The last line. What was read is remembered even if the crawl was cut short."""
        whole = self.failure is None and reason == "finished"
        cursor = Cursor(
            seen=list(self._seen)[-MAX_SEEN:],
            polled_at=self.now.isoformat() if whole else self._cursor.polled_at,
            behind=not whole,
            etags=self.newest_etags() if whole else {},
            reviewed=list(self._reviewed),
        )
        told = json.dumps(vars(cursor), ensure_ascii=False, separators=(",", ":"))
        self.lines.end(End(cursor=told, failure=self.failure))

    def _page(self, url: str, number: int, *, first: str) -> Iterator[Request]:
        if url in self._asked:
            return
        self._asked.add(url)
        etag = None if self._cursor.behind else self._cursor.etags.get(url)
        yield self.ask(url, self.reviews, etag=etag, number=number, first=first)
