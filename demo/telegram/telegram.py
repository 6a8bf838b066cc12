"""The stand-in for Telegram, seen from Python: the Bot API without HTTP, and hands for people."""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from starlette.applications import Starlette

from demo.telegram import people, topics
from demo.telegram.files import File
from demo.telegram.methods import METHODS
from demo.telegram.refusal import Refusal, bad_request
from demo.telegram.rows import GENERAL_TOPIC, Chat, Json, User
from demo.telegram.specification import Specification
from demo.telegram.web import make_app
from demo.telegram.world import Answer, CallbackQuery, InlineQuery, World

T = TypeVar("T")
FIRST_USER_ID = 1001
KEPT_CALLS = 10_000
FIRST_GROUP_ID = -1001000000001


def utc_now() -> datetime:
    """The clock on the wall."""
    return datetime.now(UTC)


class Telegram:
    """One bot, its chats, and everybody in them; thread-safe.

    `strict`: unknown parameters are refused (Telegram itself ignores them). `flood_limits`: 429 as Telegram would.
    `spec`: the path of a machine-readable specification to check every call against. `links` are shown on the page.
    """

    def __init__(
        self,
        *,
        token: str,
        strict: bool = True,
        now: Callable[[], datetime] = utc_now,
        spec: Path | None = None,
        flood_limits: bool = True,
        links: Sequence[tuple[str, str]] = (),
    ):
        self.id = secrets.token_hex(4)
        """So that the page knows a restarted world from the one that it has read."""
        self.token = token
        self.strict = strict
        self.links = list(links)
        self.world = World(token=token, now=now, limits=flood_limits)
        self.calls: deque[tuple[str, Json]] = deque(maxlen=KEPT_CALLS)
        """Every call of the bot but getUpdates, refused ones too."""
        self._spec = Specification(spec) if spec else None
        self._changed = self.world.changed
        self.app: Starlette = make_app(self)

    @property
    def bot(self) -> User:
        """Our bot."""
        return self.world.bot

    def call(self, name: str, parameters: Json, uploads: dict[str, File] | None = None) -> Any:
        """One call of the Bot API: its result, or Refusal. getUpdates waits as long as it is told to."""
        with self._changed:
            method = METHODS.get(name.lower())
            if method is None:
                raise Refusal(404, "Not Found: method not found")
            given = method.decode(attached(parameters, uploads or {}, method.parameters))
            refuse_bad_strings(given)
            if name.lower() != "getupdates":
                self.calls.append((method.name, given))
            if self._spec:
                self._spec.check(name, given)
            return method.call(self.world, given, strict=self.strict)

    # Who is there

    def add_user(
        self,
        name: str,
        username: str | None = None,
        *,
        persona: bool = False,
        user_id: int | None = None,
        language: str = "uk",
    ) -> User:
        """Somebody; as a persona, whoever opens the chat page may act as them."""
        with self._changed:
            number = user_id or FIRST_USER_ID + len(self.world.users) - 1
            user = User(number, name, username, persona=persona, language=language)
            self.world.users[user.id] = user
            return user

    def add_group(
        self,
        title: str,
        members: Iterable[User],
        *,
        forum: bool = False,
        username: str | None = None,
        chat_id: int | None = None,
        bot: str | None = "administrator",
    ) -> Chat:
        """A supergroup; `bot` is what the bot is there: "administrator", "member", None for a stranger."""
        with self._changed:
            number = sum(chat.id < 0 for chat in self.world.chats.values())
            chat = Chat(chat_id or FIRST_GROUP_ID - number, title, username=username, is_forum=forum)
            chat.members = {user.id: "member" for user in members}
            chat.last_message_id = GENERAL_TOPIC
            self.world.chats[chat.id] = chat
            if bot:
                people.join(self.world, chat, self.bot, bot)
            return chat

    def add_topic(self, chat: Chat, name: str) -> int:
        """A topic that people made; its number."""
        with self._changed:
            colour = topics.COLOURS[len(chat.topics) % len(topics.COLOURS)]
            creator = self.world.users[next(iter(chat.members))]
            return topics.add_topic(self.world, chat, creator, name, colour).id

    def private_chat(self, user: User) -> Chat:
        """The chat of a user with the bot; there is none for the bot before the user's first message."""
        with self._changed:
            if user.id not in self.world.chats:
                chat = Chat(user.id, user.name, type="private", username=user.username)
                chat.members = {user.id: "member", self.bot.id: "member"}
                self.world.chats[user.id] = chat
                self.world.note("members", chat)
            return self.world.chats[user.id]

    # What people do

    def write(
        self, user: User, chat: Chat, text: str, *, reply_to: int | None = None, topic: int | None = None
    ) -> Json:
        """Write a message; as the Bot API would tell it."""
        with self._changed:
            content = people.text_of(text)
            message = people.post(self.world, user, chat, content, reply_to=reply_to, topic=topic)
            return message.as_json()

    def open_link(self, user: User, url: str) -> Chat:
        """Follow a link that starts the bot, and press Start: the private chat where that happens."""
        with self._changed:
            said = people.start_of(self.world, url)
            chat = self.private_chat(user)
            people.post(self.world, user, chat, people.text_of(said))
            return chat

    def upload(
        self,
        user: User,
        chat: Chat,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        topic: int | None = None,
    ) -> Json:
        """Send a file; what the browser can show is a photo."""
        with self._changed:
            said = people.file_content(self.world, name, content, caption)
            return people.post(self.world, user, chat, said, topic=topic).as_json()

    def edit(self, user: User, chat: Chat, message_id: int, text: str) -> Json:
        """Change one's own message."""
        with self._changed:
            return people.edit(self.world, user, chat, message_id, text).as_json()

    def press(
        self, user: User, chat: Chat, message_id: int, button: str, *, forgotten: bool = False
    ) -> CallbackQuery:
        """Press a button, named by its text or callback data; `answer` of the result is set once the bot answered.

        Of a message so old that it is forgotten, Telegram tells the bot nothing but the chat and the number.
        """
        with self._changed:
            return people.press(self.world, user, chat, message_id, button, forgotten=forgotten)

    def react(self, user: User, chat: Chat, message_id: int, *emoji: str) -> None:
        """Replace one's reactions; none takes them away."""
        with self._changed:
            people.react(self.world, user, chat, message_id, emoji)

    def ask_inline(self, user: User, chat: Chat, query: str) -> InlineQuery:
        """Type `@bot query`; `results` of the result is set once the bot answered."""
        with self._changed:
            return people.ask_inline(self.world, user, chat, query)

    def pick(
        self,
        asked: InlineQuery,
        chat: Chat,
        result_id: str,
        *,
        reply_to: int | None = None,
        topic: int | None = None,
    ) -> Json:
        """Send one of the offered results."""
        with self._changed:
            picked = people.pick(self.world, asked, chat, result_id, reply_to=reply_to, topic=topic)
            return picked.as_json()

    def block(self, user: User, *, blocked: bool = True) -> None:
        """The user blocks the bot, or lets it talk again."""
        with self._changed:
            user.blocks_bot = blocked

    def kick(self, chat: Chat) -> None:
        """Throw the bot out of a group."""
        with self._changed:
            people.join(self.world, chat, self.bot, "kicked")

    # What there is to see

    def messages(self, chat: Chat, *, topic: int | None = None) -> list[Json]:
        """What is in a chat (or in one topic), oldest first, as the Bot API would tell it."""
        with self._changed:
            every = chat.messages.values()
            return [each.as_json() for each in every if topic is None or each.thread_id == topic]

    def reactions(self, chat: Chat, message_id: int) -> dict[int, list[str]]:
        """Who reacted with what, by user id."""
        with self._changed:
            return {user: list(emoji) for user, emoji in chat.messages[message_id].reactions.items() if emoji}

    def wait_for(self, look: Callable[[], T | None], timeout: float = 30.0) -> T:
        """Look again after each change until there is something to see; TimeoutError after so many seconds."""
        deadline = monotonic() + timeout
        with self._changed:
            while not (seen := look()):
                if monotonic() >= deadline:
                    raise TimeoutError(f"Nothing to see within {timeout} s in the stand-in for Telegram.")
                self._changed.wait(deadline - monotonic())
            return seen

    def answer(self, query: CallbackQuery, timeout: float = 30.0) -> Answer:
        """What the bot said to a press."""
        return self.wait_for(lambda: query.answer, timeout)

    def close(self) -> None:
        """Let everybody go who waits."""
        with self._changed:
            self.world.updates.closed = True
            self._changed.notify_all()

    def wait_for_bot(self, timeout: float = 60.0) -> None:
        """Until a bot polls."""
        self.wait_for(lambda: self.world.updates.polled, timeout)

    @property
    def lock(self) -> threading.Condition:
        """Hold it to look at the world while bots and browsers are at work."""
        return self._changed


def attached(given: Json, uploads: dict[str, File], known: Iterable[str]) -> Json:
    """Uploads become their file ids: as a parameter of that name, or where "attach://name" stands."""
    names = set(known)
    text = {f"attach://{name}": file.id for name, file in uploads.items()}
    replaced = {name: replace(value, text) for name, value in given.items()}
    return {**replaced, **{name: file.id for name, file in uploads.items() if name in names}}


def replace(value: Any, names: dict[str, str]) -> Any:
    """In strings (JSON ones too), lists and objects."""
    if isinstance(value, str):
        for name, file_id in names.items():
            value = file_id if value == name else value.replace(f'"{name}"', f'"{file_id}"')
        return value
    if isinstance(value, list):
        return [replace(each, names) for each in value]
    if isinstance(value, dict):
        return {key: replace(each, names) for key, each in value.items()}
    return value


def refuse_bad_strings(value: Any) -> None:
    """Half a character (a lone surrogate) is no text."""
    try:
        repr_of_strings(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error


def repr_of_strings(value: Any) -> str:
    """All strings within, one after the other."""
    if isinstance(value, dict):
        return "".join(map(repr_of_strings, [*value, *value.values()]))
    if isinstance(value, list):
        return "".join(map(repr_of_strings, value))
    return value if isinstance(value, str) else ""
