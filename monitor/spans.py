"""Stretches of a text, as (start, end) offsets."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int]

_LINE = re.compile(r"\S[^\n]*")


def lines(text: str) -> Iterator[Span]:
    """The lines that hold something, each from its first visible character."""
    return (line.span() for line in _LINE.finditer(text))


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, those that touch or overlap made one."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def holds(spans: Sequence[Span], at: int) -> bool:
    """Whether one of merged spans has the character at this offset."""
    place = bisect_right(spans, at, key=lambda span: span[0])
    return place > 0 and at < spans[place - 1][1]


def between(spans: Iterable[Span], end: int) -> Iterator[Span]:
    """What merged spans leave of a text that is ``end`` long."""
    at = 0
    for start, stop in spans:
        if at < start:
            yield at, start
        at = stop
    if at < end:
        yield at, end
