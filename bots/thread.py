"""What happens in a case's thread beside answers: edited notes, and the claim by a reaction."""

import asyncio
from typing import TYPE_CHECKING, Any

import structlog
from telegram import Message, MessageReactionUpdated, ReactionTypeEmoji, Update
from telegram.error import TelegramError
from telegram.ext import Application, MessageHandler, MessageReactionHandler, filters

from bots import note_acts, reaction_acts
from bots.act import Act
from bots.roles import least
from bots.staff import Context, staff_here

if TYPE_CHECKING:
    from bots.handlers import Desk

log = structlog.get_logger()

EDITED = filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND
EYES = "👀"


def add_thread_handlers(app: Application[Any, Any, Any, Any, Any, Any], desk: "Desk") -> None:
    thread = Thread(desk)
    app.add_handler(MessageHandler(EDITED, desk.guarded(thread.edited)))
    # Telegram tells an administrator only. A stranger's reaction is no message: nobody is refused aloud.
    app.add_handler(
        MessageReactionHandler(
            thread.reacted, message_reaction_types=MessageReactionHandler.MESSAGE_REACTION_UPDATED
        )
    )


class Thread:
    def __init__(self, desk: "Desk"):
        self.office = desk.office
        self.nudge = desk.nudge

    async def edited(self, update: Update, _: Context) -> None:
        message = update.edited_message
        assert message is not None
        assert message.from_user is not None
        text = message.text or message.caption or ""
        act = Act(message.from_user.id, message.chat_id, 0, text, message.message_id)
        outcome = await asyncio.to_thread(note_acts.note_edited, self.office, act)
        if outcome.reaction:
            await react(message, outcome.reaction)

    async def reacted(self, update: Update, _: Context) -> None:
        """👀 on a card claims its case; taken away, it releases it."""
        changed = update.message_reaction
        if changed is None or changed.user is None:
            return
        member = await asyncio.to_thread(staff_here, update, self.office)
        if member is None or not member.role.reaches(least("claim")):
            return
        before, after = _has_eyes(changed, after=False), _has_eyes(changed, after=True)
        if before == after:
            return
        act = Act(changed.user.id, changed.chat.id, 0, message_id=changed.message_id)
        doing = reaction_acts.claim if after else reaction_acts.release
        await asyncio.to_thread(doing, self.office, act)
        self.nudge()


async def react(message: Message, emoji: str) -> None:
    """Quieter than a message; where the chat takes no reactions, nothing is lost but the confirmation."""
    try:
        await message.set_reaction(emoji)
    except TelegramError as error:
        log.warning("not_reacted", chat=message.chat_id, error=str(error))


def _has_eyes(changed: MessageReactionUpdated, *, after: bool) -> bool:
    reactions = changed.new_reaction if after else changed.old_reaction
    return any(isinstance(each, ReactionTypeEmoji) and each.emoji == EYES for each in reactions)
