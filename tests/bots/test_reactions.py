"""👀 on a card claims its case, taken away it releases it; anything else is just a reaction."""

import pytest

from models import Status
from tests.bots.room import Room, press_send


def react(room: Room, who: str, number: int, *emoji: str) -> None:
    user = room.olena if who == "olena" else room.andriy
    room.telegram.react(user, room.staff, room.card(number)["message_id"], *emoji)
    room.pass_by()


def test_eyes_claim_and_taking_them_away_releases(room: Room) -> None:
    number = room.case()
    react(room, "olena", number, "👀")
    assert "Claimed by Олена" in room.card(number)["text"]
    react(room, "olena", number)
    assert room.row(number).status is Status.OPEN
    assert "Claimed" not in room.card(number)["text"]


def test_another_reaction_instead_of_the_eyes_releases_too(room: Room) -> None:
    number = room.case()
    react(room, "olena", number, "👀")
    assert room.row(number).claimed_by_id == room.olena.id
    react(room, "olena", number, "👍")
    assert room.row(number).claimed_by_id is None


@pytest.mark.parametrize("emoji", ["👍", "❤", "🔥"])
def test_other_reactions_claim_nothing(room: Room, emoji: str) -> None:
    number = room.case()
    react(room, "olena", number, emoji)
    assert room.row(number).claimed_by_id is None


def test_the_second_to_look_changes_nothing_and_no_message_is_sent(room: Room) -> None:
    number = room.case()
    react(room, "olena", number, "👀")
    before = len(room.messages())
    react(room, "andriy", number, "👀")
    react(room, "andriy", number)
    assert room.row(number).claimed_by_id == room.olena.id
    assert len(room.messages()) == before


def test_a_stranger_s_eyes_claim_nothing(room: Room) -> None:
    number = room.case()
    stranger = room.telegram.add_user("Хтось", user_id=6666)
    room.staff.members[stranger.id] = "member"
    before = len(room.messages())
    room.telegram.react(stranger, room.staff, room.card(number)["message_id"], "👀")
    room.pass_by()
    assert room.row(number).claimed_by_id is None
    assert len(room.messages()) == before


def test_eyes_on_a_closed_case_or_on_any_other_message_do_nothing(room: Room) -> None:
    number = room.case()
    said = room.write(room.andriy, "Хто візьме?")
    room.telegram.react(room.olena, room.staff, said["message_id"], "👀")
    room.write(room.andriy, f"/close {number}")
    react(room, "olena", number, "👀")
    assert room.row(number).status is Status.CLOSED
    assert room.row(number).claimed_by_id is None


def test_an_answered_case_stays_with_who_answered(room: Room) -> None:
    number = room.case()
    react(room, "olena", number, "👀")
    press_send(room, room.previewed(number))
    react(room, "olena", number)
    assert room.row(number).claimed_by_id == room.olena.id


def test_after_a_restart_it_still_counts(room: Room) -> None:
    number = room.case()
    react(room, "olena", number, "👀")
    assert room.row(number).claimed_by_id == room.olena.id
    room.restart()
    react(room, "olena", number)
    assert room.row(number).claimed_by_id is None
