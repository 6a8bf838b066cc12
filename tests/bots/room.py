"""A room with staff, their bot and the stand-in for Telegram: everything real but the forum."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from starlette.types import Receive, Scope, Send
from telegram.ext import BaseRateLimiter

from bots.office import Office
from bots.telegram import TelegramBot
from demo.serving import serve
from demo.telegram import Chat, Telegram, User
from models import Alert, Case, Reply
from monitor import deletions, outbox, posting, reminders, unposted
from monitor.db import Sessions
from monitor.pace import Pace
from monitor.saved import SavedAnswers
from monitor.settings import Settings
from monitor.source import Page, Posted, PostRef
from monitor.tending import tend
from tests import builders
from tests.conftest import make_settings

SPEC = Path(__file__).parents[2] / "../shared/recordings/specs/telegram/api.json"
TOKEN = "1000000001:a-token-of-nobody-for-the-tests-only"
ANSWER = "Вибачте, веземо сьогодні."


@dataclass
class Forum:
    """A source that can reply, and refuses when it is told to."""

    name: str = "forum"
    refusal: Exception | None = None
    posted: list[tuple[str, str]] = field(default_factory=list)
    account: str = "novolinia-care"
    max_length: int = 60

    def poll(self, cursor: str | None) -> Iterator[Page]:
        yield from ()

    def reply(self, post: PostRef, text: str) -> Posted:
        if self.refusal:
            raise self.refusal
        self.posted.append((post.id, text))
        return Posted("r1", "https://forum.example/t/7#r1")

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        raise self.refusal or AssertionError("nothing was unsure")


class Unhurried(BaseRateLimiter[None]):
    """Spaces nothing: the library's own lets 20 messages a minute into a group, and waits in real time."""

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: dict[str, Any], rate_limit_args: Any
    ) -> Any:
        return await callback(*args, **kwargs)


@dataclass
class Room:
    sessions: Sessions
    settings: Settings
    telegram: Telegram
    url: str
    olena: User
    andriy: User
    staff: Chat
    now: datetime
    forum: Forum = field(default_factory=Forum)
    heard: list[Mapping[str, Any]] = field(default_factory=list)
    saved: SavedAnswers = field(default_factory=SavedAnswers)
    limiter: BaseRateLimiter[Any] = field(default_factory=Unhurried)

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        self.bot = TelegramBot(TOKEN, self.office(), self.heard.append, self.url, self.limiter)
        self.bot.start(listen=False)

    def configure(self, **sections: Any) -> None:
        """Start again with other settings."""
        self.settings = Settings.model_validate(self.settings.model_dump() | sections)
        self.restart()

    def office(self) -> Office:
        return Office(self.sessions, self.settings, {"forum": self.forum}, lambda: self.now, saved=self.saved)

    def restart(self) -> None:
        """Another process on the same database."""
        self.bot.stop()
        self.start()

    def pass_by(self, **time: float) -> None:
        """Let the bot hear what waits, and say what is due."""
        self.now += timedelta(**time)
        self.bot.handle_waiting()
        tend(self.sessions, self.settings, self.now)
        posting.deliver(self.sessions, {"forum": self.forum}, self.settings.brands, lambda: self.now)
        with self.sessions.begin() as session:
            reminders.keep_promises(session, self.settings, self.now)
            reminders.tell_on_call(session, self.settings, self.now)
            unposted.tell_leads(session, self.settings, self.now)
        deletions.deliver(self.sessions, {"forum": self.forum}, lambda: self.now)
        outbox.deliver(self.sessions, self.bot.voice, Pace(), lambda: self.now)

    def case(self, external_id: str = "p1", **changes: Any) -> int:
        """A case, and its card in the chat."""
        number = self.open_case(external_id, **changes)
        self.pass_by()
        return number

    def open_case(self, external_id: str, **changes: Any) -> int:
        """A case that staff have not been told of."""
        changes = {"thread_id": external_id, "author": f"author of {external_id}", **changes}
        with self.sessions.begin() as session:
            return builders.open_case(session, self.settings, self.now, external_id, **changes).id

    def wake(self, number: int, text: str = "Досі тиша!") -> None:
        """The author writes again in the thread."""
        with self.sessions.begin() as session:
            first = session.get_one(Case, number).mentions[0]
            builders.considered(
                session,
                self.settings,
                self.now,
                "again",
                thread_id=first.thread_id,
                author=first.author,
                text=text,
                posted_at=self.now,
                matches=[],
            )
        self.pass_by()

    def row(self, number: int) -> Case:
        with self.sessions() as session:
            return session.get_one(Case, number)

    def reply_row(self) -> Reply:
        """The newest reply."""
        with self.sessions() as session:
            return session.scalars(select(Reply).order_by(Reply.id.desc()).limit(1)).unique().one()

    def messages(self, chat: Chat | None = None) -> list[dict[str, Any]]:
        return self.telegram.messages(chat or self.staff)

    def last(self, saying: str = "", chat: Chat | None = None) -> dict[str, Any]:
        """The newest message of the bot that says this."""
        ours = [m for m in self.messages(chat) if m["from"]["is_bot"] and saying in m.get("text", "")]
        assert ours, f"nothing says «{saying}»: {[m.get('text') for m in self.messages(chat)]}"
        return ours[-1]

    def card(self, number: int) -> dict[str, Any]:
        with self.sessions() as session:
            message_id = (
                session.scalars(select(Alert).where(Alert.case_id == number)).unique().one().message_id
            )
        return next(m for m in self.messages() if m["message_id"] == message_id)

    def press(
        self,
        who: User,
        message: dict[str, Any],
        button: str,
        chat: Chat | None = None,
        *,
        forgotten: bool = False,
    ) -> tuple[str, bool]:
        """Press a button by its text; what the bot says to it, and whether that has to be dismissed."""
        chat = chat or self.staff
        shown = next(m for m in self.messages(chat) if m["message_id"] == message["message_id"])
        if button not in buttons(shown) and "⋯" in buttons(shown):
            self.telegram.press(who, chat, message["message_id"], "⋯", forgotten=forgotten)
            self.bot.handle_waiting()
        query = self.telegram.press(who, chat, message["message_id"], button, forgotten=forgotten)
        self.pass_by()
        answer = self.telegram.answer(query)
        return answer.text, answer.show_alert

    def write(
        self,
        who: User,
        text: str,
        *,
        to: dict[str, Any] | None = None,
        chat: Chat | None = None,
        topic: int | None = None,
    ) -> dict[str, Any]:
        number = to["message_id"] if to else None
        written = self.telegram.write(who, chat or self.staff, text, reply_to=number, topic=topic)
        self.pass_by()
        return written

    def previewed(self, number: int, text: str = ANSWER) -> dict[str, Any]:
        """Олена's answer to the card, as far as the preview."""
        self.write(self.olena, text, to=self.card(number))
        return self.last("Preview" if len(text) < 1000 else "")


def buttons(message: dict[str, Any]) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def button(message: dict[str, Any], part: str) -> str:
    """The text of the button that says this."""
    (found,) = [text for text in buttons(message) if part in text]
    return found


def press_send(room: Room, message: dict[str, Any], part: str = "Send") -> tuple[str, bool]:
    """Олена presses a button of a preview."""
    return room.press(room.olena, message, button(message, part))


class Line:
    """One server for all rooms, one after the other: starting one takes longer than a test."""

    telegram: Telegram

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.telegram.app(scope, receive, send)


@contextmanager
def open_line() -> Iterator[tuple[Line, str]]:
    line = Line()
    with serve(line) as url:
        yield line, url


@contextmanager
def open_room(
    line: tuple[Line, str],
    sessions: Sessions,
    now: datetime,
    *,
    topics: tuple[str, ...] = (),
    **staff_chat: Any,
) -> Iterator[Room]:
    """A staff chat in English; with topics a forum, whose first topic takes the cases of high priority."""
    telegram = Telegram(
        token=TOKEN, now=lambda: now, spec=SPEC if SPEC.exists() else None, flood_limits=False
    )
    olena = telegram.add_user("Олена", "olena", user_id=1001)
    andriy = telegram.add_user("Андрій", "andriy", user_id=1002)
    group = telegram.add_group("Турбота", [olena, andriy], forum=bool(topics))
    numbers = [telegram.add_topic(group, name) for name in topics]
    staff_chat.setdefault("topics", [{"topic": number, "priority": "high"} for number in numbers[:1]])
    people = [{"name": "Олена", "telegram": 1001}, {"name": "Андрій", "telegram": 1002}]
    chats = [{"id": group.id, "language": "en", **staff_chat}]
    settings = make_settings(language="en", staff={"chats": chats, "people": people})
    builders.register(sessions, now, "forum", "blog")
    line[0].telegram = telegram
    room = Room(sessions, settings, telegram, line[1], olena, andriy, group, now)
    try:
        room.pass_by()
        yield room
    finally:
        room.bot.stop()
