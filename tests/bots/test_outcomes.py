"""Presses that no table can list: what no button of ours says, and several that meet."""

import pytest

from models import ReplyState
from tests.bots.outcomes import OUTDATED
from tests.bots.pressing import nothing_dead, press, told
from tests.bots.room import Room, button
from tests.bots.scenes import claimed, furnish, leaving, posted, shown


@pytest.fixture
def desk(room: Room) -> Room:
    furnish(room)
    return room


@pytest.mark.parametrize(
    "nonsense",
    ["", "claim", "claim:", "claim:x", "claim:-1", "claim:9" * 30, "nonsense:1", "give:1:x", "give:1:99",
     "hand:1:-6", "snooze:1:never", "approve:99", "undo:99", "reopen:99", "more:99", "sendback:99"],
)  # fmt: skip
def test_what_no_button_of_ours_says_is_refused_in_words(desk: Room, nonsense: str) -> None:
    message = claimed(desk)
    with desk.telegram.lock:
        rows = desk.staff.messages[message["message_id"]].markup
        assert rows is not None
        rows["inline_keyboard"][0][0]["callback_data"] = nonsense or "x"
    query = desk.telegram.press(desk.olena, desk.staff, message["message_id"], nonsense or "x")
    desk.pass_by()
    if nonsense != "hand:1:-6":
        assert told(desk, query)
        assert desk.telegram.answer(query).show_alert
    assert desk.row(1).claimed_by_id == desk.olena.id


def test_out_of_order_the_later_press_meets_what_the_earlier_left(desk: Room) -> None:
    """Undo, Send and Cancel at once: one of them wins, and nothing is posted that was stopped."""
    message = leaving(desk)
    undo = press(desk, desk.olena, message, "undo")
    desk.pass_by()
    assert told(desk, undo) == "Stopped. Nothing was posted."
    preview = desk.last("Preview")
    cancel = desk.telegram.press(desk.olena, desk.staff, preview["message_id"], "Cancel")
    send = desk.telegram.press(desk.olena, desk.staff, preview["message_id"], button(preview, "Send"))
    desk.pass_by()
    assert told(desk, cancel) == ""
    assert told(desk, send) == OUTDATED
    desk.pass_by(days=1)
    assert desk.forum.posted == []


def test_reopen_by_anybody_twice_and_after_a_restart(desk: Room) -> None:
    desk.press(desk.olena, claimed(desk), "Close")
    message = desk.card(1)["message_id"]
    desk.restart()
    presses = [desk.telegram.press(who, desk.staff, message, "Reopen") for who in (desk.andriy, desk.olena)]
    desk.pass_by()
    assert [told(desk, query) for query in presses] == ["Reopened.", "Case #1 is open already."]
    nothing_dead(desk)


def test_delete_pressed_on_an_answer_that_is_gone_meanwhile_shows_what_became_of_it(desk: Room) -> None:
    message = posted(desk)
    query = press(desk, desk.olena, message, "deletethere")
    with desk.sessions.begin() as session:
        session.merge(desk.reply_row()).state = ReplyState.DELETED
    desk.pass_by()
    assert told(desk, query) == ""
    assert shown(desk, message)["text"].startswith("🗑 Deleted there.")
