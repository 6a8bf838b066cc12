"""A small world: two of staff in a forum, one of them also with the bot alone."""

import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.telegram import Chat, Telegram, User

SPEC = Path(__file__).parents[3] / "../shared/recordings/specs/telegram/api.json"
TOKEN = "4242:sesame"


class Clock:
    """A time that stands still until told."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Place:
    """Everything that a test needs."""

    telegram: Telegram
    clock: Clock
    olena: User
    andrii: User
    staff: Chat
    private: Chat
    topic: int

    def updates(self, **parameters: object) -> list[dict]:
        return self.telegram.call("getUpdates", parameters)

    def send(self, **parameters: object) -> dict:
        return self.telegram.call("sendMessage", {"chat_id": self.staff.id, "text": "Hello", **parameters})


def build(spec: Path | None, *, flood_limits: bool = False) -> Place:
    clock = Clock()
    telegram = Telegram(token=TOKEN, now=clock, spec=spec, flood_limits=flood_limits)
    olena = telegram.add_user("Олена", "olena", persona=True)
    andrii = telegram.add_user("Андрій", "andrii", persona=True)
    staff = telegram.add_group("Staff", [olena, andrii], forum=True, username="staff_room")
    topic = telegram.add_topic(staff, "Complaints")
    private = telegram.private_chat(olena)
    telegram.write(olena, private, "/start")
    telegram.call("getUpdates", {"offset": -1})
    telegram.call("getUpdates", {"offset": 2_000_000_000})
    telegram.calls.clear()
    return Place(telegram, clock, olena, andrii, staff, private, topic)


@pytest.fixture(scope="session")
def spec() -> Path | None:
    """Telegram's specification where the checkout has one; without it the stand-in goes by its own knowledge."""
    return SPEC if SPEC.exists() else None


@pytest.fixture
def place(spec: Path | None) -> Place:
    """Without flood limits; the clock stands still."""
    return build(spec)


@pytest.fixture
def limited(spec: Path | None) -> Place:
    """With flood limits."""
    return build(spec, flood_limits=True)


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A small grey PNG."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    width, height = 60, 40
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
