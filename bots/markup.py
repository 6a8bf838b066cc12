"""Text from outside, made safe and short for Telegram's HTML."""

from collections.abc import Iterable, Mapping
from html import escape as _escape
from typing import Any

LONG = 280
"""Characters from which a quoted text is folded: a glance must be enough."""


def escape(text: str) -> str:
    return _escape(text, quote=False)


def link(url: str, text: str) -> str:
    return f'<a href="{_escape(url)}">{escape(text)}</a>' if url else escape(text)


def shorten(text: str, limit: int) -> str:
    """At most limit characters, cut at a word."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    at_word = cut.rsplit(None, 1)[0] if " " in cut[limit // 2 :] else cut
    return at_word.rstrip(" ,;:-") + "…"


def quote(text: str, matches: Iterable[Mapping[str, Any]] = (), limit: int = 900) -> str:
    """A quotation with what matched in bold, around the first match where the text is too long."""
    shown, shift = _around(text, matches, limit)
    marked = _bold(shown, [(m["start"] - shift, m["end"] - shift) for m in matches])
    return f"<blockquote{' expandable' if len(shown) > LONG else ''}>{marked}</blockquote>"


def _around(text: str, matches: Iterable[Mapping[str, Any]], limit: int) -> tuple[str, int]:
    """The part to show, and how far its offsets are shifted."""
    first = min((m["start"] for m in matches), default=0)
    if len(text) <= limit or first < limit * 3 // 4:
        return shorten(text[: limit + 1], limit) if len(text) > limit else text, 0
    start = text.rfind(" ", 0, max(0, first - limit // 4)) + 1
    return "…" + shorten(text[start : start + limit], limit - 1), start - 1


def _bold(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in sorted(spans):
        if not at <= start < end <= len(text):
            continue
        parts += [escape(text[at:start]), "<b>", escape(text[start:end]), "</b>"]
        at = end
    return "".join(parts) + escape(text[at:])
