"""Logits become probabilities, by language."""

import numpy as np
import pytest

from monitor.sentiment.calibration import Calibration
from monitor.sentiment.labels import softmax

LOGITS = np.array([[2.0, 1.0, 0.0]] * 3)
CALIBRATION = Calibration(
    {"und": [1.0, 1.0, 0.0, 0.0, 0.0], "uk": [0.5, 1.0, 0.0, 0.0, 0.0], "ro": [1.0, 1.0, -9.0, 0.0, 0.0]}
)


def test_each_text_is_judged_by_the_figures_of_its_language() -> None:
    uk, ro, en = CALIBRATION.probabilities(LOGITS, ["uk", "ro", "en"])
    assert uk == pytest.approx(softmax(np.array([1.0, 0.5, 0.0])))
    assert ro.argmax() == 1
    assert en == pytest.approx(softmax(LOGITS[0]))


def test_a_power_above_one_makes_sure_texts_surer_and_doubtful_ones_more_doubtful() -> None:
    calibration = Calibration({"und": [1.0, 2.0, 0.0, 0.0]})
    sure, doubtful = np.array([[2.0, 0.0], [0.5, 0.0]])
    after = calibration.probabilities(np.array([sure, doubtful]), ["en"] * 2).max(axis=1)
    assert after[0] > softmax(sure).max()
    assert 0.5 < after[1] < softmax(doubtful).max()


def test_a_power_keeps_the_order_of_the_classes_and_every_tie() -> None:
    bent = Calibration({"und": [1.0, 2.0, 0.0, 0.0, 0.0]}).probabilities(np.array([[2.0, 2.0, -1.0]]), ["en"])
    assert bent[0, 0] == bent[0, 1] > bent[0, 2] > 0


def test_of_two_classes_a_power_keeps_the_order_of_all_texts() -> None:
    logits = np.column_stack([np.linspace(-4, 4, 99), np.zeros(99)])
    bent = Calibration({"und": [1.0, 1.9, 0.3, 0.0]}).probabilities(logits, ["en"] * 99)[:, 0]
    assert (np.diff(bent) > 0).all()


def test_a_model_without_a_calibration_is_taken_at_its_word() -> None:
    assert Calibration().probabilities(LOGITS, ["uk"] * 3) == pytest.approx(softmax(LOGITS))


def test_probabilities_always_sum_to_one() -> None:
    assert CALIBRATION.probabilities(LOGITS * 1e4, ["uk", "ro", "en"]).sum(axis=1) == pytest.approx([1.0] * 3)
