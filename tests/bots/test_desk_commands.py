"""Every command; everybody who is not staff; and the topics of a group."""

from datetime import datetime

import pytest

from monitor.cases import redraw
from monitor.db import Sessions
from tests.bots.room import ANSWER, Line, Room, button, buttons, open_room, press_send

# Commands


def test_every_command_has_a_right_form(room: Room) -> None:
    number = room.case()
    room.write(room.olena, "/inbox")
    assert f"#{number}" in buttons(room.last("1 case waits"))
    room.write(room.olena, f"/claim #{number}")
    assert room.last()["text"] == "The case is yours."
    room.write(room.olena, f"/case {number}")
    assert "claimed by Олена" in room.last("opened")["text"]
    room.write(room.olena, f"/reply {number} {ANSWER}\nДругий рядок.")
    assert "Другий рядок." in room.last("Preview")["text"]
    room.write(room.olena, f"/close {number}")
    assert room.last()["text"] == "Closed."
    room.write(room.olena, "/inbox@vidhuk_bot")
    assert "Nobody waits" in room.last()["text"]
    room.write(room.olena, "/sources")
    assert "форум «Покупець» (forum)" in room.last()["text"]
    room.write(room.olena, "/digest")
    assert "1 mention (+1)" in room.last()["text"]
    room.write(room.olena, "/help")
    assert "/reply 123 … – answer the author of a case" in room.last()["text"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("/claim", "It is written like this: /claim 123"),
        ("/case abc", "It is written like this: /case 123"),
        ("/close -1", "It is written like this: /close 123"),
        ("/close 99999999999999999999", "It is written like this: /close 123"),
        ("/reply", "It is written like this: /reply 123 your answer"),
        ("/reply 1", "It is written like this: /reply 123 your answer"),
        ("/claim 999", "There is no case #999."),
        ("/case 999", "There is no case #999."),
        ("/reply 999 Вибачте", "There is no case #999."),
        ("/clam 1", "/claim 123 – claim a case"),
    ],
)
def test_a_wrong_form_is_answered_with_the_right_one(room: Room, wrong: str, said: str) -> None:
    room.write(room.olena, wrong)
    assert said in room.last()["text"]


def test_a_storm_opens_on_demand(room: Room) -> None:
    numbers = [room.open_case(f"s{n}", text="Новолінія: жах") for n in range(12)]
    room.pass_by()
    bundle = room.last("9 more new cases")
    assert room.press(room.olena, bundle, "Show the most urgent") == ("5 cards are coming", False)
    assert room.card(numbers[3])
    assert "4 more new cases" in room.last("more new case")["text"]
    room.write(room.olena, f"/case {numbers[-1]}")
    assert room.card(numbers[-1])


def test_alone_with_the_bot_staff_have_the_same_commands(room: Room) -> None:
    number = room.case()
    private = room.telegram.private_chat(room.olena)
    room.write(room.olena, f"/case {number}", chat=private)
    assert "Новолінії" in room.last("opened", private)["text"]
    room.write(room.olena, f"/reply {number} {ANSWER}", chat=private)
    preview = room.last("Preview", private)
    room.press(room.olena, preview, button(preview, "Send"), private)
    assert room.forum.posted == [("p1", ANSWER)]
    assert "Posted" in room.last("", private)["text"]


@pytest.mark.parametrize(("command", "said"), [("/claim", "The case is yours."), ("/close", "Closed.")])
def test_a_command_of_a_case_stands_alone_in_a_reply_to_its_card(room: Room, command: str, said: str) -> None:
    room.write(room.olena, command, to=room.card(room.case()))
    assert room.last()["text"] == said


def test_a_case_that_is_looked_at_elsewhere_is_told_whole_and_its_card_waits(room: Room) -> None:
    number = room.open_case("p1", text="Новолінія: жах. " + "Дуже довга скарга. " * 200)
    private = room.telegram.private_chat(room.olena)
    for n in range(8):
        room.telegram.write(room.olena, private, f"/note {number} дзвінок {n}: " + "нічого нового, " * 38)
    room.telegram.write(room.olena, private, f"/case {number}")
    room.bot.handle_waiting()
    shown = room.last("дзвінок 7", private)
    assert "Новолінія: жах" in shown["text"]
    assert "the last" in shown["text"]
    assert [m for m in room.messages() if m["from"]["is_bot"]] == [], (
        "its card comes where and when it is due"
    )
    note = room.write(room.olena, "Зателефоную завтра.", to=shown, chat=private)
    assert room.telegram.reactions(private, note["message_id"])


def test_what_is_said_beneath_anything_else_in_private_is_answered_with_help(room: Room) -> None:
    private = room.telegram.private_chat(room.olena)
    room.write(room.olena, "/sources", chat=private)
    room.write(room.olena, "дякую", to=room.last("", private), chat=private)
    assert "/reply 123" in room.last("", private)["text"]


def test_a_command_whose_spelling_is_mended_is_not_done_again(room: Room) -> None:
    number = room.case()
    written = room.write(room.olena, f"/reply {number} {ANSWER}")
    preview = room.last("Preview")
    room.press(room.olena, preview, button(preview, "Send"))
    room.telegram.edit(room.olena, room.staff, written["message_id"], f"/reply {number} {ANSWER}!")
    room.pass_by()
    assert "is answering" not in room.card(number)["text"]
    assert room.forum.posted == [("p1", ANSWER)]


def test_a_command_for_another_bot_is_not_ours(room: Room) -> None:
    room.write(room.olena, "/poll@OtherBot")
    assert [m for m in room.messages() if m["from"]["is_bot"]] == []
    room.write(room.olena, "/poll@Vidhuk_Bot")
    assert "/reply 123" in room.last()["text"]


# Everybody else


def test_a_stranger_gets_one_polite_refusal_and_leaves_a_log_line(
    room: Room, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = room.telegram.add_user("Хтось", "somebody", user_id=666)
    private = room.telegram.private_chat(stranger)
    for text in ("/start", "Агов!", "/case 1", "/reply 1 ха"):
        room.write(stranger, text, chat=private)
    (refusal,) = [m for m in room.messages(private) if m["from"]["is_bot"]]
    assert "your Telegram id is 666" in refusal["text"]
    said = capsys.readouterr().out + capsys.readouterr().err + caplog.text
    assert said.count("refused_stranger") == 4
    assert "Агов" not in said


def test_a_stranger_in_the_staff_chat_can_press_nothing(room: Room) -> None:
    number = room.case()
    guest = room.telegram.add_user("Гість", user_id=667)
    room.staff.members[guest.id] = "member"
    said, alert = room.press(guest, room.card(number), "Claim")
    assert "for the staff of a company" in said
    assert alert
    assert len(said) <= 200
    assert room.row(number).claimed_by_id is None


def test_in_a_group_that_is_not_staffs_the_bot_listens_and_says_nothing(room: Room) -> None:
    oksana = room.telegram.add_user("Оксана", user_id=668)
    town = room.telegram.add_group("Наше місто", [oksana, room.olena])
    room.heard.clear()
    room.write(oksana, "Новолінія — жах!", chat=town)
    room.write(room.olena, "/inbox", chat=town)
    room.write(oksana, "/start", chat=town)
    texts = [update["message"]["text"] for update in room.heard if "message" in update]
    assert texts == ["Новолінія — жах!", "/inbox", "/start"]
    assert not any(m["from"]["is_bot"] for m in room.messages(town))


def test_what_staff_say_among_themselves_is_not_heard(room: Room) -> None:
    room.heard.clear()
    room.write(room.olena, "Новолінія — це ми")
    room.write(room.olena, "Новолінія", chat=room.telegram.private_chat(room.olena))
    assert room.heard == []


def test_a_button_of_an_older_version_is_outdated_not_fatal(room: Room) -> None:
    number = room.case()
    with room.telegram.lock:
        message = room.staff.messages[room.card(number)["message_id"]]
        keys = [
            {"text": str(n), "callback_data": data}
            for n, data in enumerate(["dance:1", "claim:x", "claim:", ":", "send:999"])
        ]
        message.markup = {"inline_keyboard": [keys]}
    for n in range(5):
        said, alert = room.press(room.olena, {"message_id": message.id}, str(n))
        assert said == "This button is outdated; the card has been refreshed."
        assert alert


# Topics


def test_a_card_goes_to_its_topic_and_the_talk_stays_there(
    line: tuple[Line, str], one_database: Sessions, now: datetime
) -> None:
    with open_room(line, one_database, now, topics=("Urgent", "Other")) as room:
        urgent = room.settings.staff.chats[0].topics[0].topic
        number = room.case(reach=50_000)
        assert room.card(number)["message_thread_id"] == urgent
        preview = room.previewed(number)
        assert preview["message_thread_id"] == urgent
        press_send(room, preview)
        assert room.forum.posted == [("p1", ANSWER)]
        ordinary = room.case("p2", text="Новолінія: не ті двері привезли", negative=0.7)
        assert "message_thread_id" not in room.card(ordinary)


def test_a_first_message_in_a_topic_is_no_answer(
    line: tuple[Line, str], one_database: Sessions, now: datetime
) -> None:
    """Telegram says of it that it replies to the topic itself."""
    with open_room(line, one_database, now, topics=("Urgent",)) as room:
        before = len(room.messages())
        room.write(room.olena, "Хто сьогодні?", topic=room.settings.staff.chats[0].topics[0].topic)
        assert len(room.messages()) == before + 1


def test_of_a_deleted_topic_the_card_goes_to_the_group(
    line: tuple[Line, str], one_database: Sessions, now: datetime
) -> None:
    with open_room(line, one_database, now, topics=("Urgent",)) as room:
        with room.telegram.lock:
            room.staff.topics.clear()
        number = room.case(reach=50_000)
        assert "message_thread_id" not in room.card(number)
        with room.sessions.begin() as session:
            redraw(session, room.row(number), room.now)
        room.pass_by()
        assert len([m for m in room.messages() if m["from"]["is_bot"] and "Why" in m["text"]]) == 1
