"""RSS and Atom, well-formed or not, by feedparser."""

import io
import re
from calendar import timegm
from datetime import UTC, datetime
from itertools import islice
from time import struct_time
from typing import Any
from xml.sax import SAXException

import feedparser

from monitor.source import SourceError

from ._feed_entry import MAX_ENTRIES, Entry
from ._markup import utf8

_LONGEST_AUTHOR = 300
_EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
# feedparser means to raise nothing, and hostile feeds find what it forgot (a UnicodeEncodeError, once).
_FORGOTTEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_CHARACTER = re.compile(rb"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));?")
_START = re.compile(rb"<(?:item|entry)[\s>]")
_END = re.compile(rb"</(?:\w{1,20}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)


def xml_entries(content: bytes, *, url: str, content_type: str) -> list[Entry]:
    """Read RSS or Atom; SourceError if it is neither, or too broken for anything to be read."""
    readable, told = _in_utf8(content, content_type)
    feed = _parsed(_CHARACTER.sub(_possible, _first_entries(readable)), url, told)
    if not any(_text_of(each, "title") or _content(each)[0] for each in feed.entries):
        _require_feed(feed, is_whole=bool(_END.search(readable.replace(b"\0", b""))))
    # Atom says what is markup. RSS doesn't, and feedparser's guess is plain text where there is a script in it.
    says_type = str(feed.version).startswith("atom")
    author, title = _author(feed.feed), _text_of(feed.feed, "title")
    return [_entry(each, title, author, says_type) for each in feed.entries[:MAX_ENTRIES]]


def _in_utf8(content: bytes, content_type: str) -> tuple[bytes, str]:
    """The feed and its Content-Type. With one broken letter feedparser would take all for Western European."""
    if b"\0" in content[:4]:  # UTF-16 or UTF-32, which it knows
        return content, content_type
    return utf8(content, content_type), "application/xml; charset=utf-8"


def _parsed(content: bytes, url: str, content_type: str) -> Any:
    try:
        return feedparser.parse(
            io.BytesIO(content),
            response_headers={"content-location": url, "content-type": content_type},
            # Our own text comes from _text.py, which keeps no markup at all: cleaning it would cost time only.
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _FORGOTTEN as error:
        raise SourceError(f"The feed is broken and can't be read ({type(error).__name__}).") from None


def _possible(reference: re.Match[bytes]) -> bytes:
    """Nothing instead of a reference to a character that does not exist: feedparser fails at some of them."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    exists = code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code <= 0x10FFFF
    return reference[0] if exists else b""


def _require_feed(feed: Any, *, is_whole: bool) -> None:
    """A feed that says nothing is fine, but it has to be a feed, with an end: where a program failed there is none."""
    failure = feed.get("bozo_exception")
    # Other complaints of feedparser (a wrong Content-Type, a guessed encoding) don't hinder reading.
    reason = str(failure)[:200] if isinstance(failure, SAXException) else ""
    if not feed.get("version"):
        hint = reason or "none of their elements is in it"
        raise SourceError(f"This is not a feed (RSS, Atom or JSON Feed): {hint}.", permanent=True)
    if reason and not (is_whole and feed.feed):
        raise SourceError(f"The feed is broken and nothing in it can be read: {reason}.")


def _first_entries(content: bytes) -> bytes:
    """Leave out what comes after MAX_ENTRIES, keeping the end: parsing costs seconds for each million bytes."""
    starts = [match.start() for match in islice(_START.finditer(content), MAX_ENTRIES + 1)]
    if len(starts) <= MAX_ENTRIES:
        return content
    end = max(content.rfind(closing) + len(closing) for closing in (b"</item>", b"</entry>"))
    return content[: starts[-1]] + content[max(end, starts[-1]) :]


def _entry(each: Any, feed: str, feed_author: str, says_type: bool) -> Entry:
    text, text_type = _content(each)
    title_type = (each.get("title_detail") or {}).get("type")
    return Entry(
        id=_text_of(each, "id"),
        link=_text_of(each, "link"),
        feed=feed,
        author=_author(each) or feed_author,
        title=_text_of(each, "title"),
        title_is_html=not says_type or title_type != "text/plain",
        text=text,
        text_is_html=not says_type or text_type != "text/plain",
        published=_date(each),
    )


def _author(each: Any) -> str:
    """The name; RSS has `address (name)`, and an address alone gives what stands before its @."""
    author = _text_of(each, "author")[:_LONGEST_AUTHOR]
    name = _EMAIL.sub("", author).strip(" \t\n()<>,")
    return name or author.partition("@")[0].strip(" \t\n()<>,")


def _content(each: Any) -> tuple[str, str | None]:
    """The whole text where the feed has it, otherwise the summary; and its type."""
    for content in each.get("content") or []:
        if str(content.get("type", "")).startswith(("text/", "application/xhtml")) and content.get("value"):
            return str(content["value"]), content.get("type")
    return _text_of(each, "summary"), (each.get("summary_detail") or {}).get("type")


def _text_of(mapping: Any, key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _date(each: Any) -> datetime | None:
    for key in ("published_parsed", "updated_parsed", "created_parsed"):
        # Plain dict.get: feedparser's own takes one date for another, with a warning.
        value = dict.get(each, key)
        if isinstance(value, struct_time):
            try:
                return datetime.fromtimestamp(timegm(value), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None
