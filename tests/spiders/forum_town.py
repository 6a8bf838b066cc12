"""A forum that nobody else runs, on loopback: what the tests of the crawl and of the answers read and write."""

import html
import itertools
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

SELECTORS = {
    "section": "a.section",
    "thread": "li.thread",
    "thread_link": "a.title",
    "thread_time": "time",
    "title": "h1",
    "post": "article.post",
    "author": ".author",
    "time": "time",
    "permalink": "a.permalink",
    "body": ".body",
    "login_url": "/login",
    "reply_form": "form#reply",
    "reply_text": "text",
    "reply_length": "500",
}
NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Written:
    id: int
    author: str
    body: str
    at: datetime


@dataclass
class Thread:
    id: int
    title: str
    posts: list[Written] = field(default_factory=list)


@dataclass
class Town:
    """The forum's content and its moods. Change it between two polls."""

    url: str = ""
    sections: dict[str, list[Thread]] = field(default_factory=dict)
    threads_a_page: int = 3
    posts_a_page: int = 4
    asked: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    robots: str = ""
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    """Paths that answer in their own way."""
    users: dict[str, str] = field(default_factory=lambda: {"Shop": "correct horse"})
    on_reply: Callable[["Town", Thread, str, str], tuple[int, str]] | None = None
    """What becomes of an answer: a status and a page or a location."""
    locked: set[int] = field(default_factory=set)
    sessions: dict[str, str] = field(default_factory=dict)
    lets_in: bool = True
    """False: whoever logs in is told that the server is busy."""
    tokens: set[str] = field(default_factory=set)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def thread(self, section: str, title: str, posts: int = 0, *, hours_ago: float = 30) -> Thread:
        thread = Thread(next(self.ids), title)
        self.sections.setdefault(section, []).append(thread)
        for number in range(posts):
            at = NOW - timedelta(hours=hours_ago) + timedelta(minutes=number)
            self.write(thread, f"Guest{number % 3}", f"Word {number} of {title}", at=at)
        return thread

    def write(self, thread: Thread, author: str, body: str, *, at: datetime = NOW) -> Written:
        written = Written(next(self.ids), author, body, at)
        thread.posts.append(written)
        return written

    def all_posts(self) -> list[Written]:
        return [post for threads in self.sections.values() for thread in threads for post in thread.posts]

    def find(self, id: int) -> Thread:
        return next(each for threads in self.sections.values() for each in threads if each.id == id)


def page(title: str, body: str) -> str:
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>"
    )


def next_link(path: str, number: int, more: bool) -> str:
    return f'<a rel="next" href="{path}?page={number + 1}">next</a>' if more else ""


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    town: Town

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.town.asked[self.path] += 1
        self.town.agents.add(self.headers.get("User-Agent", ""))
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        if parts.path in self.town.answers:
            return self.town.answers[parts.path](self)
        kind, _, id = parts.path.strip("/").partition("/")
        show = {
            "": self.index,
            "robots.txt": self.robots,
            "s": self.section,
            "t": self.thread,
            "p": self.post,
        }
        if kind == "login":
            return self.send(200, self.login_page())
        return show.get(kind, self.nothing)(id, number)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        told = {key: values[0] for key, values in form.items()}
        if told.get("csrf") not in self.town.tokens:
            return self.send(400, page("Bad token", ""))
        if self.path == "/login":
            return self.log_in(told)
        return self.reply(int(self.path.split("/")[2]), told)

    def index(self, id: str, number: int) -> None:
        links = "".join(f'<a class="section" href="/s/{name}">{name}</a>' for name in self.town.sections)
        self.send(200, page("Town", links))

    def robots(self, id: str, number: int) -> None:
        self.send(200, self.town.robots, "text/plain")

    def section(self, id: str, number: int) -> None:
        threads = sorted(self.town.sections[id], key=lambda each: each.posts[-1].at, reverse=True)
        size = self.town.threads_a_page
        rows = "".join(self.row(each) for each in threads[(number - 1) * size : number * size])
        more = next_link(f"/s/{id}", number, len(threads) > number * size)
        self.send(200, page(id, f"<ul>{rows}</ul>{more}"))

    def row(self, thread: Thread) -> str:
        at = thread.posts[-1].at.isoformat()
        title = html.escape(thread.title)
        return f'<li class="thread"><a class="title" href="/t/{thread.id}">{title}</a><time datetime="{at}">x</time></li>'

    def thread(self, id: str, number: int) -> None:
        thread, size = self.town.find(int(id)), self.town.posts_a_page
        shown = thread.posts[(number - 1) * size : number * size]
        if not shown:
            return self.nothing(id, number)
        more = next_link(f"/t/{id}", number, len(thread.posts) > number * size)
        self.send(200, page(thread.title, "".join(map(self.article, shown)) + more + self.form(thread)))

    def article(self, post: Written) -> str:
        return (
            f'<article class="post" id="p{post.id}"><b class="author">{html.escape(post.author)}</b>'
            f'<a class="permalink" href="/p/{post.id}"><time datetime="{post.at.isoformat()}">then</time></a>'
            f'<div class="body"><blockquote>Somebody said</blockquote>{html.escape(post.body)}</div></article>'
        )

    def form(self, thread: Thread) -> str:
        if not self.user() or thread.id in self.town.locked:
            return ""
        return (
            f'<form id="reply" method="post" action="/t/{thread.id}/reply"><textarea name="text"></textarea>'
            f'<input type="hidden" name="csrf" value="{self.token()}"></form>'
        )

    def post(self, id: str, number: int) -> None:
        for threads in self.town.sections.values():
            for thread in threads:
                for index, post in enumerate(thread.posts):
                    if str(post.id) == id:
                        place = f"/t/{thread.id}?page={index // self.town.posts_a_page + 1}#p{id}"
                        return self.send(302, "", location=place)
        return self.nothing(id, number)

    def nothing(self, id: str, number: int) -> None:
        self.send(404, page("Nothing here", ""))

    def login_page(self, problem: str = "") -> str:
        return page(
            "Log in",
            f'<p class="error">{problem}</p><form method="post" action="/login"><input name="username">'
            f'<input type="password" name="password"><input type="hidden" name="csrf" value="{self.token()}"></form>',
        )

    def log_in(self, told: dict[str, str]) -> None:
        if not self.town.lets_in:
            return self.send(503, page("Busy", ""))
        name = told.get("username", "")
        if self.town.users.get(name) != told.get("password"):
            return self.send(200, self.login_page("Wrong name or password"))
        session = secrets.token_hex(8)
        self.town.sessions[session] = name
        return self.send(302, "", location="/", cookie=f"session={session}; Path=/; HttpOnly")

    def reply(self, id: int, told: dict[str, str]) -> None:
        user, thread = self.user(), self.town.find(id)
        if not user:
            return self.send(302, "", location="/login")
        if self.town.on_reply:
            status, answer = self.town.on_reply(self.town, thread, user, told["text"])
            return self.send(status, answer, location=answer if status == 302 else "")
        written = self.town.write(thread, user, told["text"], at=datetime.now(UTC))
        return self.send(302, "", location=f"/p/{written.id}")

    def user(self) -> str:
        cookie = SimpleCookie(self.headers.get("Cookie", "")).get("session")
        return self.town.sessions.get(cookie.value, "") if cookie else ""

    def token(self) -> str:
        token = secrets.token_hex(8)
        self.town.tokens.add(token)
        return token

    def send(
        self,
        status: int,
        body: str,
        kind: str = "text/html; charset=utf-8",
        location: str = "",
        cookie: str = "",
    ) -> None:
        raw = b"" if status == 302 else body.encode()
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(raw)),
            "Location": location,
            "Set-Cookie": cookie,
        }
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)


@contextmanager
def open_town() -> Iterator[Town]:
    town = Town()
    desk = type("Desk", (_Desk,), {"town": town})
    server = ThreadingHTTPServer(("127.0.0.1", 0), desk)
    town.url = f"http://127.0.0.1:{server.server_address[1]}/"
    worker = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    worker.start()
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()
        worker.join()
