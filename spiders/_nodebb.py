"""NodeBB, read as JSON."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from w3lib.url import add_or_replace_parameter, url_query_parameter

from monitor.source import Post

from ._forum_json import PAGE_OF_POSTS, JsonEngine, folder, mappings, number, number_text, parsed, string
from ._forum_page import NO_THREAD, Listing, ThreadPage, ThreadRow, Unreadable
from ._text import plain


class NodeBB(JsonEngine):
    """/api/recent, /api/category/ID/slug and /api/topic/ID?page=N."""

    def start_urls(self, url: str, sections: list[str]) -> list[str]:
        root = folder(url)
        return [urljoin(root, f"api/{section.strip('/')}") for section in sections or ["recent"]]

    def listing(self, content: bytes, url: str) -> Listing:
        told = parsed(content)
        if not isinstance(told.get("topics"), list):
            raise Unreadable("there is no list topics in the answer: is this NodeBB, and is it public?")
        rows = [row for topic in mappings(told["topics"]) for row in self._topic(topic, url)]
        if not rows and not url_query_parameter(url, "page"):
            raise Unreadable(NO_THREAD)
        return Listing(threads=rows, next=_turned(told, url, "next"))

    def thread(self, content: bytes, url: str, *, id: str = "", title: str = "") -> ThreadPage:
        told = parsed(content)
        if not isinstance(told.get("posts"), list):
            raise Unreadable("there is no list posts in the answer: is this NodeBB, and is it public?")
        return ThreadPage(
            posts=[post for each in mappings(told["posts"]) for post in self._of_topic(each, told, url)],
            next=_turned(told, url, "next"),
            previous=_turned(told, url, "prev"),
        )

    def _topic(self, topic: dict[str, Any], url: str) -> Iterator[ThreadRow]:
        id = number_text(topic.get("tid"))
        if not id or topic.get("deleted"):
            return
        address = f"{url.partition('/api/')[0]}/api/topic/{id}"
        yield self.row(
            id=id,
            url=address,
            title=plain(string(topic.get("title"))),
            mark=(topic.get("postcount"), topic.get("lastposttimeISO")),
            last_at=topic.get("lastposttimeISO"),
            last_url=f"{address}?page={-(-number(topic.get('postcount')) // PAGE_OF_POSTS) or 1}",
        )

    def _of_topic(self, post: dict[str, Any], topic: dict[str, Any], url: str) -> Iterator[Post]:
        user = post.get("user")
        if post.get("deleted") or not isinstance(user, dict):
            return
        id = number_text(post.get("pid"))
        yield from self.post(
            {
                "time": post.get("timestampISO"),
                "title": plain(string(topic.get("title"))),
                "thread_id": number_text(topic.get("tid")),
            },
            id=id,
            url=f"{url.partition('/api/')[0]}/post/{id}",
            author=user.get("username"),
            markup=post.get("content"),
        )


def _turned(told: dict[str, Any], url: str, direction: str) -> str | None:
    """The next or the previous page in NodeBB's way of telling it."""
    pagination = told.get("pagination")
    step = pagination.get(direction) if isinstance(pagination, dict) else None
    if not isinstance(step, dict) or not step.get("active"):
        return None
    return add_or_replace_parameter(url, "page", str(number(step.get("page"))))
