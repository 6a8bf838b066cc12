"""The stand-in held against Telegram's own description of its methods and types."""

from typing import get_args, get_origin

import pytest

from demo.telegram import shapes
from demo.telegram.methods import METHODS
from demo.telegram.shapes import Shape
from demo.telegram.specification import Specification

ALIASES = {
    "InputMedia": ["InputMediaPhoto", "InputMediaDocument"],
    "BotCommandScope": ["BotCommandScopeChatMember"],
}
SHAPES = [each for each in vars(shapes).values() if isinstance(each, type) and issubclass(each, Shape)]


@pytest.fixture(scope="module")
def described(spec):
    if spec is None:
        pytest.skip("shared/recordings/specs/telegram/api.json is not in this checkout")
    return Specification(spec)


@pytest.mark.parametrize("method", METHODS.values(), ids=lambda method: method.name)
def test_a_method_has_only_parameters_that_telegram_has_and_every_required_one(described, method):
    fields = described.fields(described.methods[method.name.lower()])
    assert method.parameters.keys() <= fields.keys()
    for name, field in fields.items():
        assert name in method.parameters or not field["required"], f"{name} is required"
        if field["required"] and method.name != "setWebhook":
            assert method.parameters[name], f"{name} must be required"


@pytest.mark.parametrize(
    "shape", [each for each in SHAPES if each is not Shape], ids=lambda each: each.__name__
)
def test_an_object_has_only_fields_that_telegram_has_and_every_required_one(described, shape):
    for name in ALIASES.get(shape.__name__, [shape.__name__]):
        fields = described.fields(described.types[name])
        assert shape.model_fields.keys() <= fields.keys()
        for field in fields.values():
            assert not field["required"] or field["name"] in shape.model_fields


@pytest.mark.parametrize(
    "shape", [each for each in SHAPES if each is not Shape], ids=lambda each: each.__name__
)
def test_a_field_has_the_type_that_telegram_gives_it(described, shape):
    name = ALIASES.get(shape.__name__, [shape.__name__])[0]
    fields = described.fields(described.types[name])
    for key, field in shape.model_fields.items():
        known = {str: "String", int: "Integer", bool: "Boolean"}
        plain = {known[each] for each in get_args(field.annotation) or [field.annotation] if each in known}
        if plain and get_origin(field.annotation) is not list:
            assert plain <= {"Boolean" if each == "True" else each for each in fields[key]["types"]}, key


@pytest.fixture
def calls(place, picture):
    """A call of every method that is right, with what it needs put there first."""
    telegram, staff = place.telegram, place.staff
    keys = {"inline_keyboard": [[{"text": "Go", "callback_data": "go", "style": "primary"}]]}
    first = place.send(reply_markup=keys)
    doomed, second = place.send(text="Doomed"), place.send(text="Doomed too")
    topics = [telegram.call("createForumTopic", {"chat_id": staff.id, "name": f"{n}"}) for n in range(3)]
    opened, closed, gone = (topic["message_thread_id"] for topic in topics)
    telegram.call("closeForumTopic", {"chat_id": staff.id, "message_thread_id": closed})
    photo = telegram.world.files.add("a.png", "image/png", picture).id
    paper = telegram.world.files.add("a.txt", "text/plain", b"paper").id
    pictured = telegram.call("sendPhoto", {"chat_id": staff.id, "photo": photo})
    press = telegram.press(place.olena, staff, first["message_id"], "Go")
    asked = telegram.ask_inline(place.olena, staff, "sorry")
    here = {"chat_id": staff.id}
    article = {"type": "article", "id": "1", "title": "A", "input_message_content": {"message_text": "B"}}
    album = [{"type": "photo", "media": photo, "caption": "<b>1</b>", "parse_mode": "HTML"}]
    commands = [{"command": "help", "description": "Help"}]
    return {
        "getMe": {},
        "getUpdates": {"limit": 5},
        "setWebhook": {"url": ""},
        "deleteWebhook": {"drop_pending_updates": False},
        "getWebhookInfo": {},
        "answerCallbackQuery": {"callback_query_id": press.id, "text": "Yes", "show_alert": True},
        "answerInlineQuery": {"inline_query_id": asked.id, "results": [article], "is_personal": True},
        "sendMessage": {
            **here,
            "message_thread_id": opened,
            "text": "<b>Hello</b> https://example.org",
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_parameters": {"message_id": first["message_id"], "quote": "Hell"},
            "reply_markup": {"force_reply": True, "selective": True},
        },
        "sendPhoto": {**here, "photo": photo, "caption": "A photo"},
        "sendDocument": {**here, "document": paper, "reply_markup": keys},
        "sendMediaGroup": {**here, "media": album * 2},
        "sendChatAction": {**here, "action": "typing"},
        "editMessageText": {**here, "message_id": first["message_id"], "text": "New"},
        "editMessageCaption": {**here, "message_id": pictured["message_id"], "caption": "New"},
        "editMessageMedia": {
            **here,
            "message_id": pictured["message_id"],
            "media": {**album[0], "caption": "2"},
        },
        "editMessageReplyMarkup": {**here, "message_id": second["message_id"], "reply_markup": keys},
        "deleteMessage": {**here, "message_id": doomed["message_id"]},
        "deleteMessages": {**here, "message_ids": [second["message_id"], 9999]},
        "pinChatMessage": {**here, "message_id": first["message_id"]},
        "unpinChatMessage": {**here},
        "setMessageReaction": {
            **here,
            "message_id": first["message_id"],
            "reaction": [{"type": "emoji", "emoji": "👍"}],
        },
        "getChat": here,
        "getChatMember": {**here, "user_id": place.telegram.bot.id},
        "getChatAdministrators": {**here, "return_bots": True},
        "getChatMemberCount": here,
        "createForumTopic": {**here, "name": "New"},
        "editForumTopic": {**here, "message_thread_id": opened, "name": "Newer"},
        "closeForumTopic": {**here, "message_thread_id": opened},
        "reopenForumTopic": {**here, "message_thread_id": closed},
        "deleteForumTopic": {**here, "message_thread_id": gone},
        "getFile": {"file_id": paper},
        "setMyCommands": {"commands": commands, "scope": {"type": "chat", "chat_id": staff.id}},
        "getMyCommands": {"scope": {"type": "chat", "chat_id": staff.id}},
        "deleteMyCommands": {"language_code": "uk"},
        "leaveChat": here,
    }


def test_every_method_answers_as_telegram_describes(described, place, calls):
    assert calls.keys() == {method.name for method in METHODS.values()}
    for name, parameters in calls.items():
        described.check_result(name, place.telegram.call(name, parameters))


def test_every_update_is_one_as_telegram_describes(described, place, picture):
    telegram, staff = place.telegram, place.staff
    place.updates(allowed_updates=["message", "edited_message", "callback_query", "inline_query",
                                   "message_reaction", "my_chat_member"])  # fmt: skip
    sent = place.send(reply_markup={"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]})
    telegram.press(place.olena, staff, sent["message_id"], "Go")
    mine = telegram.write(place.olena, staff, "/start @andrii #now", reply_to=sent["message_id"])
    telegram.edit(place.olena, staff, mine["message_id"], "Better")
    telegram.react(place.olena, staff, mine["message_id"], "👍")
    telegram.upload(place.olena, staff, "a.png", picture, caption="See", topic=place.topic)
    telegram.upload(place.olena, staff, "a.txt", b"paper")
    telegram.ask_inline(place.olena, staff, "sorry")
    telegram.kick(staff)
    updates = place.updates()
    assert len(updates) == 8
    for update in updates:
        described.check_type("Update", update)


def test_without_a_specification_the_same_calls_pass(place, calls):
    place.telegram._spec = None
    for name, parameters in calls.items():
        place.telegram.call(name, parameters)
