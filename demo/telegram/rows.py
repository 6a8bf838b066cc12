"""Who and what there is: people, chats, topics, messages; each can write itself as the Bot API would."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

GENERAL_TOPIC = 1
"""The topic of a forum that has no number in messages."""


@dataclass(eq=False)
class User:
    """A person, or our bot."""

    id: int
    name: str
    username: str | None = None
    is_bot: bool = False
    persona: bool = False
    """Whoever opens the chat page may act as them."""
    blocks_bot: bool = False
    language: str = "uk"

    def as_json(self) -> Json:
        """A User of the Bot API."""
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.name}
        if self.username:
            user["username"] = self.username
        if not self.is_bot:
            user["language_code"] = self.language
        return user


@dataclass
class Topic:
    """A topic of a forum; its id is that of the message that announced it."""

    id: int
    name: str
    icon_color: int
    closed: bool = False

    def as_json(self) -> Json:
        """A ForumTopic of the Bot API."""
        return {"message_thread_id": self.id, "name": self.name, "icon_color": self.icon_color}


@dataclass(eq=False)
class Message:
    """One message; what it says is in the Bot API's own fields."""

    id: int
    chat: "Chat"
    sender: User
    date: int
    content: Json
    thread_id: int | None = None
    reply_to: "Message | None" = None
    quote: str | None = None
    markup: Json | None = None
    former: list[Json] = field(default_factory=list)
    """The buttons that it had before an edit: who looks at it in that moment may still press them."""
    edit_date: int | None = None
    via_bot: User | None = None
    reactions: dict[int, list[str]] = field(default_factory=dict)
    """Emoji by the id of who reacted."""

    @property
    def text(self) -> str:
        """What it says in words: text or caption."""
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def buttons(self) -> list[Json]:
        """Those beneath it now."""
        return [button for row in (self.markup or {}).get("inline_keyboard", []) for button in row]

    def as_json(self, *, with_reply: bool = True) -> Json:
        """A Message of the Bot API: what it replies to is told one level deep."""
        message: Json = {
            "message_id": self.id,
            "from": self.sender.as_json(),
            "chat": self.chat.as_json(),
            "date": self.date,
            **self.content,
        }
        if self.thread_id:
            message |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.edit_date:
            message["edit_date"] = self.edit_date
        if self.via_bot:
            message["via_bot"] = self.via_bot.as_json()
        if self.markup and "inline_keyboard" in self.markup:
            message["reply_markup"] = self.markup
        return message | (self._reply_as_json() if with_reply else {})

    def _reply_as_json(self) -> Json:
        if self.reply_to is None:
            return self._topic_as_json()
        reply: Json = {"reply_to_message": self.reply_to.as_json(with_reply=False)}
        if self.quote:
            reply["quote"] = {"text": self.quote, "position": 0, "is_manual": True}
        return reply

    def _topic_as_json(self) -> Json:
        """In a topic, a message that replies to nothing says that it replies to the topic's first message."""
        first = self.chat.messages.get(self.thread_id or 0)
        if first is None or first is self:
            return {}
        return {"reply_to_message": first.as_json(with_reply=False)}


@dataclass(eq=False)
class Chat:
    """A private chat with the bot, or a group of which it is (or was) a member."""

    id: int
    title: str
    type: str = "supergroup"
    username: str | None = None
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    """The status of each member ("administrator", "member", "left", "kicked") by id."""
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    last_message_id: int = 0

    def as_json(self) -> Json:
        """A Chat of the Bot API."""
        chat: Json = {"id": self.id, "type": self.type}
        chat |= {"first_name" if self.type == "private" else "title": self.title}
        if self.username:
            chat["username"] = self.username
        if self.is_forum:
            chat["is_forum"] = True
        return chat

    def has(self, user: User) -> bool:
        """Is the user here?"""
        return self.members.get(user.id) in ("creator", "administrator", "member")
