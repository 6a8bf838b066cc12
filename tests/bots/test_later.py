"""A case that is put off comes back by itself; one that is closed can be opened again."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from models import Event, Happening, Status
from monitor import snoozing
from tests.bots.room import Room, buttons, press_send

KYIV = ZoneInfo("Europe/Kyiv")


@pytest.mark.parametrize(
    ("now", "choice", "expected"),
    [
        ("2026-11-18T14:00", "1h", "2026-11-18T15:00"),
        ("2026-11-18T14:00", "4h", "2026-11-18T18:00"),
        ("2026-11-18T14:00", "tomorrow", "2026-11-19T09:00"),
        ("2026-11-18T00:10", "tomorrow", "2026-11-19T09:00"),
        ("2026-11-18T14:00", "monday", "2026-11-23T09:00"),
        ("2026-11-22T14:00", "monday", "2026-11-23T09:00"),  # a Sunday
        ("2026-11-23T08:00", "monday", "2026-11-30T09:00"),  # a Monday
        ("2026-03-28T14:00", "tomorrow", "2026-03-29T09:00"),  # the clocks go forward in between
        ("2026-10-24T14:00", "tomorrow", "2026-10-25T09:00"),  # and back
    ],
)
def test_until_when_is_counted_on_the_chat_s_own_clock(now: str, choice: str, expected: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=KYIV).astimezone(UTC)
    until = snoozing.until(choice, moment, KYIV)
    assert until is not None
    assert until.astimezone(KYIV).replace(tzinfo=None) == datetime.fromisoformat(expected)


def test_what_we_do_not_offer_is_no_time() -> None:
    assert snoozing.until("never", datetime(2026, 11, 18, tzinfo=UTC), KYIV) is None


def put_off(room: Room, number: int, until: str = "in 1 hour") -> None:
    room.press(room.olena, room.card(number), "Later")
    said, _ = room.press(room.olena, room.card(number), until)
    assert said.startswith("Put off until")


def test_it_leaves_the_inbox_and_the_card_says_until_when_and_what_is_still_promised(room: Room) -> None:
    number = room.case()
    put_off(room, number)
    card = room.card(number)["text"]
    assert "💤 Put off until 15:00" in card
    assert "⏳ Answer by 18:00" in card
    room.write(room.olena, "/inbox")
    assert "Nobody waits for an answer." in room.last()["text"]


def test_it_comes_back_by_itself_once_with_a_ring_in_its_thread(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    put_off(room, number)
    room.restart()
    room.pass_by(minutes=59)
    assert not [m for m in room.messages() if "is back" in m.get("text", "")]
    room.pass_by(minutes=1)
    room.pass_by(minutes=5)
    (ring,) = [m for m in room.messages() if "is back" in m.get("text", "")]
    assert ring["text"] == f"⏰ Олена · Case #{number} is back."
    assert ring["reply_to_message"]["message_id"] == room.card(number)["message_id"]
    assert "Put off" not in room.card(number)["text"]
    room.write(room.olena, "/inbox")
    assert "1 case waits" in room.last()["text"]


def test_a_claim_does_not_run_out_while_its_case_is_put_off(room: Room) -> None:
    room.configure(desk={"undo": 0, "claim_expires": "30m"})
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    put_off(room, number)
    room.pass_by(minutes=60)
    assert room.row(number).claimed_by_id == room.olena.id
    room.pass_by(minutes=29)
    assert room.row(number).claimed_by_id == room.olena.id
    room.pass_by(minutes=1)
    assert room.row(number).claimed_by_id is None


@pytest.mark.parametrize("claimed", [False, True])
def test_the_author_s_new_post_ends_it_and_rings(room: Room, claimed: bool) -> None:
    number = room.case()
    if claimed:
        room.press(room.olena, room.card(number), "Claim")
    promised = room.row(number).answer_by
    put_off(room, number, "Monday 9:00")
    room.wake(number)
    assert "Досі тиша!" in room.last("wrote again:")["text"]
    assert "Put off" not in room.card(number)["text"]
    assert room.row(number).answer_by == promised, "an unanswered author's time does not begin anew"


def test_it_can_be_brought_back_by_anybody(room: Room) -> None:
    number = room.case()
    put_off(room, number)
    assert room.press(room.andriy, room.card(number), "Bring back") == ("It is back in the inbox.", False)
    assert room.row(number).snoozed_until is None
    room.write(room.olena, f"/case {number}")
    history = room.last("opened")["text"]
    assert "Олена put it off until 15:00" in history
    assert "brought back by Андрій" in history


def test_an_answer_ends_it(room: Room) -> None:
    number = room.case()
    put_off(room, number)
    press_send(room, room.previewed(number))
    assert room.row(number).snoozed_until is None
    room.pass_by(days=1)
    assert not [m for m in room.messages() if "is back" in m.get("text", "")]


def test_another_s_case_is_not_put_off(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    room.press(room.andriy, room.card(number), "Later")
    said = room.press(room.andriy, room.card(number), "in 1 hour")
    assert said == (f"Олена has claimed case #{number} already.", True)


# Closed and opened again


def test_a_closed_case_can_be_opened_again_with_its_promise_as_it_was(room: Room) -> None:
    number = room.case()
    promised = room.row(number).answer_by
    room.press(room.olena, room.card(number), "Close")
    assert room.press(room.andriy, room.card(number), "Reopen") == ("Reopened.", False)
    case = room.row(number)
    assert (case.status, case.closed_at, case.answer_by) == (Status.OPEN, None, promised)
    assert buttons(room.card(number))[:2] == ["Claim", "Reply"]
    with room.sessions() as session:
        assert Happening.REOPENED in session.scalars(select(Event.kind)).all()


def test_who_was_answered_before_is_promised_a_new_answer(room: Room) -> None:
    number = room.case()
    press_send(room, room.previewed(number))
    room.pass_by(hours=6)
    room.press(room.olena, room.card(number), "Close")
    room.press(room.olena, room.card(number), "Reopen")
    case = room.row(number)
    assert case.status is Status.CLAIMED
    assert case.answer_by > room.now


def test_opening_it_twice_is_done_once(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Close")
    message = room.card(number)["message_id"]
    presses = [room.telegram.press(room.olena, room.staff, message, "Reopen") for _ in range(2)]
    room.pass_by()
    assert [room.telegram.answer(press).text for press in presses] == [
        "Reopened.",
        f"Case #{number} is open already.",
    ]


def test_after_a_week_it_stays_closed_and_the_button_goes(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "Close")
    room.pass_by(days=7, seconds=1)
    assert "Reopen" in buttons(room.card(number)), "nothing has redrawn the card yet"
    said, alert = room.press(room.olena, room.card(number), "Reopen")
    assert said == "Closed more than a week ago: it stays closed."
    assert alert
    assert buttons(room.card(number)) == ["↗ Open"]


def test_an_answer_on_its_way_does_not_open_what_was_closed_meanwhile(room: Room) -> None:
    room.configure(desk={"undo": 20, "claim_expires": "never"})
    number = room.case()
    press_send(room, room.previewed(number))
    room.press(room.olena, room.card(number), "Close")
    room.pass_by(seconds=20)
    assert len(room.forum.posted) == 1
    assert room.row(number).status is Status.CLOSED
    assert room.row(number).first_answered_at is not None
