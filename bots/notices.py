"""A word to staff that is not a card. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bots.markup import escape, quote, shorten
from bots.promises import PROMISES, promise
from bots.words import Words


def notice(kind: str, values: Mapping[str, Any], words: Words) -> str:
    """The HTML of a notice; kinds are those that monitor queues."""
    source = f"<b>{escape(str(values.get('source', '')))}</b>"
    match kind:
        case "author_wrote":
            author = f"<b>{escape(shorten(values['author'], 60))}</b>"
            said = words("{author} wrote again:", author=author)
            return f"🔔 {said}\n{quote(values['text'], limit=700)}"
        case "rule":
            return f"⏫ {_rule(values, words)}"
        case "source_failing":
            times = words.plural("{count} time in a row", "{count} times in a row", values["failures"])
            said = words("{source} can't be read, {times}. We keep trying.", source=source, times=times)
            return f"⚠️ {said}\n{escape(shorten(values['error'] or '', 500))}"
        case "source_well":
            after = words.span(timedelta(minutes=values["minutes"]))
            return "✅ " + words("{source} is well again, after {time}.", source=source, time=after)
        case "source_silent":
            time = words.span(timedelta(hours=values["hours"]))
            return "🔇 " + words(
                "{source} has been silent for {time}, which is unlike it. Please look.",
                source=source,
                time=time,
            )
        case "source_speaks":
            return "🔊 " + words("{source} has new posts again.", source=source)
        case _ if kind in PROMISES:
            return promise(kind, values, words)
        case _:
            raise ValueError(f"no words for a notice of kind {kind!r}")


def _rule(values: Mapping[str, Any], words: Words) -> str:
    name = f"<b>{escape(values['rule'])}</b>"
    if values["minutes"] is None:
        posts = words.plural("{count} post", "{count} posts", values["posts"])
        return words(
            "Rule «{name}»: {posts} in the thread, and the author is still unhappy.", name=name, posts=posts
        )
    time = words.span(timedelta(minutes=values["minutes"]))
    return words("Rule «{name}»: the author has waited {time} for an answer.", name=name, time=time)
