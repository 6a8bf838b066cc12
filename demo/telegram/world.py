"""The state of everything, under one lock."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from demo.telegram.files import Files
from demo.telegram.limits import Limits
from demo.telegram.refusal import bad_request, forbidden
from demo.telegram.rows import GENERAL_TOPIC, Chat, Json, Message, Topic, User
from demo.telegram.updates import Updates

KEPT_CHANGES = 2_000


@dataclass(frozen=True)
class Answer:
    """What a bot says to a press: a toast, an alert to be dismissed, or a link to open."""

    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass(eq=False)
class CallbackQuery:
    """A pressed button."""

    id: str
    user: User
    message: Message
    button: str
    answer: Answer | None = None


@dataclass(eq=False)
class InlineQuery:
    """What somebody types after the bot's name, and what the bot offers."""

    id: str
    user: User
    query: str
    results: list[Json] | None = None


@dataclass
class Asked:
    """Questions to the bot that it may answer once."""

    callbacks: dict[str, CallbackQuery] = field(default_factory=dict)
    inline: dict[str, InlineQuery] = field(default_factory=dict)
    last_id: int = 7_000_000_000_000

    def next_id(self) -> str:
        """A fresh query id."""
        self.last_id += 1
        return str(self.last_id)


class World:
    """Users, chats, messages, and what the bot has not yet heard. Hold `changed` while touching it."""

    def __init__(self, *, token: str, now: Callable[[], datetime], limits: bool):
        self.token = token
        self.now = now
        self.changed = threading.Condition(threading.RLock())
        self.bot = User(int(token.split(":")[0]), "Vidhuk", "vidhuk_bot", is_bot=True)
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.updates = Updates(self.changed)
        self.limits = Limits(on=limits)
        self.files = Files()
        self.asked = Asked()
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.changes: deque[tuple[int, Json]] = deque(maxlen=KEPT_CHANGES)
        self.last_change = 0

    def time(self) -> int:
        """Unix seconds."""
        return int(self.now().timestamp())

    def note(self, kind: str, chat: Chat, message: Message | None = None, **more: object) -> None:
        """Tell whoever looks (the chat page, a waiting test) that something changed."""
        self.last_change += 1
        change: Json = {"kind": kind, "chat": chat.id, **more}
        if message is not None:
            change["message"] = message.id
        self.changes.append((self.last_change, change))
        self.changed.notify_all()

    def find_chat(self, chat_id: int | str) -> Chat:
        """By number or @name; refused where there is none."""
        if chat_id == "":
            raise bad_request("chat_id is empty")
        wanted = str(chat_id)
        for chat in self.chats.values():
            if wanted == str(chat.id) or (chat.username and wanted.lower() == f"@{chat.username}".lower()):
                return chat
        raise bad_request("chat not found")

    def writable_chat(self, chat_id: int | str) -> Chat:
        """A chat where the bot may write; refused where it was blocked or thrown out."""
        chat = self.find_chat(chat_id)
        if chat.type == "private" and self.users[chat.id].blocks_bot:
            raise forbidden("bot was blocked by the user")
        if chat.members.get(self.bot.id) == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if not chat.has(self.bot):
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        return chat

    def counted_chat(self, chat_id: int | str) -> Chat:
        """A writable chat, one message of its flood limit used."""
        chat = self.writable_chat(chat_id)
        self.limits.count(chat.id, self.now().timestamp())
        return chat

    def find_topic(self, chat: Chat, thread_id: int | None) -> Topic | None:
        """The topic to write to; None: the chat itself, or the general topic."""
        if not thread_id:
            return None
        if not chat.is_forum or thread_id == GENERAL_TOPIC or thread_id not in chat.topics:
            raise bad_request("message thread not found")
        return chat.topics[thread_id]

    def find_message(self, chat: Chat, message_id: int, what: str) -> Message:
        """A message of a chat; `what` is Telegram's name for it in the refusal."""
        if message_id <= 0:
            raise bad_request("message identifier is not specified")
        if message_id not in chat.messages:
            raise bad_request(f"{what} not found")
        return chat.messages[message_id]

    def add_message(
        self,
        chat: Chat,
        sender: User,
        content: Json,
        *,
        topic: Topic | None = None,
        reply_to: Message | None = None,
        quote: str | None = None,
        markup: Json | None = None,
        via_bot: User | None = None,
    ) -> Message:
        """Put a message into a chat; what a person wrote waits for the bot."""
        chat.last_message_id += 1
        message = Message(chat.last_message_id, chat, sender, self.time(), content)
        message.thread_id = topic.id if topic else None
        message.reply_to, message.quote = reply_to, quote
        message.markup, message.via_bot = markup, via_bot
        chat.messages[message.id] = message
        if sender is not self.bot and chat.has(self.bot):
            self.updates.add("message", message.as_json())
        self.note("message", chat, message)
        return message
