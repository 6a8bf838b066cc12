"""The bot as a whole: python-telegram-bot in an event loop and a thread of its own, so that the core stays synchronous."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, BaseRateLimiter, TypeHandler

from bots import menus
from bots.door import add_door
from bots.handlers import add_handlers
from bots.office import Office
from bots.staff import Context
from bots.voice import TelegramVoice, in_words

log = structlog.get_logger()

PUBLIC_API = "https://api.telegram.org"
HEAR_FIRST = -1
START_TIMEOUT = 60

T = TypeVar("T")
Hear = Callable[[Mapping[str, Any]], object]


class TelegramBot:
    """Listens to staff and speaks to them. Start it, use `voice` from any thread, stop it."""

    def __init__(
        self,
        token: str,
        office: Office,
        hear: Hear,
        api_url: str = PUBLIC_API,
        limiter: BaseRateLimiter[Any] | None = None,
    ):
        # It only spaces messages; what Telegram refuses, the outbox tries again, and says so.
        self._limiter = limiter or AIORateLimiter(max_retries=0)
        self._office = office
        self._hear = hear
        self._call: Callable[[], None] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="telegram", daemon=True)
        self._app = self._build(token, api_url)
        self.voice = TelegramVoice(self._app.bot, self._loop, office)

    def when_done(self, call: Callable[[], None]) -> None:
        """Have call called after everything that staff do."""
        self._call = call

    def start(self, *, listen: bool) -> None:
        """Connect; with listen, fetch updates for as long as we run. Raises Unsaid where Telegram refuses us."""
        self._thread.start()
        try:
            self._run(self._start(listen), START_TIMEOUT)
        except TelegramError as error:
            self._loop.call_soon_threadsafe(self._loop.stop)
            raise in_words(error) from error

    def handle_waiting(self) -> int:
        """Handle every update that waits at Telegram now, and no more: for a single pass. Returns how many.

        Raises Unsaid where Telegram refuses us.
        """
        try:
            return self._run(self._handle_waiting(), None)  # nobody knows how many wait
        except TelegramError as error:
            raise in_words(error) from error

    def stop(self) -> None:
        self._run(self._stop(), START_TIMEOUT)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_TIMEOUT)

    def _build(self, token: str, api_url: str) -> Application[Any, Any, Any, Any, Any, Any]:
        app = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{api_url.rstrip('/')}/bot")
            .base_file_url(f"{api_url.rstrip('/')}/file/bot")
            .rate_limiter(self._limiter)
            .concurrent_updates(True)
            .build()
        )
        app.add_handler(TypeHandler(Update, self._listen), group=HEAR_FIRST)
        add_door(app, self._office, self._nudge)
        add_handlers(app, self._office, self._nudge)
        app.add_error_handler(_log_error)
        return app

    async def _start(self, listen: bool) -> None:
        await self._app.initialize()
        await self._app.start()
        self._app.create_task(menus.set_all(self._app.bot, self._office))  # many calls: nobody waits for them
        if listen:
            assert self._app.updater is not None
            await self._app.updater.start_polling(
                allowed_updates=Update.ALL_TYPES, error_callback=_log_polling
            )

    async def _stop(self) -> None:
        if self._app.updater is not None and self._app.updater.running:
            await self._app.updater.stop()
        await self._app.stop()
        await self._app.shutdown()

    async def _handle_waiting(self) -> int:
        offset, handled = 0, 0
        while updates := await self._updates(offset):
            for update in updates:
                await self._app.process_update(update)
                offset, handled = update.update_id + 1, handled + 1
        return handled

    async def _updates(self, offset: int) -> Sequence[Update]:
        """Only by being asked for the next ones does Telegram learn that the last ones are handled: ask twice at need."""
        with contextlib.suppress(TelegramError):
            return await self._ask(offset)
        return await self._ask(offset)

    async def _ask(self, offset: int) -> Sequence[Update]:
        bot: Bot = self._app.bot
        return await bot.get_updates(offset, timeout=0, allowed_updates=Update.ALL_TYPES)

    async def _listen(self, update: Update, _: Context) -> None:
        """What is said in groups that are not staff's may be about us."""
        chat = update.effective_chat
        if chat is None or chat.type == "private" or self._office.settings.staff.chat(chat.id):
            return
        await asyncio.to_thread(self._hear, update.to_dict())
        self._nudge()

    def _nudge(self) -> None:
        if self._call is not None:
            self._call()

    def _run(self, doing: Coroutine[Any, Any, T], seconds: float | None) -> T:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(seconds)


async def _log_error(update: object, context: Context) -> None:
    number = update.update_id if isinstance(update, Update) else None
    log.error("update_failed", update=number, exc_info=context.error)


def _log_polling(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("two_pollers", error=str(in_words(error)))
    else:
        log.warning("telegram_unreachable", error=str(error))
