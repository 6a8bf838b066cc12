"""A forum: its sections, threads and posts, read as a visitor reads them."""

import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from monitor.source import Answerable, Page, Post, Posted, PostRef, SourceError

from . import _reply_form
from ._child import crawl
from ._engines import Selectors
from ._engines import selectors as selectors_of
from ._forum_engine import JSON_ENGINES
from ._forum_engine import engine as engine_of
from ._forum_page import Engine, Unreadable
from ._http import client, user_agent
from ._keys import Days, LanguageCode, Pages, SitePlace, WebAddress, require_order, require_web_port
from ._links import shown
from ._login import Account
from ._markup import utf8, xpath
from ._robots import require_allowed

_NEEDED = ("thread", "post", "author", "time", "body")
_NOT_CSS = {
    "thread_pattern",
    "date_order",
    "login_url",
    "login_username",
    "login_password",
    "reply_text",
    "reply_length",
}


@dataclass(kw_only=True)
class Source:
    """Reads only; with a login the configuration gives SourceWithLogin (see build)."""

    name: str
    url: WebAddress
    """The index, a section, or any other list of threads."""
    engine: str
    """A preset of config/engines, or custom."""
    selectors: dict[str, str] = field(default_factory=dict)
    """Own selectors over those of the preset; see _engines.Selectors for the names."""
    sections: list[SitePlace] = field(default_factory=list)
    """Paths or addresses of the only sections to read; all that the index shows by default."""
    max_pages: Pages = 20
    """Of one section, and of one thread, in one poll."""
    lookback: Days = 7
    """Days before the first poll from which posts are still news."""
    login: dict[str, str] | None = field(default=None, repr=False)
    """username and password of the account that answers; account, where the site shows it under another name."""
    timezone: str = "UTC"
    """What the site's times mean where they don't say: Europe/Kyiv."""
    language: LanguageCode | None = None
    allow_private: bool = False
    contact: str = ""
    """An address or a page for the forum's owner, told in the user agent."""

    def __post_init__(self) -> None:
        require_web_port(self.url, allow_private=self.allow_private)
        chosen = selectors_of(self.engine, self.selectors)
        for key, value in asdict(chosen).items():
            if value and key not in _NOT_CSS:
                _check_css(key, value)
        _check_others(chosen)
        missing = [] if self.engine in JSON_ENGINES else [key for key in _NEEDED if not getattr(chosen, key)]
        if missing:
            raise ValueError(f"the engine {self.engine} needs selectors.{', selectors.'.join(missing)}")
        if self.login is not None:
            _check_login(self.login, self.engine, chosen)
        try:
            ZoneInfo(self.timezone)
        except (KeyError, OSError, ValueError):
            raise ValueError(f"timezone {self.timezone!r} is not known: write it as Europe/Kyiv") from None

    def poll(self, cursor: str | None) -> Iterator[Page]:
        return crawl("forum", self._keys(), cursor, datetime.now(UTC))

    def check(self) -> str:
        """Read the first list of threads; nothing is changed."""
        engine = engine_of(self._keys(), datetime.now(UTC))
        first = engine.start_urls(self.url, self.sections)[0]
        web = client(user_agent=user_agent(self.contact), allow_private=self.allow_private)
        require_allowed(web, first)
        fetched = web.get(first)
        content = utf8(fetched.body, fetched.headers.get("content-type", ""))
        try:
            told = engine.listing(content, fetched.url)
        except Unreadable as error:
            raise SourceError(f"{shown(fetched.url)}: {error}.", permanent=error.permanent) from None
        return f"{shown(fetched.url)} lists {len(told.sections)} sections and {len(told.threads)} threads."

    def _keys(self) -> dict[str, Any]:
        """What the crawl must know: all but the login, which it doesn't need."""
        keys = asdict(self)
        del keys["login"], keys["name"]
        return keys | {"answerable": self._answerable.value}

    @property
    def _answerable(self) -> Answerable:
        return Answerable.HAND_OFF


@dataclass(kw_only=True)
class SourceWithLogin(Source):
    """Answers too, through the site's reply form."""

    def __post_init__(self) -> None:
        super().__post_init__()
        assert self.login is not None
        self._turn = threading.Lock()
        self._account = Account(
            url=self.url,
            selectors=selectors_of(self.engine, self.selectors),
            name=self.login.get("account") or self.login["username"],
            username=self.login["username"],
            password=self.login["password"],
            allow_private=self.allow_private,
            contact=self.contact,
        )

    @property
    def account(self) -> str:
        return self._account.name

    @property
    def max_length(self) -> int:
        return int(self._account.selectors.reply_length)

    def reply(self, post: PostRef, text: str) -> Posted:
        if len(text) > self.max_length:
            raise SourceError(f"The answer has {len(text)} characters; the forum takes {self.max_length}.")
        with self._turn:
            return _reply_form.reply(self._account, self._engine(), post, text)

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        with self._turn:
            return _reply_form.find(self._account, self._engine(), post, text)

    def check(self) -> str:
        """Read the first list of threads, and log in."""
        told = super().check()
        with self._turn:
            self._account.log_in_again()
        return f"{told} Logged in as {self.account}."

    def _engine(self) -> Engine:
        return engine_of(self._keys(), datetime.now(UTC))

    @property
    def _answerable(self) -> Answerable:
        return Answerable.API


def build(**keys: Any) -> Source:
    """The source for the keys of a configuration: one that can answer only where there is a login."""
    return SourceWithLogin(**keys) if keys.get("login") else Source(**keys)


def parse(
    content: bytes,
    *,
    url: str,
    engine: str,
    now: datetime,
    selectors: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    language: str | None = None,
    thread_id: str = "",
    title: str = "",
) -> list[Post]:
    """The posts on one page of a thread, in the order of the page. Pure; SourceError where it is no such page."""
    keys = {
        "engine": engine,
        "selectors": selectors or {},
        "timezone": timezone,
        "language": language,
        "answerable": Answerable.HAND_OFF,
    }
    return engine_of(keys, now).thread(content, url, id=thread_id, title=title).posts


def _check_css(key: str, value: str) -> None:
    try:
        xpath(value)
    except ValueError as error:
        raise ValueError(f"selectors.{key}: {error}") from None


def _check_others(chosen: Selectors) -> None:
    """Those that are no CSS selectors."""
    require_order(chosen.date_order)
    if not re.fullmatch("[1-9][0-9]{0,6}", chosen.reply_length):
        raise ValueError('selectors.reply_length is a number of characters in quotes, such as "5000"')
    try:
        groups = re.compile(chosen.thread_pattern).groups
    except (re.error, OverflowError, RecursionError):
        groups = 0
    if chosen.thread_pattern and not groups:
        raise ValueError(
            "selectors.thread_pattern is a regular expression with the thread's id in ( ), such as '/topic/(\\d+)'"
        )


def _check_login(login: Mapping[str, str], engine: str, chosen: Selectors) -> None:
    if not {"username", "password"} <= set(login) <= {"username", "password", "account"}:
        raise ValueError("login needs username and password, and knows nothing else but account")
    if not chosen.login_url or not chosen.reply_form or not chosen.reply_text:
        raise ValueError(
            f"the engine {engine} has no known reply form: give selectors.login_url, reply_form and reply_text,"
            " or leave login out"
        )
