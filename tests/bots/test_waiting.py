"""What waits at Telegram when a single pass begins: heard to the end, once."""

from typing import Any

import pytest

from demo.telegram.refusal import Refusal
from demo.telegram.updates import Updates
from monitor.voice import Unsaid
from tests.bots.room import Room


def test_handling_what_waits_may_take_as_long_as_it_takes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.telegram.write(room.olena, room.staff, "/help")
    with monkeypatch.context() as patch:
        patch.setattr("bots.telegram.START_TIMEOUT", 0)
        assert room.bot.handle_waiting() == 1


def test_what_was_handled_is_acknowledged_at_the_second_attempt(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [Refusal(502, "Bad Gateway")]
    take = Updates.take

    def sometimes(updates: Updates, offset: int, *more: Any) -> list[dict[str, Any]]:
        if offset > 0 and refusals:
            raise refusals.pop()
        return take(updates, offset, *more)

    monkeypatch.setattr(Updates, "take", sometimes)
    room.telegram.write(room.olena, room.staff, "/help")
    assert room.bot.handle_waiting() == 1
    assert len(room.telegram.world.updates) == 0


def test_a_telegram_that_refuses_to_say_what_waits_is_a_sentence(room: Room) -> None:
    room.telegram.world.updates.webhook = "https://elsewhere.example"
    with pytest.raises(
        Unsaid, match=r"^Another program reads this bot's updates, stop one of the two: Conflict"
    ):
        room.bot.handle_waiting()
    room.telegram.world.updates.webhook = ""
