"""Every command: what it is called, how it is written, what it does; for /help and for Telegram's own menu."""

from dataclasses import dataclass

from bots.markup import escape
from bots.roles import least
from bots.words import Words
from models import Role


@dataclass(frozen=True)
class Command:
    """One line of the catalogue. `text` is a message of the catalogues; the least role stands in bots/roles.py."""

    name: str
    form: str
    text: str

    def what(self, say: Words) -> str:
        return say(self.text)


# The test of the catalogues reads the texts from these very lines.
COMMANDS = (
    Command("inbox", "", "cases that wait for an answer"),
    Command("case", "123", "a case and its history"),
    Command("claim", "123", "claim a case"),
    Command("reply", "123 …", "answer the author of a case"),
    Command("note", "123 …", "write a note that only colleagues see"),
    Command("close", "123", "close a case"),
    Command("saved", "…", "saved answers to begin from"),
    Command("find", "…", "find words in what was said"),
    Command("history", "@…", "what we know of an author"),
    Command("why", "123", "why a case was opened"),
    Command("mute", "123", "mute an author, a thread or a word"),
    Command("muted", "", "what is muted"),
    Command("dup", "123 45", "say which case has it already"),
    Command("stats", "7d", "how the last days went"),
    Command("sources", "", "how our sources are"),
    Command("digest", "", "the week so far"),
    Command("lang", "uk", "the language in which I speak to you"),
    Command("help", "", "what I can do"),
    Command("people", "", "who is on the staff"),
    Command("invite", "staff", "a link for a new colleague"),
    Command("remove", "", "take somebody off the staff"),
)


def commands_of(role: Role) -> list[Command]:
    return [command for command in COMMANDS if role.reaches(least(command.name))]


def help_text(role: Role, words: Words) -> str:
    """What this role may do, grouped by who else may."""
    groups = [group for needed in Role if (group := _group(needed, role, words))]
    if role.reaches(Role.STAFF):
        groups.append(
            words("Reply to a card to answer the author. You always see a preview before anything is public.")
        )
    return "\n\n".join(groups)


def _group(needed: Role, role: Role, words: Words) -> str:
    lines = [_line(c, words) for c in commands_of(role) if least(c.name) is needed]
    return "\n".join([f"<b>{_heading(needed, words)}</b>", *lines]) if lines else ""


def _line(command: Command, words: Words) -> str:
    return f"/{f'{command.name} {command.form}'.strip()} – {escape(command.what(words))}"


def _heading(needed: Role, words: Words) -> str:
    headings = {
        Role.VIEWER: words("To read"),
        Role.STAFF: words("To answer"),
        Role.LEAD: words("To lead"),
        Role.ADMIN: words("To administer"),
    }
    return headings[needed]
