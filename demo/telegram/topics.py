"""Methods about the topics of a forum."""

from typing import Any

from demo.telegram.editing import refuse_unless_administrator
from demo.telegram.refusal import bad_request
from demo.telegram.rows import Chat, Json, Topic, User
from demo.telegram.shapes import ChatId
from demo.telegram.world import World

COLOURS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
"""https://core.telegram.org/bots/api#createforumtopic"""
MAX_NAME = 128


def create_forum_topic(world: World, *, chat_id: ChatId, name: str, icon_color: int | None = None) -> Json:
    """Announced by a message whose number is the topic's."""
    chat = forum(world, chat_id)
    colour = COLOURS[len(chat.topics) % len(COLOURS)] if icon_color is None else icon_color
    if colour not in COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    return add_topic(world, chat, world.bot, checked_name(name), colour).as_json()


def edit_forum_topic(
    world: World, *, chat_id: ChatId, message_thread_id: int, name: str | None = None
) -> bool:
    """A new name."""
    chat, topic = forum_topic(world, chat_id, message_thread_id)
    if name is None or name == topic.name:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = checked_name(name)
    world.add_message(chat, world.bot, {"forum_topic_edited": {"name": topic.name}}, topic=topic)
    world.note("topics", chat)
    return True


def close_forum_topic(world: World, *, chat_id: ChatId, message_thread_id: int) -> bool:
    """Nobody but administrators writes there any more."""
    return set_closed(world, chat_id, message_thread_id, closed=True)


def reopen_forum_topic(world: World, *, chat_id: ChatId, message_thread_id: int) -> bool:
    """Everybody writes there again."""
    return set_closed(world, chat_id, message_thread_id, closed=False)


def delete_forum_topic(world: World, *, chat_id: ChatId, message_thread_id: int) -> bool:
    """With all of its messages."""
    chat, topic = forum_topic(world, chat_id, message_thread_id)
    gone = [id for id, message in chat.messages.items() if message.thread_id == topic.id]
    for message_id in {*gone, topic.id} & chat.messages.keys():
        del chat.messages[message_id]
    del chat.topics[topic.id]
    world.note("topics", chat)
    return True


def forum(world: World, chat_id: ChatId) -> Chat:
    """A group with topics that the bot may manage."""
    chat = world.writable_chat(chat_id)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    refuse_unless_administrator(world, chat, "manage topics in the chat")
    return chat


def forum_topic(world: World, chat_id: ChatId, thread_id: int) -> tuple[Chat, Topic]:
    """A topic to manage."""
    chat = forum(world, chat_id)
    if thread_id not in chat.topics:
        raise bad_request("TOPIC_ID_INVALID")
    return chat, chat.topics[thread_id]


def set_closed(world: World, chat_id: ChatId, thread_id: int, *, closed: bool) -> bool:
    """Close or open a topic, and say so in it."""
    chat, topic = forum_topic(world, chat_id, thread_id)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    said: dict[str, Any] = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
    world.add_message(chat, world.bot, said, topic=topic)
    world.note("topics", chat)
    return True


def add_topic(world: World, chat: Chat, creator: User, name: str, colour: int) -> Topic:
    """A topic and the message that announces it."""
    topic = Topic(chat.last_message_id + 1, name, colour)
    chat.topics[topic.id] = topic
    said = {"forum_topic_created": {"name": name, "icon_color": colour}}
    world.add_message(chat, creator, said, topic=topic)
    world.note("topics", chat)
    return topic


def checked_name(name: str) -> str:
    """The name of a topic."""
    if not 1 <= len(name) <= MAX_NAME:
        raise bad_request("TOPIC_TITLE_INVALID" if name else "TOPIC_TITLE_EMPTY")
    return name
