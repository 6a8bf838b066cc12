"""From an update of Telegram's Bot API to a post: https://core.telegram.org/bots/api#message."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from monitor.source import Answerable, Post

from ._text import one_line, tidy

MEMBERS = ("group", "supergroup")
# Telegram names these two as the sender where an anonymous admin or a channel is: sender_chat says who.
_STAND_INS = frozenset((1087968824, 136817688))
_QUOTES = frozenset(("blockquote", "expandable_blockquote"))

_NAME = re.compile(r"[A-Za-z0-9_]{1,64}")

Root = Callable[[int, int], int]
"""From a chat and the message that somebody answers to the message with which their talk began."""


def post_of(update: Mapping[str, Any], chats: Sequence[int | str], root: Root) -> Post | None:
    """The post in an update, or None: private, of another chat, of a bot, a command, or without words.

    `chats` are ids or @names; with none, any group is read.
    """
    message = _dict(update.get("message") or update.get("edited_message"))
    chat = _dict(message.get("chat"))
    number, sent_at = _int(message, "message_id"), _date(_int(message, "date"))
    if number is None or _int(chat, "id") is None or sent_at is None:
        return None
    if chat.get("type") not in MEMBERS or not _is_wanted(chat, chats) or _is_by_bot(message):
        return None
    text = _text(message)
    if not text:
        return None
    return Post(
        id=f"{chat['id']}/{number}",
        url=message_url(chat, number),
        author=_author(message),
        author_id=_author_id(message),
        text=text,
        title=one_line(_string(chat, "title")),
        title_is_own=False,
        posted_at=sent_at,
        thread_id=f"{chat['id']}/{root_of(message, root)}",
        answerable=Answerable.API,
        answers=_answered(message, chat),
    )


def message_url(chat: Mapping[str, Any], number: int) -> str:
    """Where members see the message. A basic group has no links to messages: the chat itself, then."""
    name, chat_id = _string(chat, "username"), str(chat.get("id"))
    if _NAME.fullmatch(name):
        return f"https://t.me/{name}/{number}"
    if chat_id.startswith("-100"):
        return f"https://t.me/c/{chat_id.removeprefix('-100')}/{number}"
    return f"https://web.telegram.org/a/#{chat_id}"


def root_of(message: Mapping[str, Any], root: Root) -> int:
    """The message with which the talk began, itself if it answers nothing.

    Supergroups say it (`message_thread_id`). In topics that is the topic, and basic groups don't say: there the
    answered message is all that we are told, and what we remember of it.
    """
    thread = _int(message, "message_thread_id")
    if thread is not None and not message.get("is_topic_message"):
        return thread
    answered = _dict(message.get("reply_to_message"))
    number = _int(answered, "message_id")
    if number is None or "forum_topic_created" in answered:
        return int(message["message_id"])
    return root(int(_dict(message.get("chat"))["id"]), number)


def _answered(message: Mapping[str, Any], chat: Mapping[str, Any]) -> str | None:
    """The message that this one is a reply to; in a topic every message is one to the topic's first."""
    answered = _dict(message.get("reply_to_message"))
    number = _int(answered, "message_id")
    return None if number is None or "forum_topic_created" in answered else f"{chat['id']}/{number}"


def _is_wanted(chat: Mapping[str, Any], chats: Sequence[int | str]) -> bool:
    name = _string(chat, "username").lower()
    names = {each.lower().removeprefix("@") for each in chats if isinstance(each, str)}
    return not chats or chat["id"] in chats or str(chat["id"]) in names or (bool(name) and name in names)


def _is_by_bot(message: Mapping[str, Any]) -> bool:
    sender = _dict(message.get("from"))
    return sender.get("is_bot") is True and _int(sender, "id") not in _STAND_INS


def _text(message: Mapping[str, Any]) -> str:
    """The words without quotations; nothing if they are a command."""
    text = _string(message, "text") or _string(message, "caption")
    entities = message.get("entities") or message.get("caption_entities")
    units = text.encode("utf-16-le", "replace")  # Telegram counts in UTF-16
    for entity in reversed(entities if isinstance(entities, list) else []):
        kind = _dict(entity).get("type")
        offset, length = _int(_dict(entity), "offset"), _int(_dict(entity), "length")
        if offset is None or length is None or offset < 0 or length < 0 or not isinstance(kind, str):
            continue
        if kind == "bot_command" and offset == 0:
            return ""
        if kind in _QUOTES:
            units = units[: 2 * offset] + units[2 * (offset + length) :]
    return tidy(units.decode("utf-16-le", "replace"))


def _sender(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of a channel or an anonymous admin, the chat."""
    return _dict(message.get("sender_chat")) or _dict(message.get("from"))


def _author_id(message: Mapping[str, Any]) -> str | None:
    number = _int(_sender(message), "id")
    return None if number is None else str(number)


def _author(message: Mapping[str, Any]) -> str:
    """@name where there is one, otherwise the shown name."""
    who = _sender(message)
    name = _string(who, "username")
    if name:
        return f"@{one_line(name)}"
    shown = one_line(" ".join(_string(who, key) for key in ("title", "first_name", "last_name")))
    return shown or f"id {who.get('id')}"


def _date(seconds: int | None) -> datetime | None:
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _int(mapping: Mapping[str, Any], key: str) -> int | None:
    value = mapping.get(key)
    return value if type(value) is int else None  # True is an int, too


def _string(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""


def _dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
