"""What people do: they write, press, react; and what the bot is told of it."""

import mimetypes
import re
from collections.abc import Sequence

from demo.telegram.editing import is_reaction
from demo.telegram.files import image_type
from demo.telegram.html_markup import utf16_length
from demo.telegram.places import member
from demo.telegram.rows import Chat, Json, Message, User
from demo.telegram.texts import MAX_CAPTION, MAX_TEXT, detect
from demo.telegram.world import CallbackQuery, InlineQuery, World


class Impossible(Exception):
    """What a person tried can't be done in Telegram either: the message is a sentence."""


def text_of(text: str) -> Json:
    """What somebody typed, with what Telegram recognises in it."""
    text = text.strip()
    if not text or utf16_length(text) > MAX_TEXT:
        raise Impossible(f"A message has 1 to {MAX_TEXT} characters, this one has {utf16_length(text)}.")
    entities = sorted(detect(text, []), key=lambda entity: entity["offset"])
    return {"text": text, "entities": entities} if entities else {"text": text}


def start_of(world: World, url: str) -> str:
    """What Telegram writes in a person's name when they follow a link that starts the bot.

    https://core.telegram.org/api/links#bot-links
    """
    link = re.fullmatch(r"https://t\.me/(\w+)\?start=([A-Za-z0-9_-]{1,64})", url)
    if link is None or link[1].lower() != str(world.bot.username).lower():
        raise Impossible(f"{url} does not start the bot.")
    return f"/start {link[2]}"


def post(
    world: World,
    user: User,
    chat: Chat,
    content: Json,
    *,
    reply_to: int | None = None,
    topic: int | None = None,
    via_bot: bool = False,
) -> Message:
    """Put a person's message into a chat; the first one into a private chat starts the bot."""
    if not chat.has(user):
        raise Impossible(f"{user.name} is not a member of {chat.title}.")
    if reply_to is not None and reply_to not in chat.messages:
        raise Impossible(f"There is no message {reply_to} in {chat.title} to reply to.")
    answered = chat.messages[reply_to] if reply_to is not None else None
    thread = topic or (answered.thread_id if answered else None)
    if thread is not None and thread not in chat.topics:
        raise Impossible(f"There is no topic {thread} in {chat.title}.")
    if thread is not None and chat.topics[thread].closed and chat.members[user.id] == "member":
        raise Impossible(f"The topic {chat.topics[thread].name} is closed.")
    return world.add_message(
        chat,
        user,
        content,
        topic=chat.topics[thread] if thread else None,
        reply_to=answered,
        via_bot=world.bot if via_bot else None,
    )


def file_content(world: World, name: str, content: bytes, caption: str) -> Json:
    """What a message with a file has: a photo where a browser can show one."""
    media_type = image_type(content)
    guessed = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = world.files.add(name[:128], guessed, content)
    said: Json = {"caption": caption[:MAX_CAPTION]} if caption else {}
    if media_type:
        return {"photo": world.files.photo(file.id), **said}
    return {"document": world.files.document(file.id), **said}


def edit(world: World, user: User, chat: Chat, message_id: int, text: str) -> Message:
    """Change one's own words."""
    message = seen(user, chat, message_id)
    if message.sender is not user or "text" not in message.content:
        raise Impossible(f"{user.name} can't edit message {message_id}.")
    message.content, message.edit_date = text_of(text), world.time()
    world.updates.add("edited_message", message.as_json())
    world.note("edited", chat, message)
    return message


def press(
    world: World, user: User, chat: Chat, message_id: int, button: str, *, forgotten: bool = False
) -> CallbackQuery:
    """Press a button by its text or by its callback data."""
    message = seen(user, chat, message_id)
    pressed = find_button(message, button)
    if "callback_data" not in pressed:
        raise Impossible(f'The button "{pressed["text"]}" asks nothing of the bot.')
    query = CallbackQuery(world.asked.next_id(), user, message, pressed["callback_data"])
    world.asked.callbacks[query.id] = query
    world.updates.add(
        "callback_query",
        {
            "id": query.id,
            "from": user.as_json(),
            "message": _inaccessible(message) if forgotten else message.as_json(),
            "chat_instance": str(abs(chat.id) + 1),
            "data": query.button,
        },
    )
    return query


def _inaccessible(message: Message) -> Json:
    """https://core.telegram.org/bots/api#inaccessiblemessage: the date is always 0."""
    return {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}


def react(world: World, user: User, chat: Chat, message_id: int, emoji: Sequence[str]) -> None:
    """Replace one's reactions; the bot is told where it is an administrator and asked to be."""
    message = seen(user, chat, message_id)
    if len(emoji) > 1 or not all(is_reaction(each) for each in emoji):
        raise Impossible("One reacts with one of Telegram's emoji, or with none.")
    old = message.reactions.get(user.id, [])
    message.reactions[user.id] = list(emoji)
    if chat.members.get(world.bot.id) == "administrator":
        world.updates.add(
            "message_reaction",
            {
                "chat": chat.as_json(),
                "message_id": message.id,
                "user": user.as_json(),
                "date": world.time(),
                "old_reaction": [{"type": "emoji", "emoji": each} for each in old],
                "new_reaction": [{"type": "emoji", "emoji": each} for each in emoji],
            },
        )
    world.note("edited", chat, message)


def ask_inline(world: World, user: User, chat: Chat, query: str) -> InlineQuery:
    """Type something after the bot's name."""
    asked = InlineQuery(world.asked.next_id(), user, query[:256])
    world.asked.inline[asked.id] = asked
    world.updates.add(
        "inline_query",
        {
            "id": asked.id,
            "from": user.as_json(),
            "query": asked.query,
            "offset": "",
            "chat_type": "sender" if chat.type == "private" else chat.type,
        },
    )
    return asked


def pick(
    world: World,
    asked: InlineQuery,
    chat: Chat,
    result_id: str,
    *,
    reply_to: int | None = None,
    topic: int | None = None,
) -> Message:
    """Send one of the results that the bot offered."""
    for result in asked.results or []:
        if result["id"] == result_id:
            said = result["content"]
            return post(world, asked.user, chat, said, reply_to=reply_to, topic=topic, via_bot=True)
    raise Impossible(f'The bot offered no result "{result_id}".')


def join(world: World, chat: Chat, user: User, status: str) -> None:
    """Let somebody in, or change what they are; the bot hears of its own fate."""
    old = member(chat, user)
    chat.members[user.id] = status
    if user is world.bot:
        people = [each for each in world.users.values() if chat.has(each) and not each.is_bot]
        world.updates.add(
            "my_chat_member",
            {
                "chat": chat.as_json(),
                "from": (people or [user])[0].as_json(),
                "date": world.time(),
                "old_chat_member": old,
                "new_chat_member": member(chat, user),
            },
        )
    world.note("members", chat)


def seen(user: User, chat: Chat, message_id: int) -> Message:
    """A message that the user can see."""
    if not chat.has(user):
        raise Impossible(f"{user.name} is not a member of {chat.title}.")
    if message_id not in chat.messages:
        raise Impossible(f"There is no message {message_id} in {chat.title}.")
    return chat.messages[message_id]


def find_button(message: Message, wanted: str) -> Json:
    """By text or callback data; there must be just one.

    One that an edit took away is found by its data: Telegram delivers such a press, too ("be aware that the message that
    originated the query can contain no callback buttons with this data", Bot API, CallbackQuery).
    """
    found = [each for each in message.buttons if wanted in (each["text"], each.get("callback_data"))]
    gone = [each for each in message.former if wanted == each.get("callback_data")]
    if not found and gone:
        return gone[-1]
    if len(found) != 1:
        has = ", ".join(f'"{each["text"]}"' for each in message.buttons) or "none"
        raise Impossible(f'Message {message.id} has {len(found)} buttons "{wanted}"; its buttons: {has}.')
    return found[0]
