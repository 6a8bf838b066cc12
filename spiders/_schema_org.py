"""Reviews in the marks that pages carry for search engines: schema.org as JSON-LD and as microdata."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import extruct
from parsel import Selector

from ._rating import Scale, scale
from ._text import one_line, plain

_MAX_DEPTH = 30
_MAX_ITEMS = 20_000


@dataclass(frozen=True, kw_only=True)
class Marked:
    """One Review as the marks tell it: plain text, times as written."""

    id: str
    """Its @id or url, or nothing."""
    author: str
    text: str
    title: str
    time: str
    rating: float | None
    language: str | None


def reviews(document: Selector, url: str) -> list[Marked]:
    """All reviews on a page in its order, JSON-LD first."""
    budget = [_MAX_ITEMS]
    found: list[Marked] = []
    for item in _items(document, url):
        found.extend(_walk(item, Scale(), "", 0, budget))
    return found


def is_marked(document: Selector, url: str) -> bool:
    """Whether the page tells of anything at all in such marks: a shop or a product that nobody has reviewed yet, say."""
    return any(True for _ in _items(document, url))


def _items(document: Selector, url: str) -> Iterator[Any]:
    # One script at a time: a malformed one must not hide the others.
    for script in document.xpath('//script[@type="application/ld+json"]'):
        yield from _extract(script.root, "json-ld", url)
    yield from _extract(document.root, "microdata", url)


def _extract(element: Any, syntax: str, url: str) -> list[Any]:
    try:
        told = extruct.extract(element, base_url=url, syntaxes=[syntax], uniform=True, errors="strict")
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return []
    items: list[Any] = told.get(syntax, [])
    return items


def _walk(item: Any, outer: Scale, about: str, depth: int, budget: list[int]) -> Iterator[Marked]:
    """Reviews at any depth; a product or a shop around them tells their scale and what they are about."""
    budget[0] -= 1
    if depth > _MAX_DEPTH or budget[0] < 0:
        return
    if isinstance(item, list):
        for each in item:
            yield from _walk(each, outer, about, depth + 1, budget)
    elif isinstance(item, dict) and _is_review(item):
        yield _marked(item, outer, about)
    elif isinstance(item, dict):
        total = item.get("aggregateRating")
        inner = scale(total, outer) if isinstance(total, dict) else outer
        name = _name(item.get("name")) or about
        for value in item.values():
            if isinstance(value, dict | list):
                yield from _walk(value, inner, name, depth + 1, budget)


def _is_review(item: dict[str, Any]) -> bool:
    kinds = item.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.rpartition("/")[2].endswith("Review") for name in names)


def _marked(item: dict[str, Any], outer: Scale, about: str) -> Marked:
    rating = item.get("reviewRating")
    rating = rating[0] if isinstance(rating, list) and rating else rating
    if isinstance(rating, dict):
        value = scale(rating, outer).rate(_text(rating.get("ratingValue")))
    else:
        value = outer.rate(_text(rating))
    titles = [
        _name(item.get("itemReviewed")) or about,
        _name(item.get("headline")) or _name(item.get("name")),
    ]
    language = _text(item.get("inLanguage"))[:2].lower()
    return Marked(
        id=_text(item.get("@id")) or _text(item.get("url")),
        author=_name(item.get("author")) or _name(item.get("creator")),
        text=plain(
            _text(item.get("reviewBody")) or _text(item.get("description")) or _text(item.get("text"))
        ),
        title=one_line(": ".join(dict.fromkeys(title for title in titles if title))),
        time=_text(item.get("datePublished")) or _text(item.get("dateCreated")),
        rating=value,
        language=language if language.isalpha() and len(language) == 2 else None,
    )


def _name(value: Any) -> str:
    if isinstance(value, list):
        return _name(value[0]) if value else ""
    return one_line(plain(_text(value.get("name") if isinstance(value, dict) else value)))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    return "" if value is None or isinstance(value, dict | bool) else str(value)
