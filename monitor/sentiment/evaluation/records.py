"""Records of a JSONL or CSV file: a dictionary a line, or what is wrong with it."""

import csv
import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

from monitor.sentiment.evaluation.lines import EvaluationError, Line, lines
from monitor.sentiment.evaluation.meanings import in_one_line, name_of

DELIMITERS = ",;\t|"
_LOOKED_AT = 5
"""Lines behind the header that its delimiter has to fit."""
_LONGEST_HEADER = 20
"""Lines behind the first over which a name of a column may go."""
MAX_RECORD = 1_000_000
"""Characters of one CSV record, which may go over many lines."""
_TOLD = re.compile(rf"sep=([{DELIMITERS}])\s*", re.IGNORECASE)


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
    if first.text.strip() == "{" and not first.fault:
        raise EvaluationError(
            f"{path} has JSON over several lines; one object a line is needed (`jq -c .` makes it)."
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
    except json.JSONDecodeError as error:
        return Fault(line.number, f"not JSON: {error.msg} at character {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Fault(line.number, f"not JSON: {error}")
    return (
        Record(line.number, values) if isinstance(values, dict) else Fault(line.number, "not a JSON object")
    )


def _table(path: Path, header: Line, rest: Iterator[Line]) -> Iterator[Record | Fault]:
    header, delimiter, rest = _header(path, _without_returns(header), map(_without_returns, rest))
    columns = [in_one_line(name) for name in _fields(header.text, delimiter)]
    _refuse_twins(path, header.number, columns)
    csv.field_size_limit(MAX_RECORD)
    feed = _Feed(rest)
    reader = _reader(feed, delimiter, strict=True)
    while True:
        feed.begin()
        try:
            fields = next(reader)
        except StopIteration:
            return
        except (csv.Error, _BadLine) as error:
            yield _mended(feed.taken, header, columns, delimiter, str(error))
            feed.take_back()
            continue
        if delimiter == "\t" and (plain := _rows_of_their_own(feed.taken, columns)):
            feed.take_back()
            fields = plain
        if fields:
            yield _record(feed.taken[0].number, header, columns, fields)


def _without_returns(line: Line) -> Line:
    """A carriage return ends a row for csv.reader, and none of ours but at the line's end."""
    row = line.text.rstrip("\r\n")
    return replace(line, text=row.replace("\r", " ") + line.text[len(row) :]) if "\r" in row else line


def _rows_of_their_own(taken: Sequence[Line], columns: Sequence[str]) -> list[str]:
    """Return the fields of the first line where a quotation mark bound rows together that are whole by themselves.

    Files with tabs are often written without any quoting.
    """
    rows = [_plain(line) for line in taken]
    return rows[0] if len(rows) > 1 and all(len(row) == len(columns) > 1 for row in rows) else []


def _plain(line: Line) -> list[str]:
    return line.text.rstrip("\r\n").split("\t")


def _header(path: Path, header: Line, rest: Iterator[Line]) -> tuple[Line, str, Iterator[Line]]:
    """The line that names the columns, the delimiter, which Excel may say in a line of its own before it, and the rest."""
    told = _TOLD.fullmatch(header.text)
    header = next(rest, header) if told else header
    if header.fault:
        raise EvaluationError(f"{path}:{header.number} should name the columns, but {header.fault}.")
    ahead = list(islice(rest, _LONGEST_HEADER + _LOOKED_AT))
    lengths = {mark: _lines_beyond(header, ahead, mark) for mark in (told[1] if told else DELIMITERS)}
    headers = {mark: _joined(header, ahead[:length]) for mark, length in lengths.items()}

    def fit(mark: str) -> tuple[int, int]:
        """How many of the next lines have as many fields as the header, and how many fields those are."""
        wanted = len(_fields(headers[mark].text, mark))
        next_lines = ahead[lengths[mark] :][:_LOOKED_AT]
        alike = sum(len(_fields(line.text, mark)) == wanted for line in next_lines)
        return alike if wanted > 1 else 0, wanted

    mark = max(lengths, key=fit)
    return headers[mark], mark, chain(ahead[lengths[mark] :], rest)


def _lines_beyond(header: Line, ahead: Sequence[Line], delimiter: str) -> int:
    """Over how many more lines a name in quotation marks goes; none where the mark closes nowhere near."""
    near = [line.text for line in ahead[:_LONGEST_HEADER]]
    rest = iter([*near, ""])
    try:
        next(_reader(chain([header.text], rest), delimiter), [])
    except csv.Error:
        return 0
    left = len(list(rest))
    return len(near) + 1 - left if left else 0


def _joined(header: Line, more: Sequence[Line]) -> Line:
    return replace(header, text="".join(line.text for line in (header, *more)))


def _refuse_twins(path: Path, line: int, columns: Sequence[str]) -> None:
    twin = next((name for name, count in Counter(filter(None, columns)).items() if count > 1), "")
    if twin:
        raise EvaluationError(
            f"{path}:{line} names two columns {name_of(twin)!r}: which of them counts can't be known. Rename one."
        )


def _reader(lines: Iterable[str], delimiter: str, *, strict: bool = False) -> Iterator[list[str]]:
    """People put a space behind a comma, also before a quotation mark; behind a tab there is none to be seen."""
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != "\t", strict=strict)


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(_reader([line], delimiter), [])
    except csv.Error:
        return []


def _record(line: int, header: Line, columns: Sequence[str], fields: Sequence[str]) -> Record | Fault:
    """Spreadsheets leave out what is empty at the end of a row, or write more of it than the header names."""
    if any(map(str.strip, fields[len(columns) :])):
        where = "the header" if header.number == 1 else f"the header in line {header.number}"
        return Fault(line, f"{len(fields)} fields where {where} names {len(columns)}")
    return Record(line, dict.fromkeys(columns, "") | dict(zip(columns, fields, strict=False)))


def _mended(
    taken: Sequence[Line], header: Line, columns: Sequence[str], delimiter: str, why: str
) -> Record | Fault:
    """What is left of a row with a wrong quotation mark: all of it where it is one line, else nothing of its first.

    A mark that nothing closes reaches to the next one, however many rows lie between: these are read anew.
    """
    first = taken[0]
    if first.fault:
        return Fault(first.number, first.fault)
    if delimiter == "\t" and len(plain := _plain(first)) == len(columns) > 1:
        return _record(first.number, header, columns, plain)
    if len(taken) == 1 and len(fields := _fields(first.text, delimiter)) == len(columns):
        return _record(first.number, header, columns, fields)
    if len(fields := _read_loosely(first, delimiter)) == len(columns):
        return _record(first.number, header, columns, fields)
    return Fault(first.number, f"{why}: is a quotation mark missing?")


def _read_loosely(line: Line, delimiter: str) -> list[str]:
    """The fields of a line in which a lone quotation mark stands behind a space, and so may belong to the text."""
    is_quoted = line.text.startswith('"') or f'{delimiter}"' in line.text
    if is_quoted or line.text.count('"') % 2 == 0:
        return []
    return next(csv.reader([line.text], delimiter=delimiter), [])


class _Feed:
    """Lines for csv.reader, which takes as many as a quoted field needs, but no more than a record may have."""

    def __init__(self, rest: Iterator[Line]):
        self._rest = rest
        self._again: deque[Line] = deque()
        self._left = MAX_RECORD
        self.taken: list[Line] = []
        """Those of the record that is being read."""

    def begin(self) -> None:
        """A new record begins."""
        self._left = MAX_RECORD
        self.taken = []

    def take_back(self) -> None:
        """Every line but the first is to be read anew."""
        self._again.extendleft(reversed(self.taken[1:]))

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._rest)
        self.taken.append(line)
        self._left -= len(line.text)
        if line.fault:
            raise _BadLine(line.fault)
        if self._left < 0:
            raise _BadLine(f"the row is longer than {MAX_RECORD:,} characters")
        return line.text
