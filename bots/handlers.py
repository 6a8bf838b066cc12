"""Telegram's side of the desk, thin: look who it is, let the core do it in a thread, say what came of it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import partial, wraps
from typing import Any

import structlog
from telegram import ForceReply, ReplyParameters, Update
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bots import acts, approval_acts, case_acts, menus, note_acts, reception
from bots.acts import Act, Outcome, Whisper
from bots.digest import digest_message
from bots.message import Message
from bots.office import Office
from bots.refusals import as_html, refusal
from bots.roles import TALK, allow
from bots.staff import Context, first_time, is_ours_to_answer, refusal_text, staff_here
from bots.thread import add_thread_handlers, react
from bots.voice import NO_PREVIEW, Gone, edit
from bots.words import Words
from monitor.db import reading
from monitor.desk import Refused
from monitor.digest import Week, compile_digest

log = structlog.get_logger()

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

BUTTONS = acts.BUTTONS | case_acts.BUTTONS | approval_acts.BUTTONS | reception.BUTTONS
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
        app.add_handler(CommandHandler(name, desk.guarded(desk.numbered)))
    app.add_handler(CommandHandler("reply", desk.guarded(desk.reply)))
    app.add_handler(CommandHandler("note", desk.guarded(desk.note)))
    app.add_handler(CommandHandler("inbox", desk.guarded(desk.inbox)))
    app.add_handler(CommandHandler("sources", desk.guarded(desk.sources)))
    app.add_handler(CommandHandler("digest", desk.guarded(desk.digest)))
    app.add_handler(CommandHandler(list(WITH_WORDS), desk.guarded(desk.worded)))
    app.add_handler(
        MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, desk.guarded(desk.help, "help"))
    )
    app.add_handler(MessageHandler(filters.REPLY & filters.UpdateType.MESSAGE, desk.guarded(desk.answer)))
    add_thread_handlers(app, desk)
    app.add_handler(
        MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, desk.guarded(desk.help, "help"))
    )


class Desk:
    """The handlers, over one office."""

    def __init__(self, office: Office, nudge: Callable[[], None]):
        self.office = office
        self.nudge = nudge

    def guarded(self, handler: Handler, verb: str = "") -> Handler:
        """Let only staff through whose role reaches so far, and turn a refusal of the core into a sentence."""

        @wraps(handler)
        async def guard(update: Update, context: Context) -> None:
            member = await asyncio.to_thread(staff_here, update, self.office)
            if member is None:
                return await self._refuse(update)
            try:
                allow(member.role, verb or _verb(update))
                await handler(update, context)
            except Refused as refused:
                await self._say_refusal(update, refused)
            self.nudge()

        return guard

    async def press(self, update: Update, context: Context) -> None:
        query = update.callback_query
        assert query is not None
        verb, number, extra = _parse(query.data or "")
        doing = BUTTONS.get(verb)
        if doing is None or number is None or update.effective_chat is None:
            raise Refused("outdated")
        pressed_id = query.message.message_id if query.message else None
        act = Act(query.from_user.id, update.effective_chat.id, number, extra, pressed_id, pressed=True)
        outcome = await asyncio.to_thread(doing, self.office, act)
        with contextlib.suppress(BadRequest):  # pressed long ago: Telegram no longer waits for the toast
            await query.answer(outcome.toast or None)
        pressed = query.message if isinstance(query.message, TelegramMessage) else None
        if outcome.edit and pressed:
            with contextlib.suppress(Gone):
                await edit(context.bot, outcome.edit, pressed.chat_id, pressed.message_id)
        if pressed:
            await self._say(pressed, outcome, pressed_by=query.from_user.id)

    async def numbered(self, update: Update, context: Context) -> None:
        """/case, /claim and /close take the number of a case."""
        message = _message(update)
        command = _command(message)
        number = _number(context.args)
        if number is None:
            return await self._right_form(message, f"/{command} 123")
        outcome = await asyncio.to_thread(WITH_NUMBER[command], self.office, _act(message, number))
        await self._say(message, outcome)

    async def reply(self, update: Update, context: Context) -> None:
        words = await asyncio.to_thread(self.office.words, _message(update).chat_id)
        await self._with_text(update, context, acts.answer, words("/reply 123 your answer"))

    async def note(self, update: Update, context: Context) -> None:
        words = await asyncio.to_thread(self.office.words, _message(update).chat_id)
        await self._with_text(update, context, note_acts.note, words("/note 123 your note"))

    async def _with_text(self, update: Update, context: Context, doing: acts.Doing, example: str) -> None:
        """A command that takes the number of a case and a text."""
        message = _message(update)
        number = _number(context.args)
        text = (message.text or "").split(maxsplit=2)[2:]
        if number is None or not text:
            return await self._right_form(message, example)
        await self._say(message, await asyncio.to_thread(doing, self.office, _act(message, number, text[0])))

    async def answer(self, update: Update, _: Context) -> None:
        """A reply to a card or to a question of ours is an answer; elsewhere in a case's thread it is a note."""
        message = _message(update)
        replied = message.reply_to_message
        assert replied is not None
        topic = message.message_thread_id if message.is_topic_message else None
        meant = await asyncio.to_thread(
            note_acts.meant, self.office, _author(message), message.chat_id, replied.message_id, topic
        )
        if meant is None:
            return  # talk among staff
        doing, number = meant
        if not message.text and doing is not note_acts.note:
            raise Refused("only_text")
        if text := message.text or message.caption:
            act = _act(message, number, text)
            await self._say(message, await asyncio.to_thread(doing, self.office, act))

    async def inbox(self, update: Update, _: Context) -> None:
        message = _message(update)
        await self._post(message, await asyncio.to_thread(self.office.inbox, 0, message.chat_id))

    async def sources(self, update: Update, _: Context) -> None:
        message = _message(update)
        await self._post(message, await asyncio.to_thread(self.office.sources_list, message.chat_id))

    async def digest(self, update: Update, _: Context) -> None:
        """The week so far."""
        message = _message(update)
        await self._post(message, Message(await asyncio.to_thread(self._digest, message.chat_id)))

    async def worded(self, update: Update, context: Context) -> None:
        """Commands that take words, or nothing."""
        message = _message(update)
        act = _act(message, 0, " ".join(context.args or ()))
        await self._say(message, await asyncio.to_thread(WITH_WORDS[_command(message)], self.office, act))

    async def help(self, update: Update, _: Context) -> None:
        message = _message(update)
        await self._say(message, await asyncio.to_thread(reception.helped, self.office, _act(message, 0)))

    def _digest(self, chat_id: int) -> str:
        now, settings = self.office.clock(), self.office.settings
        week = Week.of(now.astimezone(settings.zone).date(), settings.zone)
        with reading(self.office.sessions) as session:
            return digest_message(compile_digest(session, week, settings, now), self.office.words(chat_id))

    async def _say(
        self, message: TelegramMessage, outcome: Outcome, *, pressed_by: int | None = None
    ) -> None:
        if outcome.menu_of is not None:
            await self._set_menu(message, outcome.menu_of)
        if outcome.whisper and not await self._whisper(message, outcome.whisper):
            return
        if outcome.toast and pressed_by is None:
            await self._post(message, Message(outcome.toast))
        if outcome.ask:
            assert outcome.reply is not None
            markup = ForceReply(selective=True)
            asked = await self._post(message, outcome.ask, markup=markup)
            if outcome.question is not None and pressed_by is not None:
                remember = partial(note_acts.asked, self.office, outcome, pressed_by, asked.chat_id)
                await asyncio.to_thread(remember, asked.message_id)
            else:
                await asyncio.to_thread(
                    acts.shown, self.office, outcome.reply, asked.message_id, is_prompt=True
                )
        if outcome.show:
            posted = await self._post(message, outcome.show, beneath=outcome.beneath)
            if outcome.reply is not None:
                await asyncio.to_thread(
                    acts.shown, self.office, outcome.reply, posted.message_id, is_prompt=False
                )
            elif outcome.case is not None:
                await asyncio.to_thread(self.office.stands, outcome.case, posted.chat_id, posted.message_id)
        if outcome.reaction:
            await react(message, outcome.reaction)

    async def _whisper(self, message: TelegramMessage, whisper: Whisper) -> bool:
        """Say it to one person alone; a bot may not write first to somebody who never wrote to it."""
        try:
            await message.get_bot().send_message(
                whisper.to, whisper.message.text, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
            )
        except TelegramError:
            if whisper.otherwise:
                await self._post(message, Message(whisper.otherwise))
            return not whisper.otherwise
        return True

    async def _set_menu(self, message: TelegramMessage, telegram_id: int) -> None:
        await menus.refresh(message.get_bot(), telegram_id, self.office)

    async def _post(
        self,
        message: TelegramMessage,
        said: Message,
        *,
        beneath: int | None = None,
        markup: ForceReply | None = None,
    ) -> TelegramMessage:
        return await message.get_bot().send_message(
            message.chat_id,
            said.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=message.message_thread_id if message.is_topic_message else None,
            reply_markup=markup or said.keyboard,
            reply_parameters=ReplyParameters(beneath or message.message_id, allow_sending_without_reply=True),
            link_preview_options=NO_PREVIEW,
        )

    async def _right_form(self, message: TelegramMessage, form: str) -> None:
        words = await asyncio.to_thread(self.office.words, message.chat_id)
        await self._post(
            message, Message(words("It is written like this: {form}", form=f"<code>{form}</code>"))
        )

    async def _say_refusal(self, update: Update, refused: Refused) -> None:
        words = await asyncio.to_thread(self._words_for, update)
        if isinstance(case := refused.values.get("case"), int):
            await asyncio.to_thread(acts.refresh, self.office, case)
        if update.callback_query is not None:
            with contextlib.suppress(BadRequest):
                await update.callback_query.answer(refusal(refused, words), show_alert=True)
        elif update.effective_message is not None:
            await self._post(update.effective_message, Message(as_html(refused, words)))

    async def _refuse(self, update: Update) -> None:
        if not is_ours_to_answer(update, self.office):
            return
        user = update.effective_user
        is_new = user is not None and await asyncio.to_thread(first_time, user.id, self.office)
        said = await asyncio.to_thread(refusal_text, update, self.office)
        if update.callback_query is not None:
            await update.callback_query.answer(said[:200], show_alert=True)
        elif is_new and update.effective_message is not None:
            await self._post(update.effective_message, Message(said))

    def _words_for(self, update: Update) -> Words:
        """The person's own where only they read it, the chat's elsewhere."""
        chat_id = update.effective_chat.id if update.effective_chat else 0
        query = update.callback_query
        return self.office.personal(query.from_user.id, chat_id) if query else self.office.words(chat_id)


def _parse(callback: str) -> tuple[str, int | None, str]:
    """What a button calls back with: verb:number, or verb:number:extra."""
    verb, _, rest = callback.partition(":")
    number, _, extra = rest.partition(":")
    is_number = number.isascii() and number.isdigit() and len(number) < 19
    return verb, int(number) if is_number else None, extra


def _verb(update: Update) -> str:
    """What is asked for: a button's verb, a command's name, or TALK."""
    if update.callback_query is not None:
        return _parse(update.callback_query.data or "")[0]
    message = update.effective_message
    return _command(message) if message and (message.text or "").startswith("/") else TALK


def _number(args: list[str] | None) -> int | None:
    """A case's number as staff write it: 123 or #123."""
    return _parse(f"x:{args[0].lstrip('#')}")[1] if args else None


def _message(update: Update) -> TelegramMessage:
    message = update.effective_message
    assert message is not None
    return message


def _command(message: TelegramMessage) -> str:
    return (message.text or "").split()[0].lstrip("/").split("@")[0].lower()


def _author(message: TelegramMessage) -> int:
    assert message.from_user is not None
    return message.from_user.id


def _act(message: TelegramMessage, number: int, text: str = "") -> Act:
    return Act(_author(message), message.chat_id, number, text, message.message_id)
