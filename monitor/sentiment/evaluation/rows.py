"""Labelled rows of a file, one after another."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.language import LANGUAGES, detect
from monitor.sentiment.evaluation.meanings import COMPLAINT, OTHER, SKIP, name_of, normal
from monitor.sentiment.evaluation.records import Record, records
from monitor.sentiment.evaluation.survey import Survey, fault_of, label_in
from monitor.sentiment.labels import SENTIMENTS

MAX_TEXT = 20_000
"""Characters kept of a text; a judge looks at fewer."""
MAX_TAGS = 20
_UKRAINIAN = """
ua ukr ukrainian укр українська українською український украинский украинская украинська
ucr ucraineană ucraineana ucrainean
"""
_RUSSIAN = """
rus russian рус рос русский русская російська російською російський
rusă rusa rusească ruseasca rusește ruseste
"""
_ROMANIAN = """
ron rum mo mol romanian moldovan moldavian română romana românește romaneste
moldovenească moldoveneasca moldovenește moldoveneste рум румунська румунською румунський румынский румынская
молд молдовська молдовський молдавська молдавський молдавский молдавская
"""
_ENGLISH = """
eng english англ англійська англійською англійський английский английская
engleză engleza englez englezește englezeste
"""
_SPELLED = {
    spelling: code
    for code, spellings in (("uk", _UKRAINIAN), ("ru", _RUSSIAN), ("ro", _ROMANIAN), ("en", _ENGLISH))
    for spelling in spellings.split()
}
_NO_LANGUAGE = {
    "und",
    "unknown",
    "unk",
    "other",
    "mixed",
    "mix",
    "mul",
    "zxx",
    "nan",
    "none",
    "null",
    "n",
    "na",
}


@dataclass(frozen=True)
class Row:
    text: str
    language: str
    """As the file says, also of languages that the model does not know, or else as the text reads; ``und`` where neither tells."""
    domain: str
    hard: Sequence[str]
    sentiment: int | None
    """Place in SENTIMENTS; None where the row does not say."""
    complaint: bool | None


def rows(found: Survey) -> Iterator[Row]:
    """Read the file again and yield what can be scored; a row whose labels mean skip is left out."""
    for record in records(found.path):
        if isinstance(record, Record) and not fault_of(record.values, found.columns):
            row = _row(record.values, found)
            if row.sentiment is not None or row.complaint is not None:
                yield row


def _row(values: Mapping[str, Any], found: Survey) -> Row:
    columns = found.columns
    text = values[columns.text][:MAX_TEXT]
    meaning = found.meanings.get(label_in(values, columns.label), "")
    return Row(
        text,
        _language(values.get(columns.language), text),
        name_of(values.get(columns.domain)),
        _tags(values.get(columns.hard)),
        SENTIMENTS.index(meaning) if meaning in SENTIMENTS else None,
        meaning == COMPLAINT if meaning in (COMPLAINT, OTHER) else _complaint(values, found),
    )


def _complaint(values: Mapping[str, Any], found: Survey) -> bool | None:
    label = label_in(values, found.columns.complaint)
    if not label or not found.complaint_meanings:
        return None
    # Of a column of kinds only one kind matters: whatever is no complaint is something else.
    unnamed = OTHER if found.columns.of_kinds else SKIP
    meaning = found.complaint_meanings.get(label, unnamed)
    return None if meaning == SKIP else meaning == COMPLAINT


def _language(said: Any, text: str) -> str:
    first = re.match(r"[^\W\d_]+", normal(said))
    code = _SPELLED.get(first[0], first[0]) if first else ""
    return code if code in LANGUAGES or (code and code not in _NO_LANGUAGE) else detect(text)


def _tags(value: Any) -> Sequence[str]:
    """Return tags from a list, or from a cell with commas or semicolons between."""
    if isinstance(value, str):
        value = value[:MAX_TEXT].replace(";", ",").split(",")
    if not isinstance(value, list):
        return ()
    return tuple(dict.fromkeys(filter(None, map(name_of, value[:MAX_TAGS]))))
