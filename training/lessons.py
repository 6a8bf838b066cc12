"""What a teacher said of the rows, kept where the courses find it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.rows import KINDS, SENTIMENTS, SHARES, Chances, Row, key

Floats = NDArray[np.float32]
_STEPS = 255
"""A chance is kept in eight bits: what a teacher says is not sure to a thousandth."""


def keep(rows: Sequence[Row], said: Floats, path: Path) -> None:
    """Write what was said of each row, chances of SENTIMENTS and then of KINDS (n, 9), to path."""
    if said.shape != (len(rows), len(SENTIMENTS) + len(KINDS)):
        raise ValueError(f"{len(rows)} rows do not fit what was said of them: {said.shape}.")
    names = np.array([_name(row) for row in rows], "S")
    order = np.argsort(names)
    shares = np.round(said[order] * _STEPS).astype(np.uint8)
    np.savez_compressed(path, keys=names[order], said=shares)


def taught(rows: Sequence[Row], path: Path) -> Iterator[Row]:
    """Yield rows with what path says of them; one that it does not know has its labels only."""
    with np.load(path) as kept:
        known = dict(zip(kept["keys"].tolist(), kept["said"].tolist(), strict=True))
    for row in rows:
        said = known.get(_name(row))
        yield replace(row, taught=_chances(said, SHARES[row.dataset].taught)) if said else row


def closer_to_labels(row: Row, share: float, doubt: float) -> Row:
    """Return row as one of whose truth the teacher is this share, and of whose labels the second reading is doubt times what it was."""
    chances = replace(row.taught, share=share) if row.taught else None
    return replace(row, taught=chances, doubt=row.doubt * doubt)


def _name(row: Row) -> bytes:
    return f"{row.language} {key(row.text)}".encode()


def _chances(said: Sequence[int], share: float) -> Chances:
    return Chances(_shares(said[: len(SENTIMENTS)]), _shares(said[len(SENTIMENTS) :]), share)


def _shares(parts: Sequence[int]) -> tuple[float, ...]:
    return tuple(part / sum(parts) for part in parts)
