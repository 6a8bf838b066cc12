"""The stand-in as a server in a thread of its own, on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager

from demo import serving
from demo.telegram.telegram import Telegram


@contextmanager
def serve(telegram: Telegram, *, port: int = 0) -> Iterator[str]:
    """Serve on a loopback port (0: a free one) for as long as the block runs; yields http://127.0.0.1:port."""
    with serving.serve(telegram.app, port=port) as url:
        try:
            yield url
        finally:
            telegram.close()
