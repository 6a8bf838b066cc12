"""How calibration and curves are found, on rows whose truth is known."""

import numpy as np
import pytest

from monitor.sentiment.calibration import Calibration, bent
from monitor.sentiment.curves import Curve, Point
from monitor.sentiment.labels import softmax
from monitor.settings import TriageSettings
from training.calibrate import OTHERS_WEIGH, calibration, ways, weights
from training.rows import KINDS, LANGUAGES, SENTIMENTS, UNKNOWN, Row
from training.zones import ASK_PRECISION, PRECISION, curve, zones

RNG = np.random.default_rng(20261122)


def row(
    sentiment: str = "negative", kind: str = "other", language: str = "uk", dataset: str = "posts"
) -> Row:
    return Row("…", language, dataset, SENTIMENTS.index(sentiment), UNKNOWN, KINDS.index(kind), "calibration")


def drawn(count: int, sureness: float):
    """Logits that are sureness times too sure, and classes drawn by what they should have been."""
    honest = RNG.normal(0, 1.5, (count, 3))
    classes = [int(RNG.choice(3, p=p)) for p in softmax(honest)]
    return honest * sureness, classes


def test_a_model_that_is_too_sure_of_one_language_is_less_sure_of_that_one() -> None:
    sure, one = drawn(4_000, 2.0)
    honest, other = drawn(4_000, 1.0)
    rows = [row(language="ro")] * 4_000 + [row(language="en")] * 4_000
    found = calibration(np.vstack([sure, honest]), one + other, rows)
    assert set(found) == {"ro", "en", "und"}
    said = Calibration(found).probabilities(np.vstack([sure, honest]), [row.language for row in rows])
    true = softmax(np.vstack([sure / 2, honest]))
    assert np.abs(said - true).mean() < 0.02
    assert np.abs(softmax(sure) - true[:4_000]).mean() > 0.06


def test_the_biases_undo_what_makes_a_model_prefer_a_class() -> None:
    logits, classes = drawn(4_000, 1.0)
    leaning = logits + np.array([1.0, 0.0, 0.0])
    _, _, negative, neutral, positive = calibration(leaning, classes, [row()] * 4_000)["uk"]
    assert negative - neutral == pytest.approx(-1.0, abs=0.2)
    assert positive - neutral == pytest.approx(0.0, abs=0.2)


def test_the_power_undoes_what_keeps_logits_close_together() -> None:
    honest, classes = drawn(4_000, 1.0)
    close = np.log(bent(softmax(honest), 0.5))
    found = calibration(close, classes, [row()] * 4_000)
    said = Calibration(found).probabilities(close, ["uk"] * 4_000)
    assert found["uk"][1] == pytest.approx(2.0, rel=0.2)
    assert np.abs(said - softmax(honest)).mean() < 0.02


def test_rows_of_unknown_class_say_nothing() -> None:
    logits, classes = drawn(500, 2.0)
    known = calibration(logits, classes, [row()] * 500)
    more = np.vstack([logits, RNG.normal(0, 9, (500, 3))])
    assert calibration(more, [*classes, *[UNKNOWN] * 500], [row()] * 1_000) == known


def test_rows_that_are_unlike_ours_weigh_less() -> None:
    assert weights([row(), row(dataset="cedr_ru")]).tolist() == [1.0, OTHERS_WEIGH]


def test_ways_to_calibrate_are_scored_on_every_language() -> None:
    logits, classes = drawn(400, 1.5)
    rows = [row(SENTIMENTS[c], language=LANGUAGES[n % 4]) for n, c in enumerate(classes)]
    for figures in ways(logits, rows).values():
        assert set(figures) == {"all", *LANGUAGES}
        assert 0 < figures["all"]["log_loss"] < 1.2


def test_a_curve_says_what_share_is_unhappy_from_each_threshold_on() -> None:
    score = np.linspace(0, 1, 10_001)
    truth = score > RNG.random(10_001)
    points = curve(score, truth, np.ones(10_001))
    found = {threshold: (precision, recall, share) for threshold, precision, recall, share in points}
    # The chance to be unhappy is the score, so that above t it is (1 + t) / 2 on average.
    assert found[0.5] == (
        pytest.approx(0.75, abs=0.02),
        pytest.approx(0.75, abs=0.02),
        pytest.approx(0.5, abs=0.01),
    )
    precisions = [precision for _, precision, _, _ in points]
    assert precisions == sorted(precisions)


def test_the_zones_of_a_language_keep_what_is_promised_on_its_rows() -> None:
    score = RNG.random(4_000)
    truth = RNG.random(4_000) < score**2
    rows = [
        row("negative" if unhappy else "neutral", language=LANGUAGES[n % 4])
        for n, unhappy in enumerate(truth)
    ]
    found = zones(score, np.zeros(4_000), rows)
    assert set(found) == {*LANGUAGES, "und"}
    assert found["uk"]["rows"] == 1_000
    alerted = score >= found["und"]["alert"]["from"]
    asked = (score >= found["und"]["ask"]["from"]) & ~alerted
    assert truth[alerted].mean() == pytest.approx(PRECISION, abs=0.04)
    assert truth[asked].mean() == pytest.approx(ASK_PRECISION, abs=0.08)
    assert Curve([Point(*p) for p in found["uk"]["curve"]]).reaching(PRECISION).threshold == pytest.approx(
        found["uk"]["alert"]["from"], abs=1e-3
    )


def test_a_complaint_in_an_even_tone_counts_as_unhappy() -> None:
    rows = [row("neutral", kind, language) for language in LANGUAGES for kind in ("complaint", "other")] * 20
    score = np.array([0.9, 0.1] * 80)
    assert zones(np.zeros(160), score, rows)["uk"]["unhappy"] == 0.5


def test_what_training_looks_up_is_what_the_product_wants_by_default() -> None:
    assert (TriageSettings().precision, TriageSettings().ask_precision) == (PRECISION, ASK_PRECISION)
