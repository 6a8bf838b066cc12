"""Review pages: of a product, a shop, a place. The rating is kept."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from monitor.source import Page, Post

from ._child import crawl
from ._keys import Days, LanguageCode, Pages, SitePlace, WebAddress, require_order, require_web_port
from ._reviews_page import read_reviews, selectors_of


@dataclass(kw_only=True)
class Source:
    """Reads only: a person follows the link to answer."""

    name: str
    url: WebAddress
    """The page with the reviews; the site that the crawl doesn't leave."""
    pages: list[SitePlace] = field(default_factory=list)
    """Paths or addresses of several such pages on the site, read instead of the page at url, which stays."""
    selectors: dict[str, str] = field(default_factory=dict)
    """For pages without schema.org marks; see _reviews_page.ReviewSelectors for the names."""
    max_pages: Pages = 10
    """Of each list of reviews in one poll."""
    lookback: Days = 30
    """Days before the first poll from which reviews are still news."""
    timezone: str = "UTC"
    """What the site's times mean where they don't say: Europe/Kyiv."""
    language: LanguageCode | None = None
    allow_private: bool = False
    contact: str = ""
    """An address or a page for the site's owner, told in the user agent."""

    def __post_init__(self) -> None:
        require_web_port(self.url, allow_private=self.allow_private)
        chosen = selectors_of(self.selectors)
        require_order(chosen.date_order)
        if not re.fullmatch(r"[1-9][0-9]{0,3}(\.[0-9]{1,3})?", chosen.rating_best):
            raise ValueError('selectors.rating_best is the best rating there is, in quotes, such as "5"')
        try:
            ZoneInfo(self.timezone)
        except (KeyError, OSError, ValueError):
            raise ValueError(f"timezone {self.timezone!r} is not known: write it as Europe/Kyiv") from None

    def poll(self, cursor: str | None) -> Iterator[Page]:
        keys = asdict(self)
        del keys["name"]
        return crawl("reviews", keys, cursor, datetime.now(UTC))


def parse(
    content: bytes,
    *,
    url: str,
    now: datetime,
    selectors: Mapping[str, str] | None = None,
    timezone: str = "UTC",
    language: str | None = None,
) -> list[Post]:
    """The reviews on one page, in its order. Pure; SourceError where there is none."""
    chosen = selectors_of(selectors or {})
    return read_reviews(content, url, chosen, now=now, timezone=timezone, language=language).posts
