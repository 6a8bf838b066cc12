"""Which class of a model means what."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import ModelError, Sentiment

SENTIMENTS = ("negative", "neutral", "positive")
NO_NUMBERS = "what it gives are no numbers"
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
        labels = labels or {}
        meanings = [_meaning(name, labels) for name in classes]
        _refuse(classes, labels, meanings)
        self.sides = [[i for i, meaning in enumerate(meanings) if meaning == side] for side in SENTIMENTS]
        """The places of the classes that mean each of SENTIMENTS."""

    def sentiment(self, probabilities: NDArray[np.float64]) -> Sentiment:
        """Sum one text's probabilities, one for each of the model's classes."""
        negative, neutral, positive = (float(probabilities[side].sum()) for side in self.sides)
        return Sentiment(negative, neutral, positive)


def _meaning(name: str, labels: Mapping[str, str]) -> str:
    return labels.get(name) or KNOWN.get(" ".join(re.split(r"[\s_-]+", name.strip().lower())), "")


def _refuse(classes: Sequence[str], labels: Mapping[str, str], meanings: Sequence[str]) -> None:
    """Raise ModelError where a class means nothing, a name is no class, or nothing would ever be negative."""
    there = f"Its classes are {', '.join(map(repr, classes))}"
    unknown = [name for name, meaning in zip(classes, meanings, strict=True) if meaning not in SENTIMENTS]
    strange = [name for name in labels if name not in classes]
    if unknown:
        raise ModelError(
            f"The model's class {unknown[0]!r} is not known to be negative, neutral or positive. "
            f"{there}: say in sentiment.labels what each means."
        )
    if strange:
        raise ModelError(f"sentiment.labels names {strange[0]!r}, which is no class of the model. {there}.")
    if not {"negative"} < set(meanings):
        raise ModelError(
            f"The model could not tell the unhappy from others: of its classes one must mean negative, and one not. {there}: "
            "say in sentiment.labels what each means."
        )


def prove(logits: NDArray[Any], texts: int, classes: Sequence[str]) -> None:
    """Raise ModelError unless these are finite logits of so many texts, one for each class."""
    if logits.shape != (texts, len(classes)):
        raise ModelError(
            f"of {texts} texts it gives numbers in the shape {logits.shape}, not the ({texts}, {len(classes)}) of "
            f"its classes {', '.join(map(repr, classes))}"
        )
    if not np.isfinite(logits).all():
        raise ModelError(NO_NUMBERS)


def are_numbers(outputs: Sequence[NDArray[Any]]) -> NDArray[np.bool_]:
    """Return (n,): of which texts every output, (n, …), is finite. A model in half precision may overflow on some."""
    told: NDArray[np.bool_] = np.logical_and.reduce([np.isfinite(output).all(axis=-1) for output in outputs])
    return told


def prove_pooled(pooled: NDArray[Any], texts: int, width: int) -> None:
    """Raise ModelError unless this is what the heads see of so many texts, (texts, width)."""
    if pooled.shape != (texts, width):
        raise ModelError(
            f"its output 'pooled' has the shape {pooled.shape}, not ({texts}, {width}), a line a text"
        )


def are_chances(values: NDArray[Any]) -> bool:
    """Whether a file gives probabilities instead of logits, because it was exported with its softmax."""
    return bool((values >= 0).all() and np.allclose(values.sum(axis=-1), 1, atol=1e-3))


def softmax(logits: NDArray[Any]) -> NDArray[np.float64]:
    """Return probabilities along the last axis."""
    precise = logits.astype(np.float64)
    powers = np.exp(precise - precise.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities
