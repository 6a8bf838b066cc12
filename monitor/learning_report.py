"""`vidhuk learn`: what was learnt, for the terminal."""

from datetime import datetime

from rich.console import Console
from rich.table import Table

from models import LearntState
from monitor import learning
from monitor.db import Sessions, reading
from monitor.learning import Active
from monitor.sentiment.classifier import Classifier
from monitor.sentiment.curves import curves_of
from monitor.sentiment.learning.gain import Score
from monitor.sentiment.learning.lesson import CHANCE, AlertFrom, Lesson, TooFew, learn
from monitor.sentiment.learning.taught import pooling
from monitor.settings import Settings
from monitor.zones import Zones

_KNOWN = {
    LearntState.ACTIVE: "The same corrections taught what is in use: nothing new is proposed.",
    LearntState.REFUSED: "What the same corrections taught was refused by a lead: nothing new is proposed.",
    LearntState.PROPOSED: "A lead was asked about what the same corrections taught, and has not decided yet.",
}


def learn_command(
    sessions: Sessions,
    classifier: Classifier,
    settings: Settings,
    now: datetime,
    console: Console,
    *,
    dry_run: bool,
) -> int:
    """Learn from the corrections in the database, print how good that is, and propose it where it is better.

    Return the exit status: 0 where something was learnt, better or not.
    """
    poolable = pooling(classifier)
    if poolable is None:
        return _say(
            console, f"The model {classifier.name} does not show what its heads see: it can't learn.", 1
        )
    with reading(sessions) as session:
        said = learning.what_was_said(session)
        others = learning.uncorrected(session, [one.case for one in said])
    try:
        with console.status(f"learning from {len(said)} corrections …"):
            in_use = Active(sessions)(poolable.fingerprint)
            lesson = learn(poolable, said, others, _alert_from(classifier, settings), in_use)
    except TooFew as error:
        return _say(console, str(error), 1)
    show(lesson, console)
    if not lesson.is_better:
        return _say(console, _why_not(lesson), 0)
    with reading(sessions) as session:
        known = learning.known(session, lesson, poolable.fingerprint)
    if known is not None:
        return _say(console, _KNOWN[known.state], 0)
    if dry_run:
        return _say(console, "Better than chance would explain. Nothing was stored (--dry-run).", 0)
    with sessions.begin() as session:
        learning.propose(session, lesson, poolable.fingerprint, settings, now)
    return _say(console, "Better than chance would explain. A lead is asked in the staff chat.", 0)


def undo_command(sessions: Sessions, now: datetime, console: Console) -> int:
    with sessions.begin() as session:
        undone = learning.undo(session, now)
    said = (
        "The shipped model judges again." if undone else "Nothing learnt is in use: the shipped model judges."
    )
    return _say(console, said, 0)


def what_is_in_use(sessions: Sessions, classifier: Classifier) -> str:
    """Say what is in use of what the model learnt here, or why it is not, to follow the model's name."""
    with reading(sessions) as session:
        learnt = learning.in_use(session)
    if learnt is None:
        return ""
    said = f"what it learnt from {learnt.figures['corrections']} corrections on {learnt.made_at:%Y-%m-%d}"
    if learning.fits(learnt, classifier):
        anew = "run `vidhuk learn` again, or `vidhuk learn --undo`"
        return (
            f", with {said}" if learning.is_readable(learnt) else f"; {said} is damaged and not used: {anew}"
        )
    todo = ", and this one can't learn" if pooling(classifier) is None else ": run `vidhuk learn` again"
    return f"; {said} is ignored, since that was another model{todo}"


def show(lesson: Lesson, console: Console) -> None:
    """Print the corrections, all and by language, and what would change for posts that nobody corrected."""
    table = Table("", box=None, padding=(0, 2, 0, 0))
    for name in ("corrections", "right before", "after", "log loss before", "after"):
        table.add_column(name, justify="right")
    for code, score in lesson.languages.items():
        table.add_row(code, *_cells(score))
    table.add_section()
    table.add_row("all", *_cells(lesson.score))
    console.print(table)
    _say(console, "Before: the model as it ships, whatever is in use.", 0)
    console.print(
        f"By chance alone: {lesson.chance:.2%} of the time; against a guess that reads no text: "
        f"{lesson.chance_unread:.2%} (better counts below {CHANCE:.0%} in both)."
    )
    if lesson.others:
        now = "what is in use" if lesson.replaces else "the model as it ships"
        console.print(
            f"Of {lesson.others} other posts, {now} alerts {lesson.alerts_before}; this would alert {lesson.alerts_after}."
        )


def _why_not(lesson: Lesson) -> str:
    if lesson.score.right_after < lesson.score.right_before:
        return "Fewer would be judged right than before: the shipped model stays. Do the corrections contradict each other?"
    if not lesson.follows_from_texts:
        return (
            "What staff said does not follow from the texts: whoever reads none, and knows how often they say yes, does as "
            "well. The shipped model stays."
        )
    return "That is not better than chance would explain: the shipped model stays."


def _alert_from(classifier: Classifier, settings: Settings) -> AlertFrom:
    """Where triage alerts, by language; the stars and rules of a post are no matter of the model's."""
    zones = Zones(curves_of(classifier), settings.triage)
    return lambda language: zones.of(language).alert_from


def _cells(score: Score) -> list[str]:
    return [
        str(score.corrections),
        str(score.right_before),
        str(score.right_after),
        f"{score.loss_before:.3f}",
        f"{score.loss_after:.3f}",
    ]


def _say(console: Console, sentence: str, status: int) -> int:
    console.print(sentence, markup=False, soft_wrap=True)
    return status
