"""`vidhuk eval`: from the files that were named to figures."""

import json
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from monitor.sentiment.classifier import Classifier
from monitor.sentiment.evaluation.baselines import Absent, Baseline, Ngrams, Vader
from monitor.sentiment.evaluation.columns import Wanted
from monitor.sentiment.evaluation.evaluation import evaluate
from monitor.sentiment.evaluation.figures import figures
from monitor.sentiment.evaluation.lines import EvaluationError, printable
from monitor.sentiment.evaluation.meanings import MEANINGS, parse_labels
from monitor.sentiment.evaluation.plot import plot
from monitor.sentiment.evaluation.report import show
from monitor.sentiment.evaluation.survey import survey

BASELINES = (Ngrams, Vader)
CORRECTIONS = "your corrections"


Taught = Callable[[], Iterable[Mapping[str, Any]]]
"""What staff corrected: rows with text, language and complaint."""


@dataclass(frozen=True)
class Sought:
    """A file, and what the person said of it."""

    path: Path
    wanted: Wanted = field(default_factory=Wanted)
    labels: Mapping[str, str] = field(default_factory=dict)
    """What labels mean that aren't spelt as usual."""
    name: str = ""
    """Shown instead of the path where that says nothing to the person."""


def eval_command(
    judge: Callable[[], Classifier], console: Console, taught: Taught = tuple
) -> Callable[..., None]:
    """The command, with the judge and the corrections that it asks for once the options are understood."""
    errors = Console(stderr=True)

    def command(
        files: Annotated[
            list[Path] | None, typer.Argument(help="JSONL or CSV with a header, plain or gzipped.")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object, for machines.")] = False,
        text: Annotated[str, typer.Option(help="The column of the text.")] = "",
        label: Annotated[str, typer.Option(help="The column of the label.")] = "",
        language: Annotated[str, typer.Option(help="The column of the language.")] = "",
        labels: Annotated[
            str, typer.Option(help=f"What labels mean, as in 0=negative,4=positive: {', '.join(MEANINGS)}.")
        ] = "",
        corrections: Annotated[
            bool, typer.Option("--corrections", help="Also on what your staff said of posts.")
        ] = False,
        plot_to: Annotated[
            Path | None, typer.Option("--plot", help="Draw the calibration into this SVG file.")
        ] = None,
    ) -> None:
        """Score the model on labelled texts, the worst language first, beside simpler judges."""
        wanted = Wanted(text, label, language)
        try:
            _refuse_plot(plot_to, files or [])
            with tempfile.TemporaryDirectory() as folder:
                given = parse_labels(labels)
                sought = [Sought(path, wanted, given) for path in dict.fromkeys(files or [])]
                if corrections:
                    sought.append(Sought(_written(taught(), Path(folder)), name=CORRECTIONS))
                if not sought:
                    raise EvaluationError("Name a file with labelled texts, or --corrections.")
                said = evaluate_files(sought, judge, errors)
            _print(said, console, as_json=as_json)
            _draw(said, plot_to)
        except EvaluationError as error:
            errors.print(printable(str(error)), markup=False, style="red", soft_wrap=True)
            raise typer.Exit(1) from None

    return command


def _print(said: Mapping[str, Any], console: Console, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(said, ensure_ascii=False))
    else:
        show(said, console)


def _refuse_plot(path: Path | None, files: Sequence[Path]) -> None:
    """Before anything takes long, and before a file of texts is written over."""
    if path is None:
        return
    if path in files or (path.exists() and path.suffix.lower() != ".svg"):
        raise EvaluationError(f"--plot would write over {path}: name a new file, or one that ends in .svg.")
    if not path.parent.is_dir():
        raise EvaluationError(f"The plot can't be written to {path}: there is no folder {path.parent}.")


def _draw(said: Mapping[str, Any], path: Path | None) -> None:
    if path is None:
        return
    try:
        path.write_text(plot(said), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"The plot can't be written to {path}: {error.strerror}.") from error


def evaluate_files(
    files: Sequence[Sought], judge: Callable[[], Classifier], progress_on: Console
) -> dict[str, Any]:
    """Return the figures of every file; raise EvaluationError where a file can't be scored as it stands.

    All files are looked at before any is judged.
    """
    with _progress(progress_on) as progress:
        looking = progress.add_task("looking at the files", total=len(files))
        surveys = []
        for file in files:
            surveys.append(survey(file.path, file.wanted, file.labels, file.name))
            progress.advance(looking)
        classifier = judge()  # what is wrong with it is told before anything takes long
        progress.update(looking, description="gathering simple judges")
        baselines, absent = _baselines()
        progress.update(looking, visible=False)
        judging = progress.add_task("judging", total=sum(found.rows for found in surveys))
        evaluation = evaluate(surveys, classifier, baselines, lambda rows: progress.advance(judging, rows))
    said = figures(evaluation, absent)
    if len(said["unscored"]) == len(surveys):
        raise EvaluationError(
            f"The model {evaluation.model} does not say what is a complaint, and the files say nothing else: "
            "nothing can be scored. They need a column of sentiment."
        )
    return said


def _written(taught: Iterable[Mapping[str, Any]], folder: Path) -> Path:
    """Put corrections into a file of their own, so that they are scored as any other file is."""
    rows = [json.dumps(row, ensure_ascii=False) for row in taught]
    if not rows:
        raise EvaluationError("Staff have not said of any post yet whether it is a complaint.")
    path = folder / "corrections.jsonl"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def _baselines() -> tuple[list[Baseline], dict[str, str]]:
    there: list[Baseline] = []
    absent: dict[str, str] = {}
    for baseline in BASELINES:
        try:
            there.append(baseline())
        except Absent as error:
            absent[baseline.name] = str(error)
    return there, absent


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
