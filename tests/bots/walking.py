"""Impatient staff: they press whatever button is, or was, on any message, in any order, late, twice and at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from structlog.testing import CapturingLogger

from demo.telegram import User
from monitor.source import Posted, PostRef, SourceError
from tests import builders
from tests.bots.room import Room
from tests.bots.scenes import LEGAL, UNSURE, Obedient

LOCKED = SourceError("The thread is locked.", permanent=True)
SILENT = SourceError("The forum did not answer.", unsure=True)
BUSY = SourceError("The forum is busy.")
SELDOM = {
    "close",
    "notours",
    "tone",
    "spam",
    "no",
    "dup",
    "mute",
    "unmute",
    "snooze",
    "release",
    "cancel",
    "reply",
}
SELDOM |= {
    "inbox",
    "show",
    "why",
    "history",
    "more",
    "hand",
    "later",
    "card",
    "reopen",
    "claim",
    "resume",
    "again",
}
"""They end the matter, begin it anew or only show something: a walk would never come far."""
PAUSES = ({}, {"seconds": 5}, {"seconds": 25}, {"minutes": 4}, {"minutes": 35}, {"hours": 9})


@dataclass
class Numbered(Obedient):
    """A forum that gives each post a number of its own."""

    def reply(self, post: PostRef, text: str) -> Posted:
        super().reply(post, text)
        number = len(self.posted)
        return Posted(f"r{number}", f"https://forum.example/t/7#r{number}")

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        return None

    def edit(self, posted: Posted, text: str) -> Posted:
        self._refuse()
        return super().edit(posted, text)

    def delete(self, posted: Posted) -> None:
        self._refuse()
        super().delete(posted)

    def _refuse(self) -> None:
        if self.refusal:
            raise self.refusal


@dataclass
class Walk:
    """One walk through a room; the same seed goes the same way."""

    room: Room
    staff: list[User]
    random: Random
    log: CapturingLogger = field(default_factory=CapturingLogger)
    presses: list[Any] = field(default_factory=list)
    """Of the last step."""
    path: list[str] = field(default_factory=list)
    """What was done: a failure shows it."""
    seen: list[tuple[int, str]] = field(default_factory=list)
    """Every button that ever stood anywhere: the message and what it calls back with."""
    written: int = 0

    def __post_init__(self) -> None:
        self.busy = self.staff[0]

    def step(self) -> None:
        """A few things before the bot hears of any; then it does."""
        self.presses = []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            self._do()
        self.room.pass_by(**self.random.choice(PAUSES[:3]))
        self._look()

    def _do(self) -> None:
        kinds: list[tuple[Callable[[], None], int]] = [
            (self._press, 14),
            (self._press_late, 3),
            (self._write, 4),
            (self._command, 1),
            (self._time, 1),
            (self._mood, 1),
            (self._author, 1),
            (self.room.restart, 1),
        ]
        doing = self.random.choices([kind for kind, _ in kinds], [weight for _, weight in kinds])[0]
        self.path.append(doing.__name__.strip("_"))
        doing()

    def _press(self) -> None:
        """Any button; first any verb, since some stand on every message."""
        there = [(m["message_id"], data) for m in self.room.messages() for data in calls(m)]
        verbs = sorted({verb_of(data) for _, data in there})
        if verbs:
            weights = [0.1 if verb in SELDOM else 1.0 for verb in verbs]
            (verb,) = self.random.choices(verbs, weights)
            self._call(*self.random.choice([each for each in there if verb_of(each[1]) == verb]))

    def _press_late(self) -> None:
        """A button that may be gone: this phone has not heard of it."""
        if not self.seen:
            return
        number, data = self.random.choice(self.seen)
        with self.room.telegram.lock:
            message = self.room.staff.messages[number]
            now = message.markup
            message.markup = {"inline_keyboard": [[{"text": "late", "callback_data": data}]]}
            self._call(number, data)
            message.markup = now

    def _call(self, number: int, data: str) -> None:
        who = self._somebody()
        self.path.append(f"  {who.name} presses {data} on {number}")
        for _ in range(self.random.choice((1, 1, 1, 2))):
            self.presses.append(self.room.telegram.press(who, self.room.staff, number, data))

    def _write(self) -> None:
        """In reply to a message of the bot: an answer, a note, or a word among colleagues."""
        self.written += 1
        text = self.random.choice((f"Відповідь {self.written}.", f"{LEGAL} {self.written}"))
        recent = [m["message_id"] for m in self.room.messages() if m["from"]["is_bot"]][-8:]
        cards = [self.room.card(number)["message_id"] for number in (1, 2)]
        self._say(text, self.random.choice(self.random.choice((recent, cards))))

    def _command(self) -> None:
        case = self.random.choice((1, 2))
        self._say(self.random.choice((f"/case {case}", f"/close {case}", f"/claim {case}", "/inbox")))

    def _say(self, text: str, to: int | None = None) -> None:
        who = self._somebody()
        self.path.append(f"  {who.name} writes «{text}» to {to}")
        self.room.telegram.write(who, self.room.staff, text, reply_to=to)

    def _somebody(self) -> User:
        """One after the other for a while: all at once, they would only stand in each other's way."""
        if self.random.random() < 0.12:
            self.busy = self.random.choice(self.staff)
        return self.busy

    def _time(self) -> None:
        self.room.pass_by(**self.random.choice(PAUSES))

    def _mood(self) -> None:
        self.room.forum.refusal = self.random.choice((None, None, LOCKED, SILENT, BUSY))
        self.path.append(f"  the forum: {self.room.forum.refusal}")

    def _author(self) -> None:
        """The author of a case writes again."""
        self.written += 1
        room, number = self.room, self.random.choice((1, 2))
        with room.sessions.begin() as session:
            builders.considered(
                session,
                room.settings,
                room.now,
                f"again {self.written}",
                thread_id=f"p{number}",
                author=f"author of p{number}",
                text=f"Досі тиша, {self.written}!",
                posted_at=room.now,
                matches=[],
            )

    def _look(self) -> None:
        there = {(m["message_id"], data) for m in self.room.messages() for data in calls(m)}
        self.seen += sorted(there - set(self.seen))


def verb_of(data: str) -> str:
    return data.partition(":")[0]


def calls(message: dict[str, Any]) -> list[str]:
    """What the buttons of a message call back with."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for row in rows for button in row if "callback_data" in button]


def begin(room: Room, seed: int) -> Walk:
    """Two cases, and three who may: Олена everything, the others what staff may. What is noticed amiss is logged here."""
    random = Random(seed)
    room.forum = Numbered()
    marta = room.telegram.add_user("Марта", user_id=1003)
    room.staff.members[marta.id] = "member"
    staff = room.settings.staff.model_dump()
    staff["people"] = [*staff["people"], {"name": "Марта", "telegram": marta.id}]
    room.configure(
        staff=staff,
        desk={"undo": random.choice((0, 20)), "claim_expires": "30m"},
        approval=[{"name": "Legal words", "words": ["суд"]}],
    )
    room.case("p1", text="Новолінія: третій тиждень без дверей, ганьба!")
    second: dict[str, Any] = random.choice(
        (
            UNSURE,
            {"text": "Новолінія розбила плитку і втекла."},
            {"text": "Новолінія розбила плитку.", "source": "blog", "answerable": "hand_off"},
        )
    )
    room.case("p2", **second)
    return Walk(room, [room.olena, room.andriy, marta], random)
