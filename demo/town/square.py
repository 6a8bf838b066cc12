"""The town's front page: doors to its sites, and what has just been said anywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from demo.town import pages
from demo.town.board import Board, permalink

SHOWN = 8


@dataclass(frozen=True)
class Said:
    at: datetime
    place: str
    author: str
    text: str
    href: str


@dataclass(frozen=True)
class Square:
    board: Board

    def show(self, request: Request) -> Response:
        said = sorted(
            [*self._forum(), *self._shop(), *self._blog()], key=lambda one: (one.at, one.href), reverse=True
        )
        changed = said[0].at if said else self.board.week.start
        return pages.public(request, pages.render("square.html", said=said[:SHOWN]), changed)

    def _forum(self) -> Iterator[Said]:
        for section in self.board.week.sections:
            for thread in [] if section.members_only else self.board.threads(section.key):
                for index, post in enumerate(self.board.posts(thread)):
                    href = permalink(thread, index, post.number)
                    yield Said(post.at, f"Форум: {thread.title}", post.author, post.text, href)

    def _shop(self) -> Iterator[Said]:
        week = self.board.week
        for reviewed in week.reviewed:
            for post in week.said(f"shop/{reviewed.key}", self.board.now()):
                href = f"/shop/{reviewed.key}/{week.numbers[post.key]}"
                yield Said(week.time_of(post), f"Відгук: {reviewed.name}", post.author, post.text, href)

    def _blog(self) -> Iterator[Said]:
        week = self.board.week
        for article in week.said("blog", self.board.now()):
            href = f"/blog/{article.key}"
            yield Said(week.time_of(article), f"Блог: {article.title}", article.author, article.text, href)
            for comment in week.said(f"blog/{article.key}", self.board.now()):
                at, place = week.time_of(comment), f"Коментар: {article.title}"
                yield Said(at, place, comment.author, comment.text, f"{href}#c{week.numbers[comment.key]}")
