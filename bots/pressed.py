"""What a button calls back with: verb:number, and after that whatever else it needs; 64 bytes at most."""

import re
from dataclasses import dataclass

LONGEST_NUMBER = 18
_EXTRA = re.compile(r"[\w-]*", re.ASCII)


@dataclass(frozen=True)
class Pressed:
    verb: str
    number: int
    extra: tuple[str, ...] = ()


def read_pressed(callback: str) -> Pressed | None:
    """None for what no button of ours says."""
    verb, *rest = callback.split(":")
    number = read_number(rest[0]) if rest else None
    if number is None or not all(_EXTRA.fullmatch(part) for part in rest[1:]):
        return None
    return Pressed(verb, number, tuple(rest[1:]))


def read_number(text: str) -> int | None:
    """A number as we write it: digits, nothing else, and not too many for a row's id."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None
