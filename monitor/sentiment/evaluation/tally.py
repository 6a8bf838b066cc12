"""What one judge said of one group of rows, counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from monitor.sentiment.evaluation.rows import Row
from monitor.sentiment.evaluation.scores import (
    Bools,
    Calibration,
    Floats,
    Ints,
    Ranking,
    accuracy,
    f1_of,
    macro_f1,
    precision_of,
    recall_of,
    without_neutral,
)
from monitor.sentiment.judgement import Judgement

NEGATIVE, NEUTRAL, _POSITIVE = range(3)
_DECIMALS = 4
UNKNOWN = -1


@dataclass(frozen=True)
class Said:
    """Truth and judgements of n rows as arrays. UNKNOWN and NaN stand for what is not said."""

    sentiment: Ints
    probabilities: Floats
    """(n, 3), in the order of SENTIMENTS; without neutral where the rows know two classes."""
    complaint: Ints
    complaint_chance: Floats

    def of(self, places: Ints) -> "Said":
        return Said(
            self.sentiment[places],
            self.probabilities[places],
            self.complaint[places],
            self.complaint_chance[places],
        )


def said(rows: Sequence[Row], judgements: Sequence[Judgement], *, two_classes: bool) -> Said:
    """Put rows and what was said of them side by side."""
    stands = [(j.sentiment.negative, j.sentiment.neutral, j.sentiment.positive) for j in judgements]
    probabilities = np.array(stands, float).reshape(-1, 3)
    return Said(
        np.array([UNKNOWN if row.sentiment is None else row.sentiment for row in rows], np.int64),
        without_neutral(probabilities) if two_classes else probabilities,
        np.array([UNKNOWN if row.complaint is None else row.complaint for row in rows], np.int64),
        np.array([np.nan if j.complaint is None else j.complaint for j in judgements], float),
    )


class Tally:
    """Counts of one judge in one group: memory stays the same however many rows come."""

    def __init__(self) -> None:
        self.confusion = np.zeros((3, 3), np.int64)
        self.complaints = np.zeros((2, 2), np.int64)
        self._brier = 0.0
        self._calibration = Calibration()
        self._negative = Ranking()
        self._complaint = Ranking()
        self._complaint_calibration = Calibration()

    def add(self, batch: Said) -> None:
        known = batch.sentiment != UNKNOWN
        self._add_sentiment(batch.sentiment[known], batch.probabilities[known])
        known = (batch.complaint != UNKNOWN) & ~np.isnan(batch.complaint_chance)
        self._add_complaint(batch.complaint[known].astype(bool), batch.complaint_chance[known])

    def _add_sentiment(self, truth: Ints, probabilities: Floats) -> None:
        verdict = probabilities.argmax(axis=1)
        np.add.at(self.confusion, (truth, verdict), 1)
        self._calibration.add(verdict == truth, probabilities.max(axis=1, initial=0.0))
        self._negative.add(truth == NEGATIVE, probabilities[:, NEGATIVE])
        self._brier += float(((probabilities - np.eye(3)[truth]) ** 2).sum())

    def _add_complaint(self, truth: Bools, chance: Floats) -> None:
        verdict = chance > 0.5
        np.add.at(self.complaints, (truth.astype(np.int64), verdict.astype(np.int64)), 1)
        self._complaint.add(truth, chance)
        self._complaint_calibration.add(verdict == truth, np.maximum(chance, 1 - chance))

    def sentiment(self) -> dict[str, Any] | None:
        """Return the figures of sentiment, or None where no row has one."""
        count = int(self.confusion.sum())
        if not count:
            return None
        figures = {
            "rows": count,
            "accuracy": accuracy(self.confusion),
            "macro_f1": macro_f1(self.confusion),
            "negative_precision": precision_of(self.confusion, NEGATIVE),
            "negative_recall": recall_of(self.confusion, NEGATIVE),
            "negative_f1": f1_of(self.confusion, NEGATIVE),
            "negative_auc": self._negative.auc(),
            "ece": self._calibration.ece(),
            "brier": self._brier / count,
            **_at_precision(self._negative),
        }
        return _rounded(figures) | {"confusion": self.confusion.tolist()}

    def calibration(self) -> list[dict[str, float]]:
        """Return the bins of sentiment's calibration, the least sure first."""
        return self._calibration.bins()

    def complaint(self) -> dict[str, Any] | None:
        """Return the figures of complaints, or None where no row or no judge speaks of them."""
        count = int(self.complaints.sum())
        if not count:
            return None
        figures = {
            "rows": count,
            "macro_f1": macro_f1(self.complaints),
            "precision": precision_of(self.complaints, 1),
            "recall": recall_of(self.complaints, 1),
            "auc": self._complaint.auc(),
            "ece": self._complaint_calibration.ece(),
            **_at_precision(self._complaint),
        }
        return _rounded(figures) | {"confusion": self.complaints.tolist()}


def _at_precision(ranking: Ranking) -> dict[str, float | None]:
    recall, threshold = ranking.recall_at() or (None, None)
    return {"recall_at_precision_90": recall, "threshold_for_precision_90": threshold}


def _rounded(figures: dict[str, float | int | None]) -> dict[str, Any]:
    return {
        name: round(value, _DECIMALS) if isinstance(value, float) else value
        for name, value in figures.items()
    }
