"""The forum's memory: what has been said by now, and the answers that were posted through the form."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.town.places import Section, Thread
from demo.town.week import Post, Week

PAGE_SIZE = 10
FIRST_ANSWER = 9001
FLOOD = timedelta(seconds=5)
MAX_LENGTH = 10_000


class Refused(Exception):
    """The forum does not take a reply; the message is the sentence that it shows."""


@dataclass(frozen=True)
class Quote:
    author: str
    text: str


@dataclass(frozen=True)
class Shown:
    """A post as a thread page shows it."""

    number: int
    author: str
    text: str
    at: datetime
    quote: Quote | None = None


@dataclass(frozen=True)
class Answer:
    """What was posted through the reply form."""

    thread: str
    """The thread's key."""
    author: str
    text: str
    at: datetime
    permalink: str
    """From the site's root."""
    number: int


class Board:
    """Thread-safe: pages are made in threads."""

    def __init__(self, week: Week, now: Callable[[], datetime]) -> None:
        self.week = week
        self.now = now
        self._answers: list[Answer] = []
        self._lock = threading.RLock()

    def answers(self) -> list[Answer]:
        with self._lock:
            return list(self._answers)

    def section(self, key: str) -> Section | None:
        return next((s for s in self.week.sections if s.key == key), None)

    def thread(self, section: str, address: str) -> Thread | None:
        """The thread at ``ID-SLUG``, once somebody has said something in it."""
        matching = (t for t in self.week.threads if t.section == section and slug(t) == address)
        thread = next(matching, None)
        return thread if thread and self.posts(thread) else None

    def threads(self, section: str) -> list[Thread]:
        """Sticky ones first, then those with the newest post."""
        begun = [t for t in self.week.threads if t.section == section and self.posts(t)]
        begun.sort(key=lambda thread: self.posts(thread)[-1].at, reverse=True)
        return sorted(begun, key=lambda thread: not thread.sticky)

    def posts(self, thread: Thread) -> list[Shown]:
        """What has been said in a thread by now, oldest first."""
        now = self.now()
        answers = [a for a in self.answers() if a.thread == thread.key]
        said = [self._shown(p, self.week.time_of(p)) for p in self.week.said(f"forum/{thread.key}", now)]
        said += [Shown(a.number, a.author, a.text, a.at) for a in answers]
        said += [shown for shown in self._comebacks(thread, answers) if shown.at <= now]
        return sorted(said, key=lambda shown: (shown.at, shown.number))

    def reply(self, thread: Thread, author: str, text: str) -> Answer:
        """Post an answer at the thread's end, or raise Refused."""
        text = text.replace("\r\n", "\n").strip()
        if thread.locked:
            raise Refused("Тему закрито: нові повідомлення не приймаються.")
        if not text:
            raise Refused("Порожнє повідомлення не надіслано.")
        if len(text) > MAX_LENGTH:
            raise Refused(f"Повідомлення задовге: щонайбільше {MAX_LENGTH} знаків.")
        with self._lock:
            self._refuse_flood(author)
            number = FIRST_ANSWER + len(self._answers)
            place = permalink(thread, len(self.posts(thread)), number)
            answer = Answer(thread.key, author, text, self.now(), place, number)
            self._answers.append(answer)
        return answer

    def _refuse_flood(self, author: str) -> None:
        own = [a.at for a in self._answers if a.author == author]
        if own and self.now() - own[-1] < FLOOD:
            raise Refused("Ви пишете надто часто. Зачекайте кілька секунд і надішліть ще раз.")

    def _comebacks(self, thread: Thread, answers: list[Answer]) -> list[Shown]:
        """The posts that wait for the company's answer, with the time that the first answer gives them."""
        if not answers:
            return []
        first = answers[0].at
        waiting = (p for p in self.week.posts if p.where == f"forum/{thread.key}")
        return [self._shown(p, first + p.after_answer) for p in waiting if p.after_answer]

    def _shown(self, post: Post, at: datetime) -> Shown:
        quoted = self.week.by_key.get(post.quote_of) if post.quote_of else None
        quote = Quote(quoted.author, quoted.text) if quoted else None
        return Shown(self.week.numbers[post.key], post.author, post.text, at, quote)


def slug(thread: Thread) -> str:
    """The last part of a thread's address."""
    return f"{thread.id}-{thread.key}"


def address(thread: Thread, page: int = 1) -> str:
    """A thread page's address from the site's root; pages count from 1."""
    path = f"/forum/{thread.section}/{slug(thread)}"
    return path if page == 1 else f"{path}?page={page}"


def permalink(thread: Thread, index: int, number: int) -> str:
    """Where a post can be seen: ``index`` is its place in the thread, from 0."""
    return f"{address(thread, index // PAGE_SIZE + 1)}#p{number}"
