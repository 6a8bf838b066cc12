"""How sure a model may be of a text, by the language that it is written in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.curves import UNDETERMINED
from monitor.sentiment.labels import softmax

Floats = NDArray[np.float64]
_LEAST = 1e-9
"""A chance of 0 has no odds."""
_LONGEST = 50.0
"""Log odds beyond which a chance is 0 or 1 anyway, and the exponential would overflow in the end."""


@dataclass(frozen=True)
class Calibration:
    """Scales logits, adds a bias to each class and bends the odds that follow from them.

    By language: the scale, the power, then the biases in the order of the classes. Scale and biases are vector scaling with
    one scale (Guo et al. 2017, On Calibration of Modern Neural Networks); the power is explained at ``bent``. A language
    without its own has those of ``und``; without that one, logits stay as they are.
    """

    by_language: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def probabilities(self, logits: NDArray[Any], languages: Sequence[str]) -> Floats:
        """Turn logits (n, c) of texts in these languages into probabilities (n, c)."""
        if not self.by_language:
            return softmax(logits)
        common = self.by_language[UNDETERMINED]
        own = np.array([self.by_language.get(language, common) for language in languages])
        return bent(softmax(logits * own[:, :1] + own[:, 2:]), own[:, 1:2])


def bent(probabilities: Floats, power: NDArray[Any] | float) -> Floats:
    """Raise the log odds of each class against all others, without their sign, to this power; (n, c) as given.

    A power of 1 changes nothing. One above it takes odds near even for more even, and long odds for longer: a network that
    learns from softened labels keeps its logits close together, whether it is sure or not, and no scale mends both.
    Within a class the order of texts stays, but for what makes the chances of a text add up to one.
    """
    chance = np.clip(probabilities, _LEAST, 1 - _LEAST)
    odds = np.log(chance / (1 - chance))
    further = np.sign(odds) * np.abs(odds) ** power
    own = 1 / (1 + np.exp(-np.clip(further, -_LONGEST, _LONGEST)))
    shares: Floats = own / own.sum(axis=1, keepdims=True)
    return shares
