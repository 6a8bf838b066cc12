"""What the keys of a source look like; the configuration is read with these, and each sentence says what is right."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from monitor.source import SourceError

from ._address import require_web_url

ORDERS = ("DMY", "MDY")
_ISO_639_1 = """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki
    kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no
    nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te
    tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LANGUAGES = frozenset(_ISO_639_1.split())


def _web_address(url: str) -> str:
    if not _is_web(url) or re.search(r"\s", url):
        raise ValueError(
            "an address is expected here that begins with http:// or https:// and has no spaces,"
            " such as https://news.example.com/rss"
        )
    return url


def _place(place: str) -> str:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", place) and not _is_web(place):
        raise ValueError("a path or an address of the site is expected here, such as /kettle/reviews")
    return place


def _language(language: str) -> str:
    if language not in _LANGUAGES:
        raise ValueError("a language is two small letters, such as uk, ru, ro or en; Ukrainian is uk")
    return language


SitePlace = Annotated[str, AfterValidator(_place)]
"""A path, or a whole address."""
WebAddress = Annotated[str, AfterValidator(_web_address)]
LanguageCode = Annotated[str, AfterValidator(_language)]
"""ISO 639-1."""
Pages = Annotated[int, Field(ge=1, le=1000)]
Days = Annotated[int, Field(ge=1, le=3650)]


def require_web_port(url: str, *, allow_private: bool) -> None:
    """Raises ValueError where every poll of a source at this address would be refused for its port."""
    try:
        require_web_url(url, allow_private=allow_private)
    except SourceError as error:
        raise ValueError(f"url can't be read: {error}") from None


def require_order(order: str) -> None:
    if order not in ORDERS:
        raise ValueError(f"selectors.date_order is {' or '.join(ORDERS)}")


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
