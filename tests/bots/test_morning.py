"""What came while we were closed, as it is worked off: what was answered is counted, and no longer stands among what waits."""

from datetime import timedelta

import pytest

from tests.bots import test_promises
from tests.bots.room import ANSWER, Room, buttons, press_send
from tests.bots.test_promises import OFFICE, TEXTS, configure

promising = test_promises.promising


@pytest.fixture
def morning(promising: Room) -> Room:
    """Thursday, 9:00: three cases came in the night."""
    configure(promising, hours=OFFICE)
    promising.now += timedelta(hours=8)
    for n in range(3):
        promising.open_case(f"p{n}", text=TEXTS[n])
    promising.pass_by(hours=11)
    return promising


def answer(room: Room, number: int) -> None:
    room.write(room.olena, f"/reply {number} {ANSWER}")
    press_send(room, room.last("Preview"))
    room.pass_by(minutes=1)


def told(room: Room) -> list[str]:
    return str(room.last("while we were closed")["text"]).splitlines()


def test_what_was_answered_is_counted_and_leaves_the_list(morning: Room) -> None:
    answer(morning, 1)
    assert told(morning)[:2] == ["🌅 3 cases came while we were closed", "1 is answered · 2 are still here"]
    assert [line[:4] for line in told(morning)[2::2]] == ["🟠 #2", "🟠 #3"]
    assert morning.press(morning.olena, morning.last("still here"), "Show the most urgent")[0] == (
        "2 cards are coming"
    )
    assert told(morning)[1:] == ["2 have their own cards · 1 is answered"]


def test_a_question_that_came_in_the_night_is_a_card_like_every_other(promising: Room) -> None:
    configure(promising, hours=OFFICE)
    promising.now += timedelta(hours=8)
    number = promising.open_case("q1", text=TEXTS[0], negative=0.5)
    promising.pass_by(hours=11)
    promising.press(promising.olena, promising.card(number), "Yes")
    assert "Claim" in buttons(promising.card(number))


def test_where_all_were_answered_or_closed_there_is_nothing_to_show(morning: Room) -> None:
    answer(morning, 1)
    answer(morning, 2)
    morning.write(morning.olena, "/close 3")
    assert told(morning) == ["🌅 3 cases came while we were closed", "2 are answered · 1 is closed"]
    assert buttons(morning.last("while we were closed")) == []


def test_whose_author_writes_again_waits_again(morning: Room) -> None:
    answer(morning, 1)
    morning.wake(1)
    morning.pass_by(minutes=1)
    assert "answered" not in told(morning)[1]
    assert "🟠 #1" in "\n".join(told(morning))
