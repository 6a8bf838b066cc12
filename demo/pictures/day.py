"""A Wednesday at the desk: the situations that a new colleague should have seen. The bot, the forum and the judge are the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import select

from demo.play import ZONE, StoryClock
from demo.script import Script
from demo.stage import CONFIG, Stage, set_stage
from demo.telegram import User
from demo.town import load_week
from models import Mention
from monitor.__main__ import House

MONDAY = datetime(2026, 11, 9, tzinfo=ZONE)
"""Always the same, so that new pictures differ only in what the bot says."""
WAVE = Path(__file__).with_name("wave.yaml")
"""What happens on this Wednesday at noon besides the demo's week."""
LISTENED = timedelta(weeks=3)
"""Before it: what is unusual is known only after some weeks."""
HOURS = 'hours: {week: {daily: "09:00-18:00"}}\n'
"""The demo itself is always open; a morning needs a night."""
LANGUAGE, OF_THE_PAGE = "language: uk", "language: en"
"""The bot speaks as the page does that shows the pictures, whatever the town speaks."""
ANSWER = "Доброго дня! Пробачте, що ніхто вас не попередив. Ваше замовлення в машині, будемо до 14:00."
COSTLY = "Добрий день! Нам соромно. Двері веземо сьогодні, а вартість доставки відшкодуємо."


@dataclass(frozen=True)
class Picture:
    """What should be photographed, now."""

    name: str
    message: dict[str, Any]

    @property
    def text(self) -> str:
        return str(self.message.get("text") or self.message.get("caption") or "")

    @property
    def links(self) -> list[str]:
        return [entity["url"] for entity in self.message["entities"] if entity["type"] == "text_link"]


class Day(Script):
    def pictures(self) -> Iterator[Picture]:
        """One situation after the other; each stands until the next is asked for."""
        yield self._day_before()
        yield self._morning()
        yield from self._forenoon()
        yield from self._answering()
        yield from self._approving()
        yield self._crisis()

    def _day_before(self) -> Picture:
        self._until("0 14:00")
        self._step()
        self._until("1 12:00")
        return self._picture("question", "❔")

    def _morning(self) -> Picture:
        self._step()
        self._until("1 17:30")
        self._step()
        self._until("1 23:00")
        self._until("2 08:58")
        self._until("2 09:00")
        return self._picture("morning", "🌅")

    def _forenoon(self) -> Iterator[Picture]:
        self._press_button(self.stage.olena, self._picture("morning", "🌅").message, "bundle")
        self._until("2 10:14")
        yield Picture("card", self._card_of("dost-7"))
        self._press_button(self.stage.olena, self._card_of("dost-7"), "claim")
        self._press_button(self.stage.andriy, self._card_of("lam-1"), "claim")
        self._write(self.stage.andriy, "/inbox")
        yield Picture("inbox", self._newest())

    def _answering(self) -> Iterator[Picture]:
        self._press_button(self.stage.olena, self._card_of("dost-7"), "more")
        yield Picture("menu", self._card_of("dost-7"))
        self._press_button(self.stage.olena, self._card_of("dost-7"), "card")
        self._write(self.stage.olena, ANSWER, self._card_of("dost-7"))
        yield Picture("preview", self._newest())
        self._press_button(self.stage.olena, self._newest(), "send")
        yield Picture("undo", self._newest())
        self.clock.move_to(self.clock() + timedelta(minutes=1))
        self._round()
        yield Picture("answered", self._card_of("dost-7"))

    def _approving(self) -> Iterator[Picture]:
        self._write(self.stage.andriy, COSTLY, self._card_of("dost-2"))
        preview = self._newest()
        self._press_button(self.stage.andriy, preview, "send")
        yield Picture("approval", self._again(preview))

    def _crisis(self) -> Picture:
        self._until("2 12:55")
        self._until("2 13:16")
        self._until("2 13:22")
        return self._picture("crisis", "🚨")

    def _until(self, at: str) -> None:
        """Let the town talk until so many days and the time of the day, and the product make its round."""
        days, clock = at.split()
        hours, minutes = map(int, clock.split(":"))
        self.clock.move_to(MONDAY + timedelta(days=int(days), hours=hours, minutes=minutes))
        self._hear_group()
        self._round()

    def _picture(self, name: str, saying: str) -> Picture:
        """The newest message of the bot that begins so. Raises LookupError where there is none: the story went another way."""
        for message in self._messages():
            picture = Picture(name, message)
            if message["from"]["is_bot"] and picture.text.startswith(saying):
                return picture
        raise LookupError(f"at {self.clock():%A %H:%M} nothing in the staff chat begins with {saying}")

    def _messages(self) -> list[dict[str, Any]]:
        """Of the staff chat, the newest first."""
        return self.stage.telegram.messages(self.stage.staff_chat)[::-1]

    def _again(self, message: dict[str, Any]) -> dict[str, Any]:
        """The message as it is now."""
        return next(m for m in self._messages() if m["message_id"] == message["message_id"])

    def _card_of(self, key: str) -> dict[str, Any]:
        """The card of the case that this post of the week belongs to."""
        post = self.stage.town.week.by_key[key]
        with self.rounds.sessions() as session:
            mentions = session.scalars(select(Mention).where(Mention.author == post.author)).all()
            number = next(m.case_id for m in mentions if m.text.split() == post.text.split())
        assert number is not None, f"nobody was told of {key}"
        return self._again({"message_id": self._card(number)})

    def _press_button(self, who: User, message: dict[str, Any], verb: str) -> None:
        rows = message["reply_markup"]["inline_keyboard"]
        pressed = [b["callback_data"] for row in rows for b in row if "callback_data" in b]
        self._press(who, message["message_id"], next(p for p in pressed if p.startswith(f"{verb}:")))

    def _write(self, who: User, text: str, to: dict[str, Any] | None = None) -> None:
        number = to["message_id"] if to else None
        self.stage.telegram.write(who, self.stage.staff_chat, text, reply_to=number)
        self.bot.handle_waiting()


@contextmanager
def open_day(folder: Path) -> Iterator[Day]:
    """The town and the desk, long before the week begins."""
    week = load_week(MONDAY).with_posts(WAVE)
    clock = StoryClock(MONDAY - LISTENED)
    with set_stage(week, folder, clock) as stage:
        day = Day(stage, House(environ(stage), clock), clock, Console(quiet=True))
        day.rounds.register()
        day.bot.start(listen=False)
        try:
            yield day
        finally:
            day.bot.stop()


def environ(stage: Stage) -> dict[str, str]:
    """The demo's, with opening hours and in the language of the page."""
    config = stage.folder / CONFIG.name
    written = CONFIG.read_text(encoding="utf-8").replace(LANGUAGE, OF_THE_PAGE)
    config.write_text(written + HOURS, encoding="utf-8")
    saved = CONFIG.with_name("saved.yaml")
    (stage.folder / saved.name).write_bytes(saved.read_bytes())
    return {**stage.environ("1m"), "VIDHUK_CONFIG": str(config)}
