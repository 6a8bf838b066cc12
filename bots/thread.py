"""What happens in a case's thread beside answers: edited notes."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import Application, MessageHandler, filters

from bots import acts
from bots.acts import Act
from bots.staff import Context

if TYPE_CHECKING:
    from bots.handlers import Desk

log = structlog.get_logger()

EDITED = filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND


def add_thread_handlers(app: Application[Any, Any, Any, Any, Any, Any], desk: "Desk") -> None:
    thread = Thread(desk)
    app.add_handler(MessageHandler(EDITED, desk.guarded(thread.edited)))


class Thread:
    def __init__(self, desk: "Desk"):
        self.office = desk.office

    async def edited(self, update: Update, _: Context) -> None:
        message = update.edited_message
        assert message is not None
        assert message.from_user is not None
        text = message.text or message.caption or ""
        act = Act(message.from_user.id, message.chat_id, 0, text, message.message_id)
        outcome = await asyncio.to_thread(acts.note_edited, self.office, act)
        if outcome.reaction:
            await react(message, outcome.reaction)


async def react(message: Message, emoji: str) -> None:
    """Quieter than a message; where the chat takes no reactions, nothing is lost but the confirmation."""
    try:
        await message.set_reaction(emoji)
    except TelegramError as error:
        log.warning("not_reacted", chat=message.chat_id, error=str(error))
