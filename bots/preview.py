"""What the public would see, before it does: as whom, where, how long; or the way to post it by hand. Pure."""

from dataclasses import replace

from telegram import CopyTextButton, InlineKeyboardButton

from bots.draft import Draft
from bots.markup import escape, link, shorten, units
from bots.message import Message, Rows, button, link_button
from bots.words import Words
from models import ReplyState
from monitor.fields import unfilled
from monitor.offers import Offer

COPY_BUTTON = 256
"""Characters that Telegram lets a button copy."""
SHOWN = 3_000
ERROR = 300
TITLE = 22
"""Units of a title on a button that has to say the language too."""


def ask(draft: Draft, words: Words) -> Message:
    """The question that staff answer with the text. Says that it will be public.

    It mentions whom it asks: only theirs is the composer that Telegram turns to it, though the whole chat sees it.
    """
    you = f'<a href="tg://user?id={draft.staff_id}">{escape(draft.staff)}</a>'
    who = f"<b>{escape(shorten(draft.author, 60))}</b>"
    lines = [
        words(
            "{name}, write your answer to {author}, case #{number}.", name=you, author=who, number=draft.case
        )
    ]
    lines.append(words("It will be public: {place}.", place=link(draft.url, draft.place)))
    lines.append(words("You will see a preview before it leaves."))
    if not is_whole(draft.text):
        lines.append(words("The text is too long to be shown whole: copy it from your own message."))
    if draft.text:
        lines.append(f"<pre>{escape(shorten(draft.text, SHOWN))}</pre>")
    return Message("\n".join(lines))


def is_whole(text: str) -> bool:
    """Does the preview show all of it? Nobody sends or approves what they have not seen."""
    return units(text) <= SHOWN


def preview(draft: Draft, words: Words) -> Message:
    """The reply in its present state, with what can be done now."""
    match draft.state:
        case ReplyState.PREVIEW if draft.account is None and draft.rule is None:
            return _hand_over(draft, words)
        case ReplyState.PREVIEW:
            return _ready(draft, words)
        case ReplyState.WAITING:
            shown = to_approve(draft, words)
            return replace(shown, rows=[*shown.rows, _edit_or_cancel(draft, words)])
        case ReplyState.QUEUED:
            return _leaving(draft, words)
        case ReplyState.SENT:
            return _posted("✅ " + words("Posted.") + _proof(draft) + _approved(draft, words), draft, words)
        case ReplyState.REPLACED:
            return _after("✏️ " + words("Replaced by a newer wording."), draft)
        case ReplyState.DELETING:
            return _after("🗑 " + _deleting(draft, words), draft)
        case ReplyState.DELETED:
            return _after("🗑 " + words("Deleted there."), draft)
        case ReplyState.HANDED_OFF:
            return _after("✅ " + words("Noted: you posted it yourself.") + _proof(draft), draft)
        case ReplyState.FAILED:
            return _failed(draft, words)
        case ReplyState.UNKNOWN:
            return _unknown(draft, words)
        case _:
            return _after("✖️ " + words("Cancelled. Nothing was posted."), draft)


def _ready(draft: Draft, words: Words) -> Message:
    over = len(draft.text) - draft.limit if draft.limit is not None else 0
    unseen = units(draft.text) - SHOWN
    lines = [f"🌍 <b>{_heading(draft, words)}</b>", *_public(draft, words), *_window(draft, words)]
    if over > 0:
        lines.append(
            "⚠️ " + words.plural("Too long by {count} character.", "Too long by {count} characters.", over)
        )
    if unseen > 0:
        said = words.plural(
            "Not shown whole here: {count} character too long. Nobody sends what nobody has seen: please shorten it.",
            "Not shown whole here: {count} characters too long. Nobody sends what nobody has seen: please shorten it.",
            unseen,
        )
        lines.append(f"⚠️ {said}")
    lines += _warnings(draft, words)
    if draft.rule:
        lines.append("👀 " + _needs(draft, words))
    text = "👀 " + words("Ask for approval") if draft.rule else "📤 " + words("Send")
    held = over > 0 or unseen > 0 or unfilled(draft.text)
    send = [] if held else [button(text, "send", draft.number, style="primary")]
    return Message("\n".join(lines), [send, _edit_or_cancel(draft, words), *offers(draft, words)])


def _heading(draft: Draft, words: Words) -> str:
    if draft.replaces:
        return words("Preview. This replaces what is there, for everybody:")
    return words("Preview. Everybody will see this:")


def offers(draft: Draft, words: Words) -> Rows:
    """Saved answers to begin from, one a row; the language is named where it is not the customer's."""
    return [
        [button(f"📋 {_offer(one, draft, words)}", "saved", draft.number, one.name)] for one in draft.offers
    ]


def _offer(one: Offer, draft: Draft, words: Words) -> str:
    if one.language == draft.language:
        return one.title
    return f"{shorten(one.title, TITLE)} ({words.which(one.language)})"


def _window(draft: Draft, words: Words) -> list[str]:
    """How long the platform still takes an answer, or since when no more."""
    until, now = draft.answer_until, draft.seen_at
    if until is None or now is None:
        return []
    if draft.is_shut:
        return [
            "🔒 " + words("By API no answer has been taken there since {time}.", time=words.time(until, now))
        ]
    return [
        "⌛ "
        + words("Closes in {span}, at {time}", span=words.span(until - now), time=words.time(until, now))
    ]


def _warnings(draft: Draft, words: Words) -> list[str]:
    lines = []
    if fields := unfilled(draft.text):
        named = escape(shorten(", ".join(fields), ERROR))
        lines.append("✏️ " + words("Fill in before it can leave: {fields}", fields=f"<b>{named}</b>"))
    if draft.said_before:
        lines.append("♻️ " + words("The last two customers got the very same words. Say it in your own?"))
    return [*lines, *_answered_meanwhile(draft, words)]


def _answered_meanwhile(draft: Draft, words: Words) -> list[str]:
    lines = []
    if draft.answered_there:
        account = f"<b>{escape(shorten(draft.answered_there, 60))}</b>"
        lines.append("⚠️ " + words("{account} has answered there meanwhile.", account=account))
    if draft.answered_by:
        name = f"<b>{escape(shorten(draft.answered_by, 60))}</b>"
        lines.append("⚠️ " + words("{name} has answered the author meanwhile.", name=name))
    return lines


def to_approve(draft: Draft, words: Words) -> Message:
    """What colleagues look at before it leaves. Changing it is its writer's business, where the preview is."""
    lines = [
        "👀 <b>" + words("{name} asks a colleague to look first.", name=escape(draft.staff)) + "</b>",
        _needs(draft, words),
        *_public(draft, words),
        *_answered_meanwhile(draft, words),
    ]
    look = [
        button("✅ " + words("Approve"), "approve", draft.number, style="success"),
        button("↩️ " + words("Send back"), "sendback", draft.number),
    ]
    return Message("\n".join(lines), [look])


def _needs(draft: Draft, words: Words) -> str:
    rule = escape(draft.rule or "")
    if draft.needs_lead:
        return words("Needs the approval of a lead: «{rule}»", rule=rule)
    return words("Needs a second pair of eyes: «{rule}»", rule=rule)


def _public(draft: Draft, words: Words) -> list[str]:
    """What everybody will see, and where."""
    lines = [_quoted(draft)]
    if draft.account is not None:
        lines.append(words("As: {account}", account=f"<b>{escape(draft.account)}</b>"))
    lines.append(words("Where: {place}", place=_place(draft)))
    if draft.language != "und":
        language = escape(words.language_of(draft.language))
        lines.append(words("The author wrote in: {language}", language=language))
    if draft.limit is not None:
        length, limit = words.number(len(draft.text)), words.number(draft.limit)
        lines.append(words("Length: {length} of {limit}", length=length, limit=limit))
    return lines


def why_back(name: str, staff_id: int, writer: str, words: Words) -> Message:
    """The question to a second person; like `ask`, it mentions whom it asks."""
    you = f'<a href="tg://user?id={staff_id}">{escape(name)}</a>'
    said = words("{name}, why do you send {writer}'s answer back?", name=you, writer=escape(writer))
    return Message(said + "\n" + words("Only colleagues will see it."))


def _hand_over(draft: Draft, words: Words) -> Message:
    lines = [
        "🤝 <b>" + words("Only a person can post there. Three steps:") + "</b>",
        "1. " + words("Open the thread: {place}", place=_place(draft)),
        *_to_copy(draft, words),
        "3. " + words("Paste and post it there, then press Done."),
        *_window(draft, words),
        *_warnings(draft, words),
    ]
    copy = []
    if units(draft.text) <= COPY_BUTTON and not unfilled(draft.text):
        copy = [InlineKeyboardButton("📋 " + words("Copy"), copy_text=CopyTextButton(draft.text))]
    done = [button("✅ " + words("Done"), "done", draft.number, style="success")]
    if unfilled(draft.text):
        done = []
    return Message(
        "\n".join(lines),
        [
            [*link_button("↗ " + words("Open"), draft.url), *copy],
            done,
            _edit_or_cancel(draft, words),
            *offers(draft, words),
        ],
    )


def _to_copy(draft: Draft, words: Words) -> list[str]:
    """The text to paste, never cut without a word."""
    text = escape(shorten(draft.text, SHOWN))
    if is_whole(draft.text):
        return ["2. " + words("Copy the text with one tap:"), f"<pre>{text}</pre>"]
    told = words("The text is too long to be shown whole: copy it from your own message.")
    return ["2. " + told, f"<blockquote expandable>{text}</blockquote>"]


def _failed(draft: Draft, words: Words) -> Message:
    lines = [
        "⚠️ <b>" + words("It was not posted.") + "</b>",
        escape(shorten(draft.error or "", ERROR)),
        _quoted(draft),
    ]
    retry = [button("🔁 " + words("Retry"), "retry", draft.number, style="primary")]
    by_hand = [button("🤝 " + words("Post it by hand"), "byhand", draft.number)]
    ways = [retry] if draft.replaces else [by_hand] if draft.account is None else [retry, by_hand]
    return Message("\n".join(lines), [*ways, _edit_or_cancel(draft, words)])


def _unknown(draft: Draft, words: Words) -> Message:
    lines = [
        "❓ <b>" + words("It may have been posted, and we can't tell.") + "</b>",
        escape(shorten(draft.error or "", ERROR)),
        words("Please look at the thread: {place}", place=_place(draft)),
    ]
    there = button(words("It is there"), "there", draft.number)
    missing = button(words("It is not there"), "missing", draft.number)
    return Message("\n".join(lines), [[there, missing], link_button("↗ " + words("Open"), draft.url)])


def _sending(draft: Draft, words: Words) -> str:
    if draft.error:
        return words(
            "Not yet: {reason} We try again by ourselves.", reason=escape(shorten(draft.error, ERROR))
        )
    return words("Sending…")


def _leaving(draft: Draft, words: Words) -> Message:
    """Until somebody posts it, Undo stops it."""
    if draft.leaves_at is None:
        return _after("📤 " + _sending(draft, words), draft)
    said = _sending(draft, words)
    if not draft.error:
        said = words("It leaves at {time}.", time=f"<b>{words.second(draft.leaves_at)}</b>")
    undo = button("↩️ " + words("Undo"), "undo", draft.number, style="danger")
    approved = words("approved by {name}", name=escape(draft.approved_by)) if draft.approved_by else ""
    lines = [f"⏳ {said}", *([f"✅ {approved}"] if approved else []), _quoted(draft)]
    return Message("\n".join(lines), [[undo]])


def deletion(draft: Draft, words: Words) -> Message:
    """Asks once more before what is public goes."""
    lines = ["🗑 <b>" + words("Delete this answer where everybody sees it?") + "</b>", _quoted(draft)]
    sure = button(words("Yes, delete it"), "deletesure", draft.number, style="danger")
    return Message("\n".join(lines), [[sure, button(words("Keep it"), "keep", draft.number)]])


def _posted(said: str, draft: Draft, words: Words) -> Message:
    failed = escape(shorten(draft.error or "", ERROR))
    lines = [said, *([f"⚠️ {failed}"] if failed else []), _quoted(draft)]
    buttons = []
    if draft.can_edit:
        buttons.append(button("✏️ " + words("Edit the answer"), "editthere", draft.number))
    if draft.can_delete:
        buttons.append(button("🗑 " + words("Delete the answer"), "deletethere", draft.number))
    return Message("\n".join(lines), [[each] for each in buttons])


def _deleting(draft: Draft, words: Words) -> str:
    if not draft.error:
        return words("Deleting…")
    reason = escape(shorten(draft.error, ERROR))
    return words("Not yet: {reason} We try again by ourselves.", reason=reason)


def _proof(draft: Draft) -> str:
    return f" {link(draft.posted_url, shorten(draft.posted_url, 200))}" if draft.posted_url else ""


def _after(said: str, draft: Draft) -> Message:
    return Message(f"{said}\n{_quoted(draft)}", ())


def _approved(draft: Draft, words: Words) -> str:
    name = escape(draft.approved_by or "")
    return " · " + words("approved by {name}", name=name) if name else ""


def _quoted(draft: Draft) -> str:
    return f"<blockquote>{escape(shorten(draft.text, SHOWN))}</blockquote>"


def _place(draft: Draft) -> str:
    where = f"{draft.place} · {shorten(draft.title, 60)}" if draft.title else draft.place
    return link(draft.url, where)


def _edit_or_cancel(draft: Draft, words: Words) -> list[InlineKeyboardButton]:
    return [button(words("Edit"), "edit", draft.number), button(words("Cancel"), "cancel", draft.number)]
