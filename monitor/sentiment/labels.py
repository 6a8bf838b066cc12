"""Which class of a model means what."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import ModelError, Sentiment

SENTIMENTS = ("negative", "neutral", "positive")
KNOWN = {
    "neg": "negative",
    "neu": "neutral",
    "pos": "positive",
    "very negative": "negative",
    "very positive": "positive",
    "1 star": "negative",
    "2 stars": "negative",
    "3 stars": "neutral",
    "4 stars": "positive",
    "5 stars": "positive",
} | {name: name for name in SENTIMENTS}


class Labels:
    """Sums the probabilities of a model's classes into a Sentiment."""

    def __init__(self, classes: Sequence[str], labels: Mapping[str, str] | None = None):
        meanings = [_meaning(name, labels or {}) for name in classes]
        unknown = [name for name, meaning in zip(classes, meanings, strict=True) if meaning not in SENTIMENTS]
        if unknown:
            raise ModelError(
                f"The model's class {unknown[0]!r} is not known to be negative, neutral or positive. "
                f"Its classes are {', '.join(map(repr, classes))}: say in sentiment.labels what each means."
            )
        self._sides = [[i for i, meaning in enumerate(meanings) if meaning == side] for side in SENTIMENTS]

    def sentiment(self, probabilities: NDArray[np.float64]) -> Sentiment:
        """Sum one text's probabilities, one for each of the model's classes."""
        negative, neutral, positive = (float(probabilities[side].sum()) for side in self._sides)
        return Sentiment(negative, neutral, positive)


def _meaning(name: str, labels: Mapping[str, str]) -> str:
    return labels.get(name) or KNOWN.get(name.strip().lower(), "")


def softmax(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return probabilities along the last axis."""
    precise = logits.astype(np.float64)
    powers = np.exp(precise - precise.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
