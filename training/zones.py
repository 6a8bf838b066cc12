"""Where alerts and questions begin: how often triage's score is right from each threshold on, by language.

Learnt from rows kept aside that are like ours (calibrate.LIKE_OURS). The rows of the other languages weigh a fifth: with them a
hundred Romanian rows give a steady curve. Public rows are left out: with them a threshold for precision 0.9 kept 0.86 to 0.88
on our Romanian test posts, without them 0.91.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from monitor.sentiment.curves import UNDETERMINED, Curve, Point
from training.calibrate import LIKE_OURS
from training.rows import KINDS, LANGUAGES, SENTIMENTS, Row

Floats = NDArray[np.float64]

PRECISION, ASK_PRECISION = 0.9, 0.5
"""Wanted by default: those of monitor/settings.py."""
OTHER_LANGUAGES_WEIGH = 0.2
THRESHOLDS = (*np.arange(0.05, 0.9, 0.05).round(2).tolist(), 0.88, 0.9, 0.92, 0.94, 0.96, 0.98)
LEAST_SHARE = 0.01
"""A threshold that fewer rows reach says nothing."""


def zones(negative: Floats, complaint: Floats, rows: Sequence[Row]) -> dict[str, Any]:
    """Return what the manifest keeps by language, ``und`` for all: the rows behind it, a curve, and the zones that follow
    from it by default. negative and complaint are calibrated probabilities, one a row."""
    score = np.maximum(negative, complaint)
    truth = np.array([_is_unhappy(row) for row in rows])
    like_ours = np.array([row.dataset in LIKE_OURS for row in rows])
    found = {}
    for code in (*LANGUAGES, UNDETERMINED):
        own = like_ours & np.array([code in (row.language, UNDETERMINED) for row in rows])
        weight = np.where(own, 1.0, OTHER_LANGUAGES_WEIGH) * like_ours
        points = curve(score[like_ours], truth[like_ours], weight[like_ours])
        found[code] = {"rows": int(own.sum()), "unhappy": round(float(truth[own].mean()), 3)}
        found[code] |= _default_zones(points) | {"curve": points}
    return found


def curve(score: Floats, truth: NDArray[np.bool_], weight: Floats) -> list[list[float]]:
    """Return [threshold, precision, recall, share] of the rows from each threshold on, weighted.

    The chance to be right is first made to rise with the score (isotonic regression), or chance alone would bend the curve.
    """
    chance = IsotonicRegression(y_min=0, y_max=1).fit_transform(score, truth, sample_weight=weight)
    points = []
    for threshold in THRESHOLDS:
        above = score >= threshold
        share, unhappy = weight[above].sum() / weight.sum(), (weight * chance)[above].sum()
        if share >= LEAST_SHARE:
            figures = (threshold, unhappy / weight[above].sum(), unhappy / (weight * chance).sum(), share)
            points.append([round(float(figure), 4) for figure in figures])
    return points


def _is_unhappy(row: Row) -> bool:
    """What staff want to be told of: a negative tone or a complaint."""
    return SENTIMENTS[row.sentiment] == "negative" or row.kind == KINDS.index("complaint")


def _default_zones(points: Sequence[Sequence[float]]) -> dict[str, dict[str, float]]:
    read = Curve([Point(*figures) for figures in points])
    alerted = read.reaching(PRECISION)
    return {"alert": _told(alerted), "ask": _told(read.below(alerted, ASK_PRECISION))}


def _told(point: Point) -> dict[str, float]:
    return {
        "from": round(point.threshold, 3),
        "precision": round(point.precision, 3),
        "recall": round(point.recall, 3),
    }
