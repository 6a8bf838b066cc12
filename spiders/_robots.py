"""robots.txt (RFC 9309), obeyed for pages made for people. Feeds and APIs are made for machines and need no asking."""

import threading
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from protego import Protego

from monitor.source import SourceError

from ._http import HttpError, Web

_MOST_SITES = 256
_MOST_BYTES = 500_000  # RFC 9309, 2.5: what comes later may be ignored

_rules: dict[tuple[str, str], tuple[date, Protego]] = {}
_rules_guard = threading.Lock()


def allowed_by_robots(web: Web, url: str) -> bool:
    """Whether the site lets us read the URL; asked of the site once a day. SourceError when it can't tell now."""
    parts = urlsplit(url)
    site = f"{parts.scheme}://{parts.netloc}"
    rules = _known(web, site, datetime.now(UTC).date())
    return bool(rules.can_fetch(url, web.user_agent))


def require_allowed(web: Web, url: str) -> None:
    """Raise SourceError if robots.txt asks us to stay away."""
    if not allowed_by_robots(web, url):
        raise SourceError(
            f"robots.txt of {urlsplit(url).hostname} asks programs not to read this page: ask its owner, or remove it.",
            permanent=True,
        )


def _known(web: Web, site: str, today: date) -> Protego:
    with _rules_guard:
        day, rules = _rules.get((site, web.user_agent), (None, None))
    if rules is not None and day == today:
        return rules
    rules = Protego.parse(_robots(web, site))
    with _rules_guard:
        while len(_rules) >= _MOST_SITES:
            del _rules[next(iter(_rules))]
        _rules[site, web.user_agent] = today, rules
    return rules


def _robots(web: Web, site: str) -> str:
    """The text of robots.txt: none is a permission (2.3.1.3), but a server in trouble is not (2.3.1.4)."""
    try:
        return web.get(f"{site}/robots.txt").body[:_MOST_BYTES].decode("utf-8", "replace")
    except HttpError as error:
        if 400 <= error.fetched.status < 500 and error.fetched.status != 429:
            return ""
        raise
