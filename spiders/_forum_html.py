"""Forums read as HTML, by the selectors of their engine."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from monitor.source import Answerable, Post

from ._captcha import TOLD, is_challenge
from ._dates import read_time
from ._engines import Selectors
from ._forum_page import Listing, ThreadPage, ThreadRow, Unreadable
from ._links import absolute, page, same_site
from ._markup import every, found, link, read, words
from ._text import one_line, plain

_TIME_ATTRIBUTES = ("datetime", "data-time", "data-timestamp", "title")
# With a day alone the posts of a day would have no order; "yesterday, 10:15" says more than a title with the day.
_CLOCK = re.compile(r"\d[:.]\d\d(?!\.?\d)|^\d{9,13}$|\d(min|m|h)\b|ago|тому|назад|acum")
# Other letters right beside a number may be a part of it, as in hexadecimal and other made up ids.
_LONE_NUMBER = re.compile(r"(?:\D*[\W_])?(?:p|pid|post|msg|message|comment|reply)?(\d{1,20})(?:[\W_]\D*)?")
_MAX_ID = 64


@dataclass(frozen=True, kw_only=True)
class HtmlEngine:
    """Reads pages by selectors. now is what "5 minutes ago" counts from, timezone what a naive time means."""

    selectors: Selectors
    now: datetime
    timezone: str = "UTC"
    language: str | None = None
    answerable: Answerable = Answerable.HAND_OFF

    def start_urls(self, url: str, sections: list[str]) -> list[str]:
        return [urljoin(url, section) for section in sections] or [url]

    def listing(self, content: bytes, url: str) -> Listing:
        document = read(content)
        sections = self._links(document, self.selectors.section, url)
        rows = [row for each in every(document, self.selectors.thread) if (row := self._row(each, url))]
        if not rows and not sections:
            raise _nothing(document, "thread", self.selectors.thread)
        return Listing(
            sections=sections, threads=rows, next=self._page_link(document, self.selectors.list_next, url)
        )

    def thread(self, content: bytes, url: str, *, id: str = "", title: str = "") -> ThreadPage:
        document = read(content)
        of_page = _PageOfThread(
            url=url,
            thread_id=id or thread_id(url, self.selectors.thread_pattern),
            title=one_line(words(document, self.selectors.title)) or title,
        )
        elements = every(document, self.selectors.post)
        if not elements:
            raise _nothing(document, "post", self.selectors.post)
        return ThreadPage(
            posts=list(self._posts(elements, of_page)),
            next=self._page_link(document, self.selectors.next, url),
            previous=self._page_link(document, self.selectors.previous, url),
            last=self._page_link(document, self.selectors.last, url),
        )

    def _row(self, row: Selector, url: str) -> ThreadRow | None:
        chosen = self.selectors
        address = self._page_link(row, chosen.thread_link, url)
        if address is None:
            return None
        last = self._page_link(row, chosen.thread_last, url, whole=True)
        mark = "|".join(
            [words(row, chosen.thread_replies), last or "", *_exact_times(row, chosen.thread_time)]
        )
        return ThreadRow(
            id=thread_id(address, chosen.thread_pattern),
            url=address,
            title=one_line(words(row, chosen.thread_link)),
            mark=hashlib.sha256(mark.encode()).hexdigest()[:12] if mark.strip("|") else "",
            last_at=self._time(spellings(row, chosen.thread_time)),
            last_url=page(last) if last else None,
        )

    def _posts(self, elements: list[Selector], of_page: "_PageOfThread") -> Iterator[Post]:
        times = [self._time(spellings(element, self.selectors.time)) for element in elements]
        if not any(times):
            raise Unreadable(f"no post has a time where the selector time ({self.selectors.time!r}) looks")
        for element, time in zip(elements, self._all_known(times), strict=True):
            post = self._post(element, of_page, time)
            if post is not None:
                yield post

    def _all_known(self, times: list[datetime | None]) -> list[datetime]:
        """An unreadable time is at most that of the next post, or now: with one too early a new post would be lost."""
        later, known = self.now, []
        for time in reversed(times):
            later = time or later
            known.append(later)
        return known[::-1]

    def _post(self, element: Selector, of_page: "_PageOfThread", posted_at: datetime) -> Post | None:
        author = one_line(words(element, self.selectors.author))
        text = self._text(element)
        if not author or not text:  # a picture alone, a quotation alone, a notice of the engine
            return None
        id = _post_id(words(element, self.selectors.post_id)) or _hash(of_page.thread_id, author, text)
        own = absolute(of_page.url, link(element, self.selectors.permalink))
        anchor = words(element, "::attr(id)") or id
        return Post(
            id=id,
            url=own if own and same_site(own, of_page.url) else f"{page(of_page.url)}#{anchor}",
            author=author,
            text=text,
            posted_at=posted_at,
            title=of_page.title,
            thread_id=of_page.thread_id,
            language=self.language,
            answerable=self.answerable,
        )

    def _text(self, element: Selector) -> str:
        body = found(element, self.selectors.body)
        if body is None:
            return ""
        for other in every(body, self.selectors.drop):
            if other.root is not body.root:
                _remove(other)
        body.root.tag = "div"  # vBulletin writes posts in <blockquote>, which would be read as a quotation
        return plain(body.get())

    def _time(self, spellings: list[str]) -> datetime | None:
        return read_time(spellings, now=self.now, timezone=self.timezone, order=self.selectors.date_order)

    def _links(self, document: Selector, css: str, url: str) -> list[str]:
        hrefs = (match.attrib.get("href") for match in every(document, css))
        addresses = (page(address) for href in hrefs if (address := absolute(url, href)))
        return list(dict.fromkeys(address for address in addresses if same_site(address, url)))

    def _page_link(self, within: Selector, css: str, url: str, *, whole: bool = False) -> str | None:
        address = absolute(url, link(within, css))
        if address is None or not same_site(address, url):
            return None
        return address if whole else page(address)


@dataclass(frozen=True, kw_only=True)
class _PageOfThread:
    url: str
    thread_id: str
    title: str


def thread_id(url: str, pattern: str) -> str:
    """The id of a thread in its address, or else its path."""
    match = re.search(pattern, url) if pattern else None
    parts = urlsplit(page(url))
    return match[1] if match else parts.path + (f"?{parts.query}" if parts.query else "")


def spellings(within: Selector, css: str) -> list[str]:
    """The ways in which a time is written, the exact ones first, the visible text last."""
    exact: list[str] = []
    visible: list[str] = []
    for match in every(within, css)[:3]:
        if isinstance(match.root, str):
            visible.append(match.root)
            continue
        told = [match.xpath(f"descendant-or-self::*/@{name}").getall()[:3] for name in _TIME_ATTRIBUTES]
        own = " ".join(match.xpath("text()").getall())
        exact += [spelling for spellings in told for spelling in spellings]
        visible += [f"{day} {own}" for day in told[-1] if _CLOCK.search(own) and not _CLOCK.search(day)]
        visible += [own, " ".join(match.xpath(".//text()").getall())]
    return sorted([*exact, *visible], key=lambda spelling: not _CLOCK.search(spelling))


def _exact_times(within: Selector, css: str) -> list[str]:
    """The machine's spellings of a time: unlike "5 minutes ago" they stay as long as nobody writes."""
    elements = [match for match in every(within, css)[:3] if not isinstance(match.root, str)]
    return [
        spelling
        for match in elements
        for name in _TIME_ATTRIBUTES
        for spelling in match.xpath(f"descendant-or-self::*/@{name}").getall()[:3]
        if any(character.isdigit() for character in spelling)
    ]


def _post_id(written: str) -> str:
    """p123, post-123, js-post-123 and 123 are all 123. What is no lone number is meant as a whole: 65f1ab3c9e4d."""
    if number := _LONE_NUMBER.fullmatch(written):
        return number[1]
    if not any(character.isdigit() for character in written):  # "post" may be the id of all of them
        return ""
    return written if len(written) <= _MAX_ID else _hash(written)


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


def _remove(part: Selector) -> None:
    if isinstance(part.root, str) or part.root.getparent() is None:
        return
    part.drop()


def _nothing(document: Selector, what: str, css: str) -> Unreadable:
    if found(document, "input[type=password]") is not None:  # it may have a captcha of its own
        return Unreadable(f"there is a login form and no {what}: the place is not public", login=True)
    if is_challenge(document):
        return Unreadable(TOLD, captcha=True)
    if not css:
        return Unreadable(f"the engine custom needs selectors.{what}")
    return Unreadable(
        f"the selector {what} ({css!r}) found nothing: is the engine right, or has the site a theme of its own?"
    )
