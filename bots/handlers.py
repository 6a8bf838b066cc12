"""Telegram's side of the desk, thin: look who it is, let the core do it in a thread, say what came of it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import structlog
from telegram import ForceReply, ReplyParameters, Update
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bots import acts, acts_saved, acts_there
from bots.acts import Act, Outcome
from bots.digest import digest_message
from bots.inline import add_inline
from bots.message import Message
from bots.office import Office
from bots.refusals import as_html, refusal
from bots.staff import Context, first_time, is_ours_to_answer, is_staff, refusal_text
from bots.voice import NO_PREVIEW, Gone, edit
from monitor import answers
from monitor.db import reading
from monitor.desk import Refused
from monitor.digest import Week, compile_digest

log = structlog.get_logger()

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]

COMMANDS = ("inbox", "case", "claim", "reply", "close", "sources", "digest", "saved", "help")
BUTTONS = acts.BUTTONS | acts_saved.BUTTONS | acts_there.BUTTONS
WITH_NUMBER = {"case": acts.show, "claim": acts.claim, "close": acts.close}


def add_handlers(
    app: Application[Any, Any, Any, Any, Any, Any], office: Office, nudge: Callable[[], None]
) -> None:
    """Everything that staff can do. nudge is called after each: what waits to be said is said at once."""
    desk = Desk(office, nudge)
    app.add_handler(CallbackQueryHandler(desk.guarded(desk.press)))
    for name in WITH_NUMBER:
        app.add_handler(CommandHandler(name, desk.guarded(desk.numbered)))
    app.add_handler(CommandHandler("reply", desk.guarded(desk.reply)))
    app.add_handler(CommandHandler("inbox", desk.guarded(desk.inbox)))
    app.add_handler(CommandHandler("sources", desk.guarded(desk.sources)))
    app.add_handler(CommandHandler("digest", desk.guarded(desk.digest)))
    app.add_handler(CommandHandler("saved", desk.guarded(desk.saved)))
    add_inline(app, office)
    app.add_handler(CommandHandler(["help", "start"], desk.guarded(desk.help)))
    app.add_handler(MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, desk.guarded(desk.help)))
    app.add_handler(MessageHandler(filters.REPLY & filters.UpdateType.MESSAGE, desk.guarded(desk.answer)))
    app.add_handler(
        MessageHandler(filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE, desk.guarded(desk.help))
    )


class Desk:
    """The handlers, over one office."""

    def __init__(self, office: Office, nudge: Callable[[], None]):
        self.office = office
        self.nudge = nudge

    def guarded(self, handler: Handler) -> Handler:
        """Let only staff through, and turn a refusal of the core into a sentence."""

        @wraps(handler)
        async def guard(update: Update, context: Context) -> None:
            if not is_staff(update, self.office):
                return await self._refuse(update)
            try:
                await handler(update, context)
            except Refused as refused:
                await self._say_refusal(update, refused)
            self.nudge()

        return guard

    async def press(self, update: Update, context: Context) -> None:
        query = update.callback_query
        assert query is not None
        verb, number, extra = _pressed(query.data or "")
        doing = BUTTONS.get(verb)
        if doing is None or number is None or update.effective_chat is None:
            raise Refused("outdated")
        on = query.message.message_id if query.message else None
        act = Act(query.from_user.id, update.effective_chat.id, number, extra, on)
        outcome = await asyncio.to_thread(doing, self.office, act)
        with contextlib.suppress(BadRequest):  # pressed long ago: Telegram no longer waits for the toast
            await query.answer(outcome.toast or None)
        pressed = query.message if isinstance(query.message, TelegramMessage) else None
        if outcome.edit and pressed:
            with contextlib.suppress(Gone):
                await edit(context.bot, outcome.edit, pressed.chat_id, pressed.message_id)
        if pressed:
            await self._say(pressed, outcome, is_button=True)

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
        message = _message(update)
        number = _number(context.args)
        text = (message.text or "").split(maxsplit=2)[2:]
        if number is None or not text:
            example = self.office.words(message.chat_id)("/reply 123 your answer")
            return await self._right_form(message, example)
        await self._say(
            message, await asyncio.to_thread(acts.answer, self.office, _act(message, number, text[0]))
        )

    async def answer(self, update: Update, _: Context) -> None:
        """A reply to a card or to a question of ours is an answer; to anything else it is talk among staff."""
        message = _message(update)
        replied = message.reply_to_message
        assert replied is not None
        case, reply = await asyncio.to_thread(self._meant, message.chat_id, replied.message_id)
        if case is None and reply is None:
            return
        if not message.text:
            raise Refused("only_text")
        if reply is not None:
            outcome = await asyncio.to_thread(acts.write, self.office, _act(message, reply, message.text))
        else:
            assert case is not None
            outcome = await asyncio.to_thread(acts.answer, self.office, _act(message, case, message.text))
        await self._say(message, outcome)

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

    async def saved(self, update: Update, context: Context) -> None:
        """The saved answers: for the case that the command answers, or for the chat's brands."""
        message = _message(update)
        replied, case = message.reply_to_message, None
        if replied is not None:
            case, _ = await asyncio.to_thread(self._meant, message.chat_id, replied.message_id)
        where, asked = message.chat_id, " ".join(context.args or ())
        await self._post(
            message, await asyncio.to_thread(acts_saved.listing, self.office, where, asked, case)
        )

    async def help(self, update: Update, _: Context) -> None:
        message = _message(update)
        await self._post(message, Message(help_text(self.office, message.chat_id)))

    def _meant(self, chat_id: int, message_id: int) -> tuple[int | None, int | None]:
        """The case or the reply that a message of ours is about."""
        with reading(self.office.sessions) as session:
            reply = answers.by_prompt(session, chat_id, message_id)
            case = self.office.case_of_message(session, chat_id, message_id)
            return case.id if case else None, reply.id if reply else None

    def _digest(self, chat_id: int) -> str:
        now, settings = self.office.clock(), self.office.settings
        week = Week.of(now.astimezone(settings.zone).date(), settings.zone)
        with reading(self.office.sessions) as session:
            return digest_message(compile_digest(session, week, settings, now), self.office.words(chat_id))

    async def _say(self, message: TelegramMessage, outcome: Outcome, *, is_button: bool = False) -> None:
        if outcome.toast and not is_button:
            await self._post(message, Message(outcome.toast))
        if outcome.ask:
            assert outcome.reply is not None
            markup = ForceReply(selective=True)
            asked = await self._post(message, outcome.ask, markup=markup)
            await asyncio.to_thread(acts.shown, self.office, outcome.reply, asked.message_id, is_prompt=True)
        if outcome.show:
            posted = await self._post(message, outcome.show, beneath=outcome.beneath)
            if outcome.reply is not None:
                await asyncio.to_thread(
                    acts.shown, self.office, outcome.reply, posted.message_id, is_prompt=False
                )

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
        words = self.office.words(message.chat_id)
        await self._post(
            message, Message(words("It is written like this: {form}", form=f"<code>{form}</code>"))
        )

    async def _say_refusal(self, update: Update, refused: Refused) -> None:
        chat = update.effective_chat
        words = self.office.words(chat.id if chat else 0)
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
        is_new = await asyncio.to_thread(first_time, update, self.office)
        if update.callback_query is not None:
            await update.callback_query.answer(refusal_text(update, self.office)[:200], show_alert=True)
        elif is_new and update.effective_message is not None:
            await self._post(update.effective_message, Message(refusal_text(update, self.office)))


def help_text(office: Office, chat_id: int) -> str:
    """Every command with what it does."""
    words = office.words(chat_id)
    forms = {"case": " 123", "claim": " 123", "close": " 123", "reply": " 123 …"}
    lines = [
        f"/{name}{forms.get(name, '')} – {what}" for name, what in command_texts(office, chat_id).items()
    ]
    told = words("Reply to a card to answer the author. You always see a preview before anything is public.")
    return "\n".join([*lines, "", told])


def command_texts(office: Office, chat_id: int) -> dict[str, str]:
    """What each command does, in the chat's language."""
    words = office.words(chat_id)
    texts = (
        words("cases that wait for an answer"),
        words("a case and its history"),
        words("claim a case"),
        words("answer the author of a case"),
        words("close a case"),
        words("how our sources are"),
        words("the week so far"),
        words("saved answers to begin from"),
        words("what I can do"),
    )
    return dict(zip(COMMANDS, texts, strict=True))


def _pressed(callback: str) -> tuple[str, int | None, str]:
    """verb:number[:extra]"""
    verb, number, extra = (*callback.split(":", 2), "", "")[:3]
    return verb, _parse(f"{verb}:{number}")[1], extra


def _parse(callback: str) -> tuple[str, int | None]:
    verb, _, number = callback.partition(":")
    return verb, int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None


def _number(args: list[str] | None) -> int | None:
    """A case's number as staff write it: 123 or #123."""
    return _parse(f"x:{args[0].lstrip('#')}")[1] if args else None


def _message(update: Update) -> TelegramMessage:
    message = update.effective_message
    assert message is not None
    return message


def _command(message: TelegramMessage) -> str:
    return (message.text or "").split()[0].lstrip("/").split("@")[0].lower()


def _act(message: TelegramMessage, number: int, text: str = "") -> Act:
    assert message.from_user is not None
    return Act(message.from_user.id, message.chat_id, number, text)
