"""Stand-ins for those whom we speak to, staff's chat and a source, and what they are told."""

from dataclasses import dataclass, field
from datetime import datetime

from models import Alert, Bundle, DigestIssue, Notice, Reply, ReplyState
from monitor import answers, outbox, posting
from monitor.db import Sessions
from monitor.pace import Pace
from monitor.settings import Settings
from monitor.source import Posted, PostRef, SourceError
from monitor.voice import Unsaid
from tests.builders import open_case, staff


@dataclass
class Ear:
    """Staff's chat: remembers what it was told, refuses what it is told to refuse."""

    refusal: Unsaid | None = None
    heard: list[str] = field(default_factory=list)

    def card(self, alert: Alert) -> int:
        return self._hear(f"card {alert.case_id}" + (" edited" if alert.message_id else ""))

    def bundle(self, bundle: Bundle) -> int:
        return self._hear("bundle")

    def notice(self, notice: Notice) -> int:
        return self._hear(f"notice {notice.kind}")

    def digest(self, issue: DigestIssue) -> None:
        self._hear(f"digest {issue.week}")

    def preview(self, reply: Reply) -> None:
        self._hear(f"preview {reply.state}")

    def _hear(self, said: str) -> int:
        if self.refusal:
            raise self.refusal
        self.heard.append(said)
        return 500 + len(self.heard)


@dataclass
class Forum:
    """A source that can reply, in the ways that sources do."""

    refusal: Exception | None = None
    found: Posted | SourceError | None = None
    posted: list[tuple[str, str]] = field(default_factory=list)
    account: str = "novolinia-care"
    max_length: int = 500

    def reply(self, post: PostRef, text: str) -> Posted:
        if self.refusal:
            raise self.refusal
        self.posted.append((post.id, text))
        return Posted("r1", "https://forum.example/t/7#r1")

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        if isinstance(self.found, SourceError):
            raise self.found
        return self.found


def deliver(sessions: Sessions, ear: Ear, now: datetime, pace: Pace | None = None) -> int:
    return outbox.deliver(sessions, ear, pace or Pace(), lambda: now)


def post_replies(sessions: Sessions, forum: Forum, now: datetime) -> int:
    return posting.deliver(sessions, {"forum": forum}, (), lambda: now)


def opened(sessions: Sessions, settings: Settings, now: datetime, count: int = 1) -> list[int]:
    with sessions.begin() as session:
        return [
            open_case(
                session, settings, now, f"p{n}", thread_id=f"t{n}", author=f"a{n}", text="Новолінія: жах"
            ).id
            for n in range(count)
        ]


def queued(sessions: Sessions, settings: Settings, now: datetime) -> int:
    (number,) = opened(sessions, settings, now)
    with sessions.begin() as session:
        person = staff(session, settings)
        reply = answers.begin(session, number, person, -100, now)
        answers.write(session, reply, "Вибачте, везем сьогодні.", now)
        session.flush()
        answers.send(session, reply.id, person, 500, "novolinia-care", now)
        reply.preview_message_id, reply.shown = 77, ReplyState.PREVIEW
        return reply.id


def reply_of(sessions: Sessions, number: int) -> Reply:
    with sessions() as session:
        return session.get_one(Reply, number)
