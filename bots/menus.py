"""Telegram's own menu of commands: each person sees what they may do, in their language."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatMember,
)
from telegram.error import TelegramError

from bots.commands import COMMANDS, Command, commands_of
from bots.office import Office
from bots.words import Words, languages
from models import Role
from monitor.db import reading
from monitor.people import Member, everybody, member

log = structlog.get_logger()

TO_STRANGERS = [command for command in COMMANDS if command.name == "help"]


@dataclass(frozen=True)
class Menu:
    """The commands of one scope; none: those of a wider scope show again."""

    scope: BotCommandScope
    commands: tuple[BotCommand, ...]
    language: str = ""
    """Of Telegram's own interface there; everybody's where it is empty."""


async def set_all(bot: Bot, office: Office) -> None:
    """At start-up: of strangers, of the staff chats, and of everybody on the staff."""
    await _set(bot, await asyncio.to_thread(_shared, office))
    for person in await asyncio.to_thread(_everybody, office):
        await refresh(bot, person.id, office)


async def refresh(bot: Bot, telegram_id: int, office: Office) -> None:
    """One person's menus; again where they changed while they were being set, so that the last state wins."""
    done: list[Menu] = []
    while (wanted := await asyncio.to_thread(menus_of, telegram_id, office)) != done:
        await _set(bot, wanted)
        done = wanted


def menus_of(telegram_id: int, office: Office) -> list[Menu]:
    """One person's: alone with the bot, and in each staff chat. Somebody who left has none of their own."""
    with reading(office.sessions) as session:
        person = member(session, telegram_id, office.settings)
    commands = commands_of(person.role) if person else []
    alone = Menu(BotCommandScopeChat(telegram_id), _in(office.words(telegram_id), commands))
    chats = [chat.id for chat in office.settings.staff.chats]
    return [
        alone,
        *(
            Menu(
                BotCommandScopeChatMember(chat, telegram_id),
                _in(office.personal(telegram_id, chat), commands),
            )
            for chat in chats
        ),
    ]


async def _set(bot: Bot, menus: Iterable[Menu]) -> None:
    """Telegram knows no chat of somebody who never wrote to the bot: what fails is logged, and done at /start."""
    for menu in menus:
        try:
            if menu.commands:
                await bot.set_my_commands(menu.commands, menu.scope, menu.language)
            else:
                await bot.delete_my_commands(menu.scope, menu.language)
        except TelegramError as error:
            scope = {key: str(value) for key, value in menu.scope.to_dict().items()}
            log.info("menu_not_set", scope=scope, error=str(error))


def _shared(office: Office) -> list[Menu]:
    return [*_strangers(office), *_chats(office)]


def _everybody(office: Office) -> list[Member]:
    with reading(office.sessions) as session:
        return everybody(session, office.settings)


def _strangers(office: Office) -> list[Menu]:
    private, zone = BotCommandScopeAllPrivateChats(), office.settings.zone
    own = Words(office.settings.language, zone)
    others = [Menu(private, _in(Words(code, zone), TO_STRANGERS), code) for code in languages()]
    return [Menu(private, _in(own, TO_STRANGERS)), *others]


def _chats(office: Office) -> list[Menu]:
    chats = [chat.id for chat in office.settings.staff.chats]
    return [Menu(BotCommandScopeChat(c), _in(office.words(c), commands_of(Role.VIEWER))) for c in chats]


def _in(words: Words, commands: Iterable[Command]) -> tuple[BotCommand, ...]:
    return tuple(BotCommand(command.name, command.what(words)) for command in commands)
