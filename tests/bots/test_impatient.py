"""Impatient staff: a walk through everything that can be pressed or written, by chance, with restarts and a moody forum.

Whatever they do, each press is answered, nothing breaks off, and nothing is posted twice.
"""

import random
from typing import Any

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from demo.telegram import User
from models import Case, Reply, ReplyState, Status
from monitor.source import SourceError
from tests import builders
from tests.bots.room import Room, buttons
from tests.bots.scenes import furnish

STEPS = 60
MOODS = (
    None,
    None,
    None,
    SourceError("The thread is locked.", permanent=True),
    SourceError("Busy."),
    SourceError("No answer.", unsure=True),
)
WRITTEN = (
    "Вибачте, веземо.",
    "Зустрінемося в суді.",
    "{{коли}} привеземо",
    "x" * 80,
    "/note 1 Так.",
    "/claim 1",
    "/close 1",
)
COMMANDS = (
    "/inbox",
    "/case 1",
    "/mute 1",
    "/dup 1",
    "/dup 1 2",
    "/muted",
    "/find двері",
    "/stats",
    "/lang uk",
    "/remove",
)


class Walk:
    def __init__(self, room: Room, seed: int):
        self.room, self.chance = room, random.Random(seed)
        self.known: list[tuple[int, str]] = []
        self.presses: list[Any] = []
        self.did: list[str] = []

    def step(self) -> None:
        doing = self.chance.choices(
            (
                self.press,
                self.press_old,
                self.write,
                self.command,
                self.wait,
                self.restart,
                self.wake,
                self.mood,
            ),
            (50, 12, 12, 8, 8, 2, 4, 4),
        )[0]
        doing()
        if self.chance.random() < 0.7:
            self.room.pass_by(seconds=self.chance.choice((0, 1, 25)))
        self.remember()

    def remember(self) -> None:
        for message in self.room.messages():
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                self.known += [
                    (message["message_id"], one["callback_data"]) for one in row if "callback_data" in one
                ]
        self.known = list(dict.fromkeys(self.known))

    def who(self) -> User:
        return self.chance.choice((self.room.olena, self.room.olena, self.room.andriy))

    def press(self) -> None:
        shown = [m for m in self.room.messages() if m.get("reply_markup", {}).get("inline_keyboard")]
        message = self.chance.choice(shown[-6:] + shown[:2])
        data = [
            one["callback_data"]
            for row in message["reply_markup"]["inline_keyboard"]
            for one in row
            if "callback_data" in one
        ]
        if data:
            self._press(message["message_id"], self.chance.choice(data))

    def press_old(self) -> None:
        """A button that somebody's phone still shows."""
        if self.known:
            self._press(*self.chance.choice(self.known))

    def _press(self, number: int, data: str) -> None:
        message = self.room.staff.messages[number]
        before = message.markup
        with self.room.telegram.lock:
            message.markup = {"inline_keyboard": [[{"text": "x", "callback_data": data}]]}
            who = self.who()
            self.presses.append(self.room.telegram.press(who, self.room.staff, number, data))
            message.markup = before
        self.did.append(f"{who.first_name} {data}")

    def write(self) -> None:
        to = self.chance.choice(self.room.messages()[-12:])["message_id"]
        text = self.chance.choice(WRITTEN)
        self.room.telegram.write(self.who(), self.room.staff, text, reply_to=to)
        self.did.append(f"writes {text[:20]} to {to}")

    def command(self) -> None:
        self.did.append(self.chance.choice(COMMANDS))
        self.room.telegram.write(self.who(), self.room.staff, self.did[-1])

    def wait(self) -> None:
        self.did.append("waits")
        self.room.pass_by(minutes=self.chance.choice((1, 10, 40, 600)))

    def restart(self) -> None:
        self.did.append("restarts")
        self.room.restart()

    def wake(self) -> None:
        self.did.append("the author writes")
        room, name = self.room, self.chance.choice(("p1", "p2"))
        with room.sessions.begin() as session:
            builders.considered(
                session, room.settings, room.now, f"again{len(self.did)}", thread_id=name, author=f"author of {name}",
                text=f"Досі тиша! {len(self.did)}", posted_at=room.now, matches=[],
            )  # fmt: skip

    def mood(self) -> None:
        self.room.forum.refusal = self.chance.choice(MOODS)
        self.did.append(f"the forum: {self.room.forum.refusal}")


@pytest.mark.parametrize("seed", range(4))
def test_nothing_breaks_and_nothing_is_posted_twice(room: Room, seed: int) -> None:
    furnish(room)
    for name, text in (("p1", "Новолінія, де двері? Жах."), ("p2", "Новолінія розбила плитку, ганьба.")):
        room.case(name, text=text)
    walk = Walk(room, seed)
    with capture_logs() as logs:
        for _ in range(STEPS):
            walk.step()
        room.forum.refusal = None
        room.pass_by(minutes=10)
    broke = [entry for entry in logs if entry["event"] in ("update_failed", "reply_bug")]
    assert broke == [], walk.did
    unanswered = [query.button for query in walk.presses if query.answer is None]
    assert unanswered == [], walk.did
    with room.sessions() as session:
        replies = session.scalars(select(Reply)).unique().all()
        posted = [
            r.text for r in replies if r.state in (ReplyState.SENT, ReplyState.REPLACED, ReplyState.DELETED)
        ]
        assert len(room.forum.posted) <= len(posted), walk.did
        for case in session.scalars(select(Case)).unique():
            offered = buttons(room.card(case.id))
            if case.status is Status.CLOSED and case.duplicate_of_id is None:
                assert offered[0] == "Reopen", walk.did
