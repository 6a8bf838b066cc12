"""Feeds: RSS, Atom and JSON Feed, of blogs, media, forums, comments and reviews."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from monitor.source import Page, Post, SourceError

from ._feed_cursor import FeedCursor
from ._feed_entry import Entry
from ._feed_json import json_entries
from ._feed_xml import xml_entries
from ._http import client, user_agent
from ._keys import LanguageCode, WebAddress, require_web_port
from ._links import shown
from ._text import one_line, plain, tidy

ANONYMOUS = "?"
_LONGEST_ID = 200
_URL = re.compile(r"[^\s<>\"\x00-\x1f\x7f\ud800-\udfff]{1,2000}")
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?(?:<!doctype\s+html|<html|<head|<body)", re.IGNORECASE | re.DOTALL)


@dataclass(kw_only=True)
class Source:
    """A feed at `url`. `language` (ISO 639-1) is believed where it is set: what feeds say of theirs often is not true."""

    name: str
    url: WebAddress
    language: LanguageCode | None = None
    allow_private: bool = False
    contact: str = ""

    def __post_init__(self) -> None:
        require_web_port(self.url, allow_private=self.allow_private)
        self._web = client(user_agent=user_agent(self.contact), allow_private=self.allow_private)

    def poll(self, cursor: str | None) -> Iterator[Page]:
        """One page with the entries that were not in the feed before, or none when it has not changed."""
        last = FeedCursor.load(cursor)
        fetched = self._web.get(self.url, etag=last.etag, modified=last.modified)
        if fetched.status == 304:
            return
        posts = parse(
            fetched.body,
            url=fetched.url,
            content_type=fetched.headers.get("content-type", ""),
            language=self.language,
            now=datetime.now(UTC),
        )
        ids = [post.id for post in posts]
        unseen = last.seen.unseen(ids)
        after = FeedCursor(fetched.etag, fetched.modified, last.seen.plus(ids))
        yield Page([post for post in posts if post.id in unseen], after.dump())


def parse(
    content: bytes, *, url: str, now: datetime, content_type: str = "", language: str | None = None
) -> list[Post]:
    """Posts of a feed, oldest first. `url` is where it was fetched, `now` stands in for dates that are missing.

    SourceError says why something is not a feed, or can't be read.
    """
    place = shown(url)  # cards show what comes of it: a password or a key of the feed is not for them
    posts: dict[str, Post] = {}
    for entry in _entries(content, place, content_type):
        post = _post(entry, place, now, language)
        if post is not None:
            posts.setdefault(post.id, post)
    # Feeds have the newest first: turned around, and sorted stably, those of one second stay in order.
    oldest_first = list(reversed(posts.values()))
    oldest_first.sort(key=lambda post: post.posted_at)
    return oldest_first


def _entries(content: bytes, url: str, content_type: str) -> list[Entry]:
    head = content[:2_000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content.strip():
        raise SourceError("The feed is empty: there is not a single character in it.")
    if head.startswith((b"{", b"[")):
        return json_entries(content)
    if _HTML.match(head):
        raise SourceError(_html_instead(content, url), permanent=True)
    return xml_entries(content, url=url, content_type=content_type)


def _html_instead(content: bytes, url: str) -> str:
    """What to tell staff who configured a page: the feed that the page itself names, if it does."""
    page = Selector(text=content[:500_000].decode("utf-8", "replace"), type="html")
    link = page.css(
        'link[rel~=alternate][type="application/rss+xml"]::attr(href),'
        'link[rel~=alternate][type="application/atom+xml"]::attr(href),'
        'link[rel~=alternate][type="application/feed+json"]::attr(href)'
    ).get()
    found = _web_address(link, url) if link else ""
    hint = f"the page names this feed: {found}" if found else "look on it for a link to RSS or Atom"
    return f"This is a web page, not a feed: {hint}"


def _post(entry: Entry, url: str, now: datetime, language: str | None) -> Post | None:
    title = one_line(plain(entry.title) if entry.title_is_html else entry.title)
    text = plain(entry.text) if entry.text_is_html else tidy(entry.text)
    if not text and not title:
        return None
    return Post(
        id=_identity(entry),
        url=_web_address(entry.link, url) or _web_address(entry.id, "") or url,
        author=one_line(entry.author) or ANONYMOUS,
        title=title if text else "",
        text=text or title,
        posted_at=min(entry.published or now, now),
        language=language,
    )


def _identity(entry: Entry) -> str:
    own = entry.id.strip() or entry.link.strip()
    if own and len(own) <= _LONGEST_ID and own.isprintable():
        return own
    content = own or "\n".join((entry.author or entry.feed, entry.title, entry.text, str(entry.published)))
    return "sha256:" + hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()


def _web_address(link: str, base: str) -> str:
    """The absolute address, or nothing where it would not be http(s) or nobody could open it."""
    try:
        address = urljoin(base, link.strip())
        parts = urlsplit(address)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return address if link.strip() and is_web and _URL.fullmatch(address) else ""
