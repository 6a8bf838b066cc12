"""HTML as it comes: in any encoding, broken, deep; looked at through CSS selectors."""

import re
from functools import lru_cache

from cssselect import SelectorError
from parsel import Selector
from parsel.csstranslator import css2xpath
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

_CYRILLIC, _ROMANIAN = "cp1251", "cp1250"
_MAX_BYTES = 5_000_000
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read(content: bytes) -> Selector:
    """The document."""
    text = _CONTROL.sub("", decode(content[:_MAX_BYTES]))
    return Selector(text=text or "<html/>", type="html", huge_tree=False)


def decode(content: bytes, declared: str = "") -> str:
    """Text of a page or a feed whose encoding may be declared wrongly, as it often is on old forums.

    declared is what the server names in its header.
    """
    bom, _ = read_bom(content)
    for encoding in (bom, "utf-8", resolve_encoding(declared), _declared_inside(content)):
        if encoding and (text := _exact(content, encoding)) is not None:
            return text
    loose = content.decode("utf-8", "replace")
    if loose.count("�") * 20 < sum(byte > 127 for byte in content):
        return loose  # UTF-8 with a few broken letters
    guess = _ROMANIAN if re.search(rb"<html[^>]*lang=.?ro|<language>ro", content[:2000]) else _CYRILLIC
    return content.decode(guess, "replace")


def utf8(content: bytes, content_type: str) -> bytes:
    """A page in UTF-8, whatever its header Content-Type says that it is in."""
    return decode(content, content_type.rpartition("charset=")[2].strip("\"' ")).encode()


def _declared_inside(content: bytes) -> str:
    """What the page says of itself. That it is UTF-16 is not true, as it could be read."""
    told = html_body_declared_encoding(content) or ""
    return "" if told.startswith("utf-16") else told


def _exact(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def found(within: Selector, css: str) -> Selector | None:
    """The first match in the document's order, or None: also for an empty selector."""
    matches = every(within, css)
    return matches[0] if matches else None


def every(within: Selector, css: str) -> list[Selector]:
    """All matches in the document's order; none for an empty selector."""
    return list(within.xpath(xpath(css))) if css else []


def words(within: Selector, css: str) -> str:
    """The text of the first match that has any."""
    for match in every(within, css):
        text = " ".join(" ".join(match.xpath("descendant-or-self::text()").getall()).split()) or _value(match)
        if text:
            return text
    return ""


def link(within: Selector, css: str) -> str | None:
    """The address in the first match, which is an element with href or the address itself."""
    match = found(within, css)
    if match is None:
        return None
    return _value(match) if isinstance(match.root, str) else match.attrib.get("href")


@lru_cache(maxsize=1024)
def xpath(css: str) -> str:
    """The XPath of a CSS selector, relative to an element. ValueError says what is wrong with it."""
    try:
        return " | ".join(_own_attribute(part) for part in _parts(css))
    except (SelectorError, ValueError) as error:
        raise ValueError(f"{css!r} is not a CSS selector: {error}") from None


def _own_attribute(css: str) -> str:
    """`::attr(name)` alone means the element itself, where parsel would take any element inside."""
    alone = re.fullmatch(r"::attr\(([\w:-]+)\)", css)
    return f"@{alone[1]}" if alone else css2xpath(css)


def _parts(css: str) -> list[str]:
    """The alternatives of a selector: commas at the top, outside of brackets and quotes."""
    pieces = re.findall(r"""(?:[^,("'\[]|"[^"]*"|'[^']*'|\[[^\]]*\]|\((?:[^()]|\([^()]*\))*\))+""", css)
    if sum(map(len, pieces)) + len(pieces) - 1 != len(css):
        raise ValueError("a bracket or a quote is not closed, or a comma too many")
    return [piece.strip() for piece in pieces]


def _value(match: Selector) -> str:
    return match.root.strip() if isinstance(match.root, str) else ""
