"""Texts of like length together: padding a short text to a long one costs as much as judging the long one."""

from collections.abc import Iterator, Sequence

TOKENS = 512
"""Tokens in one batch, padding included. Keeps memory flat, and what a batch needs near the core: larger ones were slower."""


def by_length(lengths: Sequence[int], budget: int = TOKENS) -> Iterator[list[int]]:
    """Yield groups of places in ``lengths`` (tokens of each text), longest × count within budget.

    Every place comes once; a text longer than the budget comes alone.
    """
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and lengths[place] * (len(group) + 1) > budget:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
