"""What the model learnt from staff's corrections: the figures, and a question to a lead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bots.markup import escape
from bots.message import Message, Rows, button
from bots.office import Office
from bots.words import Words
from models import Learnt, LearntState
from monitor.db import reading
from monitor.desk import Refused

_RARELY = 0.001


def what_was_learnt(office: Office, number: int, chat_id: int) -> Message:
    """The message as it stands now. Raises Refused where there is no such lesson."""
    with reading(office.sessions) as session:
        learnt = session.get(Learnt, number)
        if learnt is None:
            raise Refused("outdated")
        return lesson(learnt, office.words(chat_id), office.clock())


def lesson(learnt: Learnt, words: Words, now: datetime) -> Message:
    """Pure: how many corrections, how much better, how likely by chance, what would change, and what was decided."""
    figures = learnt.figures
    heading = words.plural(
        "The model learnt from {count} correction of yours",
        "The model learnt from {count} corrections of yours",
        figures["corrections"],
    )
    lines = [f"🎓 <b>{heading}</b>", _right(words("Judged right"), figures)]
    lines += [_right(words.which(code), one) for code, one in sorted(figures["languages"].items())]
    lines.append(words("Chance alone would do as well in {share} of cases.", share=_share(figures, words)))
    if figures["others"]:
        lines.append(
            words(
                "Alerts among other posts: {before} → {after} of {count}",
                before=figures["alerts_before"],
                after=figures["alerts_after"],
                count=figures["others"],
            )
        )
    lines.append(_compared(figures, words))
    return Message("\n".join([*lines, "", _decided(learnt, words, now)]), _buttons(learnt, words))


def _right(what: str, score: Mapping[str, Any]) -> str:
    return f"{what}: {score['right_before']} → {score['right_after']} / {score['corrections']}"


def _compared(figures: Mapping[str, Any], words: Words) -> str:
    """With what: a head in use has seen these corrections, so that what it gets right of them says nothing."""
    if figures.get("replaces"):
        return words("Compared with the shipped model; the alerts, with what is in use.")
    return words("Compared with the shipped model.")


def _share(figures: Mapping[str, Any], words: Words) -> str:
    chance = figures["chance"]
    return f"&lt; {words.number(0.1)} %" if chance < _RARELY else f"{words.number(round(chance * 100, 1))} %"


def _decided(learnt: Learnt, words: Words, now: datetime) -> str:
    name = f"<b>{escape(learnt.decided_by.name)}</b>" if learnt.decided_by else ""
    time = words.time(learnt.decided_at, now) if learnt.decided_at else ""
    match learnt.state:
        case LearntState.PROPOSED:
            return words("Use it? A lead decides.")
        case LearntState.ACTIVE:
            return "✅ " + words("In use since {time}, {name} decided.", time=time, name=name)
        case LearntState.REFUSED:
            return "✖️ " + words("Not used, {name} decided.", name=name)
        case _ if name:
            return "↩️ " + words("No longer in use, {name} decided.", name=name)
        case _:
            return "↩️ " + words("No longer in use.")


def _buttons(learnt: Learnt, words: Words) -> Rows:
    match learnt.state:
        case LearntState.PROPOSED:
            use = button(words("Yes, use it"), "learn_yes", learnt.id, style="success")
            return [[use, button(words("No, leave it"), "learn_no", learnt.id)]]
        case LearntState.ACTIVE:
            return [[button(words("Back to the shipped model"), "learn_back", learnt.id)]]
        case _:
            return []
