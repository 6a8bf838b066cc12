"""What staff do in the fast play: claim, answer, hand over, close, by the buttons that staff have."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from rich.console import Console
from sqlalchemy import func, select
from telegram.ext import AIORateLimiter

from demo.stage import Stage
from demo.telegram import User
from models import Alert, Case, Event, Happening, Mention, Reply, ReplyState, Status
from monitor.rounds import Rounds

WEEK = timedelta(days=7)
STEP = timedelta(hours=11)
WORDS = (
    "Добрий день! Нам дуже прикро. Напишіть, будь ласка, номер замовлення в особисті: розберемося сьогодні."
)
ANSWERED_A_STEP = 2
BETWEEN_MESSAGES = timedelta(seconds=20)
UNDO = timedelta(seconds=20)
"""So long an answer can be stopped before it leaves."""
PATIENCE = 20.0


class Clock(Protocol):
    def __call__(self) -> datetime: ...
    def move_to(self, moment: datetime) -> None: ...


class Script:
    """Plays the week step by step: the town talks, the product makes its round, staff answer some of it."""

    def __init__(self, stage: Stage, house: Any, clock: Clock, console: Console):
        self.stage, self.clock, self.console = stage, clock, console
        self.rounds: Rounds = house.rounds()
        # A week in a minute: nobody's patience is spared, and neither the stand-in's.
        stage.telegram.world.limits.on = False
        self.bot = house.bot(self.rounds, AIORateLimiter(overall_max_rate=0, group_max_rate=0))
        self._spoken: set[str] = set()
        self._answered: set[int] = set()

    def play(self) -> None:
        self.rounds.register()
        self.bot.start(listen=False)
        try:
            with self.console.status("the week begins") as status:
                for moment in self._moments():
                    status.update(f"{moment:%A %H:%M}")
                    self.clock.move_to(moment)
                    self._step()
        finally:
            self.bot.stop()

    def outcome(self) -> Mapping[str, object]:
        """What the table shows."""
        with self.rounds.sessions() as session:

            def count(kind: Any, *where: Any) -> int:
                return session.scalar(select(func.count()).select_from(kind).where(*where)) or 0

            posted = count(Reply, Reply.state == ReplyState.SENT)
            by_hand = count(Reply, Reply.state == ReplyState.HANDED_OFF)
            return {
                "posts in the town": len(self.stage.town.week.posts),
                "mentions": count(Mention),
                "asked: is it a complaint?": count(Event, Event.kind == Happening.ASKED),
                "said to be none": count(Event, Event.kind == Happening.NO_COMPLAINT),
                "cases": count(Case, Case.promised),
                "copies joined": count(Mention, Mention.is_copy),
                "alerts delivered": count(Alert, Alert.sent_at.is_not(None)),
                "replies posted": posted,
                "handed over to a person": by_hand,
                "answers seen in the forum": len(self.stage.town.answers()),
                "digest": self._digest_file(),
            }

    def _moments(self) -> list[datetime]:
        """Through the week, and to the Monday after it, when the digest is due."""
        start = self.clock()
        return [start + STEP * n for n in range(1, WEEK // STEP + 1)] + [
            start + WEEK + timedelta(hours=9, minutes=5)
        ]

    def _step(self) -> None:
        self._hear_group()
        self._round()
        while questions := self._to_decide():
            for number in questions:
                self._decide(number)
            self._round()
        for number in self._to_answer():
            self._answer(number)
        self._round()

    def _hear_group(self) -> None:
        for post in self.stage.town.week.said("telegram", self.clock()):
            if post.key not in self._spoken:
                self._spoken.add(post.key)
                self.stage.say_in_group(post)

    def _round(self) -> None:
        """One pass, as `vidhuk run --once` makes it, and on until nobody has more to say."""
        self.bot.handle_waiting()
        self.rounds.once(self.bot.voice)
        while self.rounds.speak(self.bot.voice) or self._waits():
            self.clock.move_to(self.clock() + BETWEEN_MESSAGES)

    def _waits(self) -> bool:
        """A question waits until the chat is calm."""
        with self.rounds.sessions() as session:
            return session.scalar(select(Alert.id).where(Alert.due_at <= self.clock()).limit(1)) is not None

    def _to_answer(self) -> list[int]:
        with self.rounds.sessions() as session:
            shown = (
                select(Case.id)
                .join(Alert)
                .where(Alert.message_id.is_not(None), Case.first_answered_at.is_(None), Case.promised)
            )
            numbers = session.scalars(shown.order_by(Case.priority, Case.answer_by)).all()
        return [n for n in numbers if n not in self._answered][:ANSWERED_A_STEP]

    def _to_decide(self) -> list[int]:
        """The questions whose small card stands in the chat."""
        with self.rounds.sessions() as session:
            asked = select(Case.id).join(Alert).where(Alert.message_id.is_not(None))
            return list(session.scalars(asked.where(Case.status == Status.ASKED).order_by(Case.id)))

    def _decide(self, number: int) -> None:
        """Say what whoever wrote the week says: is it a complaint?"""
        with self.rounds.sessions() as session:
            text = " ".join(session.get_one(Case, number).mentions[0].text.split())
        told = (p.expect.case for p in self.stage.town.week.posts if " ".join(p.text.split()) == text)
        self._press(self.stage.andriy, self._card(number), f"{'yes' if next(told, True) else 'no'}:{number}")

    def _answer(self, number: int) -> None:
        """Claim, press Reply, write, look at the preview, and send or hand over."""
        self._answered.add(number)
        who = (self.stage.olena, self.stage.andriy)[number % 2]
        card = self._card(number)
        self._press(who, card, f"claim:{number}")
        self.clock.move_to(self.clock() + timedelta(minutes=4))
        self._press(who, card, f"reply:{number}")
        self.stage.telegram.write(who, self.stage.staff_chat, WORDS, reply_to=self._question(number))
        self.bot.handle_waiting()
        preview = self._newest()
        self.clock.move_to(self.clock() + timedelta(minutes=1))
        buttons = [
            b["callback_data"]
            for row in preview["reply_markup"]["inline_keyboard"]
            for b in row
            if "callback_data" in b
        ]
        verb = next(data for data in buttons if re.match(r"send:|done:", data))
        self._press(who, preview["message_id"], verb)
        self.clock.move_to(self.clock() + UNDO)
        self._round()

    def _press(self, who: User, message_id: int, data: str) -> None:
        query = self.stage.telegram.press(who, self.stage.staff_chat, message_id, data)
        self.bot.handle_waiting()
        self.stage.telegram.answer(query, PATIENCE)
        self.rounds.speak(self.bot.voice)

    def _card(self, number: int) -> int:
        with self.rounds.sessions() as session:
            alert = session.scalars(select(Alert).where(Alert.case_id == number)).unique().one()
            assert alert.message_id is not None
            return alert.message_id

    def _question(self, number: int) -> int:
        """The message that asks for the text. Saved answers may be offered beneath it."""
        with self.rounds.sessions() as session:
            asked = select(Reply.prompt_message_id).where(Reply.case_id == number).order_by(Reply.id.desc())
            prompt = session.scalar(asked.limit(1))
        assert prompt is not None
        return prompt

    def _newest(self) -> dict[str, Any]:
        """What the bot said last in the staff chat."""
        messages = self.stage.telegram.messages(self.stage.staff_chat)
        return next(m for m in reversed(messages) if m["from"]["is_bot"])

    def _digest_file(self) -> str:
        return ", ".join(map(str, self.stage.folder.glob("*.html"))) or "none"
