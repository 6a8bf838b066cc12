"""The fields of a saved answer: {author} is filled in by us, {{the day}} by whoever sends it."""

import re
from collections.abc import Mapping, Sequence

from monitor.folding import fold, words

KNOWN = ("author", "case", "staff", "brand")
LONGEST_FILLED = 60
"""Characters that one field may take for the rest to count as the same words."""

_FIELD = re.compile(r"\{\{([^{}]*)\}\}|\{([^{}]*)\}|[{}]")
_FREE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def mistakes(text: str) -> list[str]:
    """What is wrong with the fields of a text, each a sentence without its full stop."""
    return [wrong for field in _FIELD.finditer(text) if (wrong := _mistake(field))]


def fill(text: str, values: Mapping[str, object]) -> str:
    """The text with what we know; a known field without a value becomes one that staff fill in."""
    return _FIELD.sub(lambda field: _filled(field, values), text)


def unfilled(text: str) -> list[str]:
    """The names of the fields that somebody still has to fill in, in their order."""
    return list(dict.fromkeys(name or "…" for name in _FREE.findall(text)))


def is_filled_from(template: str, text: str) -> bool:
    """Are these the words of the template, whatever stands in its fields?"""
    pieces = [_plain(piece) for piece in _FREE.sub("\0", _FIELD.sub("\0", template)).split("\0")]
    text, place = _plain(text), 0
    for piece in pieces:
        found_at = text.find(piece, place)
        if found_at < 0:
            return False
        place = found_at + len(piece)
    return len(text) - sum(map(len, pieces)) <= LONGEST_FILLED * (len(pieces) - 1)


def bare(text: str, values: Mapping[str, object]) -> Sequence[str]:
    """The words of a text, folded, without those that name the customer, the case or us."""
    named = {word for value in values.values() for word in words(str(value))}
    return [word for word in words(text) if word not in named]


def _mistake(field: re.Match[str]) -> str:
    free, known = field[1], field[2]
    if free is not None:
        return "" if free.strip() else "a field to fill in needs a name: {{the day}}"
    if known is None:
        return "a brace without its partner; fields are written {author} and {{the day}}"
    if known not in KNOWN:
        there_are = ", ".join(f"{{{name}}}" for name in KNOWN)
        return f"unknown field {{{known}}}; there are: {there_are}; what staff fill in has two braces: {{{{{known}}}}}"
    return ""


def _filled(field: re.Match[str], values: Mapping[str, object]) -> str:
    name = field[2]
    if name is None or name not in KNOWN:
        return field[0]
    # Braces of a customer's name would read as a field to fill in.
    return re.sub(r"[{}]", "", str(values[name])) if name in values else f"{{{{{name}}}}}"


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
