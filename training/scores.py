"""Figures of merit, over arrays of truth (classes) and probabilities (n, 3) in the order of rows.SENTIMENTS."""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, roc_auc_score

from monitor.sentiment.evaluation.scores import without_neutral

Floats = NDArray[np.float64]
Classes = NDArray[np.int64]


def verdicts(probabilities: Floats, *, two_classes: bool = False) -> Classes:
    """Return the likeliest class; of negative and positive only where a set knows no neutral."""
    if two_classes:
        probabilities = without_neutral(probabilities)
    likeliest: Classes = probabilities.argmax(axis=1)
    return likeliest


def scores(truth: Classes, probabilities: Floats, *, two_classes: bool = False) -> dict[str, float]:
    """Return n, macro-F1 over the classes that occur, F1 and AUC of negative, ECE and Brier score."""
    said = verdicts(probabilities, two_classes=two_classes)
    if two_classes:
        probabilities = without_neutral(probabilities)
    return {
        "n": len(truth),
        "macro_f1": float(f1_score(truth, said, labels=np.unique(truth), average="macro")),
        "negative_f1": float(f1_score(truth == 0, said == 0)),
        "negative_auc": float(roc_auc_score(truth == 0, probabilities[:, 0])),
        "ece": ece(said == truth, probabilities.max(axis=1)),
        "brier": float(((probabilities - np.eye(3)[truth]) ** 2).sum(axis=1).mean()),
    }


def ece(right: NDArray[np.bool_], confidence: Floats, bins: int = 15) -> float:
    """Expected calibration error over equal bins of confidence (Naeini et al. 2015)."""
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(right[place == i].mean() - confidence[place == i].mean()) * (place == i).mean()
        for i in range(bins)
        if (place == i).any()
    ]
    return float(sum(gaps))


def recall_at_precision(truth: NDArray[np.bool_], score: Floats, wanted: float = 0.9) -> tuple[float, float]:
    """Return (recall, threshold) of the lowest threshold that reaches the precision, or (0, 1)."""
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(truth[order])
    precise = np.flatnonzero(hits / np.arange(1, len(truth) + 1) >= wanted)
    if not len(precise):
        return 0.0, 1.0
    last = precise[-1]
    return float(hits[last] / max(truth.sum(), 1)), float(score[order[last]])
