"""Which corrections stand or fall together: those of one case, and those of one text."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from monitor import copies

Pairs = Iterator[tuple[int, int]]


def units(texts: Sequence[str], cases: Sequence[int]) -> NDArray[np.int64]:
    """Return a number (n,) for each post: the same within a case, for equal words, and for copies of each other.

    What belongs to a third belongs together. A text in two units would be learnt in one fold and asked for in another: to
    know it by heart would pass for having learnt something.
    """
    words = [copies.bare(text) or text for text in texts]
    places = {one: place for place, one in reversed(list(enumerate(words)))}
    parent = list(range(len(texts)))
    for pairs in (_equal(cases), _equal(words), _alike(places)):
        for one, other in pairs:
            low, high = sorted((_root(parent, one), _root(parent, other)))
            parent[high] = low
    return np.array([_root(parent, place) for place in range(len(texts))], np.int64)


def _root(parent: Sequence[int], place: int) -> int:
    while parent[place] != place:
        place = parent[place]
    return place


def _equal(keys: Iterable[Hashable]) -> Pairs:
    first: dict[Hashable, int] = {}
    for place, key in enumerate(keys):
        yield first.setdefault(key, place), place


def _alike(places: Mapping[str, int]) -> Pairs:
    """Compare only texts that share a band: thousands with each other would take minutes."""
    sharing: dict[int, list[str]] = defaultdict(list)
    for text, place in places.items():
        signature = copies.signature(text)
        bands = copies.bands(signature) if signature else []
        earlier = dict.fromkeys(one for band in bands for one in sharing[band])
        yield from ((places[one], place) for one in earlier if copies.is_copy(one, text))
        for band in bands:
            sharing[band].append(text)
