"""How sure the model may be: a scale, a power and biases for each language, on rows that it did not learn from.

What counts is posts about brands: our written ones, and customers' and Telegram's posts that our readers labelled. Public sets about
anything else are far more numerous and have other mistakes, so that a row of theirs weighs little.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from monitor.sentiment.calibration import bent
from monitor.sentiment.curves import UNDETERMINED
from monitor.sentiment.labels import softmax
from training.rows import LANGUAGES, UNKNOWN, Row
from training.scores import ece

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Judge = Callable[[Floats, Sequence[str]], Floats]
Free = tuple[bool, bool, bool]
"""Whether the scale, the power and the biases are fitted."""

SCALE, SCALE_BIASES, SCALE_POWER_BIASES = (True, False, False), (True, False, True), (True, True, True)

LIKE_OURS = ("posts", "uasocial_unlabelled")
OTHERS_WEIGH = 0.02
FOLDS = 5
PULL = 130.0
"""How many rows the parameters of all languages weigh against those of one language."""


def weights(rows: Sequence[Row]) -> Floats:
    return np.array([1.0 if row.dataset in LIKE_OURS else OTHERS_WEIGH for row in rows])


def calibration(logits: Floats, classes: Sequence[int], rows: Sequence[Row]) -> dict[str, list[float]]:
    """Return what monitor.sentiment.calibration.Calibration applies: language → scale, power and biases.

    They have the least weighted log loss over the rows whose class is known.
    """
    truth = np.array(classes)
    known = truth != UNKNOWN
    kept = [row for row, is_known in zip(rows, known, strict=True) if is_known]
    found = _fits(logits[known], truth[known], kept, SCALE_POWER_BIASES)
    return {
        code: [round(float(value), 4) for value in (*np.exp(values[:2]), *values[2:])]
        for code, values in found.items()
    }


def ways(logits: Floats, rows: Sequence[Row]) -> dict[str, dict[str, dict[str, float]]]:
    """Return log loss, Brier score and ECE of sentiment by cross-validation: way → language or ``all`` → figures.

    Only rows like ours are scored. The last way is what ships; the others are what it is held against.
    """
    truth = np.array([row.sentiment for row in rows])
    like_ours = np.array([row.dataset in LIKE_OURS for row in rows])
    language = np.array([row.language for row in rows])
    compared = {
        "one temperature": _one,
        "temperature by language": _by_language(SCALE),
        "temperature and biases by language": _by_language(SCALE_BIASES),
        "temperature, power and biases by language": _by_language(SCALE_POWER_BIASES),
    }
    figures = {}
    for name, way in compared.items():
        said = _cross_validated(way, logits, rows)
        chosen = {"all": like_ours} | {code: like_ours & (language == code) for code in LANGUAGES}
        figures[name] = {
            code: _scores(said[where], truth[where]) for code, where in chosen.items() if where.any()
        }
    return figures


def _cross_validated(
    way: Callable[[Floats, Sequence[Row]], Judge], logits: Floats, rows: Sequence[Row]
) -> Floats:
    fold = np.random.default_rng(FOLDS).integers(0, FOLDS, len(rows))
    said = np.zeros((len(rows), 3))
    for number in range(FOLDS):
        apart = fold == number
        judge = way(logits[~apart], [row for row, out in zip(rows, apart, strict=True) if not out])
        said[apart] = judge(
            logits[apart], [row.language for row, out in zip(rows, apart, strict=True) if out]
        )
    return said


def _one(logits: Floats, rows: Sequence[Row]) -> Judge:
    truth = np.array([row.sentiment for row in rows])
    found = _fit(logits, truth, weights(rows), SCALE)
    return lambda given, _: _said(given, found)


def _by_language(free: Free) -> Callable[[Floats, Sequence[Row]], Judge]:
    def way(logits: Floats, rows: Sequence[Row]) -> Judge:
        own = _fits(logits, np.array([row.sentiment for row in rows]), rows, free)
        return lambda given, codes: np.vstack(
            [_said(row[None], own[code]) for row, code in zip(given, codes, strict=True)]
        )

    return way


def _fits(logits: Floats, truth: Ints, rows: Sequence[Row], free: Free) -> dict[str, Floats]:
    """Return log scale, log power and biases of each language, and of all under ``und``."""
    weight = weights(rows)
    language = np.array([row.language for row in rows])
    common = _fit(logits, truth, weight, free)
    own = {
        code: _fit(logits[at], truth[at], weight[at], free, common)
        for code in LANGUAGES
        if (at := language == code).any()
    }
    return {UNDETERMINED: common} | own


def _fit(logits: Floats, truth: Ints, weight: Floats, free: Free, common: Floats | None = None) -> Floats:
    """Return what has the least log loss, pulled towards the common values where there are any."""
    start = np.zeros(2 + logits.shape[1]) if common is None else common
    pull = 0.0 if common is None else PULL
    moved = np.array([*free[:2], *[free[2]] * logits.shape[1]], dtype=float)

    def loss(values: Floats) -> float:
        right = _said(logits, values * moved)[np.arange(len(truth)), truth]
        far = float(((values - start) ** 2).sum())
        return float((-np.log(right + 1e-12) * weight).sum() + pull * far) / float(weight.sum())

    found: Floats = minimize(loss, start, method="L-BFGS-B").x * moved
    return found


def _said(logits: Floats, values: Floats) -> Floats:
    scale, power = np.exp(values[:2])
    return bent(softmax(logits * scale + values[2:]), power)


def _scores(said: Floats, truth: Ints) -> dict[str, float]:
    right = said[np.arange(len(truth)), truth]
    return {
        "log_loss": round(float(-np.log(right + 1e-12).mean()), 4),
        "brier": round(float(((said - np.eye(3)[truth]) ** 2).sum(axis=1).mean()), 4),
        "ece": round(ece(said.argmax(axis=1) == truth, said.max(axis=1)), 4),
    }
