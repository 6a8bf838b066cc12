"""What `@bot words` offers while somebody types, in any chat: saved answers, to staff alone."""

import asyncio
import contextlib
from functools import partial
from typing import Any

from telegram import Update
from telegram.error import BadRequest
from telegram.ext import Application, InlineQueryHandler

from bots.office import Office
from bots.saved import results
from bots.staff import Context, works_here


def add_inline(app: Application[Any, Any, Any, Any, Any, Any], office: Office) -> None:
    app.add_handler(InlineQueryHandler(partial(offer_inline, office)))


async def offer_inline(office: Office, update: Update, _: Context) -> None:
    """A stranger gets none; nothing is kept for anybody else."""
    query = update.inline_query
    assert query is not None
    found = []
    if await asyncio.to_thread(works_here, query.from_user.id, office):
        found = await asyncio.to_thread(results, office, query.from_user.id, query.query.strip())
    with contextlib.suppress(BadRequest):  # typed on meanwhile: Telegram no longer waits
        await query.answer(found, cache_time=0, is_personal=True)
