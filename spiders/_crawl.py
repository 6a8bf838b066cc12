"""A crawl in a process of its own: `python -m spiders._crawl`, the task as a line of JSON on stdin, the answer on stdout.

A crash, a leak or a hang stays in here; the log goes to stderr. See _crawl_lines.py for what is said.
Its stdin stays open for as long as somebody waits for the answer.
"""

import json
import os
import resource
import sys
import threading
from datetime import datetime
from importlib import import_module
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from ._crawl_lines import End, Failure, Lines
from ._crawl_settings import settings

MAX_TASK = 8_000_000
MAX_MEMORY = 2 * 1024**3
"""Bytes of address space, most of which a crawl never touches."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    task = json.loads(sys.stdin.readline(MAX_TASK))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # What anything else prints must not get among our lines.
    lines = Lines(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    _crawl(task, lines)


def _end_with_parent() -> None:
    """However our parent ended, killed or not, nobody reads what we find: the site need not be asked for it."""
    while os.read(0, 1):
        pass
    os._exit(1)


def _crawl(task: dict[str, Any], lines: Lines) -> None:
    keys = task["keys"]
    module = import_module(f"{__package__}._{task['kind']}_crawl")
    process = AsyncCrawlerProcess(
        settings(
            url=keys["url"],
            contact=keys["contact"],
            allow_private=keys["allow_private"],
            seconds=task["seconds"],
        )
    )
    crawl = process.crawl(
        module.Spider,
        keys=keys,
        cursor=task["cursor"],
        now=datetime.fromisoformat(task["now"]),
        lines=lines,
    )
    process.start()
    if crawl.exception():
        lines.end(
            End(cursor=None, failure=Failure(f"The crawl broke off: {type(crawl.exception()).__name__}."))
        )


if __name__ == "__main__":
    main()
