"""Methods about the menu of commands: https://core.telegram.org/bots/api#setmycommands"""

import re

from demo.telegram.refusal import bad_request
from demo.telegram.rows import Json
from demo.telegram.shapes import BotCommand, BotCommandScope
from demo.telegram.world import World

MAX_COMMANDS = 100
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SCOPES = {
    *("default", "all_private_chats", "all_group_chats", "all_chat_administrators"),
    *("chat", "chat_administrators", "chat_member"),
}


def set_my_commands(
    world: World,
    *,
    commands: list[BotCommand],
    scope: BotCommandScope | None = None,
    language_code: str = "",
) -> bool:
    """At most 100, for a scope and a language."""
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command.command.removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.description) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    plain = [{**each.model_dump(), "command": each.command.removeprefix("/")} for each in commands]
    world.commands[scope_key(world, scope), checked_language(language_code)] = plain
    note_commands(world)
    return True


def get_my_commands(
    world: World, *, scope: BotCommandScope | None = None, language_code: str = ""
) -> list[Json]:
    """Exactly of this scope and language."""
    return world.commands.get((scope_key(world, scope), language_code), [])


def delete_my_commands(
    world: World, *, scope: BotCommandScope | None = None, language_code: str = ""
) -> bool:
    """Those of a wider scope show again."""
    world.commands.pop((scope_key(world, scope), language_code), None)
    note_commands(world)
    return True


def note_commands(world: World) -> None:
    """The menus of all chats may have changed."""
    for chat in world.chats.values():
        world.note("commands", chat)


def checked_language(code: str) -> str:
    """Two letters, or none for everybody."""
    if code and not re.fullmatch("[a-z]{2}", code):
        raise bad_request("invalid language code specified")
    return code


def scope_key(world: World, scope: BotCommandScope | None) -> str:
    """A name for the scope: its type, and where it is narrower, the chat and the user."""
    if scope is None:
        return "default"
    if scope.type not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    if not scope.type.startswith("chat"):
        return scope.type
    if scope.chat_id is None:
        raise bad_request("can't parse BotCommandScope: Can't find field \"chat_id\"")
    chat = world.find_chat(scope.chat_id)
    return f"{scope.type}:{chat.id}" + (f":{scope.user_id}" if scope.type == "chat_member" else "")
