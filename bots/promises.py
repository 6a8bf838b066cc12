"""What is said of a promise that runs out, and of who keeps it. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bots.many import ways
from bots.markup import called, escape, shorten
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
            return f"⏰ {late} {_owner(values, words)}"
        case _:
            said = words(
                "{names}, case #{case} was to be solved by {time} and is open still.", time=time, **who
            )
            return f"⏰ {said}"


def buttons(kind: str, values: Mapping[str, Any], words: Words) -> Rows:
    """What can be done at once."""
    if kind == "many":
        return ways(values, words)
    can_take = kind == "late" and not values.get("to_owner")
    return [[button(words("Take it"), "take", values["case"])]] if can_take else []


def _owner(values: Mapping[str, Any], words: Words) -> str:
    if values.get("to_owner"):
        return words("You have it.")
    owner = values["owner"]
    return words("{name} has it.", name=name_of(owner)) if owner else words("Nobody has claimed it.")


def _time(values: Mapping[str, Any], words: Words) -> str:
    by, at = (datetime.fromisoformat(values[key]) for key in ("by", "at"))
    return f"<b>{words.time(by, at)}</b>"


def name_of(name: str) -> str:
    """As HTML, no longer than a name has to be."""
    return escape(shorten(name, NAME))
