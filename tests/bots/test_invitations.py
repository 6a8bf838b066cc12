"""Joining the staff by a link, and leaving it: the real bot against the stand-in for Telegram."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from demo.telegram import User
from models import Role, Staff, Status, Stranger
from monitor import invitations
from tests.bots.room import ANSWER, Room, button, buttons

OVER = "This invitation is used up or too old. Ask whoever sent it for a new one."


def link(room: Room, asked: str = "/invite staff") -> str:
    """What Олена, who is admin, is given in private."""
    private = room.telegram.private_chat(room.olena)
    room.write(room.olena, asked, chat=private)
    found = re.search(r"https://t\.me/vidhuk_bot\?start=\S+", room.last("Send this", private)["text"])
    assert found
    return found[0]


def newcomer(room: Room, name: str = "Марта", number: int = 1003, language: str = "en") -> User:
    user = room.telegram.add_user(name, user_id=number, language=language)
    room.staff.members[user.id] = "member"
    return user


def follow(room: Room, user: User, url: str) -> list[str]:
    """Open a link, press Start; what the bot says in private to that."""
    chat = room.telegram.private_chat(user)
    before = len(room.messages(chat))
    room.telegram.open_link(user, url)
    room.pass_by()
    return [m["text"] for m in room.messages(chat)[before:] if m["from"]["is_bot"]]


def strangers(room: Room) -> list[int]:
    with room.sessions() as session:
        return list(session.scalars(select(Stranger.id)))


def staff_row(room: Room, number: int = 1003) -> Staff | None:
    with room.sessions() as session:
        return session.get(Staff, number)


# Coming


def test_a_link_makes_a_stranger_one_of_us_and_a_restart_forgets_nothing(room: Room) -> None:
    marta, number = newcomer(room), room.case()
    assert "for the staff of a company" in room.press(marta, room.card(number), "Claim")[0]
    (welcome,) = follow(room, marta, link(room))
    assert welcome.startswith("Welcome, Марта! You are on the staff now, as «staff».")
    assert "/claim 123" in welcome
    told = room.last("accepted", room.telegram.private_chat(room.olena))
    assert told["text"] == "Марта has accepted your invitation, as «staff»."
    room.restart()
    assert room.press(marta, room.card(number), "Claim") == ("The case is yours.", False)
    assert "Claimed by Марта" in room.card(number)["text"]


def test_the_name_of_the_invitation_is_what_colleagues_call_them(room: Room) -> None:
    follow(room, newcomer(room, "xX_m4rt4_Xx"), link(room, "/invite viewer Марта Коваль"))
    row = staff_row(room)
    assert row
    assert (row.name, row.role) == ("Марта Коваль", Role.VIEWER)


def test_a_name_from_outside_is_only_a_name(room: Room) -> None:
    hostile = "<b>{name}</b> &amp; %s " + "х" * 200
    (welcome,) = follow(room, newcomer(room, hostile), link(room))
    assert "<b>{name}</b> &amp; %s хх" in welcome
    room.write(room.olena, "/people")
    assert "<b>{name}</b> &amp; %s хх" in room.last("Staff")["text"]
    row = staff_row(room)
    assert row
    assert len(row.name) == 60


def test_a_link_works_once(room: Room) -> None:
    url = link(room)
    follow(room, newcomer(room), url)
    ivan = newcomer(room, "Іван", 1004)
    assert follow(room, ivan, url) == [OVER]
    assert staff_row(room, 1004) is None
    assert strangers(room) == [1004]
    assert follow(room, room.telegram.world.users[1003], url) == ["You are on the staff already, as «staff»."]


def test_a_link_expires(room: Room) -> None:
    url = link(room)
    room.pass_by(hours=48)
    assert follow(room, newcomer(room), url) == [OVER]
    assert staff_row(room) is None


def test_a_link_that_we_never_made_is_a_strangers_word_and_answered_once(room: Room) -> None:
    marta = newcomer(room)
    (refused,) = follow(room, marta, "https://t.me/vidhuk_bot?start=guessed")
    assert "your Telegram id is 1003" in refused
    assert follow(room, marta, "https://t.me/vidhuk_bot?start=guessed-again") == []
    assert follow(room, room.andriy, "https://t.me/vidhuk_bot?start=guessed") == [OVER]


def test_a_colleague_who_opens_the_link_leaves_it_for_whom_it_is_meant(room: Room) -> None:
    url = link(room)
    assert follow(room, room.andriy, url) == ["You are on the staff already, as «staff»."]
    assert "Welcome" in follow(room, newcomer(room), url)[0]


def test_a_higher_invitation_raises_and_a_lower_one_changes_nothing(room: Room) -> None:
    marta = newcomer(room)
    follow(room, marta, link(room))
    assert "as «lead»" in follow(room, marta, link(room, "/invite lead"))[0]
    assert follow(room, marta, link(room, "/invite viewer")) == ["You are on the staff already, as «lead»."]
    row = staff_row(room)
    assert row
    assert row.role is Role.LEAD


def test_who_is_in_the_configuration_has_the_role_that_stands_there(room: Room) -> None:
    url = link(room, "/invite admin")
    assert follow(room, room.andriy, url) == ["You are on the staff already, as «staff»."]
    room.write(room.andriy, "/remove")
    assert "you need the role «administrator»" in room.last()["text"]


def test_a_link_in_a_group_is_nobodys(room: Room) -> None:
    token = link(room).partition("=")[2]
    before = len(room.messages())
    room.write(newcomer(room), f"/start {token}")
    assert len(room.messages()) == before + 1
    assert staff_row(room) is None


# Who may invite whom, and where the link is shown


def test_a_link_asked_for_in_the_group_is_shown_to_who_asked_alone(room: Room) -> None:
    room.write(room.olena, "/invite staff")
    assert "write /start to me in private" in room.last()["text"]
    private = room.telegram.private_chat(room.olena)
    room.write(room.olena, "/start", chat=private)
    room.write(room.olena, "/lang en", chat=private)
    room.write(room.olena, "/invite staff")
    assert room.last()["text"] == "I have sent you the link in private."
    assert "?start=" in room.last("Send this", private)["text"]
    assert not any("?start=" in m.get("text", "") for m in room.messages())


def test_a_lead_invites_those_who_decide_less(room: Room) -> None:
    marta = newcomer(room)
    follow(room, marta, link(room, "/invite lead"))
    private = room.telegram.private_chat(marta)
    room.write(marta, "/invite admin", chat=private)
    assert room.last("", private)["text"] == "For that you need the role «administrator»; yours is «lead»."
    room.write(marta, "/invite viewer", chat=private)
    assert "?start=" in room.last("", private)["text"]
    room.write(room.andriy, "/invite viewer")
    assert room.last()["text"] == "For that you need the role «lead»; yours is «staff»."


@pytest.mark.parametrize("wrong", ["/invite", "/invite boss", "/invite Staff", "/invite стажер Марта"])
def test_an_invitation_names_a_role(room: Room, wrong: str) -> None:
    room.write(room.olena, wrong)
    assert room.last()["text"] == "It is written like this: /invite viewer|staff|lead|admin"


def test_a_link_ends_with_the_rights_of_who_made_it(room: Room) -> None:
    marta = newcomer(room)
    follow(room, marta, link(room, "/invite lead"))
    private = room.telegram.private_chat(marta)
    room.write(marta, "/invite staff", chat=private)
    url = re.search(r"https://\S+", room.last("Send this", private)["text"])
    assert url
    with room.sessions.begin() as session:
        invitations.remove(session, marta.id, room.now, room.settings)
    assert follow(room, newcomer(room, "Іван", 1004), url[0]) == [OVER]


# Going


def test_who_is_removed_is_a_stranger_again_and_their_cases_are_free(room: Room) -> None:
    marta, number = newcomer(room), room.case()
    follow(room, marta, link(room))
    room.press(marta, room.card(number), "Claim")
    room.write(room.olena, "/remove")
    listed = room.last("Whom shall I take off")
    assert buttons(listed) == ["Марта · staff"]
    room.press(room.olena, listed, "Марта · staff")
    assert "Take Марта off the staff?" in room.last("Take")["text"]
    room.press(room.olena, listed, "Remove")
    assert room.last("no longer")["text"] == "Марта is no longer on the staff."
    assert room.row(number).claimed_by_id is None
    assert "Claimed" not in room.card(number)["text"]
    assert "for the staff of a company" in room.press(marta, room.card(number), "Claim")[0]
    room.write(room.olena, "/people")
    assert "Марта" not in room.last("Staff")["text"]
    room.write(room.olena, f"/case {number}")
    assert "claimed by Марта" in room.last("opened")["text"]


@pytest.mark.parametrize("back", ["the author writes", "a colleague reopens it"])
def test_a_closed_case_of_who_is_removed_comes_back_as_nobodys(room: Room, back: str) -> None:
    marta, number = newcomer(room), room.case()
    follow(room, marta, link(room))
    room.press(marta, room.card(number), "Claim")
    room.press(marta, room.card(number), "Close")
    with room.sessions.begin() as session:
        invitations.remove(session, marta.id, room.now, room.settings)
    if back == "the author writes":
        room.wake(number)
    else:
        room.press(room.olena, room.card(number), "Reopen")
    assert room.row(number).status is Status.OPEN
    assert "Марта" not in room.card(number)["text"]
    room.press(room.olena, room.card(number), "Claim")
    assert room.row(number).claimed_by_id == room.olena.id


def test_a_removal_is_pressed_twice_late_and_by_the_wrong_person(room: Room) -> None:
    follow(room, newcomer(room), link(room))
    for _ in range(2):
        room.write(room.olena, "/remove")
    first, second = [m for m in room.messages() if "Whom" in m.get("text", "")]
    refused = room.press(room.andriy, first, "Марта · staff")
    assert refused == ("For that you need the role «administrator»; yours is «staff».", True)
    for message in (first, second):
        room.press(room.olena, message, "Марта · staff")
    room.press(room.olena, first, "Remove")
    assert room.press(room.olena, second, "Remove") == ("They are not on the staff any more.", True)
    room.press(room.olena, second, "Keep")
    assert "Андрій" in room.last("Staff")["text"]


def test_who_stands_in_the_configuration_is_removed_there(room: Room) -> None:
    room.write(room.olena, "/remove")
    asked = room.last("Nobody was invited")
    assert "under staff.people" in asked["text"]
    with room.telegram.lock:
        message = room.staff.messages[asked["message_id"]]
        message.markup = {"inline_keyboard": [[{"text": "x", "callback_data": "removeyes:1001"}]]}
    said, _ = room.press(room.olena, asked, "x")
    assert said.startswith("Олена stands in the configuration")


def test_of_many_who_were_invited_a_part_of_the_name_finds_one(room: Room) -> None:
    with room.sessions.begin() as session:
        names = {n: f"😀<&{n:03} " + "🚚" * 54 for n in range(5_000, 5_100)}
        session.add_all(Staff(id=n, name=name, joined_at=room.now) for n, name in names.items())
    room.write(room.olena, "/people")
    assert "more" in room.last("Staff")["text"]
    room.write(room.olena, "/remove")
    assert len(buttons(room.last("Whom"))) == 30
    room.write(room.olena, "/remove <&5077")
    assert len(buttons(room.last("Whom"))) == 1
    room.write(room.olena, "/remove nobody")
    assert buttons(room.last("Nobody of this name was invited")) == []


def test_somebody_removed_can_be_invited_again(room: Room) -> None:
    marta = newcomer(room)
    follow(room, marta, link(room))
    with room.sessions.begin() as session:
        invitations.remove(session, marta.id, room.now + timedelta(minutes=1), room.settings)
    assert "Welcome" in follow(room, marta, link(room))[0]
    number = room.case()
    room.write(marta, ANSWER, to=room.card(number))
    preview = room.last("Preview")
    room.press(marta, preview, button(preview, "Send"))
    assert room.forum.posted == [("p1", ANSWER)]
