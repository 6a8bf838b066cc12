"""Every button, pressed once and twice."""

import pytest

from bots.handlers import BUTTONS
from tests.bots.outcomes import VERBS
from tests.bots.pressing import nothing_dead, press, told, who_may
from tests.bots.room import Room
from tests.bots.scenes import furnish, state


def test_the_table_has_every_button() -> None:
    assert {name.partition("/")[0] for name in VERBS} == BUTTONS.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", VERBS)
def test_twice_is_once(room: Room, name: str) -> None:
    furnish(room)
    message = VERBS[name].scene(room)
    presses = [press(room, who_may(room, name), message, name) for _ in range(2)]
    room.pass_by()
    assert [told(room, query) for query in presses] == [VERBS[name].once, VERBS[name].twice]
    assert state(room) == VERBS[name].then
    nothing_dead(room)
    room.pass_by(seconds=25)
    room.pass_by(days=1)
    assert len(room.forum.posted) <= 1
