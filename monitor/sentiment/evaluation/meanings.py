"""What the labels of a file mean: usual spellings are known, numbers that may mean anything are asked about."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from shlex import quote
from typing import Any

from monitor.sentiment.evaluation.lines import EvaluationError
from monitor.sentiment.labels import KNOWN, SENTIMENTS

COMPLAINT, OTHER, SKIP = "complaint", "other", "skip"
MEANINGS = (*SENTIMENTS, COMPLAINT, OTHER, SKIP)
MAX_NAME = 60
"""Characters of a label or of a group's name; both are shown."""
_SHOWN = 12

_NEGATIVE = """
negativ negativă negativa негатив негативний негативна негативне негативно негативный негативная негативное
отрицательный отрицательная отрицательное отрицательно
"""
_NEUTRAL = """
neut neutru neutră neutra нейтральний нейтральна нейтральне нейтрально нейтральный нейтральная нейтральное
"""
_POSITIVE = """
positiv pozitiv pozitivă pozitiva позитив позитивний позитивна позитивне позитивно позитивный позитивная позитивное
положительный положительная положительное положительно
"""
_SPELLINGS = KNOWN | {
    spelling: meaning
    for meaning, spellings in zip(SENTIMENTS, (_NEGATIVE, _NEUTRAL, _POSITIVE), strict=True)
    for spelling in spellings.split()
}
_SIGNS = {"-1": "negative", "0": "neutral", "1": "positive"}
_COMPLAINT = dict.fromkeys(("complaint", "1", "true", "yes", "так", "да", "da"), COMPLAINT)
_NO_COMPLAINT = dict.fromkeys(
    (
        "other",
        "none",
        "0",
        "false",
        "no",
        "ні",
        "нет",
        "nu",
        "no complaint",
        "not complaint",
        "not a complaint",
        "non-complaint",
    ),
    OTHER,
)
_OTHER_KINDS = ("question", "praise", "news", "promotion")


def name_of(value: Any) -> str:
    """A label or a group's name as it is compared and shown: short, one line, without control characters."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, str | int | float):
        return ""
    text = value[: 4 * MAX_NAME] if isinstance(value, str) else repr(value)
    plain = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join(plain.split())[:MAX_NAME]


def normal(label: Any) -> str:
    """A label as it is looked up; empty where there is none."""
    spelling = name_of(label).casefold()
    whole = spelling.removesuffix(".0").removesuffix(",0").removeprefix("+")
    return whole if whole.lstrip("-").isdecimal() else spelling


def parse_labels(text: str) -> dict[str, str]:
    """Read ``0=negative,1=neutral,2=positive``; raise EvaluationError with what is allowed."""
    given = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        label, _, meaning = pair.rpartition("=")
        if not label.strip() or meaning.strip() not in MEANINGS:
            raise EvaluationError(
                f"--labels does not understand {name_of(pair)!r}. It wants LABEL=MEANING, with commas between; "
                f"a meaning is one of {', '.join(MEANINGS)}."
            )
        given[normal(label)] = meaning.strip()
    return given


def sentiment_meanings(labels: Iterable[str], given: Mapping[str, str], where: str) -> dict[str, str]:
    """Map every label (normal) of one file's column to a meaning; raise EvaluationError naming those it can't."""
    labels = sorted(labels)
    known = dict(_SPELLINGS)
    if "-1" in labels:
        known |= _SIGNS
    if COMPLAINT in labels:
        known |= dict.fromkeys((*_NO_COMPLAINT, *_OTHER_KINDS), OTHER) | {COMPLAINT: COMPLAINT}
    return _all_known(labels, known | dict(given), where)


def complaint_meanings(labels: Iterable[str], given: Mapping[str, str], where: str) -> dict[str, str]:
    """Map every label of a column that says whether a text is a complaint.

    ``given`` is what was said of this column: no sentiments.
    """
    return _all_known(
        sorted(labels), _COMPLAINT | _NO_COMPLAINT | dict(given), where, (COMPLAINT, OTHER, SKIP)
    )


def _all_known(
    labels: Sequence[str], known: Mapping[str, str], where: str, meanings: Sequence[str] = MEANINGS
) -> dict[str, str]:
    unknown = [label for label in labels if label not in known]
    if not unknown:
        return {label: known[label] for label in labels}
    there = ", ".join(map(repr, labels[:_SHOWN])) + (" …" if len(labels) > _SHOWN else "")
    if all(map(_is_number, unknown)):
        said = f"The labels {there} of {where} are numbers that may mean anything"
    else:
        said = f"The label {unknown[0]!r} of {where} is not known; its labels are {there}"
    # Among labels that are known the others are often no sentiment: mixed, unclear, nan.
    example = (
        _example(labels, meanings)
        if len(unknown) == len(labels)
        else ",".join(f"{one}=skip" for one in unknown[:_SHOWN])
    )
    raise EvaluationError(
        f"{said}. Say what each means, for example --labels {quote(example)} (only a "
        f"guess); a meaning is one of {', '.join(meanings)}."
    )


def _example(labels: Sequence[str], meanings: Sequence[str]) -> str:
    """Guess: the lower half of the labels means the one side, the upper half the other, and the middle what is between."""
    sides = SENTIMENTS if meanings is MEANINGS else (COMPLAINT, OTHER)
    ordered = sorted(labels, key=int) if all(map(_is_number, labels)) else list(labels)
    last = max(1, len(ordered) - 1)
    guessed = [
        sides[-1] if 2 * n > last else sides[len(sides) // 2] if 2 * n == last else sides[0]
        for n in range(len(ordered))
    ]
    return ",".join(f"{label}={side}" for label, side in list(zip(ordered, guessed, strict=True))[:_SHOWN])


def _is_number(label: str) -> bool:
    return label.removeprefix("-").isdecimal()
