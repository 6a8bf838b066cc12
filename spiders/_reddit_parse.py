"""From what Reddit sends (listings of its API, and its public feeds) to posts."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from parsel import Selector

from monitor.source import Answerable, Post, SourceError

from ._feed_entry import Entry
from ._feed_xml import xml_entries
from ._text import one_line, plain

SITE = "https://www.reddit.com/"
_GONE = frozenset(("[deleted]", "[removed]"))
_NAME = re.compile(r"t[13]_[0-9a-z]{1,12}")
_THREAD = re.compile(r"/comments/([0-9a-z]{1,12})(?:/|$)")


def things(listing: Any) -> list[dict[str, Any]]:
    """The comments (t1) and submissions (t3) of a listing, each with its `name`; others, and noise, are left out."""
    children = _dict(_dict(listing).get("data")).get("children")
    found = []
    for child in children if isinstance(children, list) else []:
        thing = _dict(_dict(child).get("data"))
        name = f"{_dict(child).get('kind')}_{thing.get('id')}"
        if _NAME.fullmatch(name):
            found.append({**thing, "name": name})
    return found


def next_page(listing: Any) -> str | None:
    """What to ask for to get the next page of a listing; None after the last."""
    after = _dict(_dict(listing).get("data")).get("after")
    return after if isinstance(after, str) and after else None


def listing_posts(listing: Any, *, now: datetime, language: str | None = None) -> list[Post]:
    """Posts of an API listing, in its order; what was deleted or removed is left out. SourceError if it is none."""
    if not isinstance(_dict(_dict(listing).get("data")).get("children"), list):
        raise SourceError("Reddit sent something that is not a list of posts.")
    posts = (_post(thing, now, language) for thing in things(listing))
    return [post for post in posts if post is not None]


def feed_posts(content: bytes, *, now: datetime, language: str | None = None) -> list[Post]:
    """Posts of a public feed (`.rss`), in its order. Nobody can answer them but by hand."""
    posts = (_feed_post(entry, now, language) for entry in xml_entries(content, url=SITE, content_type=""))
    return [post for post in posts if post is not None]


def parsed(content: bytes) -> Any:
    """The JSON in an answer of the API; SourceError if there is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise SourceError("Reddit sent something that is not JSON.") from None


def find(listings: Any, *, parent: str, author: str, text: str) -> dict[str, Any] | None:
    """The comment below `parent` by `author` that says `text`, in the page of a thread as the API has it."""
    for thing in _all_comments(listings):
        is_ours = _string(thing, "author").lower() == author.lower() and thing.get("parent_id") == parent
        if is_ours and _string(thing, "body").split() == text.split():
            return thing
    return None


def comment_url(thing: dict[str, Any]) -> str:
    """The permalink of a comment, made up from its ids where Reddit doesn't tell it."""
    thread = _string(thing, "link_id").removeprefix("t3_")
    made_up = f"/comments/{thread}/_/{thing.get('id')}/"
    return _permalink(_string(thing, "permalink") or _string(thing, "context") or made_up)


def _all_comments(listings: Any) -> Iterator[dict[str, Any]]:
    waiting = list(listings) if isinstance(listings, list) else []
    while waiting:
        for thing in things(waiting.pop()):
            if thing["name"].startswith("t1_"):
                yield thing
                waiting.append(thing.get("replies"))


def _feed_post(entry: Entry, now: datetime, language: str | None) -> Post | None:
    url = _permalink(entry.link)
    thread = _THREAD.search(url)
    name = entry.id.removeprefix(SITE)  # feedparser takes an id for a relative address
    if not thread or not _NAME.fullmatch(name):
        return None
    title = one_line(plain(entry.title))
    is_comment = name.startswith("t1_")
    if is_comment:
        title = title.partition(" on ")[2]  # "/u/author on the title of the thread"
    # Around the author's own words Reddit puts a table with "submitted by … [link] [comments]".
    body = entry.text.encode("utf-8", "replace").decode()
    text = plain(Selector(text=body, type="html").css("div.md").get() or "") if body else ""
    return Post(
        id=name,
        url=url,
        author=one_line(entry.author.removeprefix("/").removeprefix("u/")),
        title=title if text else "",
        title_is_own=not is_comment,
        text=text or title,
        thread_id=f"t3_{thread[1]}",
        posted_at=min(entry.published or now, now),
        language=language,
    )


def _post(thing: dict[str, Any], now: datetime, language: str | None) -> Post | None:
    is_comment = thing["name"].startswith("t1_")
    author, body = _string(thing, "author"), _string(thing, "body" if is_comment else "selftext")
    title = one_line(_string(thing, "link_title" if is_comment else "title"))
    text = _text(thing, "body" if is_comment else "selftext")
    if author in _GONE or not author or body in _GONE or not (text or (title and not is_comment)):
        return None
    url = comment_url(thing) if is_comment else _submission_url(thing)
    thread = _THREAD.search(url)
    is_closed = thing.get("locked") is True or thing.get("archived") is True
    return Post(
        id=thing["name"],
        url=url,
        author=one_line(author),
        title=title if text else "",
        title_is_own=not is_comment,
        text=text or title,
        thread_id=f"t3_{thread[1]}" if thread else None,
        posted_at=min(_date(thing.get("created_utc")) or now, now),
        language=language,
        answerable=Answerable.NONE if is_closed else Answerable.API,
        answers=_string(thing, "parent_id") or None,
    )


def _submission_url(thing: dict[str, Any]) -> str:
    return _permalink(_string(thing, "permalink") or f"/comments/{thing['id']}/")


def _text(thing: dict[str, Any], key: str) -> str:
    """From the HTML, for the Markdown beside it may hold quotations and tables."""
    html = _string(thing, f"{key}_html")
    return plain(html) if html else plain(re.sub(r"(?m)^\s*(?:>|&gt;).*$", "", _string(thing, key)))


def _permalink(link: str) -> str:
    """The address at the site itself, without what a search or an inbox hangs on to it."""
    path = link.partition("?")[0].partition("#")[0].removeprefix(SITE).lstrip("/")
    return SITE + quote(path[:1_000], safe="/%", errors="replace")


def _date(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


def _string(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
