"""How sure the model may be: one temperature a head, on rows that it did not learn from."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from monitor.sentiment.labels import softmax
from training.rows import LANGUAGES, UNKNOWN, Row

Floats = NDArray[np.float64]


def temperature(logits: Floats, classes: Sequence[int]) -> float:
    """Return the temperature with the least log loss (Guo et al. 2017, On Calibration of Modern Neural Networks)."""
    known = np.array(classes) != UNKNOWN
    rows, truth = logits[known], np.array(classes)[known]
    if not len(rows):
        return 1.0

    def loss(value: float) -> float:
        right = softmax(rows, value)[np.arange(len(rows)), truth]
        return float(-np.log(right + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x)


def by_language(logits: Floats, rows: Sequence[Row]) -> dict[str, float]:
    """Return the temperature that each language alone would want, to see how far they are apart."""
    places = {code: [i for i, row in enumerate(rows) if row.language == code] for code in LANGUAGES}
    return {
        code: round(temperature(logits[where], [rows[i].sentiment for i in where]), 3)
        for code, where in places.items()
    }
