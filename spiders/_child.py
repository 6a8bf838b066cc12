"""The parent's side of a crawl: starts the child, reads what it says within bounds, and ends it."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from monitor.source import Page, Post, SourceError

from ._crawl_lines import MAX_LINE, End, read_line

CRAWL_SECONDS = 240.0
"""After this the child finishes what it has begun, and goes on at the next poll."""
GRACE_SECONDS = 60.0
"""After this too it is told to stop, and then killed."""
MAX_POSTS = 20_000

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")
_ROOT = Path(__file__).parents[1]
_log = logging.getLogger(__name__)


def crawl(
    kind: str, keys: dict[str, Any], cursor: str | None, now: datetime, *, seconds: float = CRAWL_SECONDS
) -> Iterator[Page]:
    """What a crawl found, oldest first. SourceError after the page when it could not do all that it should."""
    task = {"kind": kind, "keys": keys, "cursor": cursor, "now": now.isoformat(), "seconds": seconds}
    posts, end = _run(json.dumps(task), seconds + GRACE_SECONDS)
    if posts or end.cursor is not None:
        yield Page(sorted(posts, key=lambda post: post.posted_at), end.cursor or cursor)
    if end.failure:
        raise end.failure.error()


def _run(task: str, seconds: float) -> tuple[list[Post], End]:
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", f"{__package__}._crawl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(),
        start_new_session=True,
    )
    assert child.stdin
    assert child.stdout
    assert child.stderr
    log = threading.Thread(target=_pass_on, args=(child.stderr,), daemon=True)
    log.start()
    watch = threading.Timer(seconds, child.send_signal, args=(signal.SIGTERM,))
    watch.daemon = True
    watch.start()
    kill = threading.Timer(seconds + GRACE_SECONDS / 4, child.kill)
    kill.daemon = True
    kill.start()
    try:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(task.encode() + b"\n")
            child.stdin.flush()
        return _read(child.stdout)
    finally:
        watch.cancel()
        kill.cancel()
        _end(child)
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        log.join(timeout=5)
        child.stdout.close()


def _environment() -> dict[str, str]:
    """What Python needs, and none of the secrets that the parent may have in its environment."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(_ROOT)}


def _read(out: IO[bytes]) -> tuple[list[Post], End]:
    posts: list[Post] = []
    while line := out.readline(MAX_LINE):
        try:
            told = read_line(line)
        except ValueError:
            raise SourceError(
                "The crawl said something that can't be read; nothing of it was kept."
            ) from None
        if isinstance(told, End):
            return posts, told
        posts.append(told)
        if len(posts) > MAX_POSTS:
            raise SourceError(f"The crawl found more than {MAX_POSTS} new posts: set a smaller max_pages.")
    raise SourceError("The crawl ended before it was done (killed, or out of memory); it starts again later.")


def _end(child: "subprocess.Popen[bytes]") -> None:
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _pass_on(errors: IO[bytes]) -> None:
    with errors:
        for line in iter(lambda: errors.readline(MAX_LINE), b""):
            _log.debug("%s", line.decode("utf-8", "replace").rstrip())
