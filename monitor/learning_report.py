"""`vidhuk learn`: what was learnt, for the terminal."""

from datetime import datetime

from rich.console import Console
from rich.table import Table

from monitor import learning
from monitor.db import Sessions, reading
from monitor.sentiment.classifier import Classifier
from monitor.sentiment.learning.lesson import CHANCE, Lesson, Score, TooFew, learn
from monitor.sentiment.learning.taught import pooling
from monitor.settings import Settings


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
            lesson = learn(poolable, said, others)
    except TooFew as error:
        return _say(console, str(error), 1)
    show(lesson, console)
    if not lesson.is_better:
        return _say(console, _why_not(lesson), 0)
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
        return f", with {said}"
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
    console.print(f"By chance alone: {lesson.chance:.2%} of the time (better counts below {CHANCE:.0%}).")
    if lesson.others:
        console.print(
            f"Of {lesson.others} other posts, {lesson.alerts_before} were judged unhappy; "
            f"{lesson.alerts_after} would be."
        )


def _why_not(lesson: Lesson) -> str:
    if lesson.score.right_after < lesson.score.right_before:
        return "Fewer would be judged right than before: the shipped model stays. Do the corrections contradict each other?"
    return "That is not better than chance would explain: the shipped model stays."


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
