"""Every button, pressed by a colleague first, and then by whoever may."""

import pytest

from tests.bots.outcomes import REFUSED, VERBS
from tests.bots.pressing import nothing_dead, press, told, who_else, who_may
from tests.bots.room import Room
from tests.bots.scenes import furnish, state

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", VERBS)
def test_by_a_colleague(room: Room, name: str) -> None:
    furnish(room)
    message = VERBS[name].scene(room)
    before = state(room)
    query = press(room, who_else(room, name), message, name)
    room.pass_by()
    assert told(room, query) == VERBS[name].other
    nothing_dead(room)
    if VERBS[name].other not in REFUSED:
        return
    assert state(room) == before
    if name not in FOLDED:
        query = press(room, who_may(room, name), message, name)
        room.pass_by()
        assert told(room, query) == VERBS[name].once
        assert state(room) == VERBS[name].then


FOLDED = ("release", "give", "snooze", "tone", "spam")
"""A choice from the menu, refused or not, folds it."""
