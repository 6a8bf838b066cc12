"""Two members of staff at the chat page, each in a browser of their own, and the forum as the public sees it.

Product, town and Telegram are those of `vidhuk demo`, on one stage: the product runs by its own clock's jobs and listens
as `vidhuk run` does. Only time is the story's: it runs ten times as fast as ours, so that the pace of a chat and the
twenty seconds of Undo are kept, and a shift fits into a minute.
"""

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from ruamel.yaml import YAML
from telegram.ext import AIORateLimiter

from demo.pictures.camera import open_browser
from demo.stage import CONFIG, Stage, set_stage
from demo.telegram import User
from demo.town import Week
from demo.town.board import Answer, address
from monitor.__main__ import House
from monitor.clock import Clock
from monitor.rounds import Rounds
from tests.shift import SPEC

SPEED = 10
PATIENCE_MS = 60_000
PHONE, DESK = (390, 844), (1280, 800)


class StoryTime:
    """The time of the story: it runs, only faster, and can be moved ahead."""

    def __init__(self, start: datetime):
        self._start, self._began = start, time.monotonic()

    def __call__(self) -> datetime:
        return self._start + SPEED * timedelta(seconds=time.monotonic() - self._began)

    def move_by(self, **passed: int) -> None:
        self._start += timedelta(**passed)


@dataclass
class Shift:
    """The stage with the product at work on it."""

    stage: Stage
    rounds: Rounds
    now: StoryTime
    browser: Browser

    def says(self, author: str, thread: str, text: str) -> Answer:
        """Somebody writes in a thread of the forum."""
        board = self.stage.town.board
        return board.reply(next(t for t in board.week.threads if t.key == thread), author, text)

    def public(self, thread: str) -> Page:
        """The thread as everybody sees it; it follows by itself."""
        found = next(t for t in self.stage.town.week.threads if t.key == thread)
        return open_page(self.browser, self.stage.town_url + address(found), DESK)

    def answer_by_hand(self, thread: str, text: str) -> None:
        """A colleague logs in to the forum and answers there."""
        page = self.public(thread)
        page.get_by_role("link", name="увійдіть").click()
        page.locator("[name=username]").fill(self.stage.town.account)
        page.locator("[name=password]").fill(self.stage.town.password)
        page.locator("form#login button").click()
        page.locator("textarea[name=text]").fill(text)
        page.locator("form#reply button").click()
        expect(page.locator("article.post").last).to_contain_text(text)
        page.context.close()


class Person:
    """One of the staff, at a phone."""

    def __init__(self, shift: Shift, who: User):
        self.name = who.name
        self.page = open_page(shift.browser, shift.stage.telegram_url, PHONE)
        self.page.get_by_test_id(f"persona-{who.id}").click()
        self.page.get_by_test_id(f"chat-{shift.stage.staff_chat.id}").click()

    def card(self, author: str) -> Locator:
        """The card of this author's case, whatever it comes to say."""
        return self.kept(self._saying(f"👤 {author}").first)

    def sees(self, *sayings: str) -> Locator:
        """The newest message that says this, whatever it comes to say."""
        return self.kept(self._saying(*sayings).last)

    def kept(self, message: Locator) -> Locator:
        return self.page.locator(f'[data-message-id="{self.number(message)}"]')

    def number(self, message: Locator) -> str:
        number = message.get_attribute("data-message-id", timeout=PATIENCE_MS)
        assert number
        return number

    def press(self, message: Locator, *buttons: str) -> None:
        """One after the other, each as soon as it is there."""
        for button in buttons:
            self.button(message, button).click(timeout=PATIENCE_MS)

    def claim(self, card: Locator) -> None:
        """Take a case, and see that it is ours: the card is drawn anew, and a menu opened before that would fold."""
        self.press(card, "Взяти")
        expect(card).to_contain_text(f"Взято: {self.name}", timeout=PATIENCE_MS)

    def button(self, message: Locator, saying: str) -> Locator:
        return message.get_by_test_id("button").filter(has_text=saying).first

    def write(self, text: str) -> None:
        """Into the composer, which replies to whatever it is turned to."""
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("send").click()

    def reply(self, to: Locator, text: str) -> None:
        to.hover()
        to.get_by_test_id("reply").click()
        self.write(text)

    def told(self) -> str:
        """What the bot says in a box that has to be put away."""
        box = self.page.get_by_test_id("alert")
        expect(box).to_be_visible(timeout=PATIENCE_MS)
        said = box.inner_text()
        box.get_by_role("button").click()
        return said

    def leads_to(self, message: Locator, card: Locator) -> None:
        """The message stands beneath the card: its quotation leads there."""
        message.locator(".quote").click()
        expect(card).to_have_class(re.compile("flash"))

    def _saying(self, *sayings: str) -> Locator:
        """Itself, not in what it quotes."""
        found = self.page.get_by_test_id("message")
        for saying in sayings:
            found = found.filter(has=self.page.locator(".text").filter(has_text=saying))
        return found


@contextmanager
def at_work(week: Week, start: datetime, folder: Path) -> Iterator[Shift]:
    now = StoryTime(start)
    with (
        set_stage(week, folder, now, spec=SPEC if SPEC.exists() else None) as stage,
        chromium() as browser,
        _product(stage, now) as rounds,
    ):
        yield Shift(stage, rounds, now, browser)


@contextmanager
def _product(stage: Stage, now: Callable[[], datetime]) -> Iterator[Rounds]:
    """As `vidhuk run` puts it together. The library's own limiter counts our seconds, not the story's."""
    environ = {**stage.environ("20s"), "VIDHUK_CONFIG": str(_only_the_forum(stage.folder))}
    house = House(environ, now)
    rounds = house.rounds()
    bot = house.bot(rounds, AIORateLimiter(overall_max_rate=0, group_max_rate=0))
    clock = Clock(rounds, bot.voice)
    bot.when_done(clock.nudge)
    bot.start(listen=True)
    clock.start()
    try:
        yield rounds
    finally:
        clock.stop()
        bot.stop()


def _only_the_forum(folder: Path) -> Path:
    """The demo's configuration without the sources of which nothing is told here: their crawls cost seconds."""
    settings = YAML(typ="safe", pure=True).load(CONFIG)
    settings["sources"] = [source for source in settings["sources"] if source["name"] == "forum"]
    settings["saved"] = str(CONFIG.parent / settings["saved"])
    path = folder / "vidhuk.yaml"
    YAML(typ="safe", pure=True).dump(settings, path)
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    if shutil.which("chromium") is None:
        pytest.skip("no chromium on PATH: install Debian's package chromium to run the browser test.")
    with open_browser() as browser:
        yield browser


def open_page(browser: Browser, url: str, size: tuple[int, int]) -> Page:
    context: BrowserContext = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="uk")
    page = context.new_page()
    page.goto(url)
    return page
