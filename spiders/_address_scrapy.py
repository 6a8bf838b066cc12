"""Scrapy asks only what may be asked: addresses are checked before each request, after redirects and after DNS."""

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver

from monitor.source import SourceError

from ._address import require_public, require_web_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from twisted.internet.defer import Deferred

refusals: dict[str, str] = {}
"""Per host, why it was not asked. Scrapy would call it a name that could not be resolved."""


class RefusedAddress(IgnoreRequest):
    """The request was not sent. The message is a sentence for staff."""


class PublicAddresses:
    """A downloader middleware; redirects pass through it as every request does."""

    def __init__(self, allow_private: bool):
        self._allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "PublicAddresses":
        return cls(crawler.settings.getbool("ALLOW_PRIVATE"))

    def process_request(self, request: "Request") -> None:
        try:
            require_web_url(request.url, allow_private=self._allow_private)
            if not self._allow_private:
                _require_public_literal(urlsplit(request.url).hostname or "")
        except SourceError as error:
            raise RefusedAddress(str(error)) from None


class PublicResolver(CachingThreadedResolver):
    """Names that lead to an address which is not public lead nowhere."""

    def getHostByName(self, name: str, timeout: "Sequence[int]" = ()) -> "Deferred[str]":
        return super().getHostByName(name, timeout).addCallback(_checked, name)


def _checked(address: str, name: str) -> Any:
    try:
        require_public(address)
    except SourceError as error:
        refusals[name] = f"{name} leads to an address inside a network. {error}"
        raise
    return address


def _require_public_literal(host: str) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return  # a name: the resolver looks at what it leads to
    require_public(host)
