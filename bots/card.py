"""A case as one card: what happened, why you see it, until when, and what you can do. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bots.markup import escape, link, quote, shorten
from bots.menu import first
from bots.message import Message
from bots.notices import told_before
from bots.words import Words
from models import Priority, ReplyState, Status
from monitor.cards import Answer, AnsweredThere, CaseView

LIGHTS = {Priority.HIGH: "🔴", Priority.NORMAL: "🟠", Priority.LOW: "🟡"}
DONE = {Status.ANSWERED: "🟢", Status.CLOSED: "⚪️"}
NAME = 60
UNBROKEN = "\N{NO-BREAK SPACE}"


def card(case: CaseView, words: Words, now: datetime) -> Message:
    """The whole card of a case, as it stands now."""
    lines = [
        _heading(case, words),
        _author(case, words),
        _text(case, words),
        _why(case, words),
        *_state(case, words, now),
    ]
    return Message("\n".join(line for line in lines if line), first(case, words))


def line(case: CaseView, words: Words) -> str:
    """The case in one line, for lists."""
    return f"{number(case)} {gist(case, 70)}"


def number(case: CaseView) -> str:
    return f"{_light(case)} <b>#{case.number}</b>"


def gist(case: CaseView, length: int) -> str:
    """Where, and the beginning of what was said, in one line."""
    return f"{escape(case.place)} · {escape(shorten(' '.join(case.text.split()), length))}"


def _light(case: CaseView) -> str:
    if case.status is Status.ASKED:
        return "❔"
    return DONE.get(case.status) or LIGHTS[Priority(case.priority)]


def _heading(case: CaseView, words: Words) -> str:
    parts = [
        f"<b>{escape(case.brand)}</b>",
        escape(case.place),
        words.ago(case.posted_at, max(case.told_at, case.posted_at)).replace(" ", UNBROKEN),
        escape(words.which(case.language)),
    ]
    return f"{_light(case)} " + " · ".join(parts)


def _author(case: CaseView, words: Words) -> str:
    parts = [f"👤 {escape(shorten(case.author, NAME))}"]
    if case.rating is not None:
        parts.append(words("rating {stars}", stars=f"{words.number(round(case.rating, 1))}★"))
    if case.reach is not None:
        parts.append(words("reaches {people}", people=words.compact(case.reach)))
    parts += [said for r in case.reasons if (said := _about_author(r, words))]
    if case.posts > 1:
        parts.append(words.plural("{count} post", "{count} posts", case.posts))
    return " · ".join(parts)


def _about_author(reason: Mapping[str, Any], words: Words) -> str:
    if reason["code"] != "repeated":
        return ""
    return words.plural("{count} complaint this month", "{count} complaints this month", reason["value"])


def _text(case: CaseView, words: Words) -> str:
    said_elsewhere = case.title in case.text or case.title in case.place
    title = "" if said_elsewhere else (f"<i>{escape(shorten(case.title, 90))}</i>\n")
    copies = ""
    if case.copies:
        copies = "\n" + words.plural("+{count} copy", "+{count} copies", case.copies)
    return f"{title}{quote(case.text, case.matches)}{copies}"


def _why(case: CaseView, words: Words) -> str:
    reasons = [said for r in case.reasons if (said := reason_in_words(r, words))]
    return words("Why: {reasons}", reasons=" · ".join(reasons)) if reasons else ""


def reason_in_words(reason: Mapping[str, Any], words: Words) -> str:
    """One reason of the triage, or nothing where the card says it elsewhere, as it does the age."""
    value = reason["value"]
    match reason["code"]:
        case "complaint":
            return words("complaint {probability}", probability=words.share(value))
        case "negative":
            return words("unhappy {probability}", probability=words.share(value))
        case "rating":
            return words("rating {stars}", stars=f"{words.number(round(value, 1))}★")
        case "weighed":
            given = f"{words.number(round(value['rating'], 1))}★"
            return words("{before} without the {stars}", before=words.share(value["before"]), stars=given)
        case "confirmed":
            return words("a complaint, says {name}", name=escape(value))
        case "urgent":
            return f"«{escape(value['word'])}»"
        case "reach":
            return words("widely read")
        case "rule":
            return words("rule «{name}»", name=escape(value))
        case _:
            return ""


def _state(case: CaseView, words: Words, now: datetime) -> list[str]:
    lines = []
    if case.woken:
        lines.append("🔔 " + words("The author wrote again"))
    if case.answer is not None:
        lines.append(_answered(case.answer, words, now))
    if case.answered_there is not None:
        lines.append(answered_there(case.answered_there, words, now))
    if case.woken and case.told_before is not None:
        told = case.told_before
        lines.append(told_before(told.name, told.text, words.time(told.at, now), words))
    if case.status is Status.CLAIMED and case.claimed_by:
        lines.append(_claimed(case, case.claimed_by, words))
    if case.status in (Status.OPEN, Status.CLAIMED):
        lines.append(_promise(case, words, now))
    if case.resolve_by is not None:
        solve = words("Solve by {time}", time=f"<b>{words.time(case.resolve_by, now)}</b>")
        lines.append(f"{'⏰' if case.resolve_by < now else '🏁'} {solve}")
    if case.answer_until is not None and case.status in (Status.OPEN, Status.CLAIMED):
        lines.append(_window(case.answer_until, words, now))
    if case.snoozed_until:
        lines.append("💤 " + words("Put off until {time}", time=words.time(case.snoozed_until, now)))
    if case.duplicate_of is not None:
        lines.append("⚪️ " + words("Duplicate of #{case}", case=case.duplicate_of))
    elif case.status is Status.CLOSED:
        lines.append("⚪️ " + words("Closed"))
    if case.notes:
        lines.append("📝 " + words.plural("{count} note", "{count} notes", case.notes))
    if case.perhaps_twice:
        lines.append(
            "<i>" + words("This card may stand here twice: we were interrupted while sending it.") + "</i>"
        )
    return lines


def _claimed(case: CaseView, name: str, words: Words) -> str:
    name = f"<b>{escape(name)}</b>"
    if case.answering:
        return "✍️ " + words("{name} is answering", name=name)
    return "🙋 " + words("Claimed by {name}", name=name)


def _promise(case: CaseView, words: Words, now: datetime) -> str:
    time = words.time(case.answer_by, now)
    if case.late:
        return "⏰ " + words("Late: an answer was due by {time}", time=f"<b>{time}</b>")
    return "⏳ " + words("Answer by {time}", time=f"<b>{time}</b>")


def _window(until: datetime, words: Words, now: datetime) -> str:
    time = words.time(until, now)
    if until <= now:
        return "🔒 " + words("By API no answer has been taken there since {time}.", time=time)
    return "⌛ " + words("Answers are taken there until {time}", time=f"<b>{time}</b>")


def _answered(answer: Answer, words: Words, now: datetime) -> str:
    name = escape(answer.staff)
    match answer.state:
        case ReplyState.SENT | ReplyState.HANDED_OFF:
            at = words.time(answer.at, now) if answer.at else ""
            said = words("{name} answered at {time}", name=f"<b>{name}</b>", time=at)
            proof = f" · {link(answer.url, words('the answer'))}" if answer.url else ""
            return f"✅ {said}{proof}"
        case ReplyState.WAITING:
            return "👀 " + words("{name}'s answer waits for approval", name=name)
        case ReplyState.QUEUED:
            return "📤 " + " · ".join(_leaving(answer, name, words))
        case ReplyState.DELETING | ReplyState.DELETED:
            is_gone = answer.state is ReplyState.DELETED
            told = words("{name}'s answer was deleted there", name=name) if is_gone else words("Deleting…")
            return f"🗑 {told}"
        case ReplyState.FAILED:
            return (
                "⚠️ "
                + words("{name}'s answer was not posted", name=name)
                + f": {escape(shorten(answer.error or '', 300))}"
            )
        case _:
            return "❓ " + words("Nobody knows whether {name}'s answer is there. Please look.", name=name)


def _leaving(answer: Answer, name: str, words: Words) -> Iterator[str]:
    """Until when it can be stopped, and who has approved it."""
    if answer.leaves_at and not answer.error:
        time = f"<b>{words.second(answer.leaves_at)}</b>"
        yield words("{name}'s answer leaves at {time}", name=name, time=time)
    else:
        yield words("{name}'s answer is on its way", name=name)
    if answer.approved_by:
        yield words("approved by {name}", name=escape(answer.approved_by))


def answered_there(answer: AnsweredThere, words: Words, now: datetime) -> str:
    account = f"<b>{escape(shorten(answer.account, NAME))}</b>"
    said = words(
        "Answered at the source by {account} at {time}", account=account, time=words.time(answer.at, now)
    )
    return f"✅ {said} · {link(answer.url, words('the answer'))}"
