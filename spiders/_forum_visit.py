"""One visit to one thread: which page is read next, and when the thread has been read."""

from collections.abc import Iterable
from datetime import UTC, datetime

from monitor.source import Post

from ._forum_cursor import MAX_SEEN, ReadThread
from ._forum_page import ThreadPage, ThreadRow


class Visit:
    """Reading starts where we stopped (or at the newest page), goes on to the end, then back to what is known."""

    def __init__(self, row: ThreadRow, known: ReadThread | None, *, floor: datetime, max_pages: int):
        self.row = row
        self._known = known
        self._floor = floor
        self._pages_left = max_pages
        self._seen = set(known.seen) if known else set()
        self._given: set[str] = set()
        self._asked: set[str] = set()
        self._back: str | None = None
        self._left = known.back if known else ""
        self._resumed = False
        self._forward = True
        self._jumped = False
        self._ended = False
        self._last: ThreadPage | None = None
        self._last_url = ""
        self._detours = [url for url in (row.last_url, row.url) if url]

    def first(self) -> str | None:
        """The page to begin with; called again when that page is gone: another way in, or None."""
        if self._known and self._known.page and not self._asked:
            return self._ask(self._known.page)
        while self._detours:
            if url := self._ask(self._detours.pop(0)):
                return url
        return None

    def read(self, page: ThreadPage, url: str) -> tuple[list[Post], str | None]:
        """The new posts of a page, and the next page to fetch."""
        first = self._last is None
        known = any(self._is_known(post) for post in page.posts)
        fresh = [post for post in page.by_title() if self._is_new(post)]
        self._given.update(post.id for post in fresh)
        if first and not self._jumped and self._is_all_old(page) and (jump := self._ask(page.last)):
            self._jumped = True
            return [], jump
        if self._forward and self._is_newest(page):
            self._last, self._last_url = page, url
        if first or not self._forward:
            self._back = self._take_left() if known else page.older
        return fresh, self._next(page)

    def result(self) -> ReadThread:
        """What to remember. Without the mark if there is more to read, so that the next crawl goes on."""
        assert self._last is not None
        ids = [post.id for post in self._last.posts]
        times = [post.posted_at.isoformat() for post in self._last.posts]
        known = self._known.seen if self._known else []
        return ReadThread(
            mark=self.row.mark if self.is_whole else "",
            page=self._last_url,
            back=self._unread,
            seen=_last_of([*known, *ids]),
            at=max([*times, self._known.at if self._known else ""], default=""),
        )

    @property
    def is_read(self) -> bool:
        """Whether any page of the thread could be read."""
        return self._last is not None

    @property
    def is_whole(self) -> bool:
        """Whether all that is new was read."""
        return self._ended and not self._unread

    def leave_older(self) -> bool:
        """Do without the older page that was asked last, and what is behind it; False where it was a newer one."""
        if self._forward:
            return False
        self._back, self._left = None, ""
        return True

    @property
    def _unread(self) -> str:
        return self._back if self._back and self._back not in self._asked else self._left

    def _take_left(self) -> str | None:
        left, self._left = self._left, ""
        self._resumed = self._resumed or bool(left)
        return left or None

    def _is_known(self, post: Post) -> bool:
        """Whether what is older has been read. What was left has slid in among pages seen since: only its age tells there."""
        return post.posted_at < self._floor or (post.id in self._seen and not self._resumed)

    def _next(self, page: ThreadPage) -> str | None:
        if self._forward:
            if page.newer and (following := self._ask(page.newer)):
                return following
            self._forward = False
            self._ended = page.newer is None or page.newer in self._asked
        return self._ask(self._back)

    def _is_newest(self, page: ThreadPage) -> bool:
        """Of pages read forward it is the last; where a thread runs backward, the one with the newest post."""
        return self._last is None or not page.newest_first or _newest(page) >= _newest(self._last)

    def _is_new(self, post: Post) -> bool:
        return post.id not in self._seen and post.id not in self._given and post.posted_at >= self._floor

    def _is_all_old(self, page: ThreadPage) -> bool:
        """Whether what is new, if anything, is on a later page."""
        return (
            bool(page.posts)
            and not page.newest_first
            and all(post.posted_at < self._floor for post in page.posts)
        )

    def _ask(self, url: str | None) -> str | None:
        if url is None or url in self._asked or self._pages_left <= 0:
            return None
        self._asked.add(url)
        self._pages_left -= 1
        return url


def _newest(page: ThreadPage) -> datetime:
    return max((post.posted_at for post in page.posts), default=datetime.min.replace(tzinfo=UTC))


def _last_of(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(reversed(list(ids))))[:MAX_SEEN][::-1]
