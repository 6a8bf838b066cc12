"""From markup to what a person reads: plain text, bounded, without what others wrote."""

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

MAX_TEXT = 20_000
"""Characters of a post's text."""
MAX_LINE = 300
"""Characters of a title or a name."""
_MAX_MARKUP = 1_000_000


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_UNREAD = _names(
    "script style template noscript head title iframe object embed svg math canvas audio video"
    " button select textarea input nav blockquote"
)
_QUOTE_CLASSES = _names("quote bbcodequote bbcode_quote gmail_quote quoteheader")
_LINES = _names(
    "address article aside dd details div dl dt fieldset figcaption figure footer form header"
    " hr li main ol section summary table tr ul"
)
_PARAGRAPHS = _names("p pre h1 h2 h3 h4 h5 h6")
_CELLS = _names("td th")
# Overrides and isolates of the writing direction can make a card read as something else than what was written.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# What _pieces yields between words. The longer of two that meet wins, as margins do; <br> always breaks.
_LINE = "\n"
_PARAGRAPH = "\n\n"
_BR = "\v"


def plain(markup: str, *, limit: int = MAX_TEXT) -> str:
    """What a browser would show of an HTML fragment: lines kept, quotations, scripts and forms dropped.

    Of a link its words stay. At most `limit` characters. Broken markup is read as a browser reads it.
    """
    if "<" not in markup and "&" not in markup:
        return tidy(markup, limit=limit)
    root = _tree(markup[:_MAX_MARKUP])
    if root is None:
        return ""
    return tidy("".join(_spaced(_pieces(root), 2 * limit)), limit=limit)


def tidy(text: str, *, limit: int = MAX_TEXT) -> str:
    """Plain text without control characters and idle white space, cut at a word to at most `limit` characters."""
    text = text[: 4 * limit].replace("\r\n", "\n").replace("\r", "\n")
    visible = "".join(c for c in text if c in "\n\t" or not _is_invisible(c))
    lines = (" ".join(line.split()) for line in visible.split("\n"))
    return cut(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), limit)


def one_line(text: str, *, limit: int = MAX_LINE) -> str:
    """As `tidy`, on one line: for titles and names."""
    return cut(" ".join(tidy(text, limit=4 * limit).split()), limit)


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, cut at a word where there is one near, an ellipsis showing it."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = re.search(r"\s\S{0,40}\Z", head)
    return (head[: word.start()] if word else head).rstrip() + "…"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Co") or character in _DIRECTIONS


def _tree(markup: str) -> "etree._Element | None":
    safe = "".join(c for c in markup if c in "\n\t\r" or unicodedata.category(c) not in ("Cc", "Cs"))
    parser = etree.HTMLParser(encoding="utf-8", no_network=True)
    try:
        return etree.fromstring(f"<div>{safe}".encode(), parser)
    except etree.XMLSyntaxError:  # nothing but a comment, or nothing at all
        return None


def _spaced(pieces: Iterator[str], limit: int) -> Iterator[str]:
    """Words with the breaks between them, until there are more than `limit` characters."""
    pending = ""
    for piece in pieces:
        if piece in (_LINE, _PARAGRAPH):
            pending = max(pending, piece)
        elif piece == _BR:
            yield pending + _LINE
            pending = ""
        elif not pending or not piece.isspace():
            yield pending + piece
            pending = ""
            limit -= len(piece)
        if limit < 0:
            return


def _pieces(root: "etree._Element") -> Iterator[str]:
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event != "start":
            yield from _closing(element, event)
        elif _is_unread(element):
            walk.skip_subtree()
        else:
            yield from _opening(element)


def _opening(element: "etree._Element") -> Iterator[str]:
    if element.tag == "br":
        yield _BR
    yield from _break(element)
    if element.tag == "li":
        yield "– "
    if element.tag in _CELLS:
        yield " "
    if element.text:
        yield _words(element.text)


def _closing(element: "etree._Element", event: str) -> Iterator[str]:
    if event == "end":
        yield from _break(element)
    if element.tail:
        yield _words(element.tail)


def _break(element: "etree._Element") -> Iterator[str]:
    if element.tag in _LINES:
        yield _LINE
    if element.tag in _PARAGRAPHS:
        yield _PARAGRAPH


def _is_unread(element: "etree._Element") -> bool:
    if element.tag in _UNREAD:
        return True
    return not _QUOTE_CLASSES.isdisjoint(element.get("class", "").lower().split())


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", text)
