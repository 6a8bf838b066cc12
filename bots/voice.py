"""Says to staff what waits in the outbox: implements monitor.voice.Voice on python-telegram-bot."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog
from telegram import Bot, InputMediaPhoto, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bots.digest import digest_message, digest_page, keep_page, page_name
from bots.learnt import what_was_learnt
from bots.message import Message
from bots.notices import buttons, notice
from bots.office import Office
from bots.preview import preview, to_approve
from bots.topics import Topics
from models import Alert, Bundle, Crisis, DigestIssue, Notice, Reply, ReplyState
from monitor import learning
from monitor.db import reading
from monitor.digest import Digest, compile_digest
from monitor.voice import Unsaid
from monitor.week import Week

log = structlog.get_logger()

PATIENCE = timedelta(minutes=2)
"""Longer than the rate limiter ever waits for a chat that our own pace respects."""
QUIET = ("on_call", "post_edited", "rating_changed")
"""Notices for which no phone need ring."""
NEVER_LEFT = ("ConnectError", "ConnectTimeout", "PoolTimeout")
"""What went wrong below python-telegram-bot before anything reached Telegram."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

T = TypeVar("T")


class TelegramVoice:
    """Speaks from any thread; the talking itself happens in the bot's event loop."""

    def __init__(self, bot: Bot, loop: asyncio.AbstractEventLoop, office: Office):
        self._bot = bot
        self._loop = loop
        self._office = office
        self._topics = Topics(bot, office, self._run)

    def card(self, alert: Alert) -> int:
        topic_id = self._topics.of(alert)
        message = self._office.card(alert.case_id, alert.chat_id)
        message_id = self._run(self._show(message, alert.chat_id, topic_id, alert.message_id))
        self._topics.follow(alert.id)
        return message_id

    def bundle(self, bundle: Bundle) -> int:
        message = self._office.bundle(bundle.id, bundle.chat_id)
        return self._run(self._show(message, bundle.chat_id, bundle.topic_id, bundle.message_id))

    def crisis(self, crisis: Crisis) -> int:
        message, picture = self._office.crisis(crisis.id, crisis.chat_id)
        return self._run(show_picture(self._bot, message, picture, crisis))

    def notice(self, notice_: Notice) -> int:
        message = self._noticed(notice_)
        if notice_.message_id is not None:
            with contextlib.suppress(Gone):
                self._run(edit(self._bot, message, notice_.chat_id, notice_.message_id))
            return notice_.message_id
        beneath = self._card_message(notice_.case_id) if notice_.case_id else None
        sent = self._run(send(self._bot, message, notice_.chat_id, notice_.topic_id, beneath=beneath))
        if notice_.case_id is not None:
            self._office.stands(notice_.case_id, notice_.chat_id, sent)
        return sent

    def digest(self, issue: DigestIssue) -> None:
        digest, words = self._digest(issue), self._office.words(issue.chat_id)
        page, name = digest_page(digest, words), page_name(digest)
        self._keep(page, name)
        if issue.sent_at is None:
            self._run(send(self._bot, Message(digest_message(digest, words)), issue.chat_id, None))
            self._office.told_digest(issue.id)
        self._run(self._bot.send_document(issue.chat_id, page.encode(), filename=name))

    def preview(self, reply: Reply) -> None:
        assert reply.preview_message_id is not None
        with reading(self._office.sessions) as session:
            row = session.get_one(Reply, reply.id)
            message = preview(self._office.draft(session, row), self._office.words(row.chat_id))
        try:
            self._run(edit(self._bot, message, reply.chat_id, reply.preview_message_id))
        except Fixed:
            raise Unsaid("Telegram lets nobody edit it.", permanent=True) from None
        except Gone:
            pass

    def _noticed(self, notice_: Notice) -> Message:
        if notice_.kind == learning.NOTICE:
            return what_was_learnt(self._office, notice_.values["learnt"], notice_.chat_id)
        words = self._office.words(notice_.chat_id)
        if notice_.kind == "approval_asked" and (shown := self._to_approve(notice_)):
            return shown
        return Message(
            notice(notice_.kind, notice_.values, words),
            buttons(notice_.kind, notice_.values, words),
            quiet=notice_.kind in QUIET,
        )

    def _to_approve(self, notice_: Notice) -> Message | None:
        """The answer itself, where its preview stands in another chat and still waits."""
        with reading(self._office.sessions) as session:
            row = session.get(Reply, notice_.reply_id) if notice_.reply_id is not None else None
            if row is None or row.state is not ReplyState.WAITING:
                return None
            return to_approve(self._office.draft(session, row), self._office.words(notice_.chat_id))

    def _digest(self, issue: DigestIssue) -> Digest:
        settings, now = self._office.settings, self._office.clock()
        with reading(self._office.sessions) as session:
            return compile_digest(session, Week.parse(issue.week, settings.zone), settings, now)

    def _keep(self, page: str, name: str) -> None:
        """Marketing gets the page, whether or not it can be kept here."""
        folder = Path(self._office.settings.digest.folder)
        try:
            keep_page(page, name, folder)
        except OSError as error:
            log.error("digest_not_kept", folder=str(folder), why=error.strerror)

    def _card_message(self, case_id: int) -> int | None:
        with reading(self._office.sessions) as session:
            alert = session.query(Alert).filter_by(case_id=case_id).first()
            return alert.message_id if alert else None

    async def _show(
        self, message: Message, chat_id: int, topic_id: int | None, message_id: int | None
    ) -> int:
        """Edit the message in place; send it where there is none, or none any more."""
        if message_id is not None:
            with contextlib.suppress(Gone):
                await edit(self._bot, message, chat_id, message_id)
                return message_id
        return await send(self._bot, message, chat_id, topic_id)

    def _run(self, saying: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(saying, self._loop)
        try:
            return future.result(PATIENCE.total_seconds())
        except TimeoutError:
            future.cancel()
            raise Unsaid("Telegram did not answer in time.", unsure=True) from None
        except ChatMigrated as error:
            self._office.tell_moved(error.new_chat_id)
            raise in_words(error) from error
        except TelegramError as error:
            raise in_words(error) from error


class Gone(Exception):
    """Somebody deleted the message."""


class Fixed(Gone):
    """It stands there as it was: Telegram lets nobody edit it."""


async def show_picture(bot: Bot, message: Message, picture: bytes, crisis: Crisis) -> int:
    """Edit the picture and its caption in place; send them where they are not, or no longer."""
    if crisis.message_id is not None:
        media = InputMediaPhoto(picture, caption=message.text, parse_mode=ParseMode.HTML)
        with contextlib.suppress(Gone):
            await _edited(
                bot.edit_message_media(
                    media, chat_id=crisis.chat_id, message_id=crisis.message_id, reply_markup=message.keyboard
                )
            )
            return crisis.message_id

    async def to(topic: int | None) -> int:
        sent = await bot.send_photo(
            crisis.chat_id,
            picture,
            caption=message.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=topic,
            reply_markup=message.keyboard,
        )
        return sent.message_id

    return await _to_topic(to, crisis.topic_id)


async def send(
    bot: Bot, message: Message, chat_id: int, topic_id: int | None, *, beneath: int | None = None
) -> int:
    """Send a message, beneath another where that is still there; return its id."""
    reply_to = ReplyParameters(beneath, allow_sending_without_reply=True) if beneath else None

    async def to(topic: int | None) -> int:
        sent = await bot.send_message(
            chat_id,
            message.text,
            parse_mode=ParseMode.HTML,
            message_thread_id=topic,
            reply_markup=message.keyboard,
            reply_parameters=reply_to,
            link_preview_options=NO_PREVIEW,
            disable_notification=message.quiet or None,
        )
        return sent.message_id

    return await _to_topic(to, topic_id)


async def _to_topic(to: Callable[[int | None], Awaitable[int]], topic_id: int | None) -> int:
    try:
        return await to(topic_id)
    except BadRequest as error:
        if topic_id is None or "thread not found" not in str(error).lower():
            raise
        return await to(None)  # the topic was deleted: better in the wrong place than nowhere


async def edit(bot: Bot, message: Message, chat_id: int, message_id: int) -> None:
    """Edit a message in place. Raises Gone where it is no longer there."""
    await _edited(
        bot.edit_message_text(
            message.text,
            chat_id=chat_id,
            message_id=message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=message.keyboard,
            link_preview_options=NO_PREVIEW,
        )
    )


async def _edited(editing: Awaitable[object]) -> None:
    try:
        await editing
    except BadRequest as error:
        said = str(error).lower()
        if "can't be edited" in said:
            raise Fixed from error
        if "not found" in said:
            raise Gone from error
        if "not modified" not in said:
            raise


def in_words(error: TelegramError) -> Unsaid:
    """What Telegram refused, as a sentence, and whether trying again may help."""
    match error:
        case RetryAfter():
            wait = error.retry_after
            return Unsaid(
                "Telegram asks us to wait.",
                retry_after=wait if isinstance(wait, timedelta) else timedelta(seconds=wait),
            )
        case ChatMigrated():
            return Unsaid(
                f"The group became a supergroup: put its new id, {error.new_chat_id}, into the configuration.",
                permanent=True,
            )
        case Forbidden():
            return Unsaid(
                f"The bot may not write there ({error.message}): add it to the chat again.", permanent=True
            )
        case Conflict():
            return Unsaid(f"Another program reads this bot's updates, stop one of the two: {error.message}")
        case InvalidToken():
            return Unsaid(
                "Telegram does not know TELEGRAM_TOKEN: get a new one from @BotFather.", permanent=True
            )
        case BadRequest():
            return Unsaid(f"Telegram refused the message: {error.message}", permanent=True)
        case _:
            return Unsaid(f"Telegram can't be reached: {error.message}", unsure=_may_have_left(error))


def _may_have_left(error: TelegramError) -> bool:
    """Only the answer was lost, as far as we can tell."""
    return isinstance(error, NetworkError) and type(error.__cause__).__name__ not in NEVER_LEFT
