"""A call to look at an answer that did not arrive says what became of that, wherever somebody pressed."""

import pytest

from tests.bots import test_unposted
from tests.bots.room import ANSWER, Room, buttons
from tests.bots.test_promises import saying
from tests.bots.test_unposted import SEEN_TO, UNSURE, call, failed, preview_of, shown, text_of

desk = test_unposted.desk


@pytest.mark.parametrize("pressed_on", ["card", "preview", "call"])
def test_who_looked_anywhere_and_found_it_there_leaves_no_dead_button_in_the_call(
    desk: Room, pressed_on: str
) -> None:
    failed(desk, UNSURE)
    message = call(desk, "may be there or not")
    places = {"card": desk.card(1), "preview": preview_of(desk), "call": message}
    desk.press(desk.olena, places[pressed_on], "It is there")
    desk.restart()
    assert (text_of(desk, message), buttons(shown(desk, message))) == (SEEN_TO, [])


def test_who_looked_and_did_not_find_it_can_try_again_from_the_call(desk: Room) -> None:
    failed(desk, UNSURE)
    message = call(desk, "may be there or not")
    desk.press(desk.olena, desk.card(1), "It is not there")
    assert text_of(desk, message).startswith("🚫 Олена, the answer to author of p1, case #1, was not posted.")
    desk.forum.refusal = None
    desk.press(desk.olena, message, "🔁 Retry")
    desk.pass_by()
    assert desk.forum.posted == [("p1", ANSWER)]
    assert text_of(desk, message).startswith("✅ Posted.")


def test_a_lead_s_call_says_too_that_it_was_seen_to(desk: Room) -> None:
    failed(desk, UNSURE)
    desk.pass_by(minutes=30)
    (told,) = saying(desk, "nobody has looked")
    desk.press(desk.olena, desk.card(1), "It is there")
    assert (text_of(desk, told), buttons(shown(desk, told))) == (SEEN_TO, [])
