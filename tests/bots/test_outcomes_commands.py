"""Every command: from a stranger, on time, once more late after a restart, from a colleague, and on a closed case."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bots.commands import COMMANDS
from demo.telegram import User
from tests.bots.outcomes import ADMINS, CLOSED, LEADS, TAKEN, UKRAINIAN
from tests.bots.room import Room
from tests.bots.scenes import claimed, events, furnish, state

pytestmark = pytest.mark.slow

NOTED = "✍"
LINK = "The link is for you alone"


@dataclass(frozen=True)
class Command:
    """What is typed, and how the bot's answer begins, or the reaction that it is. Олена has the case."""

    text: str
    once: str
    again: str
    """The same command a second time, heard a day late after a restart."""
    other: str
    closed: str


SAID = {
    "inbox": Command("/inbox", "1 case waits", "1 case waits", "1 case waits", "🌿 Nobody waits"),
    "case": Command("/case 1", "#1 Новолінія", "#1 Новолінія", "#1 Новолінія", "#1 Новолінія"),
    "claim": Command("/claim 1", "The case is yours.", "The case is yours.", TAKEN, CLOSED),
    "reply": Command("/reply 1 Вже веземо.", "🌍 Preview.", "🌍 Preview.", TAKEN, CLOSED),
    "note": Command("/note 1 Дзвонила.", NOTED, NOTED, NOTED, NOTED),
    "close": Command("/close 1", "Closed.", CLOSED, TAKEN, CLOSED),
    "saved": Command("/saved", "📋", "📋", "📋", "📋"),
    "find": Command("/find жираф", "🔍 Nobody said", "🔍 Nobody said", "🔍 Nobody said", "🔍 Nobody said"),
    "history": Command("/history author of p1", "👤 author", "👤 author", "👤 author", "👤 author"),
    "why": Command("/why 1", "#1 · Why:", "#1 · Why:", "#1 · Why:", "#1 · Why:"),
    "mute": Command("/mute 1", "Mute what", "Mute what", "Mute what", "Mute what"),
    "muted": Command("/muted", "🔈 Nothing", "🔈 Nothing", "🔈 Nothing", "🔈 Nothing"),
    "dup": Command("/dup 1", "🧩 #1: Which", "🧩 #1: Which", "🧩 #1: Which", CLOSED),
    "stats": Command("/stats", "📈 The last 7", "📈 The last 7", "📈 The last 7", "📈 The last 7"),
    "sources": Command("/sources", "Sources · 2", "Sources · 2", "Sources · 2", "Sources · 2"),
    "digest": Command("/digest", "📊", "📊", "📊", "📊"),
    "lang": Command("/lang uk", UKRAINIAN, UKRAINIAN, UKRAINIAN, UKRAINIAN),
    "help": Command("/help", "To read", "To read", "To read", "To read"),
    "people": Command("/people", "Staff\nОлена", "Staff\nОлена", LEADS, "Staff\nОлена"),
    "invite": Command("/invite staff", LINK, LINK, LEADS, LINK),
    "remove": Command("/remove", "Nobody was invited.", "Nobody was invited.", ADMINS, "Nobody was invited."),
    "start": Command("/start", "To read", "To read", "To read", "To read"),
}

every_command = pytest.mark.parametrize("name", SAID)


@pytest.fixture
def desk(room: Room) -> Room:
    furnish(room)
    claimed(room)
    return room


def answer(room: Room, who: User, text: str) -> str:
    """What the bot says to it, beneath it or by a reaction; empty where it says nothing."""
    number = int(room.telegram.write(who, room.staff, text)["message_id"])
    room.pass_by()
    return heard(room, number)


def heard(room: Room, number: int) -> str:
    said = [m for m in room.messages() if m["message_id"] > number and m["from"]["is_bot"]]
    if said:
        return str(said[0]["text"])
    reactions = room.staff.messages[number].reactions.values()
    return "".join(emoji for each in reactions for emoji in each)


def test_the_table_has_every_command() -> None:
    assert SAID.keys() == {command.name for command in COMMANDS} | {"start"}


@every_command
def test_from_a_stranger_once_and_again_late_after_a_restart(desk: Room, name: str) -> None:
    stranger = desk.telegram.add_user("Хтось", user_id=6666)
    desk.staff.members[stranger.id] = "member"
    before = (events(desk), state(desk))
    assert answer(desk, stranger, SAID[name].text).startswith("This bot is for the staff of a company.")
    assert answer(desk, stranger, SAID[name].text) == "", "refused once, politely"
    assert (events(desk), state(desk)) == before
    assert answer(desk, desk.olena, SAID[name].text).startswith(SAID[name].once)
    number = int(desk.telegram.write(desk.olena, desk.staff, SAID[name].text)["message_id"])
    desk.restart()
    desk.now += timedelta(days=1)
    desk.pass_by()
    assert heard(desk, number).startswith(SAID[name].again)
    desk.pass_by(minutes=1)
    assert desk.forum.posted == []


@every_command
def test_from_a_colleague(desk: Room, name: str) -> None:
    before = state(desk)
    assert answer(desk, desk.andriy, SAID[name].text).startswith(SAID[name].other)
    assert state(desk) == before


@every_command
def test_on_a_closed_case(desk: Room, name: str) -> None:
    desk.write(desk.olena, "/close 1")
    assert answer(desk, desk.olena, SAID[name].text).startswith(SAID[name].closed)
    assert state(desk).startswith("closed")
