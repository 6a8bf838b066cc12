"""A thousand alerts in a minute: the real bot, database and model, and the limits of Telegram, on a clock of our own."""

import random
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select
from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bots.office import Office
from bots.telegram import TelegramBot
from demo.play import StoryClock
from demo.telegram import Chat, Telegram, User
from demo.telegram.html_markup import parse_html
from models import Alert, Priority
from monitor import ingest
from monitor.db import Sessions
from monitor.rounds import Rounds
from monitor.sentiment.classifier import Classifier
from monitor.sentiment.classifier import load as load_model
from monitor.source import Page, Post
from monitor.urgent import UrgentWords
from tests import builders
from tests.bots.room import TOKEN, Forum, Line
from tests.conftest import make_settings

STORM = 1_000
URGENT = 12
TICK = timedelta(seconds=2)
PATIENCE_S = 2.0
WORDS = (
    "дзвінок, офіс, кур'єр, посилка, диван, кухня, плитка, фарба, шпалери, склад, касир, чек, договір, майстер, "
    "двері, вікно, адреса, субота, вечір, ліфт, під'їзд, коробка, скло, дзеркало, кран, труба, насос, дріт, лампа"
)


class Watch(BaseRateLimiter[None]):
    """Lets every call through, and notes what was said when and what Telegram refused."""

    def __init__(self, clock: Callable[[], datetime]):
        self.clock = clock
        self.said: list[datetime] = []
        self.refused = 0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def process_request(
        self, callback: Any, args: Any, kwargs: Any, endpoint: str, data: dict[str, Any], rate_limit_args: Any
    ) -> Any:
        if "chat_id" in data:
            self.said.append(self.clock())
        try:
            return await callback(*args, **kwargs)
        except RetryAfter:
            self.refused += 1
            raise

    def most_in_a_minute(self) -> int:
        return max(
            sum(timedelta(0) <= at - first < timedelta(minutes=1) for at in self.said) for first in self.said
        )


@dataclass
class Storm:
    """A staff chat, its bot, and the rounds of the product."""

    sessions: Sessions
    telegram: Telegram
    staff: Chat
    olena: User
    rounds: Rounds
    office: Office
    bot: TelegramBot
    watch: Watch
    clock: StoryClock
    waits: dict[str, float] = field(default_factory=dict)
    """Seconds on the wall from a command to its answer, by command."""

    def hear(self, posts: list[Post]) -> None:
        with self.sessions.begin() as session:
            ingest.store(session, self.rounds.listening["forum"], Page(posts, None), self.clock())

    def tick(self) -> None:
        self.clock.move_to(self.clock() + TICK)
        self.rounds.judge()
        self.rounds.speak(self.bot.voice)

    def ask(self, command: str, answer: str) -> None:
        """Write a command and wait for the answer that says this."""
        started = monotonic()
        written = self.telegram.write(self.olena, self.staff, command)["message_id"]
        self.telegram.wait_for(lambda: self._answer(written, answer))
        self.waits[f"{command} {written}"] = monotonic() - started

    def messages(self, saying: str = "") -> list[dict[str, Any]]:
        return [m for m in self.telegram.messages(self.staff) if saying in m.get("text", "")]

    def alerts(self) -> list[Alert]:
        with self.sessions() as session:
            return list(session.scalars(select(Alert).order_by(Alert.id)).unique())

    def _answer(self, written: int, saying: str) -> bool:
        asked = (m for m in self.messages(saying) if "reply_to_message" in m)
        return any(m["reply_to_message"]["message_id"] == written for m in asked)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return load_model()


@contextmanager
def open_storm(
    line: tuple[Line, str], sessions: Sessions, now: datetime, model: Classifier
) -> Iterator[Storm]:
    clock = StoryClock(now)
    telegram = Telegram(token=TOKEN, now=clock)
    olena = telegram.add_user("Олена", "olena", user_id=1001)
    group = telegram.add_group("Турбота", [olena])
    settings = make_settings(
        language="en",
        staff={
            "chats": [{"id": group.id, "language": "en"}],
            "people": [{"name": "Олена", "telegram": 1001}],
        },
        triage={"alert_from": 0.4, "ask_from": 0.4},  # every post is an alert, none a question
    )
    builders.register(sessions, now, "forum", "blog")
    sources: dict[str, Any] = {"forum": Forum()}
    rounds = Rounds(sessions, settings, sources, lambda: model, clock, UrgentWords.from_file())
    watch = Watch(clock)
    line[0].telegram = telegram
    office = Office(sessions, settings, sources, clock, rounds.pace)
    bot = TelegramBot(TOKEN, office, rounds.hear, line[1], watch)
    storm = Storm(sessions, telegram, group, olena, rounds, office, bot, watch, clock)
    bot.start(listen=True)
    try:
        yield storm
    finally:
        bot.stop()


def angry_posts(now: datetime) -> list[Post]:
    """No two alike, by as many authors; a few are read by many."""
    chance = random.Random(1000)
    heard = set(chance.sample(range(STORM), URGENT))
    return [
        Post(
            id=f"p{n}",
            url=f"https://forum.example/t/{n}",
            author=f"author{n}",
            text="Новолінія: жах, ніколи більше, привезли зламане і хамили. "
            + " ".join(chance.sample(WORDS.split(", "), 12)),
            thread_id=f"t{n}",
            posted_at=now,
            reach=50_000 if n in heard else None,
        )
        for n in range(STORM)
    ]


def rage(storm: Storm, posts: list[Post], commands: ThreadPoolExecutor) -> list[Future[None]]:
    """All posts within a minute, while staff ask something every ten seconds."""
    ticks, asked = int(timedelta(minutes=1) / TICK), list[Future[None]]()
    for tick in range(ticks):
        storm.hear(posts[tick * STORM // ticks : (tick + 1) * STORM // ticks])
        if tick % 5 == 1:
            command, answer = ("/inbox", "wait") if tick % 2 else ("/claim 1", "yours")
            asked.append(commands.submit(storm.ask, command, answer))
        storm.tick()
    return asked


def abate(storm: Storm) -> None:
    """Go on until a whole minute passes in which nothing is said."""
    while storm.clock() - storm.watch.said[-1] < timedelta(minutes=1):
        storm.tick()


@pytest.mark.slow
def test_a_thousand_alerts_in_a_minute_drown_neither_staff_nor_telegram(
    line: tuple[Line, str], one_database: Sessions, now: datetime, classifier: Classifier
) -> None:
    with open_storm(line, one_database, now, classifier) as storm, ThreadPoolExecutor(2) as commands:
        answers = rage(storm, angry_posts(now), commands)
        for answer in answers:
            answer.result()
        abate(storm)

        assert storm.watch.most_in_a_minute() <= 20
        assert storm.watch.refused == 0
        assert max(storm.waits.values()) < PATIENCE_S, storm.waits
        assert_nothing_is_lost(storm)
        assert_urgent_ones_came_first(storm)
        assert_every_card_is_right(storm)


def assert_nothing_is_lost(storm: Storm) -> None:
    alerts = storm.alerts()
    (bundle,) = storm.messages("more new cases")
    cards = {alert.message_id for alert in alerts if alert.bundle_id is None}
    assert None not in cards
    assert len(alerts) == STORM
    assert int(re.findall(r"\d+", bundle["text"])[0]) == STORM - len(cards)
    assert cards <= {message["message_id"] for message in storm.messages()}


def assert_urgent_ones_came_first(storm: Storm) -> None:
    alerts = [alert for alert in storm.alerts() if alert.bundle_id is None]
    high = [alert for alert in alerts if alert.case.priority == Priority.HIGH]
    assert len(high) == URGENT
    for other in (alert for alert in alerts if alert.case.priority != Priority.HIGH):
        passed_over = [a for a in high if a.case.opened_at < said(other) < said(a)]
        assert not passed_over, "a card came while a more urgent one waited"
    assert max(said(alert) - alert.case.opened_at for alert in high) < timedelta(minutes=2)


def assert_every_card_is_right(storm: Storm) -> None:
    shown = {message["message_id"]: message["text"] for message in storm.messages()}
    cards = [alert for alert in storm.alerts() if alert.bundle_id is None]
    for alert in cards:
        drawn = storm.office.card(alert.case_id, alert.chat_id).text
        assert shown[alert.message_id] == parse_html(drawn)[0]
    assert sum("Claimed by Олена" in shown[alert.message_id] for alert in cards) == 1


def said(alert: Alert) -> datetime:
    assert alert.sent_at is not None
    return alert.sent_at
