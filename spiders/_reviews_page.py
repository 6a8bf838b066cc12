"""One page of reviews: by its schema.org marks, or by the site's own selectors."""

import difflib
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from urllib.parse import urldefrag

from parsel import Selector

from monitor.source import Post

from ._dates import read_time
from ._forum_html import spellings
from ._forum_page import Unreadable
from ._links import absolute, same_site
from ._markup import every, found, link, read, words, xpath
from ._rating import Scale
from ._schema_org import Marked, is_marked, reviews
from ._text import one_line, plain

ANONYMOUS = "?"
_LAST_NUMBER = re.compile(r"(?<!\d)\d{1,9}$")
_NOT_CSS = ("rating_best", "date_order")


@dataclass(frozen=True, kw_only=True)
class ReviewSelectors:
    """Where things stand on a page without schema.org marks; inside a review unless said otherwise."""

    review: str = ""
    """On the page: one element for each review."""
    id: str = "::attr(id)"
    author: str = ".author"
    time: str = "time"
    title: str = ""
    body: str = ""
    rating: str = ""
    """Text or an attribute with a number: 4, "4,5 / 5", 80%."""
    rating_best: str = "5"
    """Not a selector: the best rating there is."""
    permalink: str = ""
    drop: str = ""
    """Inside the body: what the author did not write, such as the shop's answer."""
    next: str = "a[rel=next], link[rel=next]"
    """On the page: the link to the next one."""
    date_order: str = "DMY"
    """Not a selector: what 01/02/2026 means, DMY or MDY."""


@dataclass(frozen=True, kw_only=True)
class ReviewsPage:
    """Posts in the order of the page."""

    posts: list[Post]
    next: str | None
    has_reviews: bool
    """Those without words, which are no posts, count too."""


def selectors_of(own: Mapping[str, str]) -> ReviewSelectors:
    """The selectors of a configuration. ValueError says what is wrong with them."""
    known = [field.name for field in fields(ReviewSelectors)]
    for key, value in own.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            raise ValueError(
                f"selectors.{key} is not known" + (f" (did you mean {close[0]}?)" if close else "")
            )
        if value and key not in _NOT_CSS:
            xpath(value)
    if own and not own.get("review") and set(own) - {"next"}:
        raise ValueError("selectors.review is missing: it says what a review is")
    return ReviewSelectors(**own)


def read_reviews(
    content: bytes,
    url: str,
    selectors: ReviewSelectors,
    *,
    now: datetime,
    timezone: str,
    language: str | None,
) -> ReviewsPage:
    """Raise Unreadable where there is no review, nor anything marked that could have one."""
    document = read(content)
    page = _Page(url=url, selectors=selectors, now=now, timezone=timezone, language=language)
    told = [] if selectors.review else reviews(document, url)
    posts = list(page.selected(document) if selectors.review else page.marked(told))
    has_reviews = bool(told or posts)
    if not has_reviews and (selectors.review or not is_marked(document, url)):
        raise Unreadable(_why_nothing(document, selectors))
    following = absolute(url, link(document, selectors.next))
    return ReviewsPage(
        posts=posts,
        next=following if following and same_site(following, url) else None,
        has_reviews=has_reviews,
    )


@dataclass(frozen=True, kw_only=True)
class _Page:
    url: str
    selectors: ReviewSelectors
    now: datetime
    timezone: str
    language: str | None

    def marked(self, told: list[Marked]) -> Iterator[Post]:
        """A page may tell a review twice, in JSON-LD and in microdata."""
        addresses = Counter(review.id for review in told)
        seen: set[tuple[str, str]] = set()
        for review in told:
            text = review.text or review.title
            if (review.author, text) in seen or not review.text:
                continue
            seen.add((review.author, text))
            own = self._own_address(review.id) if addresses[review.id] == 1 else None
            lasting = own if own and not self._is_place(own, len(told)) else None
            id = _hash(lasting) if lasting else self._identity(review.author, [review.time], text)
            yield self._post(review, id=id, url=own or self.url)

    def selected(self, document: Selector) -> Iterator[Post]:
        chosen, best = self.selectors, float(self.selectors.rating_best)
        for element in every(document, chosen.review):
            text = self._body(element)
            if not text:
                continue
            author, id = one_line(words(element, chosen.author)), words(element, chosen.id)
            written = spellings(element, chosen.time)
            review = Marked(
                id=id,
                author=author,
                text=text,
                title=one_line(words(element, chosen.title)),
                time="",
                rating=Scale(best=best).rate(words(element, chosen.rating)) if chosen.rating else None,
                language=None,
            )
            yield self._post(
                review,
                id=id or self._identity(author, written, text),
                url=self._link_of(element) or (f"{urldefrag(self.url).url}#{id}" if id else self.url),
                written=written,
            )

    def _post(self, review: Marked, *, id: str, url: str, written: list[str] | None = None) -> Post:
        times = [review.time] if written is None else written
        time = read_time(times, now=self.now, timezone=self.timezone, order=self.selectors.date_order)
        return Post(
            id=id[:200],
            url=url,
            author=review.author or ANONYMOUS,
            text=review.text,
            posted_at=time or self.now,
            title=review.title,
            rating=review.rating,
            language=review.language or self.language,
        )

    def _identity(self, author: str, written: list[str], text: str) -> str:
        """Of a review without an address: the spelling of its time counts unless it is another one tomorrow."""
        if self._is_relative(written):
            return undated_id(author, text)
        return _hash(author, "".join(written[:1]), text)

    def _is_relative(self, written: list[str]) -> bool:
        """Whether it means another time on another day, as "2 days ago" does."""
        one, other = (
            read_time(
                written,
                now=self.now + timedelta(days=days),
                timezone=self.timezone,
                order=self.selectors.date_order,
            )
            for days in (1, 2)
        )
        return one != other

    def _is_place(self, own: str, reviews: int) -> bool:
        """Whether it only counts what is on the page: #review-0 is the newest one, whichever that is."""
        address, fragment = urldefrag(own)
        number = _LAST_NUMBER.search(fragment)
        return address == urldefrag(self.url).url and number is not None and int(number[0]) <= reviews

    def _own_address(self, written: str) -> str | None:
        """The review's own address: one that is not simply that of the page."""
        address = absolute(self.url, written)
        if address is None or not same_site(address, self.url) or address == urldefrag(self.url).url:
            return None
        return address

    def _link_of(self, element: Selector) -> str | None:
        address = absolute(self.url, link(element, self.selectors.permalink))
        return address if address and same_site(address, self.url) else None

    def _body(self, element: Selector) -> str:
        body = found(element, self.selectors.body) if self.selectors.body else element
        if body is None or isinstance(body.root, str):
            return ""
        for other in every(body, self.selectors.drop):
            if not isinstance(other.root, str) and other.root is not body.root:
                other.drop()
        return plain(body.get())


def undated_id(author: str, text: str) -> str:
    """The id of a review as long as its page says "2 days ago"; later it may show a date."""
    return _hash(author or ANONYMOUS, text)


def _why_nothing(document: Selector, selectors: ReviewSelectors) -> str:
    if found(document, "input[type=password]") is not None and not selectors.review:
        return "there is a login form and no review: the place is not public"
    if selectors.review:
        return f"the selector review ({selectors.review!r}) found nothing with a text"
    return "there is no schema.org Review on the page: give selectors.review and the others"


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]
