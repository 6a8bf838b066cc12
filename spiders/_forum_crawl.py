"""The crawl of a forum: lists of threads, then the threads in which somebody has written."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response
from w3lib.url import safe_url_string

from ._crawl_lines import End, Failure, Lines
from ._forum_cursor import Cursor, ReadThread
from ._forum_engine import engine
from ._forum_page import Listing, ThreadRow, Unreadable
from ._forum_visit import Visit
from ._links import page, same_site, shown
from ._site_crawl import SiteSpider

MAX_SECTIONS = 200
MAX_TRIES = 3
"""Polls in which a thread may be unreadable by chance; after these it counts as closed to guests."""
_NONE_LEFT = "it shows no thread any more, though it did: has the section moved?"
_GRACE = timedelta(days=1)  # lists round times, and leave out the zone


class Spider(SiteSpider):
    """Reads a forum from a cursor."""

    name = "forum"

    def __init__(self, *, keys: dict[str, Any], cursor: str | None, now: datetime, lines: Lines):
        super().__init__(keys=keys, now=now, lines=lines)
        self._sections: list[str] = keys["sections"]
        self._engine = engine(keys, now)
        self._cursor = Cursor.load(cursor)
        self._floor = self._cursor.floor(now, timedelta(days=keys["lookback"]))
        self._starts = [safe_url_string(url) for url in self._engine.start_urls(self.site, self._sections)]
        self._lists: set[str] = set()
        self._unasked: dict[str, None] = {}
        self._pending: dict[str, str] = {}  # a thread, and the page of a list on which it stands
        self._beyond: list[str] = []
        self._visited: set[str] = set()
        self._closed_threads: dict[str, ReadThread] = {}
        self._section_failure: Failure | None = None
        self._thread_failure: Failure | None = None
        self._missed = False
        self._listed = 0
        self._read = 0

    async def start(self) -> AsyncIterator[Request]:
        for url in [*self._cursor.left_of(self._starts), *self._starts]:
            number = 1 if url in self._starts else 2
            for request in self._list(url, number, first=self._starts == [url]):
                yield request

    def listing(self, response: Response, number: int, first: bool) -> Iterator[Request]:
        assert response.request is not None
        asked = _asked_of(response.request)
        self._unasked.pop(asked, None)
        if response.status == 304:
            self._listed += 1
            self.keep_old_etag(response, self._cursor.etags)
            return
        try:
            listing = self._engine.listing(self.content(response), response.url)
        except Unreadable as error:
            if error.captcha:
                self._unasked[asked] = None
            failure = Failure(f"{shown(response.url)}: {error}.", permanent=True)
            had_threads = asked in self._cursor.listed
            is_shut = error.login and self._is_asked_for(number, first)
            self._fail_list(failure, first=first or error.captcha or had_threads or is_shut)
            return
        if self._sections and not listing.threads and asked in self._cursor.listed:
            self.fail(Failure(f"{shown(asked)}: {_NONE_LEFT}", permanent=True))
            return
        self._note_listed(asked, listing)
        if not listing.sections:  # they may change while the list of them does not
            self.keep_etag(response)
        yield from self._follow(listing, number, first=first, turn=response.request.priority, asked=asked)

    def thread(self, response: Response, visit: Visit) -> Iterator[Request]:
        try:
            told = self._engine.thread(
                self.content(response), response.url, id=visit.row.id, title=visit.row.title
            )
        except Unreadable as error:
            failure = Failure(f"{shown(response.url)}: {error}.", permanent=True)
            if not error.captcha and visit.leave_older():
                self._end(visit)
            else:
                self._fail_thread(visit, failure, captcha=error.captcha)
            return
        posts, following = visit.read(told, page(response.url))
        for post in posts:
            self.lines.post(post)
        if following:
            assert response.request is not None
            yield self.ask(following, self.thread, priority=response.request.priority, visit=visit)
        else:
            self._end(visit)

    def closed(self, reason: str) -> None:
        """The last line. What was read is remembered even if the crawl was cut short."""
        whole = self._list_failure() is None and reason == "finished"
        cut = reason != "finished"
        failure = self._told() or self._too_much(list(self._unasked) if cut else [])
        unread = [url for url in [*self._unasked, *self._pending.values()] if cut or url not in self._starts]
        self._cursor.starts, self._cursor.left = self._starts, list(dict.fromkeys([*unread, *self._beyond]))
        self._cursor.behind = not whole or self._missed or bool(self._cursor.left)
        if whole and not self._cursor.left:
            self._cursor.polled_at = self.now
        self._cursor.etags = {} if self._cursor.behind else self.newest_etags()
        if self._read:  # when nothing at all could be read the fault may be ours: a selector
            self._cursor.threads.update(self._closed_threads)
        self.lines.end(End(cursor=self._cursor.dump(), failure=failure))

    def gone(self, request: Request, told: Failure) -> Request | None:
        """A thread may be entered in another way: a remembered page can vanish. A list that must be there may not."""
        visit: Visit | None = request.cb_kwargs.get("visit")
        if visit is None:
            self._list_gone(request, told)
            return None
        if not visit.is_read and (first := visit.first()):
            return self.ask(first, self.thread, priority=request.priority, visit=visit)
        if told.permanent and visit.leave_older():
            self._end(visit)
        else:
            self._fail_thread(visit, told)
        return None

    def _follow(
        self, listing: Listing, number: int, *, first: bool, turn: int, asked: str
    ) -> Iterator[Request]:
        if not self._sections:
            for section in listing.sections[:MAX_SECTIONS]:
                yield from self._list(section, 1, first=False)
        fresh = [row for row in listing.threads if self._is_fresh(row)]
        for row in fresh:
            yield from self._visit(row, turn, asked)
        if not listing.next or not self._goes_on(listing, fresh):
            return
        if number < self.max_pages:
            yield from self._list(listing.next, number + 1, first=first, turn=turn)
        elif listing.next not in self._lists and any(row.mark or row.last_at for row in fresh):
            self._beyond.append(listing.next)

    def _list(self, url: str, number: int, *, first: bool, turn: int | None = None) -> Iterator[Request]:
        """A page of a list. Each list has its turn, a priority: what is found on it comes before the next list."""
        if url in self._lists:
            return
        self._lists.add(url)
        self._unasked[url] = None
        turn = -2 * len(self._lists) if turn is None else turn
        etag = None if self._cursor.behind else self._cursor.etags.get(url)
        yield self.ask(url, self.listing, etag=etag, priority=turn, number=number, first=first)

    def _note_listed(self, url: str, listing: Listing) -> None:
        self._listed += len(listing.threads)
        if listing.threads and url in self._starts and url not in self._cursor.listed:
            self._cursor.listed.append(url)

    def _visit(self, row: ThreadRow, turn: int, asked: str) -> Iterator[Request]:
        self._visited.add(row.id)
        known = self._cursor.threads.get(row.id)
        visit = Visit(row, known, floor=self._floor, max_pages=self.max_pages)
        if first := visit.first():
            self._pending[row.id] = asked
            yield self.ask(first, self.thread, priority=turn + 1, visit=visit)

    def _end(self, visit: Visit) -> None:
        self._read += 1
        self._pending.pop(visit.row.id, None)
        self._missed = self._missed or not visit.is_whole
        self._cursor.threads[visit.row.id] = visit.result()

    def _is_fresh(self, row: ThreadRow) -> bool:
        if row.id in self._visited or not same_site(row.url, self.site):
            return False
        known = self._cursor.threads.get(row.id)
        if known is not None and row.mark and known.mark == row.mark:
            return False
        return row.last_at is None or row.last_at >= self._floor - _GRACE

    def _goes_on(self, listing: Listing, fresh: list[ThreadRow]) -> bool:
        """Lists have the newest first: where all is known or old, so is what follows."""
        if fresh or not listing.threads:
            return True
        times = [row.last_at for row in listing.threads]
        return self._cursor.behind and any(time is None or time >= self._floor for time in times)

    def _list_gone(self, request: Request, told: Failure) -> None:
        if self._may_be_missing(request, told):
            self._unasked.pop(_asked_of(request), None)
            self._missed = self._missed or request.cb_kwargs["number"] > 1  # what is on it was not seen
            self._fail_list(told, first=False)
        else:
            self.fail(told)

    def _may_be_missing(self, request: Request, told: Failure) -> bool:
        """Whether it is a list that staff did not ask for, and that will not come back soon, or leads elsewhere."""
        asked_for = self._is_asked_for(request.cb_kwargs["number"], request.cb_kwargs["first"])
        return not asked_for and (told.permanent or not same_site(request.url, self.site))

    def _is_asked_for(self, number: int, first: bool) -> bool:
        """Whether it is the beginning of a list that staff named, or of the only one."""
        return number == 1 and (first or bool(self._sections))

    def _fail_list(self, failure: Failure, *, first: bool) -> None:
        """One of many sections may be empty, or for members only: that is its right. The only list may not."""
        if first:
            self.fail(failure)
        else:
            self.logger.info("%s", failure.message)
            self._section_failure = self._section_failure or failure

    def _fail_thread(self, visit: Visit, failure: Failure, *, captcha: bool = False) -> None:
        """One unreadable thread is no failure of the forum; when none can be read, it is (see _told)."""
        self._pending.pop(visit.row.id, None)
        self.logger.info("%s", failure.message)
        known = self._cursor.threads.get(visit.row.id) or ReadThread()
        if captcha:
            self.fail(failure)
        elif failure.permanent and known.tries:  # others could be read when it first could not
            self._cursor.threads[visit.row.id] = self._tried(visit, known)
        else:
            self._thread_failure = self._thread_failure or failure
            self._missed = True
            if failure.permanent and not known.page:  # what was open once may be so again
                self._closed_threads[visit.row.id] = self._tried(visit, known)

    def _tried(self, visit: Visit, known: ReadThread) -> ReadThread:
        """What to remember of a thread that could not be read: its mark only when trying again is no use."""
        tries = known.tries + 1
        self._missed = self._missed or tries < MAX_TRIES
        mark = visit.row.mark if tries >= MAX_TRIES else ""
        return ReadThread(mark=mark, at=self.now.isoformat(), tries=tries)

    def _list_failure(self) -> Failure | None:
        """Why a list is missing that must be there, or why all are."""
        return self.failure or (None if self._listed else self._section_failure)

    def _told(self) -> Failure | None:
        return self._list_failure() or (None if self._read else self._thread_failure)

    def _too_much(self, unasked: list[str]) -> Failure | None:
        """Told where what a crawl left was left by the next one, too. Waiting longer would not make it less."""
        if set(unasked).isdisjoint(self._cursor.left_of(self._starts)):
            return None
        return Failure(
            f"{shown(self.site)} is too large to be read in four minutes: some lists of threads had no turn at two"
            " polls in a row. Name those that matter in `sections`.",
            wait=0,
        )


def _asked_of(request: Request) -> str:
    """The address that it was first, whatever it was sent on to."""
    return str(request.meta.get("redirect_urls", [request.url])[0])
