"""What forums have in common that tell in JSON what their pages show."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.source import Post

from ._captcha import TOLD, is_challenge
from ._dates import read_time
from ._forum_page import ThreadRow, Unreadable
from ._markup import read
from ._text import one_line, plain

PAGE_OF_POSTS = 20


@dataclass(frozen=True, kw_only=True)
class JsonEngine:
    now: datetime
    language: str | None = None

    def post(self, told: dict[str, Any], *, id: str, url: str, author: Any, markup: Any) -> Iterator[Post]:
        """The post, unless it has no text, no author or no time."""
        time = read_time([string(told.get("time"))], now=self.now)
        name, text = one_line(string(author)), plain(string(markup))
        if not (id and time and name and text):
            return
        yield Post(
            id=id,
            url=url,
            author=name,
            text=text,
            posted_at=time,
            title=one_line(string(told.get("title"))),
            thread_id=string(told.get("thread_id")),
            language=self.language,
        )

    def row(
        self, *, id: str, url: str, title: Any, mark: Iterable[Any], last_at: Any, last_url: str
    ) -> ThreadRow:
        return ThreadRow(
            id=id,
            url=url,
            title=one_line(string(title)),
            mark="|".join(map(string, mark)),
            last_at=read_time([string(last_at)], now=self.now),
            last_url=last_url,
        )


def parsed(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise _no_json(content) from None
    return mapping(told, "answer")


def _no_json(content: bytes) -> Unreadable:
    if is_challenge(read(content)):
        return Unreadable(TOLD, captcha=True)
    return Unreadable("the answer is not JSON: is the engine right, and is the forum public?")


def mapping(value: Any, name: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(f"there is no {name} in the answer: is the engine right, and is the forum public?")
    return value


def mappings(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def string(value: Any) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def number_text(value: Any) -> str:
    written = string(value)[:20]
    return written if written.isascii() and written.isdigit() else ""


def number(value: Any) -> int:
    return int(number_text(value) or 0)


def folder(url: str) -> str:
    return url if url.endswith("/") else url + "/"
