"""Logits become probabilities, by language."""

import numpy as np
import pytest

from monitor.sentiment.calibration import Calibration
from monitor.sentiment.labels import softmax

LOGITS = np.array([[2.0, 1.0, 0.0]] * 3)
CALIBRATION = Calibration(
    {"und": [1.0, 0.0, 0.0, 0.0], "uk": [0.5, 0.0, 0.0, 0.0], "ro": [1.0, -9.0, 0.0, 0.0]}
)


def test_each_text_is_judged_by_the_figures_of_its_language() -> None:
    uk, ro, en = CALIBRATION.probabilities(LOGITS, ["uk", "ro", "en"])
    assert uk == pytest.approx(softmax(np.array([1.0, 0.5, 0.0])))
    assert ro.argmax() == 1
    assert en == pytest.approx(softmax(LOGITS[0]))


def test_a_model_without_a_calibration_is_taken_at_its_word() -> None:
    assert Calibration().probabilities(LOGITS, ["uk"] * 3) == pytest.approx(softmax(LOGITS))


def test_probabilities_always_sum_to_one() -> None:
    assert CALIBRATION.probabilities(LOGITS * 1e4, ["uk", "ro", "en"]).sum(axis=1) == pytest.approx([1.0] * 3)
