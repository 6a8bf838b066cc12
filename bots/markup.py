"""Text from outside, made safe and short for Telegram's HTML."""

import re
from collections.abc import Mapping, Sequence
from html import escape as _escape
from html import unescape
from typing import Any
from urllib.parse import urlsplit

LONGEST_LINK = 2_000
LONG = 280
"""Characters from which a quoted text is folded: a glance must be enough."""


def escape(text: str) -> str:
    return _escape(text, quote=False)


def link(url: str, text: str) -> str:
    return f'<a href="{_escape(url)}">{escape(text)}</a>' if url else escape(text)


def called(people: Sequence[Mapping[str, Any]]) -> str:
    """Names and Telegram ids, so that their phones ring."""
    return ", ".join(link(f"tg://user?id={p['telegram']}", shorten(p["name"], 60)) for p in people)


def is_link(url: str) -> bool:
    """Does Telegram take it for a button? It wants a host with a dot, and no space anywhere."""
    try:
        host = (urlsplit(url).hostname or "").strip(".")
    except ValueError:
        return False
    is_web = url.startswith(("http://", "https://")) and len(url) <= LONGEST_LINK
    return is_web and "." in host and ".." not in host and not re.search(r"[\s\x00-\x1f]", url)


def units(text: str) -> int:
    """The length as Telegram counts it, in UTF-16 units: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shown_length(html: str) -> int:
    """How long a message is once its tags have become formatting; Telegram allows 4096."""
    return units(unescape(re.sub(r"<[^<>]*>", "", html)))


def shorten(text: str, limit: int) -> str:
    """At most limit units, cut at a word."""
    return text if units(text) <= limit else text[: _cut(text, limit - 1)] + "…"


def quote(text: str, matches: Sequence[Mapping[str, Any]] = (), limit: int = 900) -> str:
    """A quotation with what matched in bold, around the first match where the text is too long."""
    start, end = _window(text, min((m["start"] for m in matches), default=0), limit)
    marked = _bold(text, start, end, [(m["start"], m["end"]) for m in matches])
    before, after = "…" if start else "", "…" if end < len(text) else ""
    folded = " expandable" if end - start > LONG else ""
    return f"<blockquote{folded}>{before}{marked}{after}</blockquote>"


def _cut(text: str, limit: int) -> int:
    """Where to cut so that at most limit units stay: at a word, unless that leaves less than half."""
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")
    at_word = re.sub(r"\s+\S*$", "", kept)
    return len((at_word if len(at_word) > len(kept) // 2 else kept).rstrip(" .,;:-"))


def _window(text: str, first: int, limit: int) -> tuple[int, int]:
    """Start and end of the part to show, with two units left for the marks of omission."""
    if units(text) <= limit:
        return 0, len(text)
    start = 0
    if first >= limit // 2:
        start = max(text.rfind(" ", 0, first - limit // 4) + 1, first - limit // 2)
    rest = text[start:]
    return start, len(text) if units(rest) <= limit - 2 else start + _cut(rest, limit - 2)


def _bold(text: str, start: int, end: int, spans: Sequence[tuple[int, int]]) -> str:
    parts, at = [], start
    for begin, until in sorted(spans):
        if not at <= begin < until <= end:
            continue
        parts += [escape(text[at:begin]), "<b>", escape(text[begin:until]), "</b>"]
        at = until
    return "".join(parts) + escape(text[at:end])
