import pytest

from demo.telegram import Answer, Impossible

KEYS = {
    "inline_keyboard": [
        [{"text": "Claim", "callback_data": "claim:7"}, {"text": "Open", "url": "http://127.0.0.1:8000/t/7"}]
    ]
}


def test_a_press_reaches_the_bot_and_its_answer_the_person(place):
    sent = place.send(text="A card", reply_markup=KEYS)
    pressed = place.telegram.press(place.olena, place.staff, sent["message_id"], "Claim")
    (update,) = place.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("claim:7", place.olena.id)
    assert query["message"]["message_id"] == sent["message_id"]
    place.telegram.call("answerCallbackQuery", {"callback_query_id": query["id"], "text": "Yours"})
    assert place.telegram.answer(pressed) == Answer("Yours")


def test_a_press_that_nobody_answers_times_out(place):
    sent = place.send(reply_markup=KEYS)
    pressed = place.telegram.press(place.olena, place.staff, sent["message_id"], "claim:7")
    with pytest.raises(TimeoutError):
        place.telegram.answer(pressed, timeout=0.05)


@pytest.mark.parametrize("button", ["Close", "Open"])
def test_only_buttons_that_are_there_and_ask_the_bot_can_be_pressed(place, button):
    sent = place.send(reply_markup=KEYS)
    with pytest.raises(Impossible):
        place.telegram.press(place.olena, place.staff, sent["message_id"], button)


def test_who_presses_what_was_edited_away_in_that_moment_reaches_the_bot_too(place):
    sent = place.send(reply_markup=KEYS)
    edited = {"chat_id": place.staff.id, "message_id": sent["message_id"], "text": "Claimed"}
    place.telegram.call("editMessageText", edited)
    place.telegram.press(place.olena, place.staff, sent["message_id"], "claim:7")
    assert place.updates()[-1]["callback_query"]["data"] == "claim:7"
    with pytest.raises(Impossible):
        place.telegram.press(place.olena, place.staff, sent["message_id"], "claim:8")


def test_a_message_into_a_topic_says_that_it_replies_to_the_first_one(place):
    place.telegram.write(place.olena, place.staff, "Hello", topic=place.topic)
    message = place.updates()[0]["message"]
    assert message["message_thread_id"] == place.topic
    assert message["is_topic_message"] is True
    assert message["reply_to_message"]["forum_topic_created"]["name"] == "Complaints"


def test_a_reply_stays_in_the_topic_and_carries_what_it_answers(place):
    card = place.send(text="A card", message_thread_id=place.topic)
    place.telegram.write(place.olena, place.staff, "I am sorry", reply_to=card["message_id"])
    message = place.updates()[0]["message"]
    assert message["message_thread_id"] == place.topic
    assert message["reply_to_message"]["text"] == "A card"
    assert "reply_to_message" not in message["reply_to_message"]


def test_a_bot_that_answers_in_a_topic_stays_there(place):
    asked = place.telegram.write(place.olena, place.staff, "?", topic=place.topic)
    answer = place.send(reply_parameters={"message_id": asked["message_id"]})
    assert answer["message_thread_id"] == place.topic


def test_a_command_is_marked_for_the_bot(place):
    place.telegram.write(place.olena, place.staff, "/case@vidhuk_bot 7")
    assert place.updates()[0]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 16}]


def test_offsets_are_counted_in_utf_16_units(place):
    place.telegram.write(place.olena, place.staff, "🔴 @andrii https://example.org/a_b.")
    assert place.updates()[0]["message"]["entities"] == [
        {"type": "mention", "offset": 3, "length": 7},
        {"type": "url", "offset": 11, "length": 23},
    ]


def test_an_edit_keeps_the_buttons_it_brings_and_marks_the_message(place):
    sent = place.send(text="Open", reply_markup=KEYS)
    place.clock.pass_(60)
    edit = {"chat_id": place.staff.id, "message_id": sent["message_id"], "text": "Claimed"}
    edited = place.telegram.call("editMessageText", {**edit, "reply_markup": KEYS})
    assert (edited["text"], edited["reply_markup"]) == ("Claimed", KEYS)
    assert edited["edit_date"] == sent["date"] + 60
    assert "reply_markup" not in place.telegram.call("editMessageText", {**edit, "text": "Closed"})


def test_a_loopback_link_may_be_on_a_button(place):
    sent = place.send(reply_markup=KEYS)
    assert sent["reply_markup"]["inline_keyboard"][0][1]["url"] == "http://127.0.0.1:8000/t/7"


def test_a_deleted_message_is_no_longer_what_others_reply_to(place):
    card = place.send()
    answer = place.telegram.write(place.olena, place.staff, "Yes", reply_to=card["message_id"])
    place.telegram.call("deleteMessage", {"chat_id": place.staff.id, "message_id": card["message_id"]})
    (left,) = [m for m in place.telegram.messages(place.staff) if m["message_id"] == answer["message_id"]]
    assert "reply_to_message" not in left


def test_nobody_writes_where_they_are_not(place):
    stranger = place.telegram.add_user("Марко")
    with pytest.raises(Impossible):
        place.telegram.write(stranger, place.staff, "Hello")


def test_only_administrators_write_into_a_closed_topic(place):
    closed = {"chat_id": place.staff.id, "message_thread_id": place.topic}
    place.telegram.call("closeForumTopic", closed)
    with pytest.raises(Impossible):
        place.telegram.write(place.olena, place.staff, "Hello", topic=place.topic)
    assert place.send(message_thread_id=place.topic)["text"] == "Hello"


def test_an_offered_text_is_sent_as_the_person_by_way_of_the_bot(place):
    asked = place.telegram.ask_inline(place.olena, place.staff, "sorry")
    content = {"message_text": "We are <b>sorry</b>", "parse_mode": "HTML"}
    article = {"type": "article", "id": "s", "title": "Sorry", "input_message_content": content}
    query = place.updates()[0]["inline_query"]
    assert query["query"] == "sorry"
    place.telegram.call("answerInlineQuery", {"inline_query_id": query["id"], "results": [article]})
    sent = place.telegram.pick(asked, place.staff, "s")
    assert sent["from"]["id"] == place.olena.id
    assert sent["via_bot"]["id"] == place.telegram.bot.id
    assert sent["entities"] == [{"type": "bold", "offset": 7, "length": 5}]


def test_commands_are_kept_by_scope_and_language(place):
    here = {"scope": {"type": "chat", "chat_id": place.staff.id}}
    help_, inbox = ({"command": name, "description": name} for name in ("help", "inbox"))
    place.telegram.call("setMyCommands", {"commands": [help_]})
    place.telegram.call("setMyCommands", {"commands": [inbox], **here})
    assert place.telegram.call("getMyCommands", {}) == [help_]
    assert place.telegram.call("getMyCommands", here) == [inbox]
    place.telegram.call("deleteMyCommands", here)
    assert place.telegram.call("getMyCommands", here) == []


@pytest.mark.parametrize("emoji", [["x"], ["👀", "👍"], [""], ["👀👀"]])
def test_one_reacts_with_one_emoji_that_telegram_offers(place, emoji):
    sent = place.send()
    with pytest.raises(Impossible):
        place.telegram.react(place.olena, place.staff, sent["message_id"], *emoji)
    assert place.telegram.reactions(place.staff, sent["message_id"]) == {}
