"""Try the bot's token and the staff chats without sending anything."""

import asyncio
from collections.abc import Sequence

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bots.voice import in_words
from monitor.settings import Settings

Said = tuple[str, str, bool]


def check_telegram(token: str, api_url: str, settings: Settings) -> Sequence[Said]:
    """For the token and for each staff chat: a name, a sentence, and whether all is well."""
    return asyncio.run(_check(token, api_url, settings))


def username(token: str, api_url: str) -> str:
    """The bot's name at Telegram, for links to it. Raises Unsaid where Telegram refuses the token."""
    return asyncio.run(_username(token, api_url))


async def _username(token: str, api_url: str) -> str:
    bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot")
    try:
        return str((await bot.get_me()).username)
    except TelegramError as error:
        raise in_words(error) from error


async def _check(token: str, api_url: str, settings: Settings) -> list[Said]:
    bot = Bot(token, base_url=f"{api_url.rstrip('/')}/bot")
    try:
        me = await bot.get_me()
    except TelegramError as error:
        return [("Telegram", str(in_words(error)), False)]
    checks: list[Said] = [("Telegram", f"the bot is @{me.username}", True)]
    for chat in settings.staff.chats:
        checks.append(await _check_chat(bot, chat.id, me.id))
    if not all(is_well for _, _, is_well in checks):
        checks.append(("seen", await _seen(bot), True))
    return checks


async def _seen(bot: Bot) -> str:
    """The ids that whoever installs us looks for, from updates that wait; looking at them takes none away."""
    try:
        updates = await bot.get_updates(timeout=0)
    except TelegramError as error:
        return f"can't be looked up: {in_words(error)}"
    chats = {c.id: c.title or c.full_name or "" for u in updates if (c := u.effective_chat)}
    people = {u.effective_user.id: u.effective_user.full_name for u in updates if u.effective_user}
    said = [f"«{name}» has the id {number}" for number, name in (chats | people).items()]
    return "; ".join(said) or "nobody yet: write /start to the bot, and in the group, then check again"


async def _check_chat(bot: Bot, chat_id: int, bot_id: int) -> Said:
    name = f"staff chat {chat_id}"
    try:
        chat = await bot.get_chat(chat_id)
        member = await bot.get_chat_member(chat_id, bot_id)
    except BadRequest as error:
        said = f"Telegram says «{error.message}»: add the bot to the group and copy the group's id"
        return (name, said, False)
    except TelegramError as error:
        return (name, str(in_words(error)), False)
    if member.status in ("left", "kicked"):
        return (name, "the bot is not a member: add it to the group", False)
    said = f"«{chat.title or chat.full_name}», the bot is {member.status}"
    if member.status not in ("administrator", "creator"):
        said += "; make it an administrator, and it hears 👀 on a card and what is said in a case's thread"
    return (name, said, True)
