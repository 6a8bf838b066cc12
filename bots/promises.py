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
        names = ", ".join(f"<b>{_name(person)}</b>" for person in values["people"])
        return "📟 " + words("On call now: {names}", names=names)
    names, case = _called(values["people"]), values["case"]
    if kind == "taken_over":
        by = escape(shorten(values["by_whom"], NAME))
        return "🤝 " + words("{names}, {name} has taken case #{case} over.", names=names, name=by, case=case)
    by = _time(values, words)
    match kind:
        case "half_gone":
            said = words(
                "{names}, half of the time for case #{case} is gone: answer by {time}.",
                names=names,
                case=case,
                time=by,
            )
            return f"⏳ {said}"
        case "unclaimed":
            said = words(
                "{names}, nobody has claimed case #{case}: answer by {time}.", names=names, case=case, time=by
            )
            return f"⏳ {said}"
        case "late":
            return f"⏰ {_late(values, names, by, words)}"
        case _:
            said = words(
                "{names}, case #{case} was to be solved by {time} and is open still.",
                names=names,
                case=case,
                time=by,
            )
            return f"⏰ {said}"


def buttons(kind: str, values: Mapping[str, Any], words: Words) -> Rows:
    """What can be done at once."""
    return [[button(words("Take it"), "take", values["case"])]] if kind == "late" else []


def _late(values: Mapping[str, Any], names: str, by: str, words: Words) -> str:
    late = words(
        "{names}, case #{case} is late: an answer was due by {time}.",
        names=names,
        case=values["case"],
        time=by,
    )
    if values["owner"] is None:
        return f"{late} {words('Nobody has claimed it.')}"
    return f"{late} {words('{name} has it.', name=escape(shorten(values['owner'], NAME)))}"


def _time(values: Mapping[str, Any], words: Words) -> str:
    by, at = (datetime.fromisoformat(values[key]) for key in ("by", "at"))
    return f"<b>{words.time(by, at)}</b>"


def _called(people: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(
        link(f"tg://user?id={person['telegram']}", shorten(person["name"], NAME)) for person in people
    )


def _name(person: Mapping[str, Any]) -> str:
    return escape(shorten(person["name"], NAME))
