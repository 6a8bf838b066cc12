"""A word to staff that is not a card. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bots.many import many
from bots.markup import escape, link, quote, shorten
from bots.message import Rows
from bots.promises import PROMISES, promise
from bots.promises import buttons as promise_buttons
from bots.unposted import UNPOSTED, unposted, unposted_buttons
from bots.words import Words

TOLD = 200
"""Units of what was said before: a reminder, not a reading."""


def notice(kind: str, values: Mapping[str, Any], words: Words) -> str:
    """The HTML of a notice; kinds are those that monitor queues."""
    source = f"<b>{escape(str(values.get('source', '')))}</b>"
    if values.get("what") == "seen_to":
        return "✔️ " + words("This answer has been seen to.")
    match kind:
        case "author_wrote":
            author = f"<b>{escape(shorten(values['author'], 60))}</b>"
            said = words("{author} wrote again:", author=author)
            return f"🔔 {said}\n{quote(values['text'], limit=700)}{_before(values.get('before'), words)}"
        case "post_edited":
            author = f"<b>{escape(shorten(values['author'], 60))}</b>"
            said = words(
                "{author} has changed the post, case #{case}. It says now:",
                author=author,
                case=values["case"],
            )
            return f"✏️ {said}\n{quote(values['text'], limit=700)}"
        case "rating_changed":
            author = f"<b>{escape(shorten(values['author'], 60))}</b>"
            before, now = (f"{words.number(round(values[at], 1))}★" for at in ("before", "rating"))
            return "✏️ " + words(
                "{author} has changed the rating, case #{case}: it was {before}, and is {now} now.",
                author=author,
                case=values["case"],
                before=before,
                now=now,
            )
        case "rule":
            return f"⏫ {_rule(values, words)}"
        case "many":
            return many(values, words)
        case "wrote_there":
            account = f"<b>{escape(shorten(values['account'], 60))}</b>"
            said = words(
                "{account} wrote in this thread, where several authors wait. Is it the answer to this case? Then close it.",
                account=account,
            )
            return f"💬 {said} {link(values['url'], '↗')}\n{quote(values['text'], limit=300)}"
        case "claim_expired":
            return "⌛️ " + _expired(values, words)
        case "handed_over":
            by = escape(values["by"])
            return "🤝 " + words(
                "{name}, {by} hands case #{case} over to you.",
                name=_mention(values),
                by=by,
                case=values["case"],
            )
        case "approval_asked":
            by, rule = f"<b>{escape(values['by'])}</b>", escape(values["rule"])
            if values["lead"]:
                return "👀 " + words("{name} asks a lead to approve an answer: «{rule}»", name=by, rule=rule)
            return "👀 " + words("{name} asks for a second pair of eyes: «{rule}»", name=by, rule=rule)
        case "sent_back":
            said = words(
                "{name}, {by} sends your answer back:", name=_mention(values), by=escape(values["by"])
            )
            return f"↩️ {said}\n{quote(values['reason'], limit=700)}"
        case "to_post":
            return "🤝 " + _to_post(values, words)
        case "no_topics":
            said = words("No topic can be opened here for a case: cases stay chains of replies.")
            return f"⚠️ {said}\n{escape(shorten(values['error'], 300))}"
        case "answered_by_hand":
            return "🤝 " + words(
                "{name}, {by} has answered the author of case #{case} there by hand. Look before you answer too.",
                name=_mention(values),
                by=escape(values["by"]),
                case=values["case"],
            )
        case "snooze_over":
            name = _mention(values) + " · " if values["staff"] else ""
            return "⏰ " + name + words("Case #{case} is back.", case=values["case"])
        case "chat_moved":
            said = words(
                "This group became a supergroup and has a new id: {id}. Whoever runs Vidhuk has to put it into the configuration, under staff: chats, and to restart. Then the open cases come here.",
                id=f"<code>{values['id']}</code>",
            )
            return f"⚠️ {said}"
        case "source_failing":
            times = words.plural("{count} time in a row", "{count} times in a row", values["failures"])
            said = words("{source} can't be read, {times}. We keep trying.", source=source, times=times)
            return f"⚠️ {said}\n{escape(shorten(values['error'] or '', 500))}"
        case "source_hanging":
            time = words.span(timedelta(minutes=values["minutes"]))
            return "⚠️ " + words(
                "{source} has been read for {time} without an end: nothing new comes from there. Vidhuk has to be restarted.",
                source=source,
                time=time,
            )
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
        case "learnt_ignored":
            said = words.plural(
                "The model is a new one: what the old one learnt from {count} correction of yours no longer counts.",
                "The model is a new one: what the old one learnt from {count} corrections of yours no longer counts.",
                values["corrections"],
            )
            if not values["can_learn"]:
                return f"🎓 {said}"
            return f"🎓 {said} " + words(
                "Whoever runs Vidhuk makes it anew with {command}.", command="<code>vidhuk learn</code>"
            )
        case "learnt_damaged":
            said = words.plural(
                "What the model learnt from {count} correction of yours is damaged: the shipped model judges.",
                "What the model learnt from {count} corrections of yours is damaged: the shipped model judges.",
                values["corrections"],
            )
            return f"🎓 {said} " + words(
                "Whoever runs Vidhuk makes it anew with {command}.", command="<code>vidhuk learn</code>"
            )
        case _ if kind in PROMISES:
            return promise(kind, values, words)
        case _ if kind in UNPOSTED:
            return unposted(kind, values, words)
        case _:
            raise ValueError(f"no words for a notice of kind {kind!r}")


def buttons(kind: str, values: Mapping[str, Any], words: Words) -> Rows:
    """What can be done at once."""
    if kind in UNPOSTED:
        return unposted_buttons(kind, values, words)
    return promise_buttons(kind, values, words)


def _rule(values: Mapping[str, Any], words: Words) -> str:
    name = f"<b>{escape(values['rule'])}</b>"
    if values["minutes"] is None:
        posts = words.plural("{count} post", "{count} posts", values["posts"])
        return words(
            "Rule «{name}»: {posts} in the thread, and the author is still unhappy.", name=name, posts=posts
        )
    time = words.span(timedelta(minutes=values["minutes"]))
    return words("Rule «{name}»: the author has waited {time} for an answer.", name=name, time=time)


def _expired(values: Mapping[str, Any], words: Words) -> str:
    time = words.span(timedelta(minutes=values["minutes"]))
    said = {"name": _mention(values), "case": values["case"], "time": time}
    if values.get("draft"):  # notices that waited through an update lack it
        return words(
            "{name}, case #{case} is free again: nothing happened for {time}. Your draft is kept.", **said
        )
    return words("{name}, case #{case} is free again: nothing happened for {time}.", **said)


def _to_post(values: Mapping[str, Any], words: Words) -> str:
    names = {"name": _mention(values), "by": escape(values["by"])}
    if values["shut"]:
        return words(
            "{name}, {by} approved your answer, but the platform takes no more answers to this post. Post it by hand: the preview has the steps.",
            **names,
        )
    return words("{name}, {by} approved your answer. Post it by hand: the preview has the steps.", **names)


def _mention(values: Mapping[str, Any]) -> str:
    """Somebody's name, so that their phone rings."""
    return f'<a href="tg://user?id={values["staff"]}">{escape(values["name"])}</a>'


def _before(said: Mapping[str, Any] | None, words: Words) -> str:
    """What the author was told last, short."""
    if said is None:
        return ""
    at, now = datetime.fromisoformat(said["at"]), datetime.fromisoformat(said["now"])
    return "\n" + told_before(said["name"], said["text"], words.time(at, now), words)


def told_before(who: str, text: str, time: str, words: Words) -> str:
    name = f"<b>{escape(shorten(who, 60))}</b>"
    said = words("Told before by {name}, {time}:", name=name, time=time)
    return f"↩️ {said}\n{quote(text, limit=TOLD)}"
