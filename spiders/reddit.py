"""Reddit: what a search finds, what is said in subreddits, and who answers or names our account.

Without keys the public feeds are read, and staff answer by hand. With the four keys of a script app the API is read,
and staff answer from the account. Reddit gives keys only after it has approved the use (since November 2025).
"""

import json
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from monitor.source import Page, Post, Posted, PostRef, SourceError

from ._http import client, user_agent
from ._keys import LanguageCode, WebAddress
from ._reddit_api import Api
from ._reddit_parse import SITE, comment_url, feed_posts, find, listing_posts, next_page, parsed, things
from ._seen import Seen

KEYS = ("client_id", "client_secret", "username", "password")
_SITE = SITE.rstrip("/")
_MOST_PAGES = 5
_PAGE = 100  # Reddit's own limit
Stream = tuple[str, dict[str, str]]
"""A path and its parameters."""


@dataclass
class Source:
    """`queries` are searched, in `subreddits` only where there are any; these are also read comment by comment."""

    _: KW_ONLY
    name: str
    queries: list[str] = field(default_factory=list)
    subreddits: list[str] = field(default_factory=list)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    language: LanguageCode | None = None
    contact: str = ""
    reddit_url: WebAddress = _SITE
    oauth_url: WebAddress = "https://oauth.reddit.com"
    allow_private: bool = False

    def __post_init__(self) -> None:
        missing = self._missing_keys()
        if missing and len(missing) < len(KEYS):
            raise SourceError(
                f"Reddit needs all four keys or none; missing: {', '.join(missing)}.", permanent=True
            )
        if missing and not self.queries and not self.subreddits:
            raise SourceError("Reddit needs queries or subreddits to read.", permanent=True)
        self._web = client(user_agent=user_agent(self.contact), allow_private=self.allow_private)

    def _missing_keys(self) -> list[str]:
        return [key for key in KEYS if not getattr(self, key)]

    def poll(self, cursor: str | None) -> Iterator[Page]:
        """One page for each search and each list of comments that has something new."""
        seen = _seen(cursor)
        # The first time a page is enough: who starts today doesn't want last month's complaints.
        pages = _MOST_PAGES if seen.hashes else 1
        for stream in self._streams():
            posts = self._new(stream, seen, pages)
            seen = seen.plus(post.id for post in posts)
            if posts:
                yield Page(sorted(posts, key=lambda post: post.posted_at), json.dumps(seen.hashes))

    def _streams(self) -> list[Stream]:
        where = "+".join(each.strip("/ ").removeprefix("r/") for each in self.subreddits)
        searches = [_search(query, where) for query in self.queries]
        return [*searches, (f"r/{where}/comments", {})] if where else searches

    def _new(self, stream: Stream, seen: Seen, pages: int) -> list[Post]:
        path, parameters = stream  # a feed has one page
        address = f"{self.reddit_url}/{path}.rss?{urlencode({**parameters, 'limit': _PAGE})}"
        posts = parse(self._web.get(address).body, now=datetime.now(UTC), language=self.language)
        unseen = seen.unseen(post.id for post in posts)
        return [post for post in posts if post.id in unseen]


class SourceWithKeys(Source):
    """The same with the keys of an account, which can answer."""

    max_length = 10_000
    """Characters, https://www.reddit.com/dev/api/#POST_api_comment."""

    def __post_init__(self) -> None:
        agent = f"{user_agent(self.contact)} by /u/{self.username}"
        self._api = Api(
            agent,
            client_id=self.client_id,
            client_secret=self.client_secret,
            username=self.username,
            password=self.password,
            reddit_url=self.reddit_url,
            oauth_url=self.oauth_url,
        )

    @property
    def account(self) -> str:
        """Our name at Reddit, without u/."""
        return self.username

    def check(self) -> str:
        """Log in, and nothing else."""
        me = self._api.get("api/v1/me")
        name = me.get("name") if isinstance(me, dict) else None
        if not name:
            raise SourceError("Reddit lets us in but doesn't say who we are.")
        return f"Reddit knows us as u/{name}."

    def reply(self, post: PostRef, text: str) -> Posted:
        """Comment below the post; SourceError says `unsure` where the comment may be there all the same."""
        answer = self._api.comment(post.id, text)
        try:
            shown = things(self._api.get("api/info", {"id": answer}))
        except SourceError as error:
            raise SourceError(f"The reply was posted but can't be read back: {error}", unsure=True) from None
        if not shown:
            raise SourceError("Reddit took the reply but doesn't show it: look at the thread.", unsure=True)
        return Posted(answer, comment_url(shown[0]))

    def edit(self, posted: Posted, text: str) -> Posted:
        """Change our comment: https://www.reddit.com/dev/api/#POST_api_editusertext."""
        self._api.edit(posted.id, text)
        return posted

    def delete(self, posted: Posted) -> None:
        """Delete our comment: https://www.reddit.com/dev/api/#POST_api_del."""
        self._api.delete(posted.id)

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        """Look for our comment below the post."""
        kind, _, bare = post.id.partition("_")
        thread = (post.thread_id or post.id).removeprefix("t3_")
        path = f"comments/{thread}" if kind == "t3" else f"comments/{thread}/_/{bare}"
        page = self._api.get(path, {"sort": "new", "limit": 500, "context": 0})
        found = find(page, parent=post.id, author=self.username, text=text)
        return Posted(found["name"], comment_url(found)) if found else None

    def _streams(self) -> list[Stream]:
        inbox: list[Stream] = [(f"message/{box}", {}) for box in ("mentions", "comments", "selfreply")]
        return [*super()._streams(), *inbox]

    def _new(self, stream: Stream, seen: Seen, pages: int) -> list[Post]:
        """The posts of the first pages, until one has nothing new in it."""
        path, parameters = stream
        new: list[Post] = []
        after: str | None = ""
        for _ in range(pages):
            listing = self._api.get(
                path, {**parameters, "limit": _PAGE, **({"after": after} if after else {})}
            )
            posts = listing_posts(listing, now=datetime.now(UTC), language=self.language)
            unseen = seen.unseen(post.id for post in posts)
            new += [post for post in posts if post.id in unseen]
            after = next_page(listing)
            if not after or not unseen:
                break
        return new


def build(**keys: Any) -> Source:
    """A SourceWithKeys where the four keys are configured, a Source where none is."""
    return SourceWithKeys(**keys) if all(keys.get(key) for key in KEYS) else Source(**keys)


def parse(content: bytes, *, now: datetime, language: str | None = None) -> list[Post]:
    """Posts of a listing of the API (JSON) or of a public feed (Atom), in the order that Reddit gives."""
    if content.lstrip()[:1] == b"{":
        return listing_posts(parsed(content), now=now, language=language)
    return feed_posts(content, now=now, language=language)


def _search(query: str, where: str) -> Stream:
    parameters = {"q": query, "sort": "new", "t": "week"}
    if not where:
        return "search", parameters
    return f"r/{where}/search", {**parameters, "restrict_sr": "on"}


def _seen(cursor: str | None) -> Seen:
    try:
        return Seen.load(json.loads(cursor or "[]"))
    except ValueError:
        return Seen()
