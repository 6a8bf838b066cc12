"""What went wrong on the way to a page, as a sentence for staff."""

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError

from ._address_scrapy import RefusedAddress, refusals
from ._crawl_lines import Failure
from ._http import retry_after

_STAFF_MUST_ACT = {
    401: "it wants a login: the place is not public",
    403: "it does not let Vidhuk in: ask its owner, or remove the source",
    404: "there is nothing at this address: check it",
    410: "what was there is gone for good: remove the source or change its address",
}
STAY_AWAY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


def failure_of(error: BaseException, request: Request) -> Failure:
    """The sentence for an error of Scrapy about a request."""
    host = urlsplit(request.url).hostname or "The site"
    if isinstance(error, HttpError):
        return _answered(error.response, host)
    if isinstance(error, RefusedAddress):
        return Failure(str(error), permanent=True)
    if isinstance(error, IgnoreRequest):
        return _ignored(error, host)
    if host in refusals:
        return Failure(refusals[host], permanent=True)
    return Failure(_broken(error, host))


def _answered(response: Response, host: str) -> Failure:
    status = response.status
    if status in STAY_AWAY:
        written = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait = retry_after(written, datetime.now(UTC))
        seconds = wait.total_seconds() if wait is not None else None
        return Failure(f"{host} asks us to come later (status {status}).", wait=seconds)
    reason = _STAFF_MUST_ACT.get(status, "trying again later")
    return Failure(f"{host} answered with status {status}: {reason}.", permanent=status in _STAFF_MUST_ACT)


def _ignored(error: IgnoreRequest, host: str) -> Failure:
    if "robots" in str(error).lower():
        return Failure(
            f"robots.txt of {host} asks programs not to read this page: ask its owner, or remove the source.",
            permanent=True,
        )
    return Failure(f"{host} sent a page that is too big to be read.")


def _broken(error: BaseException, host: str) -> str:
    if isinstance(error, CannotResolveHostError):
        return f"The name {host!r} was not found in DNS: check the address."
    if isinstance(error, DownloadTimeoutError):
        return f"{host} did not answer in time."
    if isinstance(error, DownloadConnectionRefusedError):
        return f"{host} refuses connections."
    if isinstance(error, DownloadCancelledError):
        return f"{host} sent a page that is too big to be read."
    return f"{host} broke off the conversation ({type(error).__name__})."
