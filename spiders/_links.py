"""Addresses found in pages: made absolute, kept on their site, freed of session ids."""

import re
from urllib.parse import urldefrag, urljoin, urlsplit

from w3lib.url import safe_url_string

MAX_LENGTH = 2000

# Servers put these into links for clients without cookies: the same page would look new at each visit.
_SESSION = re.compile(
    r"(?<=[?&;])(?:sid|s|phpsessid|jsessionid|oscsid)=[0-9a-z,_-]{16,}(?:[&;]|(?=#)|$)", re.IGNORECASE
)
_SESSION_IN_PATH = re.compile(r";jsessionid=[0-9a-z._!-]+", re.IGNORECASE)
_EMPTY_END = re.compile(r"[?&;]+(?=#|$)")


def without_session(url: str) -> str:
    """The address as every visitor sees it."""
    bare = _SESSION.sub("", _SESSION_IN_PATH.sub("", url))
    return _EMPTY_END.sub("", bare) if bare != url else url


def absolute(base: str, href: str | None) -> str | None:
    """An http(s) address, encoded and without a session id, or None for whatever else a link may say."""
    if not href or len(href) > MAX_LENGTH:
        return None
    try:
        url = safe_url_string(urljoin(base, href.strip()))
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return without_session(url)


def same_site(url: str, root: str) -> bool:
    """Whether both are on one host: a crawl never leaves the site that was configured."""
    return _host(url) == _host(root)


def page(url: str) -> str:
    """The address of the page alone, without the place in it."""
    return urldefrag(url).url


def shown(url: str) -> str:
    """The address as staff may see it: without the password and the query, which may hold a secret."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
