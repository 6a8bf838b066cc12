"""Methods that put a message into a chat."""

from typing import Any

from demo.telegram.keyboards import checked_markup
from demo.telegram.refusal import bad_request
from demo.telegram.rows import Chat, Json, Message, Topic
from demo.telegram.shapes import (
    ChatId,
    InputMedia,
    LinkPreviewOptions,
    MessageEntity,
    ReplyMarkup,
    ReplyParameters,
)
from demo.telegram.texts import read_caption, read_markup, read_text
from demo.telegram.world import World

ACTIONS = {
    *("typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"),
    *("upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"),
}


def send_message(
    world: World,
    *,
    chat_id: ChatId,
    text: str,
    message_thread_id: int | None = None,
    parse_mode: str | None = None,
    entities: list[MessageEntity] | None = None,
    link_preview_options: LinkPreviewOptions | None = None,
    disable_notification: bool = False,
    protect_content: bool = False,
    reply_parameters: ReplyParameters | None = None,
    reply_markup: ReplyMarkup | None = None,
) -> Json:
    """Text of 1 to 4096 UTF-16 units."""
    content = read_text(text, parse_mode, plain(entities))
    if link_preview_options:
        content["link_preview_options"] = link_preview_options.model_dump(exclude_none=True)
    return send(world, chat_id, message_thread_id, content, reply_parameters, reply_markup).as_json()


def send_photo(
    world: World,
    *,
    chat_id: ChatId,
    photo: str,
    message_thread_id: int | None = None,
    caption: str | None = None,
    parse_mode: str | None = None,
    caption_entities: list[MessageEntity] | None = None,
    disable_notification: bool = False,
    protect_content: bool = False,
    reply_parameters: ReplyParameters | None = None,
    reply_markup: ReplyMarkup | None = None,
) -> Json:
    """A photo, uploaded or by its file_id."""
    content = {"photo": world.files.photo(photo)}
    content |= read_caption(caption, parse_mode, plain(caption_entities))
    return send(world, chat_id, message_thread_id, content, reply_parameters, reply_markup).as_json()


def send_document(
    world: World,
    *,
    chat_id: ChatId,
    document: str,
    message_thread_id: int | None = None,
    caption: str | None = None,
    parse_mode: str | None = None,
    caption_entities: list[MessageEntity] | None = None,
    disable_content_type_detection: bool = False,
    disable_notification: bool = False,
    protect_content: bool = False,
    reply_parameters: ReplyParameters | None = None,
    reply_markup: ReplyMarkup | None = None,
) -> Json:
    """Any file, uploaded or by its file_id."""
    content: Json = {"document": world.files.document(document)}
    content |= read_caption(caption, parse_mode, plain(caption_entities))
    return send(world, chat_id, message_thread_id, content, reply_parameters, reply_markup).as_json()


def send_media_group(
    world: World,
    *,
    chat_id: ChatId,
    media: list[InputMedia],
    message_thread_id: int | None = None,
    disable_notification: bool = False,
    protect_content: bool = False,
    reply_parameters: ReplyParameters | None = None,
) -> list[Json]:
    """An album of 2 to 10 photos, or of documents."""
    if not 2 <= len(media) <= 10:
        raise bad_request("Expected from 2 to 10 media in an album".lower())
    if len({each.type for each in media}) > 1:
        raise bad_request("Can't use the media of the specified type in the album")
    contents = [album_content(world, each) for each in media]
    group = world.asked.next_id()
    return [
        send(
            world, chat_id, message_thread_id, {"media_group_id": group, **content}, reply_parameters
        ).as_json()
        for content in contents
    ]


def send_chat_action(
    world: World, *, chat_id: ChatId, action: str, message_thread_id: int | None = None
) -> bool:
    """The page shows it for a few seconds."""
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.writable_chat(chat_id)
    topic = world.find_topic(chat, message_thread_id)
    world.note("action", chat, action=action, topic=topic.id if topic else 0)
    return True


def send(
    world: World,
    chat_id: ChatId,
    thread_id: int | None,
    content: Json,
    reply_parameters: ReplyParameters | None = None,
    reply_markup: ReplyMarkup | None = None,
) -> Message:
    """Check where it goes and what it replies to; then it is there."""
    markup = checked_markup(reply_markup)
    chat = world.writable_chat(chat_id)
    reply_to = replied(world, chat, reply_parameters)
    topic = open_topic(world, chat, thread_id or (reply_to.thread_id if reply_to else None))
    world.counted_chat(chat_id)
    quote = checked_quote(reply_to, reply_parameters)
    return world.add_message(
        chat, world.bot, content, topic=topic, reply_to=reply_to, quote=quote, markup=markup
    )


def open_topic(world: World, chat: Chat, thread_id: int | None) -> Topic | None:
    """The topic, if the bot may write there: only an administrator writes into a closed one."""
    topic = world.find_topic(chat, thread_id)
    if topic and topic.closed and chat.members.get(world.bot.id) != "administrator":
        raise bad_request("TOPIC_CLOSED")
    return topic


def replied(world: World, chat: Chat, reply: ReplyParameters | None) -> Message | None:
    """The message that is answered."""
    if reply is None:
        return None
    place = chat if reply.chat_id is None else world.find_chat(reply.chat_id)
    if reply.allow_sending_without_reply and reply.message_id not in place.messages:
        return None
    return world.find_message(place, reply.message_id, "message to be replied")


def checked_quote(reply_to: Message | None, reply: ReplyParameters | None) -> str | None:
    """A quotation must be in the message that it quotes."""
    if reply is None or reply_to is None or not reply.quote:
        return None
    quote, _ = read_markup(reply.quote, reply.quote_parse_mode, plain(reply.quote_entities))
    if quote not in reply_to.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return quote


def album_content(world: World, media: InputMedia) -> Json:
    """What one message of an album shows."""
    file: Any = world.files.photo(media.media) if media.type == "photo" else world.files.document(media.media)
    return {media.type: file, **read_caption(media.caption, media.parse_mode, plain(media.caption_entities))}


def plain(entities: list[MessageEntity] | None) -> list[Json] | None:
    """As messages carry them."""
    return None if entities is None else [entity.model_dump(exclude_none=True) for entity in entities]
