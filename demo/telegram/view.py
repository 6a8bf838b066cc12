"""What the chat page is told: the Bot API's objects, and what a person sees besides."""

from typing import TYPE_CHECKING

from demo.telegram.rows import Chat, Json, Message, User
from demo.telegram.world import World

if TYPE_CHECKING:
    from demo.telegram.telegram import Telegram

MAX_MESSAGES = 500
"""As many of the last messages of a chat are shown."""


def state_view(telegram: "Telegram") -> Json:
    """Everything but the messages; opening the page gives every persona a chat with the bot to start it from."""
    world = telegram.world
    personas = [user for user in world.users.values() if user.persona]
    for user in personas:
        telegram.private_chat(user)
    return {
        "seq": world.last_change,
        "world": telegram.id,
        "bot": person(world.bot),
        "personas": [person(user) for user in personas],
        "links": [{"label": label, "url": url} for label, url in telegram.links],
        "chats": [chat_view(world, chat) for chat in world.chats.values()],
    }


def person(user: User) -> Json:
    """A name to show."""
    return {"id": user.id, "name": user.name, "username": user.username}


def chat_view(world: World, chat: Chat) -> Json:
    """A chat, its topics, and the commands of each persona."""
    here = [world.users[user_id] for user_id in chat.members if chat.has(world.users[user_id])]
    return {
        **chat.as_json(),
        "title": chat.title,
        "members": [user.id for user in here],
        "names": [user.name for user in here],
        "pinned": chat.pinned,
        "topics": [topic_view(chat, topic_id) for topic_id in chat.topics],
        "commands": {user.id: commands(world, chat, user) for user in here if user.persona},
        "messages": [message_view(each) for each in list(chat.messages.values())[-MAX_MESSAGES:]],
    }


def topic_view(chat: Chat, topic_id: int) -> Json:
    """A topic."""
    topic = chat.topics[topic_id]
    return {"id": topic.id, "name": topic.name, "color": topic.icon_color, "closed": topic.closed}


def message_view(message: Message) -> Json:
    """A message, with reactions and with markup that the Bot API does not repeat (a forced reply)."""
    return {
        **message.as_json(),
        "markup": message.markup,
        "replied": bool(message.reply_to),
        "reactions": reactions(message),
    }


def reactions(message: Message) -> list[Json]:
    """By emoji, in the order in which they came: who."""
    by_emoji: dict[str, list[int]] = {}
    for user_id, emoji in message.reactions.items():
        for each in emoji:
            by_emoji.setdefault(each, []).append(user_id)
    return [{"emoji": emoji, "users": users} for emoji, users in by_emoji.items()]


def commands(world: World, chat: Chat, user: User) -> list[Json]:
    """The menu of one person: the narrowest scope that has one wins, then their language."""
    status = chat.members[user.id]
    scopes = [f"chat_member:{chat.id}:{user.id}", f"chat:{chat.id}"]
    if status in ("creator", "administrator"):
        scopes[1:1] = [f"chat_administrators:{chat.id}", "all_chat_administrators"]
    scopes += ["all_private_chats" if chat.type == "private" else "all_group_chats", "default"]
    for scope in scopes:
        for language in (user.language, ""):
            if found := world.commands.get((scope, language)):
                return found
    return []


def changes_view(world: World, since: int) -> Json:
    """What changed after a number; a reset where that is too long ago to tell."""
    oldest = world.changes[0][0] if world.changes else world.last_change + 1
    if since > world.last_change or since + 1 < oldest:
        return {"seq": world.last_change, "reset": True, "changes": []}
    found = [change_view(world, change) for number, change in world.changes if number > since]
    return {"seq": world.last_change, "changes": found}


def change_view(world: World, change: Json) -> Json:
    """With the message as it is now."""
    chat = world.chats[change["chat"]]
    message = chat.messages.get(change.get("message", 0))
    if message is not None:
        return {**change, "body": message_view(message)}
    return change if change["kind"] in ("deleted", "action") else {**change, "body": chat_view(world, chat)}
