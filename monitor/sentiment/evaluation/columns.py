"""Which column of a file holds what."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monitor.sentiment.evaluation.lines import EvaluationError
from monitor.sentiment.evaluation.meanings import name_of

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


def choose(names: Iterable[str], wanted: Wanted, path: Path) -> Columns:
    """Choose by usual names; raise EvaluationError naming the columns there are where one is missing."""
    names = list(names)
    complaint = "" if wanted.label.lower() in _COMPLAINT else _first(names, _COMPLAINT)
    label = _named(wanted.label, names, path, "--label") or _first(names, _LABEL)
    text = _named(wanted.text, names, path, "--text") or _first(names, _TEXT)
    if not text:
        raise EvaluationError(_missing(path, "the text", "--text", names))
    label = label or ("" if complaint else _first(names, _RATING))
    if not label and not complaint:
        raise EvaluationError(_missing(path, "the label", "--label", names))
    if label.lower() in _COMPLAINT:
        label, complaint = "", label
    language = _named(wanted.language, names, path, "--language") or _first(names, _LANGUAGE)
    return Columns(text, label, complaint, language, _first(names, _DOMAIN), _first(names, ("hard",)))


def _first(names: list[str], usual: Iterable[str]) -> str:
    lowered = {"_".join(name.lower().replace("-", " ").split()): name for name in reversed(names)}
    return next((lowered[name] for name in usual if name in lowered), "")


def _named(wanted: str, names: list[str], path: Path, option: str) -> str:
    if wanted and wanted not in names:
        raise EvaluationError(f"{path} has no column {name_of(wanted)!r} ({option}); it has {_list(names)}.")
    return wanted


def _missing(path: Path, what: str, option: str, names: list[str]) -> str:
    return (
        f"{path} has no column that is known to hold {what}; it has {_list(names)}. Name it with {option}; "
        "if these are no names, put a line with the columns' names before the first row."
    )


def _list(names: list[str]) -> str:
    return ", ".join(repr(name_of(name)) for name in names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
