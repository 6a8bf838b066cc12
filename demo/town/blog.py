"""«Тихий берег», the blog of somebody who mends an old house: articles, comments and their Atom feeds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.town import pages
from demo.town.week import Post, Week

FEED_LENGTH = 20
ATOM = "application/atom+xml"


@dataclass(frozen=True)
class Entry:
    """A line of a feed."""

    path: str
    title: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Blog:
    week: Week
    now: Callable[[], datetime]

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/feed.xml", self.articles_feed),
            Route("/comments.xml", self.comments_feed),
            Route("/{key}", self.article),
        ]

    def index(self, request: Request) -> Response:
        articles = [(article, len(self._comments(article))) for article in self._articles()]
        html = pages.render("blog/index.html", week=self.week, articles=articles)
        return pages.public(request, html, self._newest())

    def article(self, request: Request) -> Response:
        key = request.path_params["key"]
        article = next((a for a in self._articles() if a.key == key), None)
        if not article:
            raise HTTPException(404)
        comments = self._comments(article)
        html = pages.render("blog/article.html", week=self.week, article=article, comments=comments)
        return pages.public(request, html, self.week.time_of((comments or [article])[-1]))

    def articles_feed(self, request: Request) -> Response:
        entries = [self._entry(f"/blog/{a.key}", a.title, a) for a in self._articles()]
        return self._feed(request, "Тихий берег", entries)

    def comments_feed(self, request: Request) -> Response:
        entries = [
            self._entry(f"/blog/{article.key}#c{self.week.numbers[comment.key]}", article.title, comment)
            for article in self._articles()
            for comment in self._comments(article)
        ]
        return self._feed(request, "Тихий берег: коментарі", entries)

    def _feed(self, request: Request, title: str, entries: list[Entry]) -> Response:
        newest = sorted(entries, key=lambda entry: entry.at, reverse=True)[:FEED_LENGTH]
        changed = newest[0].at if newest else self.week.start
        values = {"title": title, "entries": newest, "changed": changed, "here": request.url.path}
        xml = pages.render("blog/feed.xml", root=str(request.base_url).rstrip("/"), **values)
        return pages.public(request, xml, changed, ATOM)

    def _entry(self, path: str, title: str, post: Post) -> Entry:
        return Entry(path, title, post.author, post.text, self.week.time_of(post))

    def _articles(self) -> list[Post]:
        """Newest first."""
        return self.week.said("blog", self.now())[::-1]

    def _comments(self, article: Post) -> list[Post]:
        return self.week.said(f"blog/{article.key}", self.now())

    def _newest(self) -> datetime:
        said = [post for a in self._articles() for post in (a, *self._comments(a))]
        return max(map(self.week.time_of, said), default=self.week.start)
