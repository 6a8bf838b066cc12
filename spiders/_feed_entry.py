"""One entry of a feed, as RSS, Atom and JSON Feed have it in common, before anything is believed of it."""

from dataclasses import dataclass
from datetime import datetime

MAX_ENTRIES = 2_000
"""Entries of one feed that are read: the first ones, which in nearly every feed are the newest."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """All strings are as the feed has them: markup in `title` and `text` where the flag beside says so."""

    id: str
    link: str
    feed: str
    """What the feed is called."""
    author: str
    title: str
    text: str
    title_is_html: bool = False
    text_is_html: bool = False
    published: datetime | None
