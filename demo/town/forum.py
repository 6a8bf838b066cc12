"""«Покупець», the town's forum: sections, threads, logging in and replying."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from demo.town import pages
from demo.town.board import PAGE_SIZE, Board, Refused, Shown, address, permalink
from demo.town.members import Members, Session
from demo.town.places import Person, Section, Thread

THREADS_A_PAGE = 15


@dataclass(frozen=True)
class Row:
    """A thread in its section's list."""

    thread: Thread
    href: str
    first: Shown
    last: Shown
    last_href: str
    replies: int


@dataclass(frozen=True)
class Forum:
    board: Board
    members: Members

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/login", self.login_form),
            Route("/login", self.login, methods=["POST"]),
            Route("/logout", self.logout, methods=["POST"]),
            Route("/user/{name}", self.profile),
            Route("/{section}", self.section),
            Route("/{section}/{address}", self.thread),
            Route("/{section}/{address}/reply", self.reply, methods=["POST"]),
        ]

    def index(self, request: Request) -> Response:
        sections = [(s, self._rows(s)) for s in self.board.week.sections]
        return self._show(request, "forum/index.html", self._newest(), sections=sections)

    def section(self, request: Request) -> Response:
        section = self._section(request)
        if section.members_only and not self._member(request):
            return self._members_only(request, section)
        rows = self._rows(section)
        number, count = pages.page_number(request, len(rows), THREADS_A_PAGE)
        shown = rows[(number - 1) * THREADS_A_PAGE :][:THREADS_A_PAGE]
        changed = max((row.last.at for row in rows), default=self.board.week.start)
        values = {"section": section, "rows": shown, "number": number, "pages": count}
        return self._show(request, "forum/section.html", changed, **values)

    def thread(self, request: Request) -> Response:
        section, thread = self._section(request), self._thread(request)
        if section.members_only and not self._member(request):
            return self._members_only(request, section)
        return self._thread_page(request, section, thread)

    def profile(self, request: Request) -> Response:
        name = request.path_params["name"]
        threads = [
            t for s in self.board.week.sections if not s.members_only for t in self.board.threads(s.key)
        ]
        said = [
            (thread, permalink(thread, index, post.number), post)
            for thread in threads
            for index, post in enumerate(self.board.posts(thread))
            if post.author == name
        ]
        if not said and name not in self.board.week.people:
            raise HTTPException(404)
        said.sort(key=lambda entry: entry[2].at, reverse=True)
        return self._show(request, "forum/profile.html", self._newest(), name=name, said=said[:20])

    def login_form(self, request: Request) -> Response:
        return self._login_page(request, request.query_params.get("next", ""))

    async def login(self, request: Request) -> Response:
        fields = await pages.form(request)
        session = self.members.session(request)
        onward = fields.get("next", "")
        if not session or not session.allows(fields.get("csrf", "")):
            raise HTTPException(403, "Форма застаріла. Відкрийте сторінку входу ще раз.")
        name = fields.get("username", "")
        if not self.members.knows(name, fields.get("password", "")):
            return self._login_page(request, onward, "Неправильне ім’я або пароль.")
        self.members.end(session)
        response = RedirectResponse(onward if onward.startswith("/forum/") else "/forum/", 303)
        self.members.begin(response, name)
        return response

    async def logout(self, request: Request) -> Response:
        fields = await pages.form(request)
        session = self.members.session(request)
        if session and session.allows(fields.get("csrf", "")):
            self.members.end(session)
        return RedirectResponse("/forum/", 303)

    async def reply(self, request: Request) -> Response:
        fields = await pages.form(request)
        session = self.members.session(request)
        section, thread = self._section(request), self._thread(request)
        if not session or not session.member:
            return RedirectResponse(f"/forum/login?next={address(thread)}", 303)
        if not session.allows(fields.get("csrf", "")):
            raise HTTPException(403, "Форма застаріла. Оновіть сторінку теми й надішліть ще раз.")
        text = fields.get("text", "")
        return await run_in_threadpool(self._take, request, section, thread, session.member, text)

    def _take(self, request: Request, section: Section, thread: Thread, member: str, text: str) -> Response:
        try:
            answer = self.board.reply(thread, member, text)
        except Refused as refusal:
            # As most forum software does: a refusal is an ordinary page with a sentence.
            return self._thread_page(request, section, thread, notice=str(refusal), draft=text)
        return RedirectResponse(answer.permalink, 303)

    def _thread_page(
        self, request: Request, section: Section, thread: Thread, notice: str = "", draft: str = ""
    ) -> Response:
        posts = self.board.posts(thread)
        number, count = pages.page_number(request, len(posts), PAGE_SIZE)
        first = (number - 1) * PAGE_SIZE
        indexed = enumerate(posts[first:][:PAGE_SIZE], first)
        shown = [(post, permalink(thread, index, post.number), index + 1) for index, post in indexed]
        values = {"section": section, "thread": thread, "posts": shown, "number": number, "pages": count}
        values |= {"href": partial(address, thread), "notice": notice, "draft": draft}
        return self._show(request, "forum/thread.html", posts[-1].at, **values)

    def _login_page(self, request: Request, onward: str, notice: str = "") -> Response:
        response = HTMLResponse(headers={**pages.SAFETY, "Cache-Control": "no-store"})
        session = self.members.session(request) or self.members.begin(response)
        values = self._values(session) | {"notice": notice, "next": onward}
        response.body = pages.render("forum/login.html", **values).encode(errors="replace")
        response.headers["content-length"] = str(len(response.body))
        return response

    def _members_only(self, request: Request, section: Section) -> Response:
        values = self._values(self.members.session(request))
        return pages.page("forum/members_only.html", 403, section=section, **values)

    def _show(self, request: Request, template: str, changed: datetime, **values: Any) -> Response:
        session = self.members.session(request)
        everything = self._values(session) | values
        if (session and session.member) or values.get("notice"):
            return pages.page(template, **everything)
        return pages.public(request, pages.render(template, **everything), changed)

    def _values(self, session: Session | None) -> dict[str, Any]:
        people = self.board.week.people
        return {
            "member": session.member if session else None,
            "csrf": session.csrf if session else "",
            "person": lambda name: people.get(name, Person()),
        }

    def _section(self, request: Request) -> Section:
        section = self.board.section(request.path_params["section"])
        if not section:
            raise HTTPException(404)
        return section

    def _thread(self, request: Request) -> Thread:
        thread = self.board.thread(request.path_params["section"], request.path_params["address"])
        if not thread:
            raise HTTPException(404)
        return thread

    def _member(self, request: Request) -> str | None:
        session = self.members.session(request)
        return session.member if session else None

    def _rows(self, section: Section) -> list[Row]:
        rows = []
        for thread in self.board.threads(section.key):
            posts = self.board.posts(thread)
            last_href = permalink(thread, len(posts) - 1, posts[-1].number)
            rows.append(Row(thread, address(thread), posts[0], posts[-1], last_href, len(posts) - 1))
        return rows

    def _newest(self) -> datetime:
        rows = [row for section in self.board.week.sections for row in self._rows(section)]
        return max((row.last.at for row in rows), default=self.board.week.start)
