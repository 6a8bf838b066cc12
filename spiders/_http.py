"""HTTP for sources: polite, bounded and safe.

One request at a time per host in a process; only checked public addresses (see _address.py), after every redirect
too; a bound on the bytes after decompression and one deadline for the whole exchange; no cookies unless asked for;
errors are SourceErrors that name the host and never the path or the query, which may hold a token.
"""

import email.utils
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from weakref import WeakValueDictionary

import httpcore2
import httpx2

from monitor.source import SourceError

from ._http_line import Deadline, GuardedTransport

MAX_REDIRECTS = 5
_LONGEST_WAIT = timedelta(days=1)
_STAFF_MUST_ACT = {
    401: "the credentials were refused: check the key or the password",
    403: "it does not let us in: check the permissions, or whether we are banned",
    404: "there is nothing at this address: check it",
    410: "what was there is gone for good: remove the source or change its address",
}
_TIMEOUTS = (httpcore2.TimeoutException, httpx2.TimeoutException)
_NEVER_SENT = (
    httpcore2.ConnectError,
    httpcore2.ConnectTimeout,
    httpx2.InvalidURL,
    httpx2.UnsupportedProtocol,
)
_FAILURES = (
    *_NEVER_SENT,
    *_TIMEOUTS,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.UnsupportedProtocol,
    httpx2.HTTPError,
)
_turns: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()
_turns_guard = threading.Lock()


@dataclass(frozen=True)
class Fetched:
    """What came back, after redirects. A status of 304 has no body: nothing changed."""

    status: int
    url: str
    headers: Mapping[str, str]
    """Case doesn't matter."""
    body: bytes
    etag: str | None
    modified: str | None


class HttpError(SourceError):
    """The server answered, with a status of 400 or more; `fetched.body` may say why."""

    def __init__(self, message: str, *, fetched: Fetched, permanent: bool, unsure: bool, now: datetime):
        wait = retry_after(fetched.headers.get("retry-after", ""), now)
        super().__init__(message, permanent=permanent, retry_after=wait, unsure=unsure)
        self.fetched = fetched


def user_agent(contact: str) -> str:
    """Who asks: the name that robots.txt may use, and where its owner can complain to whom (URL or address)."""
    shown = "".join(c for c in contact if " " <= c <= "~" and c not in "()")
    return f"Vidhuk (+{shown})" if shown else "Vidhuk"


def client(
    *,
    user_agent: str,
    allow_private: bool = False,
    timeout: float = 30.0,
    max_bytes: int = 5_000_000,
    cookies: bool = False,
) -> "Web":
    """Make a Web. `timeout` is seconds for a whole exchange with one host, `max_bytes` of one decompressed body."""
    return Web(user_agent, allow_private, timeout, max_bytes, cookies)


class Web:
    """A window on the web for one source. Safe to use from several threads."""

    def __init__(self, user_agent: str, allow_private: bool, timeout: float, max_bytes: int, cookies: bool):
        policy = None if cookies else DefaultCookiePolicy(allowed_domains=())
        self._client = httpx2.Client(
            transport=GuardedTransport(allow_private=allow_private),
            headers={"User-Agent": user_agent},
            cookies=CookieJar(policy),
            timeout=timeout,
            trust_env=False,
        )
        self.user_agent = user_agent
        self._timeout = timeout
        self._max_bytes = max_bytes

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Fetch; `etag` and `modified` are those of an earlier Fetched. SourceError on anything but 2xx and 304."""
        conditions = {"If-None-Match": etag, "If-Modified-Since": modified}
        sent = {**(headers or {}), **{name: value for name, value in conditions.items() if value}}
        return self._fetch("GET", url, headers=sent)

    def post(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Send a form or JSON. `unsure` of the SourceError says that it may have been received all the same."""
        return self._fetch("POST", url, data=form, json=json, headers=headers)

    def _fetch(self, method: str, url: str, **content: Any) -> Fetched:
        with _as_source_errors(_host(url), self._timeout, sends=method == "POST"):
            request = self._client.build_request(method, url, **content)
        fetched, following = self._exchange(request)
        if following is None:
            return _judged(fetched, method)
        if following.method == "POST":
            raise SourceError(f"{request.url.host} moved the form to another address.", permanent=True)
        try:
            return self._followed(following, _host(url))
        except SourceError as error:
            error.unsure = method == "POST"  # who sends us on after a form has taken it
            raise

    def _followed(self, request: httpx2.Request, host: str) -> Fetched:
        for _ in range(MAX_REDIRECTS):
            fetched, following = self._exchange(request)
            if following is None:
                return _judged(fetched, request.method)
            request = following
        raise SourceError(f"{host} redirects more than {MAX_REDIRECTS} times: check the address.")

    def _exchange(self, request: httpx2.Request) -> tuple[Fetched, httpx2.Request | None]:
        host = request.url.host
        request.extensions = {**request.extensions, "deadline": Deadline(self._timeout)}
        with (
            _as_source_errors(host, self._timeout, sends=request.method == "POST"),
            _turn(request.url.netloc.decode("ascii"), self._timeout),
        ):
            response = self._client.send(request, stream=True)
            try:
                return _fetched(response, self._body(response)), response.next_request
            finally:
                response.close()

    def _body(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._max_bytes:
                raise SourceError(
                    f"{response.url.host} sent more than {self._max_bytes / 1e6:g} MB: too big to be read.",
                    unsure=response.request.method == "POST",
                )
        return bytes(body)


def retry_after(value: str, now: datetime) -> timedelta | None:
    """Read a Retry-After header (RFC 9110, 10.2.3: seconds, or a date), at most a day."""
    if value.strip().isascii() and value.strip().isdigit():
        wait = timedelta(seconds=min(int(value.strip()[:9]), _LONGEST_WAIT.total_seconds()))
        return wait
    try:
        date = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    aware = date if date.tzinfo else date.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta(0)), _LONGEST_WAIT)


def _host(url: str) -> str:
    try:
        return httpx2.URL(url).host or "The address"
    except httpx2.InvalidURL:
        return "The address"


@contextmanager
def _turn(host: str, seconds: float) -> Iterator[None]:
    with _turns_guard:
        lock = _turns.setdefault(host, threading.Lock())
    if not lock.acquire(timeout=seconds):
        raise SourceError(f"{host} is still busy with our other requests: trying again later.")
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _as_source_errors(host: str, seconds: float, *, sends: bool) -> Iterator[None]:
    try:
        yield
    except _FAILURES as error:
        unsure = sends and not isinstance(error, _NEVER_SENT)
        raise SourceError(_sentence(host, seconds, error), unsure=unsure) from None


def _sentence(host: str, seconds: float, error: Exception) -> str:
    if isinstance(error, _TIMEOUTS):
        return f"{host} did not finish answering in {seconds:g} seconds."
    if isinstance(error, httpcore2.ConnectError):
        return f"No connection to {host}: {error}."
    if isinstance(error, httpx2.DecodingError):
        return f"{host} sent a body that can't be decompressed."
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol | httpcore2.UnsupportedProtocol):
        return f"{host} is not a valid web address."
    return f"{host} broke off the conversation ({type(error).__name__})."


def _fetched(response: httpx2.Response, body: bytes) -> Fetched:
    return Fetched(
        status=response.status_code,
        url=str(response.url),
        headers=response.headers,
        body=body,
        etag=response.headers.get("etag"),
        modified=response.headers.get("last-modified"),
    )


def _judged(fetched: Fetched, method: str) -> Fetched:
    if fetched.status < 300 or fetched.status == HTTPStatus.NOT_MODIFIED:
        return fetched
    host = _host(fetched.url)
    if fetched.status < 400:
        raise SourceError(
            f"{host} redirects to an address that can't be read.", permanent=True, unsure=method == "POST"
        )
    reason = _STAFF_MUST_ACT.get(fetched.status, "trying again later")
    raise HttpError(
        f"{host} answered with status {fetched.status}: {reason}.",
        fetched=fetched,
        permanent=fetched.status in _STAFF_MUST_ACT,
        unsure=method == "POST" and fetched.status >= 500,
        now=datetime.now(UTC),
    )
