"""What the pages of any forum say, whatever engine made them."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from monitor.source import Post, SourceError


@dataclass(frozen=True, kw_only=True)
class ThreadRow:
    """One line of a list of threads."""

    id: str
    url: str
    title: str
    mark: str
    """Changes when somebody writes; empty when the list does not show it."""
    last_at: datetime | None
    last_url: str | None
    """The page with the newest post, where the list links to it."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of an index or of a section."""

    sections: list[str] = field(default_factory=list)
    threads: list[ThreadRow] = field(default_factory=list)
    next: str | None = None


@dataclass(frozen=True, kw_only=True)
class ThreadPage:
    """One page of a thread, its posts in the order of the page."""

    posts: list[Post] = field(default_factory=list)
    next: str | None = None
    previous: str | None = None
    last: str | None = None

    @property
    def newest_first(self) -> bool:
        """Whether the posts run backward, as comments of shops do. Two alone may have another reason."""
        times = [post.posted_at for post in self.posts]
        return len(times) > 2 and times[0] > times[-1] and times == sorted(times, reverse=True)

    @property
    def newer(self) -> str | None:
        return self.previous if self.newest_first else self.next

    @property
    def older(self) -> str | None:
        return self.next if self.newest_first else self.previous

    def by_title(self) -> list[Post]:
        """The posts, with who wrote the title: who opened the thread, with the first post of its first page."""
        opens = not self.previous and not self.newest_first
        return [replace(post, title_is_own=opens and n == 0) for n, post in enumerate(self.posts)]


class Unreadable(SourceError):
    """The page is not what it should be. The message is the half of a sentence that follows its address."""

    def __init__(self, message: str, *, captcha: bool = False, login: bool = False):
        super().__init__(message, permanent=True)
        self.captcha = captcha
        """The site has taken us for a robot: what it says of this page is true of no page."""
        self.login = login
        """The site asks who we are, and shows nothing else."""


NO_THREAD = "it lists no thread: may guests read it?"


class Engine(Protocol):
    """Reads the pages of one kind of forum. Pure: nothing is fetched here."""

    def start_urls(self, url: str, sections: list[str]) -> list[str]:
        """The first pages of the lists of threads."""
        ...

    def listing(self, content: bytes, url: str) -> Listing:
        """Raise Unreadable where there are neither threads nor sections; a page after the first may be empty."""
        ...

    def thread(self, content: bytes, url: str, *, id: str = "", title: str = "") -> ThreadPage:
        """Raise Unreadable where there are no posts; id and title are those of the row, where there was one."""
        ...
