"""What each role may do, as a table; and that the bot keeps to it for buttons, commands and written answers."""

import pytest

from bots.commands import COMMANDS, commands_of
from bots.handlers import BUTTONS, WITH_NUMBER, WITH_WORDS
from bots.looking import LOOKS
from bots.roles import LEAST, allow, least
from models import Role, Staff
from monitor.desk import Refused
from tests.bots.room import ANSWER, Room, button

VIEWER, STAFF, LEAD, ADMIN = Role
COMMANDS_BY_ROLE = {
    VIEWER: {"inbox", "case", "sources", "digest", "lang", "help", "start"}
    | {"find", "history", "why", "stats", "muted", "saved"},
    STAFF: {"claim", "reply", "note", "close", "mute", "dup"},
    LEAD: {"people", "invite"},
    ADMIN: {"remove"},
}
BUTTONS_BY_ROLE = {
    VIEWER: {"show", "more", "card", "inbox", "lang"}
    | {"find", "history", "why", "stats", "muted", "sources", "saved"},
    STAFF: {"claim", "release", "reply", "close", "notours", "tone", "edit", "send", "cancel", "done"}
    | {"there", "missing", "bundle", "yes", "no", "again", "inyes", "inno", "inagain"}
    | {"crisisbundle", "crisiscards", "crisisover", "undo", "approve", "sendback"}
    | {"hand", "give", "later", "snooze", "resume", "reopen", "mute", "unmute", "dup", "spam"}
    | {"editthere", "deletethere", "deletesure", "keep", "retry", "byhand"},
    LEAD: {"people", "take", "learn_yes", "learn_no", "learn_back"},
    ADMIN: {"remove", "removeyes"},
}
TABLE = [
    (verb, needed)
    for table in (COMMANDS_BY_ROLE, BUTTONS_BY_ROLE)
    for needed in Role
    for verb in table[needed]
]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("verb", "needed"), TABLE)
def test_a_verb_is_for_its_role_and_those_above(verb: str, needed: Role, role: Role) -> None:
    is_above = list(Role).index(role) >= list(Role).index(needed)
    if is_above:
        return allow(role, verb)
    with pytest.raises(Refused) as refused:
        allow(role, verb)
    assert refused.value.values == {"needed": needed, "own": role}


def test_the_table_above_knows_every_button_and_every_command() -> None:
    assert set(BUTTONS) <= set.union(*BUTTONS_BY_ROLE.values())
    assert {c.name for c in COMMANDS} <= set.union(*COMMANDS_BY_ROLE.values())
    assert set(WITH_NUMBER) | set(WITH_WORDS) | set(LOOKS) <= {c.name for c in COMMANDS}


def test_every_row_of_the_table_is_asked_for_somewhere() -> None:
    assert set(LEAST) - {"talk", "start"} <= set(BUTTONS) | {c.name for c in COMMANDS}


@pytest.mark.parametrize("verb", ["handover", "", "claim ", "CLAIM"])
def test_what_nobody_thought_of_needs_staff(verb: str) -> None:
    assert least(verb) is STAFF


@pytest.mark.parametrize(("role", "shown"), [(VIEWER, 12), (STAFF, 18), (LEAD, 20), (ADMIN, 21)])
def test_a_role_is_shown_what_it_may_do(role: Role, shown: int) -> None:
    assert len(commands_of(role)) == shown


# Through the bot


def hire(room: Room, role: Role, telegram_id: int = 1003) -> None:
    """Марта, in the staff chat, who accepted an invitation some time ago."""
    marta = room.telegram.add_user("Марта", "marta", user_id=telegram_id)
    room.staff.members[marta.id] = "member"
    with room.sessions.begin() as session:
        session.add(Staff(id=marta.id, name="Марта", role=role, joined_at=room.now))


def test_a_viewer_reads_and_is_told_what_the_rest_needs(room: Room) -> None:
    hire(room, VIEWER)
    marta, number = room.telegram.world.users[1003], room.case()
    needed = "For that you need the role «staff»; yours is «viewer»."
    room.write(marta, "/inbox")
    assert "1 case waits" in room.last()["text"]
    room.write(marta, f"/case {number}")
    assert "opened" in room.last()["text"]
    assert room.press(marta, room.card(number), "Claim") == (needed, True)
    for text in (f"/claim {number}", f"/reply {number} {ANSWER}"):
        room.write(marta, text)
        assert room.last()["text"] == needed
    before = len(room.messages())
    room.write(marta, ANSWER, to=room.card(number))
    assert len(room.messages()) == before + 2
    assert room.last()["text"] == needed
    assert room.row(number).claimed_by_id is None


def test_what_a_viewer_says_among_staff_is_left_alone(room: Room) -> None:
    hire(room, VIEWER)
    said = room.write(room.olena, "Хто сьогодні?")
    before = len(room.messages())
    room.write(room.telegram.world.users[1003], "Я лише дивлюся", to=said)
    assert len(room.messages()) == before + 1


def test_a_member_who_became_a_viewer_can_not_send_a_draft(room: Room) -> None:
    hire(room, STAFF)
    marta, number = room.telegram.world.users[1003], room.case()
    room.write(marta, ANSWER, to=room.card(number))
    preview = room.last("Preview")
    with room.sessions.begin() as session:
        session.get_one(Staff, 1003).role = VIEWER
    said, _ = room.press(marta, preview, button(preview, "Send"))
    assert "«staff»" in said
    room.write(marta, "Інший текст", to=preview)
    assert "«staff»" in room.last()["text"]
    assert room.forum.posted == []


def test_a_lead_closes_the_case_of_another_and_staff_do_not(room: Room) -> None:
    hire(room, LEAD)
    marta, number = room.telegram.world.users[1003], room.case()
    room.press(room.olena, room.card(number), "Claim")
    said, _ = room.press(room.andriy, room.card(number), "Close")
    assert said == f"Олена has claimed case #{number} already."
    assert room.press(marta, room.card(number), "Close") == ("Closed.", False)


def test_help_is_what_one_may_do(room: Room) -> None:
    room.write(room.andriy, "/help")
    staff = room.last()["text"]
    assert "/claim 123" in staff
    assert "/invite" not in staff
    room.write(room.olena, "/help")
    admin = room.last()["text"]
    assert "/invite staff" in admin
    assert "/remove" in admin
    hire(room, VIEWER)
    room.write(room.telegram.world.users[1003], "/help")
    viewer = room.last()["text"]
    assert "/claim" not in viewer
    assert "Reply to a card" not in viewer
