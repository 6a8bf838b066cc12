"""What waits at Telegram when a single pass begins: heard to the end, once."""

import pytest

from monitor.voice import Unsaid
from tests.bots.room import Room


def test_a_telegram_that_refuses_to_say_what_waits_is_a_sentence(room: Room) -> None:
    room.telegram.world.updates.webhook = "https://elsewhere.example"
    with pytest.raises(
        Unsaid, match=r"^Another program reads this bot's updates, stop one of the two: Conflict"
    ):
        room.bot.handle_waiting()
    room.telegram.world.updates.webhook = ""
