"""What teachers said of the rows, kept between the courses."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.rows import KINDS, SENTIMENTS, Chances, Row, key

Floats = NDArray[np.float32]


def keep(rows: Sequence[Row], said: Floats, path: Path) -> None:
    """Write what was said of each row, chances of SENTIMENTS and then of KINDS (n, 9), to path."""
    if said.shape != (len(rows), len(SENTIMENTS) + len(KINDS)):
        raise ValueError(f"{len(rows)} rows do not fit what was said of them: {said.shape}.")
    np.savez(path, keys=np.array([_name(row) for row in rows]), said=said)


def taught(rows: Sequence[Row], path: Path) -> Iterator[Row]:
    """Yield rows with what path says of them; one that it does not know has its labels only."""
    with np.load(path) as kept:
        known = dict(zip(kept["keys"].tolist(), kept["said"].tolist(), strict=True))
    for row in rows:
        said = known.get(_name(row))
        yield replace(row, taught=_chances(said)) if said else row


def _name(row: Row) -> str:
    return f"{row.language} {key(row.text)}"


def _chances(said: Sequence[float]) -> Chances:
    return Chances(tuple(said[: len(SENTIMENTS)]), tuple(said[len(SENTIMENTS) :]))
