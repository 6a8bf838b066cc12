"""What is said of an answer that did not arrive, and what can be done about it at once. Pure."""

from collections.abc import Mapping
from typing import Any

from bots.markup import called, escape, shorten
from bots.message import Rows, button, link_button
from bots.promises import name_of
from bots.words import Words

UNPOSTED = ("not_posted", "not_posted_lead")
ERROR = 300


def unposted(kind: str, values: Mapping[str, Any], words: Words) -> str:
    """The HTML of a notice: what happened, and why; who has to act is named so that Telegram calls them."""
    said = _to_lead(values, words) if kind == "not_posted_lead" else _to_writer(values, words)
    why = escape(shorten(values["error"] or "", ERROR))
    mark = "❓" if values["what"] == "unknown" else "🚫"
    return f"{mark} {said}\n{why}".rstrip()


def unposted_buttons(kind: str, values: Mapping[str, Any], words: Words) -> Rows:
    """An answer of unknown fate is looked for; one that is not there is sent again, or posted by hand."""
    number, to_lead = values["reply"], kind == "not_posted_lead"
    take = [button(words("Take it"), "take", values["case"])] if to_lead else []
    match values["what"]:
        case "unknown":
            there = button(words("It is there"), "there", number)
            missing = button(words("It is not there"), "missing", number)
            return [[there, missing], link_button("↗ " + words("Open"), values["url"]), take]
        case "deletion" | "overtaken" | "seen_to":
            return []
    again = button("🔁 " + words("Retry"), "retry", number, style="primary")
    by_hand = button("🤝 " + words("Post it by hand"), "byhand", number)
    return [[again], take, [by_hand] if values["what"] == "answer" and not to_lead else []]


def _to_writer(values: Mapping[str, Any], words: Words) -> str:
    names, case = called(values["people"]), values["case"]
    author = f"<b>{escape(shorten(values['author'], 60))}</b>"
    match values["what"]:
        case "unknown":
            return words(
                "{names}, the answer to {author}, case #{case}, may be there or not: we can't tell. Please look.",
                names=names,
                author=author,
                case=case,
            )
        case "deletion":
            return words(
                "{names}, the answer to {author}, case #{case}, was not deleted: everybody still sees it.",
                names=names,
                author=author,
                case=case,
            )
        case "overtaken" if values["owner"]:
            return words(
                "{names}, the answer to {author}, case #{case}, was held back: the author has been answered meanwhile, and {name} has the case. Only once it is handed over to you can you send it all the same.",
                names=names,
                author=author,
                case=case,
                name=name_of(values["owner"]),
            )
        case "overtaken":
            return words(
                "{names}, the answer to {author}, case #{case}, was held back: the author has been answered meanwhile. Send it all the same, or cancel it: the preview has both.",
                names=names,
                author=author,
                case=case,
            )
        case "edit":
            return words(
                "{names}, the new wording of the answer to {author}, case #{case}, was not posted: the old one is still there.",
                names=names,
                author=author,
                case=case,
            )
        case _:
            return words(
                "{names}, the answer to {author}, case #{case}, was not posted.",
                names=names,
                author=author,
                case=case,
            )


def _to_lead(values: Mapping[str, Any], words: Words) -> str:
    names, writer = called(values["people"]), name_of(values["writer"])
    if values["what"] == "unknown":
        return words(
            "{names}, nobody has looked whether {name}'s answer in case #{case} is there.",
            names=names,
            name=writer,
            case=values["case"],
        )
    return words(
        "{names}, {name}'s answer in case #{case} was not posted, and {name} is away.",
        names=names,
        name=writer,
        case=values["case"],
    )
