"""Telegram groups, and discussion groups of channels, of which our bot is a member.

The bot of the staff is the only one who may ask Telegram for updates: this source listens to what it is handed, and
answers by the same token.
"""

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from monitor.source import Page, Post, Posted, PostRef, SourceError

from ._http import Fetched, HttpError, client, user_agent
from ._telegram_update import message_url, post_of

_REMEMBERED = 10_000
_OUTSIDE = ("left", "kicked")

PUBLIC_API = "https://api.telegram.org"


@dataclass
class Source:
    """Groups named in `chats` by id or @name; with none, every group that is not the staff's.

    `token` and `api_url` are those of the bot, which the program fills in.
    """

    _: KW_ONLY
    name: str
    chats: list[int | str] = field(default_factory=list)
    token: str = field(default="", repr=False)
    api_url: str = PUBLIC_API
    contact: str = ""

    max_length = 4096
    """Characters of a message, https://core.telegram.org/bots/api#sendmessage."""

    def __post_init__(self) -> None:
        # A Bot API server of one's own is named by the administrator, never by a page that we read.
        own_server = self.api_url != PUBLIC_API
        self._web = client(user_agent=user_agent(self.contact), allow_private=own_server)
        self._account = ""
        self._id = 0
        self._roots: OrderedDict[tuple[int, int], int] = OrderedDict()

    @property
    def account(self) -> str:
        """The bot's @name, once `poll` or `check` has learned it."""
        return self._account or "our bot"

    def poll(self, cursor: str | None) -> Iterator[Page]:
        """Nothing comes by asking; learn the bot's name the first time, and whether it is still in the chats."""
        if not self._account:
            self._me()
        for chat in self.chats:
            self._require_member(chat)
        yield from ()

    def hear(self, update: Mapping[str, Any]) -> list[Post]:
        """The post in an update, if it is one and of our chats."""
        post = post_of(update, self.chats, self._root)
        if post is None or post.thread_id is None:
            return []
        self._remember(post.id, post.thread_id)
        return [post]

    def check(self) -> str:
        """Ask who the bot is, whether it hears everything, and whether it is in the chats."""
        me = self._me()
        for chat in self.chats:
            self._require_member(chat)
        if me.get("can_read_all_group_messages") is True:
            return f"Telegram knows the bot as {self.account}, and it hears everything that is said in its groups."
        return (
            f"Telegram knows the bot as {self.account}, but its privacy mode is on: it hears only where it is an admin."
            " Turn it off (@BotFather, /setprivacy) and add the bot to the groups again, or make it an admin."
        )

    def reply(self, post: PostRef, text: str) -> Posted:
        """Answer in the group. Telegram returns the message as it stands there: that is the proof."""
        chat, number = _numbers(post.id)
        message = self._send(
            "sendMessage",
            {
                "chat_id": chat,
                "text": text,
                "reply_parameters": {"message_id": number},
                "link_preview_options": {"is_disabled": True},
            },
        )
        where = message.get("chat")
        if not isinstance(message.get("message_id"), int) or not isinstance(where, dict):
            raise SourceError("Telegram took the reply but didn't say where it is.", unsure=True)
        posted = Posted(f"{chat}/{message['message_id']}", message_url(where, message["message_id"]))
        self._remember(posted.id, post.thread_id or post.id)
        return posted

    def edit(self, posted: Posted, text: str) -> Posted:
        """Change our message: https://core.telegram.org/bots/api#editmessagetext."""
        chat, number = _numbers(posted.id)
        preview = {"is_disabled": True}
        change = {"chat_id": chat, "message_id": number, "text": text, "link_preview_options": preview}
        try:
            self._change("editMessageText", change)
        except SourceError as error:
            if "not modified" not in str(error):
                raise
        return posted

    def delete(self, posted: Posted) -> None:
        """Delete our message, as long as Telegram lets a bot: https://core.telegram.org/bots/api#deletemessage."""
        chat, number = _numbers(posted.id)
        try:
            self._change("deleteMessage", {"chat_id": chat, "message_id": number})
        except SourceError as error:
            if "to delete not found" not in str(error):
                raise

    def find_reply(self, post: PostRef, text: str) -> Posted | None:
        """A bot can't read what was said before: always SourceError, so that a person looks."""
        raise SourceError(
            f"A bot can't look back in Telegram: see whether the reply is at {post.url}.", unsure=True
        )

    def _me(self) -> dict[str, Any]:
        me = self._ask("getMe")
        if type(me.get("id")) is not int:
            raise SourceError("Telegram sent an answer that can't be read.")
        self._account, self._id = f"@{me.get('username')}", me["id"]
        return me

    def _require_member(self, chat: int | str) -> None:
        """SourceError says why nothing is heard in a chat, where nothing is."""
        try:
            # Of itself the bot may ask in a group that became a supergroup, too; the count is refused there.
            self._get("getChatMemberCount", chat_id=chat)
            member = self._ask("getChatMember", chat_id=chat, user_id=self._id)
        except SourceError as error:
            if not error.permanent:
                raise
            raise SourceError(f"Nothing is heard in the group {chat}. {error}", permanent=True) from None
        if member.get("status") in _OUTSIDE or member.get("is_member") is False:
            raise SourceError(
                f"Nothing is heard in the group {chat}. The bot is not a member: add it to the group again.",
                permanent=True,
            )

    def _ask(self, method: str, **parameters: int | str) -> dict[str, Any]:
        return _result(self._get(method, **parameters), unsure=False)

    def _get(self, method: str, **parameters: int | str) -> Fetched:
        try:
            return self._web.get(f"{self._address(method)}?{urlencode(parameters)}")
        except HttpError as error:
            raise _refusal(error) from None

    def _send(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = self._web.post(self._address(method), json=parameters)
        except HttpError as error:
            raise _refusal(error) from None
        return _result(answer, unsure=True)

    def _change(self, method: str, parameters: dict[str, Any]) -> None:
        try:
            self._web.post(self._address(method), json=parameters)
        except HttpError as error:
            raise _refusal(error) from None

    def _address(self, method: str) -> str:
        return f"{self.api_url.rstrip('/')}/bot{self.token}/{method}"

    def _root(self, chat: int, number: int) -> int:
        return self._roots.get((chat, number), number)

    def _remember(self, message: str, thread: str) -> None:
        if message == thread:
            return
        self._roots[_numbers(message)] = _numbers(thread)[1]
        while len(self._roots) > _REMEMBERED:
            self._roots.popitem(last=False)


def parse(content: bytes, *, chats: list[int | str] | None = None) -> list[Post]:
    """The post in one update of the Bot API, as JSON."""
    update = _json(content)
    post = post_of(update, chats or [], lambda chat, number: number) if isinstance(update, dict) else None
    return [post] if post else []


def _result(answer: Fetched, *, unsure: bool) -> dict[str, Any]:
    result = _dict(_json(answer.body)).get("result")
    if not isinstance(result, dict):
        raise SourceError("Telegram sent an answer that can't be read.", unsure=unsure)
    return result


def _refusal(error: HttpError) -> SourceError:
    answer = _dict(_json(error.fetched.body))
    parameters = _dict(answer.get("parameters"))
    status, wait, moved = (
        error.fetched.status,
        parameters.get("retry_after"),
        parameters.get("migrate_to_chat_id"),
    )
    description = str(answer.get("description", ""))[:200]
    if status == 429:
        seconds = min(wait, 86_400) if isinstance(wait, int) else 30
        return SourceError("Telegram asks the bot to be slower.", retry_after=timedelta(seconds=seconds))
    if status in (401, 404):
        return SourceError("Telegram doesn't know the bot: check TELEGRAM_TOKEN.", permanent=True)
    if status == 403:
        return SourceError(
            f"The bot may not write in this chat ({description}): add it to the group again.", permanent=True
        )
    if isinstance(moved, int):
        return SourceError(
            f"The group became a supergroup: put its new id, {moved}, into the configuration and restart. What was"
            " written before has to be answered by hand.",
            permanent=True,
        )
    if "chat not found" in description:
        return SourceError(
            f"Telegram refused ({description}): check the name or the id, and that the bot is in the group.",
            permanent=True,
        )
    if 400 <= status < 500:
        return SourceError(f"Telegram refused: {description or status}.", permanent=True)
    return error


def _numbers(message: str) -> tuple[int, int]:
    chat, _, number = message.partition("/")
    try:
        return int(chat), int(number)
    except ValueError:
        raise SourceError(f"{message!r} is not a message of Telegram.", permanent=True) from None


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
