"""The town's web as one application."""

import secrets
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from demo.town import pages
from demo.town.blog import Blog
from demo.town.board import Answer, Board
from demo.town.forum import Forum
from demo.town.members import Members
from demo.town.shop import Shop
from demo.town.square import Square
from demo.town.week import Week

ACCOUNT = "novolinia-care"
ROBOTS = "User-agent: *\nDisallow: /forum/user/\nDisallow: /forum/logout\n"
SORRY = {
    403: "Сюди не можна.",
    404: "Такої сторінки в місті немає.",
    405: "Так ця сторінка не працює.",
    413: "Забагато тексту.",
}


class Town:
    """Shows only what has been said by ``now()`` (aware), and keeps what is posted through the reply form."""

    def __init__(self, week: Week, *, now: Callable[[], datetime], password: str | None = None) -> None:
        self.account = ACCOUNT
        self.password = password or secrets.token_urlsafe(9)
        """Of the company's account on the forum."""
        self.board = Board(week, now)
        self._now = now
        self.week = week
        self.app = self._build()

    def answers(self) -> list[Answer]:
        """What was posted through the reply form, oldest first."""
        return self.board.answers()

    def _build(self) -> Starlette:
        forum = Forum(self.board, Members({self.account: self.password}))
        routes = [
            Route("/", Square(self.board).show),
            Route("/robots.txt", lambda request: PlainTextResponse(ROBOTS)),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
            Mount("/forum", routes=forum.routes()),
            Mount("/shop", routes=Shop(self.week, self._now).routes()),
            Mount("/blog", routes=Blog(self.week, self._now).routes()),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _sorry})


def _sorry(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    told = error.detail if isinstance(error, HTTPException) else ""
    sentence = told if told and told != HTTPStatus(status).phrase else SORRY.get(status, "Щось не так.")
    return pages.page("sorry.html", status, number=status, sentence=sentence)
