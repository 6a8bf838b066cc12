"""The door of the desk: who opens a link, who greets us, and who is given a link."""

import asyncio
from collections.abc import Callable
from typing import Any

from telegram import Update, User
from telegram.constants import ChatType
from telegram.ext import Application, CommandHandler

from bots import reception
from bots.act import Act
from bots.handlers import ONCE, Desk
from bots.office import Office
from bots.reception import Visitor
from bots.staff import Context, first_time, staff_here
from monitor.desk import Refused


def add_door(
    app: Application[Any, Any, Any, Any, Any, Any], office: Office, nudge: Callable[[], None]
) -> None:
    """Before the desk's own handlers, which take every other command."""
    door = Door(office, nudge)
    app.add_handler(CommandHandler("start", door.start, ONCE))
    app.add_handler(CommandHandler("invite", door.guarded(door.invite), ONCE))


class Door(Desk):
    """Who need not be staff yet."""

    async def start(self, update: Update, context: Context) -> None:
        """The one thing that a stranger may do: open the link of an invitation."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None or not context.args:
            return await self.guarded(self.greet)(update, context)
        if message.chat.type != ChatType.PRIVATE:
            return None
        try:
            outcome = await asyncio.to_thread(reception.join, self.office, _visitor(user), context.args[0])
        except Refused as refused:
            if await asyncio.to_thread(staff_here, update, self.office) is None:
                await asyncio.to_thread(first_time, user.id, self.office)
            return await self._say_refusal(update, refused)
        return await (self._say(message, outcome) if outcome else self._refuse(update))

    async def greet(self, update: Update, context: Context) -> None:
        """The first word of a member of staff: Telegram tells their language, and lets us write to them now."""
        message, user = update.effective_message, update.effective_user
        assert message is not None
        assert user is not None
        if message.chat.type == ChatType.PRIVATE:
            await asyncio.to_thread(reception.met, self.office, _visitor(user))
            await self._set_menu(message, user.id)
        await self.help(update, context)

    async def invite(self, update: Update, context: Context) -> None:
        """/invite staff Anna"""
        message, user = update.effective_message, update.effective_user
        assert message is not None
        assert user is not None
        act = Act(user.id, message.chat_id, 0, " ".join(context.args or ()))
        said = await asyncio.to_thread(reception.invite, self.office, act, context.bot.username)
        await self._say(message, said)


def _visitor(user: User) -> Visitor:
    return Visitor(user.id, user.full_name, user.language_code or "")
