"""Every button, pressed by a stranger, and then by whoever may; the bot hears of that a day late, after a restart."""

from datetime import timedelta

import pytest

from tests.bots.outcomes import VERBS
from tests.bots.pressing import nothing_dead, press, told, who_may
from tests.bots.room import Room
from tests.bots.scenes import events, furnish, state

pytestmark = pytest.mark.slow

STRANGER = "This bot is for the staff of a company."


@pytest.mark.parametrize("name", VERBS)
def test_by_a_stranger_and_then_late_after_a_restart(room: Room, name: str) -> None:
    furnish(room)
    message = VERBS[name].scene(room)
    stranger = room.telegram.add_user("Хтось", user_id=6666)
    room.staff.members[stranger.id] = "member"
    before = (events(room), state(room))
    refused = press(room, stranger, message, name)
    room.pass_by()
    assert told(room, refused).startswith(STRANGER)
    assert (events(room), state(room)) == before
    query = press(room, who_may(room, name), message, name)
    room.restart()
    room.now += timedelta(days=1)
    room.pass_by()
    assert told(room, query) == VERBS[name].once
    assert state(room) == VERBS[name].then
    nothing_dead(room)
