"""Methods that change a message, or take it away."""

from demo.telegram.keyboards import checked_markup
from demo.telegram.refusal import bad_request
from demo.telegram.rows import Chat, Json, Message
from demo.telegram.sending import album_content, plain
from demo.telegram.shapes import (
    ChatId,
    InlineKeyboardMarkup,
    InputMedia,
    LinkPreviewOptions,
    MessageEntity,
    ReactionTypeEmoji,
)
from demo.telegram.texts import read_caption, read_text
from demo.telegram.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
EMOJI = "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
"""What one may react with, https://core.telegram.org/bots/api#reactiontypeemoji (those of one character)."""


def edit_message_text(
    world: World,
    *,
    text: str,
    chat_id: ChatId,
    message_id: int,
    parse_mode: str | None = None,
    entities: list[MessageEntity] | None = None,
    link_preview_options: LinkPreviewOptions | None = None,
    reply_markup: InlineKeyboardMarkup | None = None,
) -> Json:
    """New text; without reply_markup the buttons go."""
    content = read_text(text, parse_mode, plain(entities))
    if link_preview_options:
        content["link_preview_options"] = link_preview_options.model_dump(exclude_none=True)
    markup = checked_markup(reply_markup)
    message = editable(world, chat_id, message_id)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return edit(world, message, content, markup)


def edit_message_caption(
    world: World,
    *,
    chat_id: ChatId,
    message_id: int,
    caption: str | None = None,
    parse_mode: str | None = None,
    caption_entities: list[MessageEntity] | None = None,
    reply_markup: InlineKeyboardMarkup | None = None,
) -> Json:
    """New caption; without one it goes."""
    content = read_caption(caption, parse_mode, plain(caption_entities))
    markup = checked_markup(reply_markup)
    message = editable(world, chat_id, message_id)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    kept = {key: value for key, value in message.content.items() if not key.startswith("caption")}
    return edit(world, message, {**kept, **content}, markup)


def edit_message_media(
    world: World,
    *,
    media: InputMedia,
    chat_id: ChatId,
    message_id: int,
    reply_markup: InlineKeyboardMarkup | None = None,
) -> Json:
    """Another photo or document with its own caption; without reply_markup the buttons go."""
    markup = checked_markup(reply_markup)
    message = editable(world, chat_id, message_id)
    return edit(world, message, album_content(world, media), markup)


def edit_message_reply_markup(
    world: World, *, chat_id: ChatId, message_id: int, reply_markup: InlineKeyboardMarkup | None = None
) -> Json:
    """New buttons; without any they go."""
    markup = checked_markup(reply_markup)
    message = editable(world, chat_id, message_id)
    return edit(world, message, message.content, markup)


def delete_message(world: World, *, chat_id: ChatId, message_id: int) -> bool:
    """The bot's own message, or anybody's where it is an administrator."""
    chat = world.writable_chat(chat_id)
    message = world.find_message(chat, message_id, "message to delete")
    if message.sender is not world.bot and chat.members[world.bot.id] != "administrator":
        raise bad_request("message can't be deleted")
    remove(world, chat, message)
    return True


def delete_messages(world: World, *, chat_id: ChatId, message_ids: list[int]) -> bool:
    """Those that are there; 1 to 100 of them."""
    chat = world.writable_chat(chat_id)
    if not 1 <= len(message_ids) <= 100:
        raise bad_request("Too many message identifiers specified".lower())
    for message_id in message_ids:
        if message_id in chat.messages:
            delete_message(world, chat_id=chat_id, message_id=message_id)
    return True


def pin_chat_message(
    world: World, *, chat_id: ChatId, message_id: int, disable_notification: bool = False
) -> bool:
    """In a group only an administrator pins."""
    chat = world.writable_chat(chat_id)
    world.find_message(chat, message_id, "message to pin")
    refuse_unless_administrator(world, chat, "manage pinned messages in the chat")
    if message_id not in chat.pinned:
        chat.pinned.append(message_id)
        world.note("pinned", chat)
    return True


def unpin_chat_message(world: World, *, chat_id: ChatId, message_id: int | None = None) -> bool:
    """The given one, or the last that was pinned."""
    chat = world.writable_chat(chat_id)
    refuse_unless_administrator(world, chat, "manage pinned messages in the chat")
    wanted = message_id or (chat.pinned[-1] if chat.pinned else 0)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    world.note("pinned", chat)
    return True


def set_message_reaction(
    world: World,
    *,
    chat_id: ChatId,
    message_id: int,
    reaction: list[ReactionTypeEmoji] | None = None,
    is_big: bool = False,
) -> bool:
    """One emoji of the bot, or none."""
    chat = world.writable_chat(chat_id)
    message = world.find_message(chat, message_id, "message to react")
    emoji = [each.emoji for each in reaction or []]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if not all(is_reaction(each) for each in emoji):
        raise bad_request("REACTION_INVALID")
    message.reactions[world.bot.id] = emoji
    world.note("edited", chat, message)
    return True


def is_reaction(emoji: str) -> bool:
    """Is it one of those that Telegram offers?"""
    bare = emoji.replace("\ufe0f", "")
    return len(bare) == 1 and bare in EMOJI


def editable(world: World, chat_id: ChatId, message_id: int) -> Message:
    """The bot's own message."""
    chat = world.writable_chat(chat_id)
    message = world.find_message(chat, message_id, "message to edit")
    if message.sender is not world.bot or "forum_topic_created" in message.content:
        raise bad_request("message can't be edited")
    if message.markup and "inline_keyboard" not in message.markup:
        raise bad_request("message can't be edited")
    return message


def edit(world: World, message: Message, content: Json, markup: Json | None) -> Json:
    """Change it, if anything changes."""
    if (content, markup) == (message.content, message.markup):
        raise bad_request(NOT_MODIFIED)
    world.counted_chat(message.chat.id)
    message.former += message.buttons
    message.content, message.markup, message.edit_date = content, markup, world.time()
    world.note("edited", message.chat, message)
    return message.as_json()


def remove(world: World, chat: Chat, message: Message) -> None:
    """It is gone; what replied to it does not say so any more."""
    del chat.messages[message.id]
    for other in chat.messages.values():
        if other.reply_to is message:
            other.reply_to = None
    if message.id in chat.pinned:
        chat.pinned.remove(message.id)
    world.note("deleted", chat, message)


def refuse_unless_administrator(world: World, chat: Chat, right: str) -> None:
    """In private chats the bot has every right."""
    if chat.type != "private" and chat.members[world.bot.id] != "administrator":
        raise bad_request(f"not enough rights to {right}")
