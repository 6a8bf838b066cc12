"""A stand-in for Telegram: the Bot API for what a bot like ours uses, as strict as Telegram, and a chat page."""

from demo.telegram.people import Impossible
from demo.telegram.refusal import Refusal
from demo.telegram.rows import Chat, User
from demo.telegram.serving import serve
from demo.telegram.telegram import Telegram
from demo.telegram.world import Answer, CallbackQuery, InlineQuery

__all__ = [
    "Answer",
    "CallbackQuery",
    "Chat",
    "Impossible",
    "InlineQuery",
    "Refusal",
    "Telegram",
    "User",
    "serve",
]
