"""Records of a JSONL or CSV file: a dictionary a line, or what is wrong with it."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.sentiment.evaluation.lines import EvaluationError, Line, lines

DELIMITERS = ",;\t|"
MAX_RECORD = 1_000_000
"""Characters of one CSV record, which may go over many lines."""


@dataclass(frozen=True)
class Record:
    line: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Fault:
    line: int
    why: str


class _BadLine(Exception):
    pass


def records(path: Path) -> Iterator[Record | Fault]:
    """Yield what a file holds, in its order; blank lines are nothing. Raise EvaluationError for the whole file."""
    everything = lines(path)
    first = next((line for line in everything if line.text.strip() or line.fault), None)
    if first is None:
        raise EvaluationError(f"{path} is empty.")
    if first.text.lstrip().startswith("["):
        raise EvaluationError(
            f"{path} is one JSON array; one object a line is needed (`jq -c '.[]'` makes it)."
        )
    if first.text.lstrip().startswith("{"):
        yield _object(first)
        yield from (_object(line) for line in everything if line.text.strip() or line.fault)
    else:
        yield from _table(path, first, everything)


def _object(line: Line) -> Record | Fault:
    if line.fault:
        return Fault(line.number, line.fault)
    try:
        values = json.loads(line.text)
    except (ValueError, RecursionError) as error:
        return Fault(line.number, f"not JSON: {error}")
    return (
        Record(line.number, values) if isinstance(values, dict) else Fault(line.number, "not a JSON object")
    )


def _table(path: Path, header: Line, rest: Iterator[Line]) -> Iterator[Record | Fault]:
    if header.fault:
        raise EvaluationError(f"{path}:{header.number} should name the columns, but {header.fault}.")
    delimiter = max(DELIMITERS, key=lambda mark: len(_fields(header.text, mark)))
    columns = [name.strip() for name in _fields(header.text, delimiter)]
    feed = _Feed(rest, header.number)
    reader = csv.reader(feed, delimiter=delimiter)
    while True:
        begins = feed.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _BadLine) as error:
            yield Fault(begins, str(error))
            continue
        if fields:
            yield _record(begins, columns, fields)


def _fields(header: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([header], delimiter=delimiter), [])
    except csv.Error:
        return []


def _record(line: int, columns: Sequence[str], fields: Sequence[str]) -> Record | Fault:
    if len(fields) != len(columns):
        return Fault(line, f"{len(fields)} fields where the header names {len(columns)}")
    return Record(line, dict(zip(columns, fields, strict=True)))


class _Feed:
    """Lines for csv.reader, which takes as many as a quoted field needs, but no more than a record may have."""

    def __init__(self, rest: Iterator[Line], number: int):
        self._rest = rest
        self._number = number
        self._left = MAX_RECORD

    def begin(self) -> int:
        """A new record begins; return its line."""
        self._left = MAX_RECORD
        return self._number + 1

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self._rest)
        self._number = line.number
        self._left -= len(line.text)
        if line.fault:
            raise _BadLine(line.fault)
        if self._left < 0:
            raise _BadLine(f"the row is longer than {MAX_RECORD:,} characters: is a quotation mark missing?")
        return line.text
