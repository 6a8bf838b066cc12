"""Serve an application on loopback, in a thread of its own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

HOST = "127.0.0.1"
GOODBYE_S = 1
"""How long open connections may go on once the server stops."""


@contextmanager
def serve(app: ASGIApp, *, port: int = 0) -> Iterator[str]:
    """Serve on a loopback port (0: a free one) for as long as the block runs; yields http://127.0.0.1:port."""
    with socket.create_server((HOST, port)) as listener:
        # Otherwise every answer after the first on a connection waits 40 ms for an acknowledgement of its headers.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=GOODBYE_S)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), name="serve", daemon=True)
        thread.start()
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=10)
