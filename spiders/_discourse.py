"""Discourse, read as JSON."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import add_or_replace_parameter, url_query_parameter

from monitor.source import Post

from ._forum_json import (
    PAGE_OF_POSTS,
    JsonEngine,
    folder,
    mapping,
    mappings,
    number,
    number_text,
    parsed,
    string,
)
from ._forum_page import NO_THREAD, Listing, ThreadPage, ThreadRow, Unreadable
from ._links import absolute, same_site
from ._text import one_line


class Discourse(JsonEngine):
    """/latest.json, /c/…/l/latest.json and /t/ID.json?page=N; 20 posts a page."""

    def start_urls(self, url: str, sections: list[str]) -> list[str]:
        if not sections:
            return [urljoin(folder(url), "latest.json")]
        return [urljoin(folder(url), section.strip("/") + "/l/latest.json") for section in sections]

    def listing(self, content: bytes, url: str) -> Listing:
        told = mapping(parsed(content).get("topic_list"), "topic_list")
        rows = [row for topic in mappings(told.get("topics")) for row in self._topic(topic, url)]
        if not rows and not url_query_parameter(url, "page"):
            raise Unreadable(NO_THREAD)
        return Listing(threads=rows, next=_as_json(url, told.get("more_topics_url")))

    def thread(self, content: bytes, url: str, *, id: str = "", title: str = "") -> ThreadPage:
        told = parsed(content)
        stream = mapping(told.get("post_stream"), "post_stream")
        posts = mappings(stream.get("posts"))
        turned = int(url_query_parameter(url, "page", "1") or "1")
        ids = stream.get("stream")
        more = bool(posts) and isinstance(ids, list) and bool(ids) and posts[-1].get("id") != ids[-1]
        return ThreadPage(
            posts=[post for each in posts for post in self._of_topic(each, told, url)],
            next=add_or_replace_parameter(url, "page", str(turned + 1)) if more else None,
            previous=add_or_replace_parameter(url, "page", str(turned - 1)) if turned > 1 else None,
        )

    def _topic(self, topic: dict[str, Any], url: str) -> Iterator[ThreadRow]:
        id = number_text(topic.get("id"))
        if not id:
            return
        address = urljoin(url, f"/t/{id}.json")
        pages = -(-number(topic.get("posts_count")) // PAGE_OF_POSTS)
        yield self.row(
            id=id,
            url=address,
            title=topic.get("title"),
            mark=(topic.get("highest_post_number"), topic.get("last_posted_at")),
            last_at=topic.get("last_posted_at"),
            last_url=f"{address}?page={pages}" if pages > 1 else address,
        )

    def _of_topic(self, post: dict[str, Any], topic: dict[str, Any], url: str) -> Iterator[Post]:
        if post.get("post_type", 1) != 1 or post.get("hidden") or post.get("deleted_at"):
            return
        thread = number_text(post.get("topic_id")) or number_text(topic.get("id"))
        slug = one_line(string(post.get("topic_slug") or topic.get("slug") or "-"))
        yield from self.post(
            {"time": post.get("created_at"), "title": topic.get("title"), "thread_id": thread},
            id=number_text(post.get("id")),
            url=urljoin(url, f"/t/{slug}/{thread}/{number(post.get('post_number'))}"),
            author=post.get("username"),
            markup=post.get("cooked"),
        )


def _as_json(url: str, more: Any) -> str | None:
    """Discourse names its next page for people; the same with .json is for us."""
    following = absolute(url, string(more))
    if following is None or not same_site(following, url):
        return None
    parts = urlsplit(following)
    path = parts.path if parts.path.endswith(".json") else f"{parts.path}.json"
    return urlunsplit(parts._replace(path=path))
