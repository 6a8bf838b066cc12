"""Who may speak with the bot. Everybody else gets one polite refusal and leaves a log line."""

from typing import Any

import structlog
from telegram import Update
from telegram.ext import ContextTypes

from bots.office import Office
from models import Stranger
from monitor.db import reading, upsert
from monitor.people import Member, member

log = structlog.get_logger()

Context = ContextTypes.DEFAULT_TYPE


def staff_here(update: Update, office: Office) -> Member | None:
    """A member of staff, in a staff chat or alone with the bot."""
    user = update.effective_user
    return works_here(user.id, office) if user and is_ours_to_answer(update, office) else None


def works_here(telegram_id: int, office: Office) -> Member | None:
    with reading(office.sessions) as session:
        return member(session, telegram_id, office.settings)


def is_ours_to_answer(update: Update, office: Office) -> bool:
    """A private chat or a staff chat: elsewhere the bot only listens and says nothing."""
    chat = update.effective_chat
    return chat is not None and (chat.type == "private" or office.settings.staff.chat(chat.id) is not None)


def first_time(telegram_id: int, office: Office) -> bool:
    """Note a stranger; True the first time that we meet them."""
    log.warning("refused_stranger", telegram_id=telegram_id)
    with office.sessions.begin() as session:
        insert: Any = upsert(session)(Stranger).on_conflict_do_nothing().returning(Stranger.id)
        return session.scalar(insert.values(id=telegram_id, refused_at=office.clock())) is not None


def refusal_text(update: Update, office: Office) -> str:
    user = update.effective_user
    chat_id = update.effective_chat.id if update.effective_chat else 0
    words = office.words(chat_id)
    return words(
        "This bot is for the staff of a company. If you are one of them, ask your administrator to add you; "
        "your Telegram id is {number}.",
        number=user.id if user else "?",
    )
