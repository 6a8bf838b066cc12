"""Who is logged in to the forum: sessions in memory, kept by a cookie."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "town_session"
MAX_SESSIONS = 1000


@dataclass
class Session:
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    member: str | None = None
    """The name of who is logged in, None before that."""

    def allows(self, csrf: str) -> bool:
        """Whether a form was made for this session."""
        return secrets.compare_digest(self.csrf.encode(), csrf.encode(errors="replace"))


class Members:
    """Accounts and their sessions; the oldest session goes when there are too many."""

    def __init__(self, passwords: dict[str, str]) -> None:
        self._passwords = passwords
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def session(self, request: Request) -> Session | None:
        with self._lock:
            return self._sessions.get(request.cookies.get(COOKIE, ""))

    def begin(self, response: Response, member: str | None = None) -> Session:
        """Open a session and give its cookie to the visitor."""
        session = Session(member=member)
        with self._lock:
            self._sessions[session.key] = session
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        response.set_cookie(COOKIE, session.key, httponly=True, samesite="lax", path="/forum")
        return session

    def end(self, session: Session) -> None:
        with self._lock:
            self._sessions.pop(session.key, None)

    def knows(self, name: str, password: str) -> bool:
        expected = self._passwords.get(name, "").encode()
        return bool(expected) and secrets.compare_digest(expected, password.encode(errors="replace"))
