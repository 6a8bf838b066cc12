"""Flarum, read as JSON:API."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from w3lib.url import add_or_replace_parameter, url_query_parameter

from monitor.source import Post

from ._forum_json import PAGE_OF_POSTS, JsonEngine, folder, mappings, number, number_text, parsed, string
from ._forum_page import NO_THREAD, Listing, ThreadPage, ThreadRow, Unreadable
from ._links import absolute, same_site


class Flarum(JsonEngine):
    """/api/discussions and /api/posts (JSON:API); 20 posts a page."""

    def start_urls(self, url: str, sections: list[str]) -> list[str]:
        root = urljoin(folder(url), "api/discussions?sort=-lastPostedAt")
        return [
            f"{root}&filter%5Btag%5D={section.strip('/').removeprefix('t/')}" for section in sections
        ] or [root]

    def listing(self, content: bytes, url: str) -> Listing:
        told = parsed(content)
        if not isinstance(told.get("data"), list):
            raise Unreadable("there is no list data in the answer: is this Flarum, and is it public?")
        rows = [row for each in mappings(told["data"]) for row in self._discussion(each, url)]
        if not rows and not url_query_parameter(url, "page[offset]"):
            raise Unreadable(NO_THREAD)
        links = told.get("links")
        following = absolute(url, string(links.get("next"))) if isinstance(links, dict) else None
        return Listing(
            threads=rows,
            next=following if following and same_site(following, url) else None,
        )

    def thread(self, content: bytes, url: str, *, id: str = "", title: str = "") -> ThreadPage:
        told = parsed(content)
        if not isinstance(told.get("data"), list):
            raise Unreadable("there is no list data in the answer: is this Flarum, and is it public?")
        posts = mappings(told["data"])
        names = {
            number_text(user.get("id")): _attributes(user).get("username")
            for user in mappings(told.get("included"))
        }
        offset = number((parse_qs(urlsplit(url).query).get("page[offset]") or ["0"])[0])
        about = {"thread_id": id, "title": title}
        return ThreadPage(
            posts=[post for each in posts for post in self._comment(each, names, about, url)],
            next=_at(url, offset + PAGE_OF_POSTS) if len(posts) >= PAGE_OF_POSTS else None,
            previous=_at(url, max(0, offset - PAGE_OF_POSTS)) if offset else None,
        )

    def _discussion(self, discussion: dict[str, Any], url: str) -> Iterator[ThreadRow]:
        id, told = number_text(discussion.get("id")), _attributes(discussion)
        if not id:
            return
        root = url.partition("/api/")[0]
        address = f"{root}/api/posts?filter%5Bdiscussion%5D={id}&filter%5Btype%5D=comment&sort=createdAt"
        first = (max(1, number(told.get("commentCount"))) - 1) // PAGE_OF_POSTS * PAGE_OF_POSTS
        yield self.row(
            id=id,
            url=_at(address, 0),
            title=told.get("title"),
            mark=(told.get("commentCount"), told.get("lastPostedAt")),
            last_at=told.get("lastPostedAt"),
            last_url=_at(address, first),
        )

    def _comment(
        self, post: dict[str, Any], names: dict[str, Any], about: dict[str, Any], url: str
    ) -> Iterator[Post]:
        told = _attributes(post)
        if told.get("contentType") != "comment" or told.get("isHidden"):
            return
        thread = about["thread_id"] or _related(post, "discussion")
        yield from self.post(
            {"time": told.get("createdAt"), "title": about["title"], "thread_id": thread},
            id=number_text(post.get("id")),
            url=f"{url.partition('/api/')[0]}/d/{thread}/{number(told.get('number'))}",
            author=names.get(_related(post, "user")),
            markup=told.get("contentHtml"),
        )


def _attributes(resource: dict[str, Any]) -> dict[str, Any]:
    told = resource.get("attributes")
    return told if isinstance(told, dict) else {}


def _related(resource: dict[str, Any], name: str) -> str:
    """The id of a related resource (JSON:API)."""
    value: Any = resource
    for key in ("relationships", name, "data", "id"):
        value = value.get(key) if isinstance(value, dict) else None
    return number_text(value)


def _at(url: str, offset: int) -> str:
    plain_url = add_or_replace_parameter(url, "page[limit]", str(PAGE_OF_POSTS))
    return add_or_replace_parameter(plain_url, "page[offset]", str(offset))
