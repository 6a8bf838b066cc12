"""The figures as tables for a terminal, the worst first. Names from files are plain text here, never markup."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.sentiment.evaluation.evaluation import MODEL
from monitor.sentiment.evaluation.figures import FEW, MAJORITY, MEANS, is_few
from monitor.sentiment.labels import SENTIMENTS

Figures = Mapping[str, Any]

MOST = 15
"""Groups shown of domains and hard things; --json has all."""
FEWEST = 20
"""Rows below which a group's figures are left to --json: they would be chance."""

FEW_LABELS = 6
"""Labels of one meaning that are shown."""

_SENTIMENT = {
    "macro-F1": "macro_f1",
    "prec.": "negative_precision",
    "recall": "negative_recall",
    "F1": "negative_f1",
    "AUC": "negative_auc",
    "ECE": "ece",
    "Brier": "brier",
    "R@P.9": "recall_at_precision_90",
    "from": "threshold_for_precision_90",
}
_COMPLAINT = {
    "macro-F1": "macro_f1",
    "prec.": "precision",
    "recall": "recall",
    "AUC": "auc",
    "ECE": "ece",
    "R@P.9": "recall_at_precision_90",
    "from": "threshold_for_precision_90",
}
_LEGEND = (
    "prec., recall, F1, AUC: of negative, or of complaints. R@P.9: the recall where nine of ten alerts are right, "
    "which takes the probability under «from» or more. What every figure is: docs/eval.md."
)
_BRIEF = {"accuracy": "accuracy", "macro-F1": "macro_f1", "neg. F1": "negative_f1", "AUC": "negative_auc"}


def show(figures: Figures, console: Console) -> None:
    """Print every table that has rows, what the columns are, and what was left out and why."""
    languages, sets = figures["languages"], figures["sets"]
    both = languages | {_beside_languages(name, languages): group for name, group in sets.items()}
    _read(figures["files"], console)
    _scored("Sentiment by language, the worst first", languages, "sentiment", _SENTIMENT, console)
    _scored("Sentiment by file", sets, "sentiment", _SENTIMENT, console, figures["mean_of_sets"])
    _scored("Complaints", both, "complaint", _COMPLAINT, console)
    _beside("Beside simple judges: macro-F1/negative F1/AUC", both, "sentiment", console)
    _beside("Complaints beside simple judges: macro-F1/AUC", both, "complaint", console)
    _confusions(languages, console)
    _scored("Worst domains", _worst(figures["domains"]), "sentiment", _BRIEF, console)
    _scored("Hardest, by accuracy", _worst(figures["hard"]), "sentiment", _BRIEF, console)
    console.print(Text(_LEGEND, "dim"))
    _left_out(figures, console)


def _beside_languages(name: str, languages: Figures) -> str:
    """A file that is called as a language is: en.csv."""
    return f"file {name}" if name in languages else name


def _read(files: Sequence[Figures], console: Console) -> None:
    """Say how each file was read: a label that is taken for another makes every figure wrong."""
    for one in files:
        columns = dict(one["columns"])
        text = Text(f"{one['file']}: text in «{columns['text']}»", "dim")
        if "label" in columns:
            text.append(f", sentiment in «{columns['label']}»: {_meant(one['labels'])}")
        if "complaint" in columns:
            text.append(f", complaints in «{columns['complaint']}»")
        text.append(f", language in «{columns['language']}»" if "language" in columns else "")
        console.print(text)
    console.print()


def _meant(labels: Figures) -> str:
    """Return ``1, 2 = negative (340); 3 = neutral (51)``."""
    meanings: dict[str, list[str]] = {}
    for label, one in labels.items():
        meanings.setdefault(one["meaning"], []).append(label)
    rows = {meaning: sum(labels[label]["rows"] for label in there) for meaning, there in meanings.items()}
    return "; ".join(f"{_few(there)} = {name} ({rows[name]:,})" for name, there in sorted(meanings.items()))


def _few(labels: Sequence[str]) -> str:
    return ", ".join(labels[:FEW_LABELS]) + (", …" if len(labels) > FEW_LABELS else "")


def _worst(groups: Figures) -> dict[str, Any]:
    enough = [(n, g) for n, g in groups.items() if (g[MODEL]["sentiment"] or {"rows": 0})["rows"] >= FEWEST]
    return dict(enough[:MOST])


def _scored(
    title: str,
    groups: Figures,
    task: str,
    columns: Mapping[str, str],
    console: Console,
    mean: Figures | None = None,
) -> None:
    scored = {name: group[MODEL][task] for name, group in groups.items() if group[MODEL][task]}
    table = _table(["", "rows", *columns])
    for name, one in scored.items():
        table.add_row(Text(name), str(one["rows"]), *_cells(one, columns.values()))
    if mean and mean["sets"] > 1:
        table.add_section()
        table.add_row(f"mean of {mean['sets']}", "", *_cells(mean, columns.values()))
    _print(title, table, console, _why_last(scored) if task == "sentiment" else "")


def _why_last(scored: Mapping[str, Figures]) -> str:
    few = [name for name, one in scored.items() if is_few(one)]
    if not few or len(few) == len(scored):
        return ""
    return f"Last, for with fewer than {FEW} rows the figures are mostly chance: {', '.join(few)}."


def _beside(title: str, groups: Figures, task: str, console: Console) -> None:
    shown = MEANS[:3] if task == "sentiment" else ("macro_f1", "auc")
    judges = list(dict.fromkeys(judge for group in groups.values() for judge in group if judge != MAJORITY))
    judges = [judge for judge in judges if any(group.get(judge, {}).get(task) for group in groups.values())]
    table = _table(["", *judges, MAJORITY])
    for name, group in groups.items():
        if group[MODEL][task]:
            said = [_of_the_same_rows(group, judge, task) for judge in (*judges, MAJORITY)]
            table.add_row(Text(name), *(_close_together(one, shown) if one else "" for one in said))
    _print(title, table, console)


def _of_the_same_rows(group: Figures, judge: str, task: str) -> Figures:
    """The figures of a judge that judged all that the model did: some know only one of a file's languages."""
    figures = group.get(judge, {}).get(task) or {}
    all_rows = group[MODEL][task]["rows"]
    return figures if figures.get("rows", all_rows) == all_rows else {}


def _confusions(groups: Figures, console: Console) -> None:
    title = "Truth in lines, what the model said in columns"
    table = _table(["", "truth", *SENTIMENTS])
    for name, group in groups.items():
        sentiment = group[MODEL]["sentiment"]
        for truth, counts in zip(SENTIMENTS, sentiment["confusion"] if sentiment else [], strict=False):
            table.add_row(Text(name), truth, *map(str, counts))
    _print(title, table, console)


def _left_out(figures: Figures, console: Console) -> None:
    for name in figures["unscored"]:
        console.print(
            Text(f"{name}: not scored, it speaks of complaints only, and the model does not.", "yellow")
        )
    for judge, why in figures["absent"].items():
        console.print(Text(f"{judge}: not compared, {why}.", "yellow"))
    for one in figures["files"]:
        if one["left_out"]:
            console.print(Text(f"{one['file']}: {one['left_out']:,} rows left out, as you said.", "yellow"))
        if one["skipped"]:
            console.print(Text(f"{one['file']}: {one['skipped']:,} rows skipped, such as", "yellow"))
            here = [fault for fault in figures["skipped"] if fault.startswith(f"{one['file']}:")]
            console.print(Text("".join(f"  {fault}\n" for fault in here)), end="")


def _table(columns: Sequence[str]) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column(columns[0], overflow="fold")
    for name in columns[1:]:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _cells(figures: Figures, names: Iterable[str]) -> list[str]:
    return ["" if figures.get(name) is None else f"{figures[name]:.3f}" for name in names]


def _close_together(figures: Figures, names: Iterable[str]) -> str:
    """Return ``.601/.537/.828``, so that four judges fit beside each other on 80 columns."""
    return "/".join(cell.removeprefix("0") or "–" for cell in _cells(figures, names))


def _print(title: str, table: Table, console: Console, note: str = "") -> None:
    if table.row_count:
        console.print(Text(title, "bold"))
        console.print(table)
        if note:
            console.print(Text(note, "dim"))
        console.print()
