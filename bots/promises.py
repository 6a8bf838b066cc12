"""What is said of a promise that runs out, and of who keeps it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bots.markup import escape, link, shorten
from bots.message import Rows, button
from bots.words import Words

NAME = 60
PROMISES = ("half_gone", "unclaimed", "late", "unresolved", "taken_over", "on_call")


def promise(kind: str, values: Mapping[str, Any], words: Words) -> str:
    """The HTML of a notice about a promise; who has to act is named so that Telegram calls them."""
    if kind == "on_call":
        names = ", ".join(f"<b>{name_of(person['name'])}</b>" for person in values["people"])
        return "📟 " + words("On call now: {names}", names=names)
    who = {"names": called(values["people"]), "case": values["case"]}
    if kind == "taken_over":
        by = name_of(values["by_whom"])
        return "🤝 " + words("{names}, {name} has taken case #{case} over.", name=by, **who)
    time = _time(values, words)
    match kind:
        case "half_gone":
            said = words(
                "{names}, half of the time for case #{case} is gone: answer by {time}.", time=time, **who
            )
            return f"⏳ {said}"
        case "unclaimed":
            return "⏳ " + words(
                "{names}, nobody has claimed case #{case}: answer by {time}.", time=time, **who
            )
        case "late":
            late = words("{names}, case #{case} is late: an answer was due by {time}.", time=time, **who)
            return f"⏰ {late} {_owner(values['owner'], words)}"
        case _:
            said = words(
                "{names}, case #{case} was to be solved by {time} and is open still.", time=time, **who
            )
            return f"⏰ {said}"


def buttons(kind: str, values: Mapping[str, Any], words: Words) -> Rows:
    """What can be done at once."""
    return [[button(words("Take it"), "take", values["case"])]] if kind == "late" else []


def _owner(owner: str | None, words: Words) -> str:
    return words("{name} has it.", name=name_of(owner)) if owner else words("Nobody has claimed it.")


def _time(values: Mapping[str, Any], words: Words) -> str:
    by, at = (datetime.fromisoformat(values[key]) for key in ("by", "at"))
    return f"<b>{words.time(by, at)}</b>"


def called(people: Sequence[Mapping[str, Any]]) -> str:
    """Names that make phones ring."""
    return ", ".join(link(f"tg://user?id={p['telegram']}", shorten(p["name"], NAME)) for p in people)


def name_of(name: str) -> str:
    """As HTML, no longer than a name has to be."""
    return escape(shorten(name, NAME))
