"""How sure a model may be of a text, by the language that it is written in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.curves import UNDETERMINED
from monitor.sentiment.labels import softmax

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Calibration:
    """Scales logits and adds a bias to each class before they become probabilities.

    By language: the scale, then the biases in the order of the classes (vector scaling with one scale: Guo et al. 2017,
    On Calibration of Modern Neural Networks). A language without its own has that of ``und``; without that one, logits
    stay as they are.
    """

    by_language: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def probabilities(self, logits: NDArray[Any], languages: Sequence[str]) -> Floats:
        """Turn logits (n, c) of texts in these languages into probabilities (n, c)."""
        if not self.by_language:
            return softmax(logits)
        common = self.by_language[UNDETERMINED]
        own = np.array([self.by_language.get(language, common) for language in languages])
        return softmax(logits * own[:, :1] + own[:, 1:])
