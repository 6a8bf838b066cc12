"""Telegram's side of the desk, thin: look who it is, let the core do it in a thread, say what came of it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import structlog
from sqlalchemy.exc import DBAPIError
from telegram import InlineKeyboardMarkup, MaybeInaccessibleMessage, Update
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bots import (
    acts,
    acts_saved,
    acts_there,
    approval_acts,
    case_acts,
    learnt_acts,
    note_acts,
    question_acts,
    reception,
    reply_acts,
    unknown,
    unposted_acts,
)
from bots.act import Act, Doing
from bots.digest import digest_message
from bots.inline import add_inline
from bots.looking import LOOKS, TURNS
from bots.message import Message
from bots.office import Office
from bots.open_menu import STAYS
from bots.pressed import read_number, read_pressed
from bots.roles import TALK, allow
from bots.speaker import Speaker
from bots.staff import Context, staff_here
from bots.thread import add_thread_handlers
from bots.voice import Fixed, Gone, edit
from monitor.db import reading
from monitor.desk import Refused
from monitor.digest import compile_digest
from monitor.week import Week

log = structlog.get_logger()

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

BUTTONS = (
    acts.BUTTONS
    | reply_acts.BUTTONS
    | case_acts.BUTTONS
    | approval_acts.BUTTONS
    | acts_saved.BUTTONS
    | acts_there.BUTTONS
    | question_acts.BUTTONS
    | reception.BUTTONS
    | learnt_acts.BUTTONS
    | unposted_acts.BUTTONS
    | TURNS
)
ONCE = filters.UpdateType.MESSAGE
"""A command is done when it is written, and not once more when its spelling is mended."""
WITH_NUMBER = {"case": acts.show, "claim": acts.claim, "close": acts.close}
WITH_WORDS = {
    "help": reception.helped,
    "lang": reception.language,
    "people": reception.listed,
    "remove": reception.whom,
}


def add_handlers(
    app: Application[Any, Any, Any, Any, Any, Any], office: Office, nudge: Callable[[], None]
) -> None:
    """Everything that staff can do. nudge is called after each: what waits to be said is said at once."""
    desk = Desk(office, nudge)
    app.add_handler(CallbackQueryHandler(desk.guarded(desk.press)))
    for name in WITH_NUMBER:
        app.add_handler(CommandHandler(name, desk.guarded(desk.numbered), ONCE))
    app.add_handler(CommandHandler("reply", desk.guarded(desk.reply), ONCE))
    app.add_handler(CommandHandler("note", desk.guarded(desk.note)))  # an edit of it is an edit of the note
    app.add_handler(CommandHandler(list(LOOKS), desk.guarded(desk.look), ONCE))
    app.add_handler(CommandHandler("digest", desk.guarded(desk.digest), ONCE))
    app.add_handler(CommandHandler(list(WITH_WORDS), desk.guarded(desk.worded), ONCE))
    add_inline(app, office)
    app.add_handler(
        MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, desk.guarded(desk.help, "help"))
    )
    app.add_handler(MessageHandler(filters.REPLY & filters.UpdateType.MESSAGE, desk.guarded(desk.answer)))
    add_thread_handlers(app, desk)
    app.add_handler(
        MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, desk.guarded(desk.help, "help"))
    )


class Desk(Speaker):
    """The handlers, over one office."""

    def __init__(self, office: Office, nudge: Callable[[], None]):
        super().__init__(office)
        self.nudge = nudge

    def guarded(self, handler: Handler, verb: str = "") -> Handler:
        """Let only staff through whose role reaches so far, and turn a refusal of the core, or of the database, into a sentence."""

        @wraps(handler)
        async def guard(update: Update, context: Context) -> None:
            try:
                await self._let_in(handler, update, context, verb or _verb(update))
            except DBAPIError:
                log.exception("not_kept", update=update.update_id)
                await self._say_not_kept(update)
            finally:
                self.nudge()

        return guard

    async def _let_in(self, handler: Handler, update: Update, context: Context, verb: str) -> None:
        member = await asyncio.to_thread(staff_here, update, self.office)
        if member is None:
            return await self._refuse(update)
        try:
            allow(member.role, verb)
            await handler(update, context)
        except Refused as refused:
            await self._say_refusal(update, refused)

    async def press(self, update: Update, context: Context) -> None:
        query = update.callback_query
        assert query is not None
        call = read_pressed(query.data or "")
        doing = BUTTONS.get(call.verb) if call else None
        if doing is None or call is None or update.effective_chat is None:
            raise Refused("outdated")
        on = query.message.message_id if query.message else None
        act = Act(
            query.from_user.id,
            update.effective_chat.id,
            call.number,
            message_id=on,
            pressed=True,
            extra=call.extra,
        )
        if on is not None and call.verb not in STAYS:
            await asyncio.to_thread(self.office.fold, act.chat_id, on)
        outcome = await asyncio.to_thread(doing, self.office, act)
        # Pressed long ago, or lost on the way: what was done is shown below all the same.
        with contextlib.suppress(TelegramError):
            await query.answer(outcome.toast or None)
        pressed = query.message
        if outcome.edit and pressed:
            self._counts(pressed)
            try:
                await edit(context.bot, outcome.edit, act.chat_id, pressed.message_id)
            except Fixed:
                await asyncio.to_thread(reply_acts.not_shown, self.office, act)
            except Gone:
                pass
            except TelegramError:
                await asyncio.to_thread(reply_acts.not_shown, self.office, act)
                raise
        if outcome.spent and pressed:
            self._counts(pressed)
            with contextlib.suppress(BadRequest):  # it is gone already
                await context.bot.edit_message_reply_markup(
                    act.chat_id, pressed.message_id, reply_markup=_others(pressed, query.data)
                )
        if outcome.older:
            chat_id, number, message = outcome.older
            self.office.pace.answered(chat_id, self.office.clock())
            with contextlib.suppress(Gone):
                await edit(context.bot, message, chat_id, number)
        if pressed:
            await self._say(pressed, outcome, pressed_by=query.from_user.id)

    async def numbered(self, update: Update, context: Context) -> None:
        """/case, /claim and /close take the number of a case, or stand in its thread."""
        message = _message(update)
        command = _command(message)
        number = _number(context.args) if context.args else await self._case_replied_to(message)
        if not number:
            return await self._right_form(message, f"/{command} 123")
        outcome = await asyncio.to_thread(WITH_NUMBER[command], self.office, _act(message, number))
        await self._say(message, outcome)

    async def reply(self, update: Update, context: Context) -> None:
        words = await asyncio.to_thread(self.office.words, _message(update).chat_id)
        await self._with_text(update, context, reply_acts.answer, words("/reply 123 your answer"))

    async def note(self, update: Update, context: Context) -> None:
        words = await asyncio.to_thread(self.office.words, _message(update).chat_id)
        await self._with_text(update, context, note_acts.note, words("/note 123 your note"))

    async def _with_text(self, update: Update, context: Context, doing: Doing, example: str) -> None:
        """A command that takes the number of a case and a text."""
        message = _message(update)
        number = _number(context.args)
        text = (message.text or "").split(maxsplit=2)[2:]
        if number is None or not text:
            return await self._right_form(message, example)
        await self._say(message, await asyncio.to_thread(doing, self.office, _act(message, number, text[0])))

    async def answer(self, update: Update, context: Context) -> None:
        """A reply to a card or to a question of ours is an answer; elsewhere in a case's thread it is a note."""
        message = _message(update)
        replied = message.reply_to_message
        assert replied is not None
        topic = message.message_thread_id if message.is_topic_message else None
        meant = await asyncio.to_thread(
            note_acts.meant, self.office, _author(message), message.chat_id, replied.message_id, topic
        )
        if meant is None and replied.from_user and replied.from_user.id == context.bot.id:
            meant = await self._meant_by_unknown(message, replied)
        if meant is None and message.chat.type == ChatType.PRIVATE:
            return await self.help(update, context)
        if meant is None:
            return None  # talk among staff
        doing, number = meant
        if not message.text and doing is not note_acts.note:
            raise Refused("only_text")
        if text := message.text or message.caption:
            act = _act(message, number, text)
            await self._say(message, await asyncio.to_thread(doing, self.office, act))
        return None

    async def _meant_by_unknown(
        self, message: TelegramMessage, replied: TelegramMessage
    ) -> tuple[Doing, int] | None:
        """What somebody means who replies to a card, or to a question, whose number we never got."""
        if (number := unknown.case_of_card(replied)) is not None:
            return reply_acts.answer, number
        if not unknown.calls(replied, _author(message)):
            return None
        if await asyncio.to_thread(note_acts.is_notice, self.office, message.chat_id, replied.message_id):
            return None
        raise Refused("unknown_message")

    async def look(self, update: Update, _: Context) -> None:
        """Commands that look something up; in a case's thread they are about that case."""
        message = _message(update)
        act = _act(message, await self._case_replied_to(message), _after_command(message))
        await self._say(message, await asyncio.to_thread(LOOKS[_command(message)], self.office, act))

    async def digest(self, update: Update, _: Context) -> None:
        """The week so far."""
        message = _message(update)
        await self._post(message, Message(await asyncio.to_thread(self._digest, message.chat_id)))

    async def worded(self, update: Update, context: Context) -> None:
        """Commands that take words, or nothing."""
        message = _message(update)
        act = _act(message, 0, " ".join(context.args or ()))
        await self._say(message, await asyncio.to_thread(WITH_WORDS[_command(message)], self.office, act))

    async def help(self, update: Update, context: Context) -> None:
        message = _message(update)
        if _is_for_another(message, context.bot.username):
            return
        await self._say(message, await asyncio.to_thread(reception.helped, self.office, _act(message, 0)))

    async def _case_replied_to(self, message: TelegramMessage) -> int:
        if message.reply_to_message is None:
            return 0
        topic = message.message_thread_id if message.is_topic_message else None
        replied = message.reply_to_message.message_id
        return await asyncio.to_thread(note_acts.about, self.office, message.chat_id, replied, topic)

    def _digest(self, chat_id: int) -> str:
        now, settings = self.office.clock(), self.office.settings
        week = Week.of(now.astimezone(settings.zone).date(), settings.zone)
        with reading(self.office.sessions) as session:
            return digest_message(compile_digest(session, week, settings, now), self.office.words(chat_id))


def _verb(update: Update) -> str:
    """What is asked for: a button's verb, a command's name, or TALK."""
    if update.callback_query is not None:
        call = read_pressed(update.callback_query.data or "")
        return call.verb if call else ""
    message = update.effective_message
    return _command(message) if message and (message.text or "").startswith("/") else TALK


def _number(args: list[str] | None) -> int | None:
    """A case's number as staff write it: 123 or #123."""
    return read_number(args[0].lstrip("#")) if args else None


def _others(pressed: MaybeInaccessibleMessage, spent: str | None) -> InlineKeyboardMarkup | None:
    """The buttons less this one; none of a message so old that Telegram no longer tells them."""
    markup = pressed.reply_markup if isinstance(pressed, TelegramMessage) else None
    rows = (
        [[each for each in row if each.callback_data != spent] for row in markup.inline_keyboard]
        if markup
        else []
    )
    return InlineKeyboardMarkup([row for row in rows if row]) if any(rows) else None


def _message(update: Update) -> TelegramMessage:
    message = update.effective_message
    assert message is not None
    return message


def _command(message: TelegramMessage) -> str:
    return (message.text or "").split()[0].lstrip("/").split("@")[0].lower()


def _is_for_another(message: TelegramMessage, bot: str) -> bool:
    """A command that names the bot that it is for: /poll@OtherBot."""
    command, _, name = ((message.text or "").split() or [""])[0].partition("@")
    return command.startswith("/") and name.lower() not in ("", bot.lower())


def _author(message: TelegramMessage) -> int:
    assert message.from_user is not None
    return message.from_user.id


def _act(message: TelegramMessage, number: int, text: str = "") -> Act:
    return Act(_author(message), message.chat_id, number, text, message.message_id)


def _after_command(message: TelegramMessage) -> str:
    return " ".join((message.text or "").split()[1:])
