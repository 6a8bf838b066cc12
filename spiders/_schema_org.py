"""Reviews in the marks that pages carry for search engines: schema.org as JSON-LD and as microdata."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import extruct
from parsel import Selector

from ._rating import Scale, scale
from ._text import one_line, plain

_MAX_DEPTH = 30
_MAX_ITEMS = 20_000
_PAGES = {"WebSite", "WebPage", "AboutPage", "CollectionPage", "ContactPage", "FAQPage", "ItemPage"}
_LISTS = {"SearchResultsPage", "SearchAction", "BreadcrumbList", "ItemList", "ListItem", "ImageObject"}
_PARTS = {"WebPageElement", "SiteNavigationElement", "WPHeader", "WPFooter", "WPSideBar"}
_OWNERS = {"Organization", "Corporation", "OnlineBusiness", "OnlineStore", "Person"}
_OF_ANY_PAGE = frozenset(_PAGES | _LISTS | _PARTS | _OWNERS | {"ContactPoint", "PostalAddress"})
"""What a site says of itself on each of its pages, the one that says "not found", too."""


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
    """Whether the page tells in such marks what it is about: a place or a product that nobody has reviewed yet, say."""
    return any(_is_subject(item, 0) for item in _items(document, url))


def _is_subject(item: Any, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(item, list):
        return any(_is_subject(each, depth + 1) for each in item)
    if not isinstance(item, dict):
        return False
    inside = [item.get("@graph"), item.get("mainEntity")]
    return not _OF_ANY_PAGE.issuperset(_kinds(item)) or _is_subject(inside, depth + 1)


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
    return any(kind.endswith("Review") for kind in _kinds(item))


def _kinds(item: dict[str, Any]) -> list[str]:
    """The names of what it is, without the address of the vocabulary."""
    kinds = item.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return [re.split("[/#:]", name)[-1] for name in names if isinstance(name, str)]


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
