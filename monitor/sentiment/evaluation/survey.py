"""The first look at a whole file: its columns, its labels and how many rows there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from monitor.sentiment.evaluation.columns import Columns, Wanted, choose, labels_besides
from monitor.sentiment.evaluation.lines import EvaluationError, printable
from monitor.sentiment.evaluation.meanings import (
    COMPLAINT,
    OTHER,
    SKIP,
    complaint_meanings,
    normal,
    sentiment_meanings,
)
from monitor.sentiment.evaluation.records import Fault, Record, records
from monitor.sentiment.labels import SENTIMENTS

SHOWN_FAULTS = 5
SHOWN_KINDS = 12
MAX_LABELS = 50
FIRST = 100
"""Records that are asked which columns there are."""
MAX_COLUMNS = 1_000


@dataclass
class Survey:
    """What was found; raising while it is made means that the file can't be scored as it stands."""

    path: Path
    name: str
    """As it is shown."""
    columns: Columns = field(default_factory=Columns)
    rows: int = 0
    faulty: int = 0
    faults: list[Fault] = field(default_factory=list)
    """The first few."""
    labels: Counter[str] = field(default_factory=Counter)
    """How many rows have which."""
    complaints: set[str] = field(default_factory=set)
    meanings: Mapping[str, str] = field(default_factory=dict)
    complaint_meanings: Mapping[str, str] = field(default_factory=dict)

    @property
    def two_classes(self) -> bool:
        """Whether the file knows negative and positive, and nothing between."""
        return set(self.meanings.values()) & set(SENTIMENTS) == {"negative", "positive"}

    @property
    def left_out(self) -> Mapping[str, int]:
        """Rows whose label of sentiment was said to mean skip."""
        return {label: rows for label, rows in self.labels.items() if self.meanings.get(label) == SKIP}

    def note(self, fault: Fault) -> None:
        self.faulty += 1
        if len(self.faults) < SHOWN_FAULTS:
            self.faults.append(fault)


def survey(path: Path, wanted: Wanted, given: Mapping[str, str], name: str = "") -> Survey:
    """Read the file once, in bounded memory; raise EvaluationError where it can't be scored as it stands.

    ``given`` maps labels (normal) to meanings, and comes before what we know of spellings. ``name`` is shown, not the path.
    """
    first = _first_of(path)
    names = list(dict.fromkeys(name for values in first for name in islice(values, MAX_COLUMNS)))
    columns = choose(first, names, wanted, path) if names else Columns()
    found = Survey(path, name or printable(str(path)), columns)
    for record in records(path):
        why = record.why if isinstance(record, Fault) else fault_of(record.values, found.columns)
        if why:
            found.note(Fault(record.line, why))
        elif isinstance(record, Record):
            _count(found, record.values, given)
    if not found.rows:
        raise EvaluationError(_nothing(found.name, found.faults))
    try:
        _understand(found, given, wanted)
    except EvaluationError as error:
        raise EvaluationError(f"{error}{_other_labels(names, found.columns)}") from error
    return found


def _first_of(path: Path) -> Sequence[Mapping[str, Any]]:
    """What is asked which columns there are: an object may lack what it has nothing to say of."""
    return list(islice((record.values for record in records(path) if isinstance(record, Record)), FIRST))


def _other_labels(names: Sequence[str], columns: Columns) -> str:
    others = labels_besides(names, columns.label)
    there = ", ".join(map(repr, others))
    return f" Or name another column with --label: there is {there}." if others else ""


def fault_of(values: Mapping[str, Any], columns: Columns) -> str:
    """Say why a row can't be scored, or nothing."""
    text = values.get(columns.text)
    if not isinstance(text, str) or not text.strip():
        return f"no text in column {columns.text!r}"
    if any(label_in(values, column) for column in (columns.label, columns.complaint)):
        return ""
    column = columns.label or columns.complaint
    several = ", but a list or an object" if isinstance(values.get(column), list | dict) else ""
    return f"no label in column {column!r}{several}"


def label_in(values: Mapping[str, Any], column: str) -> str:
    return normal(values.get(column)) if column else ""


def _count(found: Survey, values: Mapping[str, Any], given: Mapping[str, str]) -> None:
    found.rows += 1
    if label := label_in(values, found.columns.label):
        found.labels[label] += 1
    if len(found.labels) > MAX_LABELS:
        raise EvaluationError(
            f"Column {found.columns.label!r} of {found.name} has more than {MAX_LABELS} different labels: "
            "name the labels' column with --label."
        )
    kind = label_in(values, found.columns.complaint)
    if len(found.complaints) < MAX_LABELS or kind in (COMPLAINT, *given):
        found.complaints |= {kind} - {""}


def _understand(found: Survey, given: Mapping[str, str], wanted: Wanted) -> None:
    columns = found.columns
    if columns.label:
        found.meanings = sentiment_meanings(found.labels, given, f"column {columns.label!r} of {found.name}")
    if columns.complaint:
        try:
            found.complaint_meanings = _complaints(found, given)
        except EvaluationError as error:
            if not columns.label:
                raise
            if not wanted.label:
                raise EvaluationError(
                    f"{error} Or leave that column out with --label {columns.label!r}."
                ) from error
            found.columns = replace(columns, complaint="")
    if {*found.meanings.values(), *found.complaint_meanings.values()} <= {SKIP}:
        raise EvaluationError(
            f"{found.name} has no row with a label that means something: nothing can be scored{_way_out(found)}."
        )


def _complaints(found: Survey, given: Mapping[str, str]) -> Mapping[str, str]:
    """What the labels of the column of complaints mean: what was said of sentiments is not said of them."""
    own = {label: meaning for label, meaning in given.items() if meaning in (COMPLAINT, OTHER)}
    own |= {label: SKIP for label, meaning in given.items() if meaning == SKIP and label not in found.labels}
    if found.columns.of_kinds:
        known = {COMPLAINT: COMPLAINT} | own
        meanings = {label: known[label] for label in found.complaints if label in known}
        return meanings if COMPLAINT in meanings.values() else {}
    where = f"column {found.columns.complaint!r} of {found.name}"
    return complaint_meanings(found.complaints, own, where)


def _way_out(found: Survey) -> str:
    if not found.columns.of_kinds:
        return ""
    there = ", ".join(map(repr, sorted(found.complaints)[:SHOWN_KINDS]))
    return f". The kinds in column {found.columns.complaint!r} are {there}: say --labels KIND=complaint, or name another column with --label"


def _nothing(name: str, faults: Sequence[Fault]) -> str:
    reasons = "; ".join(f"line {fault.line}: {fault.why}" for fault in faults)
    return f"{name} has no row that can be scored ({reasons or 'it only names its columns'})."
