"""What is said of many cases at once, which singly would ring for an hour. Pure."""

from collections.abc import Mapping
from typing import Any

from bots.markup import called, escape
from bots.message import Rows, button
from bots.words import Words
from monitor.inbox import Shelf


def many(values: Mapping[str, Any], words: Words) -> str:
    """The HTML of it: how many more, of what; values are those that monitor.waves keeps."""
    count = values["count"]
    if values["of"] == "rule":
        name = f"<b>{escape(values['rule'])}</b>"
        return "⏫ " + words.plural(
            "Rule «{name}»: {count} more case.", "Rule «{name}»: {count} more cases.", count, name=name
        )
    names = called(values["people"])
    match values["of"]:
        case "late":
            return "⏰ " + words.plural(
                "{names}, {count} more case is late.",
                "{names}, {count} more cases are late.",
                count,
                names=names,
            )
        case "unclaimed":
            return "⏳ " + words.plural(
                "{names}, nobody has claimed {count} more case, and half of the time is gone.",
                "{names}, nobody has claimed {count} more cases, and half of the time is gone.",
                count,
                names=names,
            )
        case _:
            return "⏰ " + words.plural(
                "{names}, {count} more case was to be solved by now and is open still.",
                "{names}, {count} more cases were to be solved by now and are open still.",
                count,
                names=names,
            )


def ways(values: Mapping[str, Any], words: Words) -> Rows:
    """To the shelf of the inbox where they are."""
    match values["of"]:
        case "late":
            return [[button(words("Late"), "inbox", 0, Shelf.LATE.value, "")]]
        case "unclaimed" | "rule":
            return [[button(words("Open cases"), "inbox", 0, Shelf.OPEN.value, "")]]
        case _:
            return []
