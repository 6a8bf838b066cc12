"""A menu that stands open on a card while others work on the case."""

import pytest

from tests.bots.room import Room, buttons, press_send


def menu_of(room: Room, *path: str) -> list[str]:
    """Олена claims the case and opens its menu; what the card offers then."""
    number = room.case()
    room.press(room.olena, room.card(number), "Claim")
    for pressed in ("⋯", *path):
        room.press(room.olena, room.card(number), pressed)
    return buttons(room.card(number))


@pytest.mark.parametrize("path", [(), ("Later",), ("Hand over",)])
def test_what_others_do_leaves_it_open(room: Room, path: tuple[str, ...]) -> None:
    shown = menu_of(room, *path)
    assert "‹ Back" in shown
    room.write(room.andriy, "/note 1 Телефонував, не бере.")
    room.wake(1)
    assert "1 note" in room.card(1)["text"]
    assert "2 posts" in room.card(1)["text"]
    assert buttons(room.card(1)) == shown
    room.restart()
    room.write(room.andriy, "/note 1 Ще раз.")
    assert buttons(room.card(1)) == shown


def test_its_buttons_follow_the_case(room: Room) -> None:
    number = room.case()
    room.press(room.olena, room.card(number), "⋯")
    assert "Release" not in buttons(room.card(number))
    room.write(room.andriy, f"/claim {number}")
    assert "Release" in buttons(room.card(number))
    assert "Close" not in buttons(room.card(number))


def test_once_the_case_is_closed_there_is_nothing_to_keep(room: Room) -> None:
    menu_of(room)
    room.write(room.olena, "/close 1")
    assert buttons(room.card(1)) == ["Reopen", "↗ Open"]


def test_to_whom_is_asked_no_longer_when_the_case_is_in_other_hands(room: Room) -> None:
    menu_of(room, "Hand over")
    room.telegram.react(room.olena, room.staff, room.card(1)["message_id"], "👀")
    room.pass_by()
    room.telegram.react(room.olena, room.staff, room.card(1)["message_id"])
    room.pass_by()
    assert buttons(room.card(1)) == ["Claim", "Reply", "↗ Open", "⋯"]


def test_until_when_is_asked_no_longer_once_it_is_put_off(room: Room) -> None:
    menu_of(room, "Later")
    later = room.telegram.press(room.olena, room.staff, room.card(1)["message_id"], "in 1 hour")
    room.pass_by()
    assert room.telegram.answer(later).text.startswith("Put off until")
    assert "‹ Back" not in buttons(room.card(1))


def test_a_choice_folds_it(room: Room) -> None:
    menu_of(room)
    room.press(room.olena, room.card(1), "Release")
    assert buttons(room.card(1)) == ["Claim", "Reply", "↗ Open", "⋯"]


@pytest.mark.parametrize("pressed", ["Why?", "Author", "Mute", "Duplicate"])
def test_what_only_looks_leaves_it_open(room: Room, pressed: str) -> None:
    shown = menu_of(room)
    room.press(room.olena, room.card(1), pressed)
    room.write(room.andriy, "/note 1 Так.")
    assert buttons(room.card(1)) == shown


def test_the_way_back_folds_it_for_good(room: Room) -> None:
    menu_of(room)
    room.press(room.olena, room.card(1), "‹ Back")
    room.write(room.andriy, "/note 1 Так.")
    assert buttons(room.card(1)) == ["Reply", "Close", "↗ Open", "⋯"]


def test_who_went_away_finds_it_folded_so_that_colleagues_see_claim_and_reply(room: Room) -> None:
    menu_of(room)
    room.pass_by(minutes=2)
    assert "‹ Back" in buttons(room.card(1))
    room.pass_by(minutes=1)
    assert buttons(room.card(1)) == ["Reply", "Close", "↗ Open", "⋯"]


def test_an_answer_of_unknown_fate_comes_before_any_menu(room: Room) -> None:
    preview = room.previewed(room.case())
    room.press(room.olena, room.card(1), "⋯")
    room.forum.refusal = RuntimeError("broken")
    press_send(room, preview)
    room.pass_by(seconds=30)
    assert buttons(room.card(1)) == ["It is there", "It is not there", "↗ Open"]
