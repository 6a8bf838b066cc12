"""What the stand-in refuses, with exactly the code and the words of Telegram."""

import pytest

from demo.telegram import Refusal


def refusal_of(place, method, **parameters):
    with pytest.raises(Refusal) as refusal:
        place.telegram.call(method, parameters)
    return refusal.value.code, refusal.value.description


def keyboard(*buttons):
    return {"inline_keyboard": [[button] for button in buttons]}


def key(**fields):
    return {"text": "Go", **fields}


TEXTS = [
    ({}, "message text is empty"),
    ({"text": ""}, "message text is empty"),
    ({"text": "  \n"}, "text must be non-empty"),
    ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
    ({"text": "x" * 4097}, "message is too long"),
    ({"text": "🔴" * 2049}, "message is too long"),
    ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
    (
        {"text": "x", "parse_mode": "MarkdownV2"},
        "can't parse entities: the stand-in for Telegram reads HTML, not Markdown",
    ),
    (
        {"text": "<b>x", "parse_mode": "html"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    (
        {"text": "x", "entities": [{"type": "bold", "offset": 9, "length": 1}]},
        "entity begins after the end of the text at UTF-16 offset 9",
    ),
    (
        {"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 9}]},
        "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
    ),
    (
        {"text": "x", "entities": [{"type": "bold", "offset": -1, "length": 1}]},
        "receive an entity with incorrect offset -1",
    ),
    (
        {"text": "x", "entities": [{"type": "loud", "offset": 0, "length": 1}]},
        "can't parse MessageEntity: Unsupported type specified",
    ),
    ({"text": "half a \ud83d"}, "strings must be encoded in UTF-8"),
]


@pytest.mark.parametrize(("parameters", "reason"), TEXTS)
def test_a_text_that_telegram_would_not_take_is_refused(place, parameters, reason):
    refused = refusal_of(place, "sendMessage", chat_id=place.staff.id, **parameters)
    assert refused == (400, f"Bad Request: {reason}")


MARKUPS = [
    (
        keyboard(key()),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        keyboard(key(callback_data="")),
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        keyboard(key(callback_data="a", url="https://e.org")),
        (
            "can't parse inline keyboard button: it must have exactly one of the optional fields,"
            " not url and callback_data"
        ),
    ),
    (keyboard(key(callback_data="x" * 65)), "BUTTON_DATA_INVALID"),
    (keyboard(key(callback_data="ї" * 33)), "BUTTON_DATA_INVALID"),
    (keyboard(key(copy_text={"text": ""})), "BUTTON_COPY_TEXT_INVALID"),
    (keyboard(key(copy_text={"text": "x" * 257})), "BUTTON_COPY_TEXT_INVALID"),
    (keyboard(key(url="not-a-url")), "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
    (
        keyboard(key(url="ftp://example.com")),
        "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
    ),
    (
        keyboard(key(callback_data="a", style="loud")),
        "can't parse inline keyboard button: invalid button style specified",
    ),
    (keyboard(*[key(callback_data="a")] * 101), "reply markup is too long"),
    ({"inline_keyboard": [[{"callback_data": "a"}]]}, 'can\'t find field "text"'),
    ({"inline_keyboard": "bad"}, 'field "inline_keyboard" must be of type Array'),
    ({"force_reply": "yes"}, 'field "force_reply" must be of type Boolean'),
    ({"remove_keyboard": "yes"}, 'field "remove_keyboard" must be of type Boolean'),
    ({"force_reply": True, "input_field_placeholder": "x" * 65}, "REPLY_MARKUP_PLACEHOLDER_INVALID"),
    ("{not json", "can't parse reply keyboard markup JSON object"),
]


@pytest.mark.parametrize(("markup", "reason"), MARKUPS)
def test_a_markup_that_telegram_would_not_take_is_refused(place, markup, reason):
    refused = refusal_of(place, "sendMessage", chat_id=place.staff.id, text="x", reply_markup=markup)
    assert refused == (400, f"Bad Request: {reason}")


PLACES = [
    ({}, "chat_id is empty"),
    ({"chat_id": ""}, "chat_id is empty"),
    ({"chat_id": 0}, "chat not found"),
    ({"chat_id": "not_a_chat"}, "chat not found"),
    ({"chat_id": "@nobody_here"}, "chat not found"),
    ({"chat_id": "@staff_room", "message_thread_id": 999}, "message thread not found"),
    ({"chat_id": "@staff_room", "message_thread_id": 1}, "message thread not found"),
    ({"chat_id": "@staff_room", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ({"chat_id": "@staff_room", "reply_parameters": {"quote": "x"}}, 'can\'t find field "message_id"'),
]


@pytest.mark.parametrize(("parameters", "reason"), PLACES)
def test_a_place_that_is_not_there_is_refused(place, parameters, reason):
    assert refusal_of(place, "sendMessage", text="x", **parameters) == (400, f"Bad Request: {reason}")


def test_a_quotation_that_is_not_in_the_message_is_refused(place):
    first = place.send(text="The parcel is late")
    reply = {"message_id": first["message_id"], "quote": "on time"}
    refused = refusal_of(place, "sendMessage", chat_id=place.staff.id, text="x", reply_parameters=reply)
    assert refused == (400, "Bad Request: QUOTE_TEXT_INVALID")


EDITS = [
    ({"text": "Hello"}, ("message is not modified: specified new message content and reply markup are"
     " exactly the same as a current content and reply markup of the message")),
    ({"text": "New", "message_id": 999}, "message to edit not found"),
    ({"text": "New", "message_id": None}, "message identifier is not specified"),
    ({"text": "x" * 4097}, "message is too long"),
]  # fmt: skip


@pytest.mark.parametrize(("parameters", "reason"), EDITS)
def test_an_edit_that_telegram_would_not_make_is_refused(place, parameters, reason):
    sent = place.send()
    given = {"chat_id": place.staff.id, "message_id": sent["message_id"], **parameters}
    assert refusal_of(place, "editMessageText", **given) == (400, f"Bad Request: {reason}")


def test_the_words_of_others_cannot_be_edited(place):
    theirs = place.telegram.write(place.olena, place.staff, "Mine")
    refused = refusal_of(
        place, "editMessageText", chat_id=place.staff.id, message_id=theirs["message_id"], text="Ours"
    )
    assert refused == (400, "Bad Request: message can't be edited")


def test_a_text_has_no_caption_to_edit(place):
    sent = place.send()
    refused = refusal_of(
        place, "editMessageCaption", chat_id=place.staff.id, message_id=sent["message_id"], caption="x"
    )
    assert refused == (400, "Bad Request: there is no caption in the message to edit")


def test_unchanged_buttons_are_not_modified(place):
    markup = keyboard(key(callback_data="a"))
    sent = place.send(reply_markup=markup)
    code, description = refusal_of(
        place,
        "editMessageReplyMarkup",
        chat_id=place.staff.id,
        message_id=sent["message_id"],
        reply_markup=markup,
    )
    assert code == 400
    assert description.startswith("Bad Request: message is not modified")


OTHERS = [
    ("deleteMessage", {"message_id": 999}, "message to delete not found"),
    ("pinChatMessage", {"message_id": 999}, "message to pin not found"),
    ("setMessageReaction", {"message_id": 999}, "message to react not found"),
    ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
    ("getChatMember", {"user_id": 5}, "user not found"),
    ("closeForumTopic", {"message_thread_id": 999}, "TOPIC_ID_INVALID"),
    ("createForumTopic", {"name": "x" * 129}, "TOPIC_TITLE_INVALID"),
    ("createForumTopic", {"name": "x", "icon_color": 5}, "TOPIC_ICON_COLOR_INVALID"),
    ("sendPhoto", {}, "there is no photo in the request"),
    ("sendPhoto", {"photo": "AgAC"}, "wrong file identifier/HTTP URL specified"),
    ("sendPhoto", {"photo": "https://example.com/a.png"}, "failed to get HTTP URL content"),
    ("sendDocument", {}, "there is no document in the request"),
]


@pytest.mark.parametrize(("method", "parameters", "reason"), OTHERS)
def test_what_is_not_there_is_refused(place, method, parameters, reason):
    assert refusal_of(place, method, chat_id=place.staff.id, **parameters) == (400, f"Bad Request: {reason}")


def test_a_group_without_topics_has_none_to_create(place):
    town = place.telegram.add_group("Town", [place.olena])
    refused = refusal_of(place, "createForumTopic", chat_id=town.id, name="x")
    assert refused == (400, "Bad Request: the chat is not a forum")


def test_a_bot_that_is_no_administrator_may_not_manage_topics(place):
    forum = place.telegram.add_group("Forum", [place.olena], forum=True, bot="member")
    refused = refusal_of(place, "createForumTopic", chat_id=forum.id, name="x")
    assert refused == (400, "Bad Request: not enough rights to manage topics in the chat")


def test_a_press_is_answered_once(place):
    sent = place.send(reply_markup=keyboard(key(callback_data="a")))
    query = place.telegram.press(place.olena, place.staff, sent["message_id"], "Go")
    place.telegram.call("answerCallbackQuery", {"callback_query_id": query.id})
    too_old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert refusal_of(place, "answerCallbackQuery", callback_query_id=query.id) == too_old
    assert refusal_of(place, "answerCallbackQuery", callback_query_id="7") == too_old
    assert refusal_of(place, "answerCallbackQuery") == too_old


def test_an_answer_to_a_press_has_at_most_200_characters(place):
    refused = refusal_of(place, "answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert refused == (400, "Bad Request: MESSAGE_TOO_LONG")


def test_a_user_who_blocked_the_bot_gets_nothing(place):
    place.telegram.block(place.olena)
    refused = refusal_of(place, "sendMessage", chat_id=place.olena.id, text="x")
    assert refused == (403, "Forbidden: bot was blocked by the user")
    place.telegram.block(place.olena, blocked=False)
    assert place.send(chat_id=place.olena.id)["text"] == "Hello"


def test_a_bot_that_was_kicked_cannot_write(place):
    place.telegram.kick(place.staff)
    refused = refusal_of(place, "sendMessage", chat_id=place.staff.id, text="x")
    assert refused == (403, "Forbidden: bot was kicked from the supergroup chat")


def test_a_bot_that_left_is_no_member(place):
    place.telegram.call("leaveChat", {"chat_id": place.staff.id})
    refused = refusal_of(place, "sendMessage", chat_id=place.staff.id, text="x")
    assert refused == (403, "Forbidden: bot is not a member of the supergroup chat")


def test_a_user_who_never_wrote_to_the_bot_is_not_found(place):
    refused = refusal_of(place, "sendMessage", chat_id=place.andrii.id, text="x")
    assert refused == (400, "Bad Request: chat not found")


def test_a_method_that_nobody_knows_is_not_found(place):
    assert refusal_of(place, "sendRichMessage", chat_id=1) == (404, "Not Found: method not found")


def test_an_unknown_parameter_is_refused(place):
    code, description = refusal_of(place, "sendMessage", chat_id=place.staff.id, text="x", colour="red")
    assert code == 400
    assert "colour" in description


@pytest.mark.parametrize(
    "parameters",
    [
        {"text": ["x"]},
        {"text": "x", "message_thread_id": "twelve"},
        {"text": "x", "disable_notification": []},
        {"text": "x", "reply_parameters": {"message_id": "one"}},
        {"text": "x", "reply_parameters": []},
        {"text": "x", "link_preview_options": {"is_disabled": "yes"}},
        {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b", "hue": 3}]]}},
        {"text": "x", "reply_markup": "[" * 3000},
    ],
)
def test_an_ill_typed_parameter_is_refused(place, parameters):
    assert refusal_of(place, "sendMessage", chat_id=place.staff.id, **parameters)[0] == 400
