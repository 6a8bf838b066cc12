"""What the labels of a file mean: usual spellings are known, numbers that may mean anything are asked about."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
_STRENGTH = {
    *("very", "extremely", "strongly", "highly", "somewhat", "slightly", "mostly", "rather"),
    *("дуже", "вкрай", "скоріше", "очень", "крайне", "скорее", "foarte", "extrem", "destul"),
}
_STARS = re.compile(r"([★⭐]+)[️☆✩\s]*")
_RANK = re.compile(r"(?:\D*\s)?(-?\d+(?:\.\d+)?)(?:\D.*)?")
"""The first number of a label: 5, 4.5, "rated 4 out of 5"."""
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


def in_one_line(name: str) -> str:
    """A column's name as it is compared: spreadsheets and forms break lines within names."""
    return " ".join(name.split())


def normal(label: Any) -> str:
    """A label as it is looked up; empty where there is none."""
    spelling = name_of(label).casefold().replace("\N{MINUS SIGN}", "-")
    number = spelling.removeprefix("+").replace(",", ".", 1).removesuffix(".0")
    return number if _is_number(number) else spelling


def parse_labels(text: str) -> dict[str, str]:
    """Read ``0=negative,1=neutral,2=positive``; raise EvaluationError with what is allowed."""
    given = {}
    for pair in filter(None, _pairs(text)):
        label, _, meaning = pair.rpartition("=")
        if not label.strip() or meaning.strip() not in MEANINGS:
            raise EvaluationError(
                f"--labels does not understand {name_of(pair)!r}. It wants LABEL=MEANING, with commas between; "
                f"a meaning is one of {', '.join(MEANINGS)}."
            )
        given[normal(label)] = meaning.strip()
    return given


def _pairs(text: str) -> Iterator[str]:
    """Split at the commas, but not at one within a label: "negative, angry=skip" is one pair."""
    begun: list[str] = []
    for part in text.split(","):
        begun.append(part)
        if "=" in part or not "".join(begun).strip():
            yield ",".join(begun).strip()
            begun = []
    yield ",".join(begun).strip()


def sentiment_meanings(labels: Iterable[str], given: Mapping[str, str], where: str) -> dict[str, str]:
    """Map every label (normal) of one file's column to a meaning; raise EvaluationError naming those it can't."""
    labels = sorted(labels)
    known = dict(_SPELLINGS)
    if "-1" in labels:
        _refuse_crossed(labels, given, where)
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


def _refuse_crossed(labels: Iterable[str], given: Mapping[str, str], where: str) -> None:
    """What was said of another file's stars would turn the signs of this one around."""
    crossed = [one for one in labels if one in given and given[one] not in (_SIGNS.get(one), SKIP)]
    if crossed and "-1" not in given:
        raise EvaluationError(
            f"--labels says {crossed[0]}={given[crossed[0]]}, and {where} has -1 too, beside which {crossed[0]} is "
            f"{_SIGNS.get(crossed[0], 'not known')}. Score this file by itself, or say what -1 means, too."
        )


def _all_known(
    labels: Sequence[str], known: Mapping[str, str], where: str, meanings: Sequence[str] = MEANINGS
) -> dict[str, str]:
    found = {label: _look_up(label, known) for label in labels}
    unknown = [label for label, meaning in found.items() if not meaning]
    if not unknown:
        return found
    there = ", ".join(map(repr, labels[:_SHOWN])) + (" …" if len(labels) > _SHOWN else "")
    if all(map(_is_number, unknown)):
        said = f"The labels {there} of {where} are numbers that may mean anything"
    else:
        said = f"The label {unknown[0]!r} of {where} is not known; its labels are {there}"
    raise EvaluationError(
        f"{said}. Say what each means, {_example(labels, unknown, meanings)}; a meaning is one of {', '.join(meanings)}."
    )


def _look_up(label: str, known: Mapping[str, str]) -> str:
    """The meaning of a label, however strongly it is put: "Extremely Negative" is negative; empty where it has none."""
    if label in known:
        return known[label]
    words = re.split(r"[\s_-]+", label)
    while words[0] in _STRENGTH and len(words) > 1:
        words = words[1:]
    return known.get(" ".join(words), "")


def _example(labels: Sequence[str], unknown: Sequence[str], meanings: Sequence[str]) -> str:
    ranks = {label: rank for label in labels if (rank := _rank(label)) is not None}
    if len(ranks) == len(labels) and meanings is MEANINGS:
        ordered = sorted(ranks, key=lambda label: ranks[label])[:_SHOWN]
        sides = _sides(list(ranks.values()))
        guess = ",".join(f"{label}={sides(ranks[label])}" for label in ordered)
        return f"for example --labels {quote(guess)} (only a guess)"
    # Among labels that are known the others are often no sentiment: mixed, unclear, nan.
    if len(unknown) < len(labels):
        left_out = ",".join(f"{one}=skip" for one in unknown[:_SHOWN])
        return f"for example --labels {quote(left_out)} to leave these rows out"
    return f"as in --labels {quote(f'{labels[0]}={meanings[0]}')}"


def _rank(label: str) -> float | None:
    """How far up a scale a label stands, where it says so: by its stars, or by its first number."""
    if stars := _STARS.fullmatch(label):
        return len(stars[1])
    number = _RANK.fullmatch(label)
    return float(number[1]) if number else None


def _sides(ranks: Sequence[float]) -> Callable[[float], str]:
    """Guess what the ranks of a scale mean: by their sign, as stars of five, as marks of ten, or else by thirds."""
    low, high = min(ranks), max(ranks)
    if low < 0:
        middle = (0.0, 0.0)
    elif low >= 1 and 4 <= high <= 5:
        middle = (2.5, 3.5)
    elif 5 < high <= 10:
        middle = (4.5, 6.5)
    else:
        middle = (low + (high - low) / 3, high - (high - low) / 3)
    return lambda rank: SENTIMENTS[(rank >= middle[0]) + (rank > middle[1])]


def _is_number(label: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", label) is not None
