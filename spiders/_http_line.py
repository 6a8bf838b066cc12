"""The wire below spiders/_http.py: it connects to checked addresses only, and has a deadline for everything."""

import ssl
import time
from collections.abc import Iterable, Iterator
from functools import cache

import httpcore2
import httpx2

from ._address import require_web_url, resolve, resolve_public

SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@cache
def _ssl_context() -> ssl.SSLContext:
    # Loading the certificates takes tens of milliseconds: once a process is enough.
    return httpx2.create_ssl_context()


class Deadline:
    """A moment of the monotonic clock, after which every wait is over."""

    def __init__(self, seconds: float):
        self._at = time.monotonic() + seconds

    def left(self, timeout: float | None = None) -> float:
        """Seconds left, at most `timeout`. httpcore2.ReadTimeout when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(left, timeout)


class GuardedTransport(httpx2.BaseTransport):
    """One connection a request: the deadline is the request's, in its extension `deadline`.

    Raises PrivateAddress, SourceError (no such name), and the errors of httpcore2.
    """

    def __init__(self, *, allow_private: bool):
        self._allow_private = allow_private

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        require_web_url(str(request.url), allow_private=self._allow_private)
        backend = _GuardedBackend(self._allow_private, request.extensions["deadline"])
        pool = httpcore2.ConnectionPool(ssl_context=_ssl_context(), network_backend=backend)
        try:
            response = pool.handle_request(_for_wire(request))
        except BaseException:
            pool.close()
            raise
        assert isinstance(response.stream, Iterable)
        return httpx2.Response(
            response.status,
            headers=response.headers,
            stream=_Body(response.stream, pool),
            extensions=response.extensions,
        )


def _for_wire(request: httpx2.Request) -> httpcore2.Request:
    assert isinstance(request.stream, httpx2.SyncByteStream)
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


class _Body(httpx2.SyncByteStream):
    def __init__(self, stream: Iterable[bytes], pool: httpcore2.ConnectionPool):
        self._stream = stream
        self._pool = pool

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if hasattr(self._stream, "close"):
            self._stream.close()
        self._pool.close()


class _GuardedBackend(httpcore2.NetworkBackend):
    """Looks the name up once, checks what it got, and connects to just that: no second answer of DNS counts."""

    def __init__(self, allow_private: bool, deadline: Deadline):
        self._lookup = resolve if allow_private else resolve_public
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore2.NetworkStream:
        failure: Exception = httpcore2.ConnectError("no address")
        for address in self._lookup(host.strip("[]")):
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failure


class _TimedStream(httpcore2.NetworkStream):
    """A time-out for each read lets a server drip one byte a minute for ever: the deadline doesn't."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline):
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
