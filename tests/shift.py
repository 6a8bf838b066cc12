"""A shift at the desk: the real product on a small stage, and hands for its staff."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from demo.play import StoryClock
from demo.stage import Stage, set_stage
from demo.telegram import User
from demo.town import Expectation, Post, Week, load_week
from monitor.__main__ import House

SPEC = Path(__file__).parents[2] / "shared/recordings/specs/telegram/api.json"
START = datetime(2026, 11, 9, tzinfo=UTC)  # a Monday; everything happens in the past
NOBODY = Expectation(brand=None, case=False)


def post(key: str, at: str, author: str, text: str, where: str = "forum/dah", **more: Any) -> Post:
    return Post.model_validate(
        {
            "key": key,
            "at": at,
            "where": where,
            "author": author,
            "text": text,
            "language": "uk",
            "expect": NOBODY,
            **more,
        }
    )


def small_week(*posts: Post) -> Week:
    """The town with its places, but only these posts."""
    return load_week(START).model_copy(update={"posts": sorted(posts, key=lambda p: p.at)})


def marked(message: dict[str, Any], kind: str) -> list[str]:
    """The parts of a message that are bold, say. Telegram counts in UTF-16."""
    text = message["text"].encode("utf-16-le")
    spans = [
        (2 * e["offset"], 2 * (e["offset"] + e["length"])) for e in message["entities"] if e["type"] == kind
    ]
    return [text[start:end].decode("utf-16-le") for start, end in spans]


class Shift:
    def __init__(self, stage: Stage, clock: StoryClock):
        self.stage, self.clock = stage, clock
        self.house = House(stage.environ("1m"), clock)
        self.rounds = self.house.rounds()
        self.bot = self.house.bot(self.rounds)

    def pass_by(self, **time: int) -> None:
        """Let time pass, and the product make its rounds."""
        self.clock.move_to(self.clock() + timedelta(**time))
        self.bot.handle_waiting()
        polled = self.rounds.once(self.bot.voice)
        assert [p.error for p in polled if p.error] == []

    def messages(self) -> list[dict[str, Any]]:
        return self.stage.telegram.messages(self.stage.staff_chat)

    def last(self, saying: str) -> dict[str, Any]:
        """The newest message of the staff chat that says this."""
        return next(m for m in reversed(self.messages()) if saying in m.get("text", ""))

    def buttons(self, message: dict[str, Any]) -> dict[str, str]:
        """The texts of a message's buttons, with what they do."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        return {b["text"]: b.get("callback_data") or b.get("url") or "" for row in rows for b in row}

    def press(self, who: User, message: dict[str, Any], button: str) -> str:
        """Press a button; what the bot says to it."""
        query = self.stage.telegram.press(who, self.stage.staff_chat, message["message_id"], button)
        self.bot.handle_waiting()
        answer = self.stage.telegram.answer(query)
        self.pass_by(seconds=5)
        return answer.text or ""

    def write(self, who: User, text: str, reply_to: dict[str, Any] | None = None) -> None:
        number = reply_to["message_id"] if reply_to else None
        self.stage.telegram.write(who, self.stage.staff_chat, text, reply_to=number)
        self.pass_by(seconds=5)


@contextmanager
def shift(week: Week, folder: Path) -> Iterator[Shift]:
    clock = StoryClock(week.start)
    with set_stage(week, folder, clock, spec=SPEC if SPEC.exists() else None) as stage:
        at_work = Shift(stage, clock)
        at_work.rounds.register()
        at_work.bot.start(listen=False)
        try:
            yield at_work
        finally:
            at_work.bot.stop()
