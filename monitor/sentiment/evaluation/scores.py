"""Figures of merit, counted up batch by batch so that a file of any length takes the same memory.

A score is rounded to four decimals before it is ranked. Figures that are not defined (no row of a class) are None.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STEPS = 10_000
BINS = 15
PRECISION = 0.9


def without_neutral(probabilities: Floats) -> Floats:
    """Share neutral's probability out in proportion; evenly where there is nothing else."""
    rest: Floats = probabilities * np.array([1.0, 0.0, 1.0])
    total = rest.sum(axis=1, keepdims=True)
    shares: Floats = np.where(total > 0, rest / np.where(total > 0, total, 1.0), [0.5, 0.0, 0.5])
    return shares


class Ranking:
    """How well a score puts the wanted above the rest."""

    def __init__(self) -> None:
        self._seen = np.zeros((2, STEPS + 1), np.int64)

    def add(self, wanted: Bools, score: Floats) -> None:
        """Count scores of 0 to 1."""
        places = np.rint(score * STEPS).astype(np.int64)
        np.add.at(self._seen, (wanted.astype(np.int64), places), 1)

    def auc(self) -> float | None:
        """Return the chance that one of the wanted scores above one of the rest; a tie counts half."""
        rest, wanted = self._seen
        pairs = int(rest.sum()) * int(wanted.sum())
        if not pairs:
            return None
        below = np.cumsum(rest) - rest
        return float((wanted * (below + rest / 2)).sum() / pairs)

    def recall_at(self, precision: float = PRECISION) -> tuple[float, float] | None:
        """Return (recall, threshold) of the lowest threshold with that precision; None where there is none."""
        rest, wanted = (np.cumsum(side[::-1]) for side in self._seen)
        said = rest + wanted
        precise = np.flatnonzero((said > 0) & (wanted >= precision * said))
        if not len(precise):
            return None
        last = int(precise[-1])
        # Thresholds where nothing more is said reach as far; the highest of them is the one to set.
        last = int(np.searchsorted(said, said[last]))
        return float(wanted[last] / wanted[-1]), (STEPS - last) / STEPS


class Calibration:
    """Whether what is said with probability p is right p of the time."""

    def __init__(self) -> None:
        self._count = np.zeros(BINS)
        self._right = np.zeros(BINS)
        self._confidence = np.zeros(BINS)

    def add(self, right: Bools, confidence: Floats) -> None:
        places = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
        self._count += np.bincount(places, minlength=BINS)
        self._right += np.bincount(places, right, minlength=BINS)
        self._confidence += np.bincount(places, confidence, minlength=BINS)

    def ece(self) -> float | None:
        """Expected calibration error over equal bins of confidence (Naeini et al. 2015)."""
        total = self._count.sum()
        return float(np.abs(self._right - self._confidence).sum() / total) if total else None

    def bins(self) -> list[dict[str, float]]:
        """Return the bins that have rows: how many, how sure they were on average, how many were right."""
        return [
            {
                "rows": float(self._count[i]),
                "sure": round(float(self._confidence[i] / self._count[i]), 4),
                "right": round(float(self._right[i] / self._count[i]), 4),
            }
            for i in np.flatnonzero(self._count)
        ]


def f1_of(confusion: Ints, one: int) -> float | None:
    """Return F1 of a class from confusion[truth, said]; None where the class does not occur in truth."""
    if not confusion[one].any():
        return None
    return _ratio(2 * int(confusion[one, one]), int(confusion[one].sum() + confusion[:, one].sum()))


def macro_f1(confusion: Ints) -> float | None:
    """Return the mean F1 over the classes that occur in truth."""
    occurring = np.flatnonzero(confusion.sum(axis=1))
    return (
        float(np.mean([f1_of(confusion, int(one)) or 0.0 for one in occurring])) if len(occurring) else None
    )


def accuracy(confusion: Ints) -> float | None:
    return _ratio(int(np.trace(confusion)), int(confusion.sum()))


def precision_of(confusion: Ints, one: int) -> float | None:
    return _ratio(int(confusion[one, one]), int(confusion[:, one].sum()))


def recall_of(confusion: Ints, one: int) -> float | None:
    return _ratio(int(confusion[one, one]), int(confusion[one].sum()))


def always_the_commonest(confusion: Ints) -> Ints:
    """Return the confusion of a judge that always says the class that is commonest in truth."""
    constant = np.zeros_like(confusion)
    constant[:, int(confusion.sum(axis=1).argmax())] = confusion.sum(axis=1)
    return constant


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
