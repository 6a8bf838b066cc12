"""What the crawls of forums and of review pages share: requests, pages, and what goes wrong with them."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import scrapy
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure as TwistedFailure

from ._captcha import TOLD, is_challenge
from ._crawl_failure import STAY_AWAY, failure_of
from ._crawl_lines import Failure, Lines
from ._forum_page import Unreadable
from ._links import same_site, shown
from ._markup import read, utf8

MAX_ETAGS = 500


class SiteSpider(scrapy.Spider):
    """A crawl of one site. keys are those of the source."""

    handle_httpstatus_list = (304,)

    def __init__(self, *, keys: dict[str, Any], now: datetime, lines: Lines):
        super().__init__()
        self.site: str = keys["url"]
        self.max_pages: int = keys["max_pages"]
        self.now = now
        self.lines = lines
        self.failure: Failure | None = None
        self.etags: dict[str, str] = {}

    def ask(
        self,
        url: str,
        callback: Callable[..., Any],
        *,
        etag: str | None = None,
        priority: int = 0,
        **about: Any,
    ) -> scrapy.Request:
        return scrapy.Request(
            url,
            callback=callback,
            errback=self.failed,
            cb_kwargs=about,
            priority=priority,
            headers={"If-None-Match": etag} if etag else None,
            dont_filter=True,  # pages are asked once by our own count; a redirect may lead to one seen before
        )

    def content(self, response: Response) -> bytes:
        """The page in UTF-8. Unreadable when it is of another site."""
        if not same_site(response.url, self.site):
            raise Unreadable("the site sends us to another site: configure that address if it is right")
        return utf8(response.body, (response.headers.get("Content-Type") or b"").decode("latin-1"))

    def failed(self, failure: TwistedFailure) -> scrapy.Request | None:
        """The errback of every request. A site that asks to be left alone is left alone."""
        request: scrapy.Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        error = failure.value
        assert error is not None
        told = failure_of(error, request)
        if isinstance(error, HttpError) and error.response.status in STAY_AWAY:
            self.fail(told)
            raise CloseSpider("asked to stay away")
        if isinstance(error, HttpError) and _is_challenge(error.response):
            self.fail(Failure(f"{shown(request.url)}: {TOLD}.", permanent=True))
            return None
        return self.gone(request, told)

    def gone(self, request: scrapy.Request, told: Failure) -> scrapy.Request | None:
        """What to do without this page."""
        self.fail(told)
        return None

    def fail(self, failure: Failure) -> None:
        """Remember the first failure; the log has them all."""
        self.logger.warning("%s", failure.message)
        self.failure = self.failure or failure

    def keep_etag(self, response: Response) -> None:
        if response.request is not None and (etag := response.headers.get("ETag")):
            self.etags[response.request.url] = etag.decode("latin-1")[:200]

    def keep_old_etag(self, response: Response, etags: dict[str, str]) -> None:
        """After 304: what we have is still what there is."""
        if response.request is not None and (etag := etags.get(response.request.url)):
            self.etags[response.request.url] = etag

    def newest_etags(self) -> dict[str, str]:
        return dict(list(self.etags.items())[:MAX_ETAGS])


def _is_challenge(response: Response) -> bool:
    """Whether a refusal is a captcha: Cloudflare says so in a header."""
    if response.headers.get("cf-mitigated") == b"challenge":
        return True
    return response.status == HTTPStatus.FORBIDDEN and is_challenge(read(response.body))
