"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read with distrust."""

import json
from datetime import UTC, datetime
from typing import Any

from monitor.source import SourceError

from ._feed_entry import MAX_ENTRIES, Entry


def json_entries(content: bytes) -> list[Entry]:
    """Read a JSON Feed; SourceError if it is none. Entries and fields of a wrong type are left out."""
    feed = _loaded(content)
    if not isinstance(feed, dict) or not _string(feed, "version").startswith("https://jsonfeed.org/version/"):
        raise SourceError(
            "This is JSON but not a JSON Feed: its version does not name jsonfeed.org.", permanent=True
        )
    items = feed.get("items")
    if not isinstance(items, list):
        raise SourceError("The JSON Feed is broken: there is no list of items in it.")
    author, title = _author(feed), _string(feed, "title")
    return [_entry(item, title, author) for item in items[:MAX_ENTRIES] if isinstance(item, dict)]


def _loaded(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig", "replace"))
    except RecursionError:
        raise SourceError("The JSON is nested too deeply to be a feed.", permanent=True) from None
    except ValueError as error:
        raise SourceError(f"The JSON Feed is broken: {error}.") from None


def _entry(item: dict[str, Any], feed: str, feed_author: str) -> Entry:
    html, words = _string(item, "content_html"), _string(item, "content_text")
    identity = item.get("id")
    return Entry(
        id=str(identity) if isinstance(identity, str | int | float) else "",
        link=_string(item, "url") or _string(item, "external_url"),
        feed=feed,
        author=_author(item) or feed_author,
        title=_string(item, "title"),
        text=words or html or _string(item, "summary"),
        text_is_html=bool(html and not words),
        published=_date(_string(item, "date_published")) or _date(_string(item, "date_modified")),
    )


def _author(mapping: dict[str, Any]) -> str:
    """The first name; version 1 had one `author`, 1.1 has `authors`."""
    for author in [*_list(mapping, "authors"), mapping.get("author")]:
        if isinstance(author, dict) and _string(author, "name"):
            return _string(author, "name")
    return ""


def _string(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _list(mapping: dict[str, Any], key: str) -> list[Any]:
    value = mapping.get(key)
    return value if isinstance(value, list) else []


def _date(text: str) -> datetime | None:
    try:
        date = datetime.fromisoformat(text)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
