"""Which column of a file holds what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.sentiment.evaluation.lines import EvaluationError
from monitor.sentiment.evaluation.meanings import in_one_line, name_of

_TEXT = (
    *("text", "content", "post", "review", "comment", "message", "tweet", "body", "sentence"),
    *("review_text", "reviewtext", "review_body", "comment_text", "tweet_text", "full_text"),
    *("текст", "відгук", "отзыв", "коментар", "комментарий", "повідомлення", "сообщение", "допис", "пост"),
    *("recenzie", "comentariu", "mesaj", "postare"),
)
_LABEL = (
    *("label", "sentiment", "polarity", "tone", "airline_sentiment", "sentiment_label"),
    *("тональність", "тональность", "настрій", "sentimentul", "ton"),
)
_RATING = ("rating", "stars", "score", "оцінка", "оценка", "рейтинг", "nota", "notă")
"""The label where no column has a better name: numbers, of which it is asked what they mean."""
_COMPLAINT = ("complaint", "kind")
_LANGUAGE = ("language", "lang", "мова", "язык", "limba")
_DOMAIN = ("domain", "trade")
_SHOWN = 30
_WORDS_WITHIN = 1_000
"""Characters of a value that are looked at."""


@dataclass(frozen=True)
class Wanted:
    """Columns that the person named; an empty name leaves the choice to us."""

    text: str = ""
    label: str = ""
    language: str = ""


@dataclass(frozen=True)
class Columns:
    """Names in the file; empty where it has no such column."""

    text: str = ""
    label: str = ""
    complaint: str = ""
    language: str = ""
    domain: str = ""
    hard: str = ""

    @property
    def of_kinds(self) -> bool:
        """Whether complaints are one kind among others."""
        return self.complaint.lower() == "kind"


def choose(first: Sequence[Mapping[str, Any]], names: Iterable[str], wanted: Wanted, path: Path) -> Columns:
    """Choose by usual names; raise EvaluationError naming the columns there are where one is missing.

    ``first`` are some of the file's records: of two columns whose names may mean the text, the one that holds words is it.
    """
    names = list(names)
    complaint = "" if wanted.label.lower() in _COMPLAINT else _first(names, _COMPLAINT)
    label = _named(wanted.label, names, path, "--label") or _first(names, _LABEL)
    text = _named(wanted.text, names, path, "--text") or _text(names, first)
    if not text:
        raise EvaluationError(_missing(path, "the text", "--text", names))
    label = label or ("" if complaint else _first(names, _RATING))
    if not label and not complaint:
        raise EvaluationError(_missing(path, "the label", "--label", names))
    if label.lower() in _COMPLAINT:
        label, complaint = "", label
    language = _named(wanted.language, names, path, "--language") or _first(names, _LANGUAGE)
    return Columns(text, label, complaint, language, _first(names, _DOMAIN), _first(names, ("hard",)))


def labels_besides(names: Iterable[str], label: str) -> list[str]:
    """Other columns that may hold the label, by their names."""
    return [name for name in _all(list(names), (*_LABEL, *_RATING)) if name != label]


def _text(names: list[str], first: Sequence[Mapping[str, Any]]) -> str:
    candidates = _all(names, _TEXT)
    return next((name for name in candidates if _holds_words(name, first)), next(iter(candidates), ""))


def _holds_words(name: str, first: Sequence[Mapping[str, Any]]) -> bool:
    """Whether half of what the column holds are several words: numbers and links are one."""
    values = [values[name] for values in first if isinstance(values.get(name), str) and values[name].strip()]
    return 2 * sum(len(value[:_WORDS_WITHIN].split()) > 1 for value in values) >= len(values) > 0


def _first(names: list[str], usual: Iterable[str]) -> str:
    return next(iter(_all(names, usual)), "")


def _all(names: list[str], usual: Iterable[str]) -> list[str]:
    lowered = {"_".join(name.lower().replace("-", " ").split()): name for name in reversed(names)}
    return [lowered[name] for name in usual if name in lowered]


def _named(wanted: str, names: list[str], path: Path, option: str) -> str:
    """The name in the file, which a line break or two spaces may part where the person typed one."""
    if not wanted or wanted in names:
        return wanted
    found = next((name for name in names if in_one_line(name) == in_one_line(wanted)), "")
    if not found:
        raise EvaluationError(f"{path} has no column {name_of(wanted)!r} ({option}); it has {_list(names)}.")
    return found


def _missing(path: Path, what: str, option: str, names: list[str]) -> str:
    return (
        f"{path} has no column that is known to hold {what}; it has {_list(names)}. Name it with {option}; "
        "if these are no names, put a line with the columns' names before the first row."
    )


def _list(names: list[str]) -> str:
    return ", ".join(repr(name_of(name)) for name in names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
