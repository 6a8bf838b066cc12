"""Every button, heard of after somebody closed the case."""

import pytest

from tests.bots.outcomes import CLOSED, VERBS
from tests.bots.pressing import nothing_dead, press, told, who_may
from tests.bots.room import Room
from tests.bots.scenes import furnish

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", VERBS)
def test_on_a_case_that_was_closed_meanwhile(room: Room, name: str) -> None:
    furnish(room)
    message = VERBS[name].scene(room)
    posted = len(room.forum.posted)
    room.telegram.write(room.olena, room.staff, "/close 1")
    query = press(room, who_may(room, name), message, name)
    room.pass_by()
    assert told(room, query) == VERBS[name].closed
    nothing_dead(room)
    if VERBS[name].closed == CLOSED:
        room.pass_by(seconds=25)
        assert len(room.forum.posted) == posted
