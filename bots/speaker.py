"""What the bot says in a chat: what came of an act, and why not."""

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from telegram import ForceReply, MaybeInaccessibleMessage, ReplyParameters, Update
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bots import acts, menus, note_acts, reply_acts
from bots.act import Outcome, Whisper
from bots.message import Message
from bots.office import Office
from bots.refusals import as_html, refusal
from bots.staff import first_time, is_ours_to_answer, refusal_text
from bots.thread import react
from bots.voice import NO_PREVIEW
from bots.words import Words
from monitor.desk import Refused


class Speaker:
    """Says it where it was asked, over one office."""

    def __init__(self, office: Office):
        self.office = office

    async def _say(
        self, message: MaybeInaccessibleMessage, outcome: Outcome, *, pressed_by: int | None = None
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
                await self._remember(reply_acts.asked, outcome.reply, asked)
        if outcome.show:
            posted = await self._post(message, outcome.show, beneath=outcome.beneath)
            if outcome.reply is not None:
                await self._remember(partial(reply_acts.shown, text=outcome.text), outcome.reply, posted)
            elif outcome.case is not None:
                await asyncio.to_thread(self.office.stands, outcome.case, posted.chat_id, posted.message_id)
        if outcome.reaction and isinstance(message, TelegramMessage):
            await react(message, outcome.reaction)

    async def _remember(self, remember: Callable[..., None], reply: int, by: TelegramMessage) -> None:
        await asyncio.to_thread(remember, self.office, reply, by.chat_id, by.message_id)

    async def _whisper(self, message: MaybeInaccessibleMessage, whisper: Whisper) -> bool:
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

    async def _set_menu(self, message: MaybeInaccessibleMessage, telegram_id: int) -> None:
        await menus.refresh(message.get_bot(), telegram_id, self.office)

    async def _post(
        self,
        message: MaybeInaccessibleMessage,
        said: Message,
        *,
        beneath: int | None = None,
        markup: ForceReply | None = None,
    ) -> TelegramMessage:
        self._counts(message)
        return await message.get_bot().send_message(
            message.chat.id,
            said.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=_topic(message),
            reply_markup=markup or said.keyboard,
            reply_parameters=ReplyParameters(beneath or message.message_id, allow_sending_without_reply=True),
            link_preview_options=NO_PREVIEW,
        )

    def _counts(self, where: MaybeInaccessibleMessage) -> None:
        """The outbox leaves room for what staff ask for."""
        self.office.pace.answered(where.chat.id, self.office.clock())

    async def _right_form(self, message: TelegramMessage, form: str) -> None:
        words = await asyncio.to_thread(self.office.words, message.chat_id)
        await self._post(
            message, Message(words("It is written like this: {form}", form=f"<code>{form}</code>"))
        )

    async def _say_refusal(self, update: Update, refused: Refused) -> None:
        words = await asyncio.to_thread(self._words_for, update)
        if isinstance(case := refused.values.get("case"), int):
            await asyncio.to_thread(acts.refresh, self.office, case)
        if isinstance(crisis := refused.values.get("crisis"), int):
            await asyncio.to_thread(acts.refresh_crisis, self.office, crisis)
        if update.callback_query is not None:
            with contextlib.suppress(BadRequest):
                await update.callback_query.answer(refusal(refused, words), show_alert=True)
        elif update.effective_message is not None:
            await self._post(update.effective_message, Message(as_html(refused, words)))

    async def _say_not_kept(self, update: Update) -> None:
        """The database could not be written, and perhaps not even read: nothing is asked of it here."""
        if not is_ours_to_answer(update, self.office):
            return
        settings, chat = self.office.settings, update.effective_chat
        known = settings.staff.chat(chat.id) if chat else None
        words = Words(known.language if known else settings.language, settings.zone)
        said = words(
            "This was perhaps not kept: our database can't be used just now. Please do it again in a minute."
        )
        if update.callback_query is not None:
            with contextlib.suppress(BadRequest):  # we waited too long for the database: then in the chat
                await update.callback_query.answer(said, show_alert=True)
                return
        where = update.callback_query.message if update.callback_query else update.effective_message
        if where is not None:
            await self._post(where, Message(said))

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


def _topic(message: MaybeInaccessibleMessage) -> int | None:
    """Of a message so old that Telegram no longer tells it, the topic is not known: a reply to it stands there all the same."""
    if not isinstance(message, TelegramMessage) or not message.is_topic_message:
        return None
    return message.message_thread_id
