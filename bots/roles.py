"""What each role may do: one table, from what is pressed or typed to the least role."""

from bots.words import Words
from models import Role
from monitor.desk import Refused

TALK = "talk"
"""A message that is no command: whatever comes of it asks for the role of whoever acts."""

LEAST: dict[str, Role] = {
    TALK: Role.VIEWER,
    "start": Role.VIEWER,
    "help": Role.VIEWER,
    "lang": Role.VIEWER,
    "inbox": Role.VIEWER,
    "case": Role.VIEWER,
    "show": Role.VIEWER,
    "more": Role.VIEWER,
    "card": Role.VIEWER,
    "sources": Role.VIEWER,
    "digest": Role.VIEWER,
    "take": Role.LEAD,
    "learn_yes": Role.LEAD,
    "learn_no": Role.LEAD,
    "learn_back": Role.LEAD,
    "saved": Role.VIEWER,
    "find": Role.VIEWER,
    "history": Role.VIEWER,
    "why": Role.VIEWER,
    "stats": Role.VIEWER,
    "muted": Role.VIEWER,
    "people": Role.LEAD,
    "invite": Role.LEAD,
    "remove": Role.ADMIN,
    "removeyes": Role.ADMIN,
}
"""Everything else needs STAFF: claims, answers, notes, corrections."""


def least(verb: str) -> Role:
    return LEAST.get(verb, Role.STAFF)


def allow(role: Role, verb: str) -> None:
    """Raises Refused where the role does not reach so far."""
    if not role.reaches(least(verb)):
        raise Refused("needs_role", needed=least(verb), own=role)


def role_name(role: Role, words: Words) -> str:
    names = {
        Role.VIEWER: words("viewer"),
        Role.STAFF: words("staff"),
        Role.LEAD: words("lead"),
        Role.ADMIN: words("administrator"),
    }
    return names[role]
