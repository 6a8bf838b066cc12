"""What goes into training, and how its results are scored."""

import random

import numpy as np
import pytest

from training.augment import augment, transliterate, without_diacritics
from training.rows import LANGUAGES, part_of
from training.scores import ece, recall_at_precision, scores


def post(scenario: str, **more: str) -> dict[str, str]:
    return {"language": "uk", "scenario": scenario} | more


def test_all_posts_of_a_scenario_are_on_one_side() -> None:
    for number in range(50):
        scenario = f"parcels-lost-{number:02}"
        assert part_of(post(scenario, text="одне")) == part_of(post(scenario, text="зовсім інше"))


def test_about_a_fifth_of_the_scenarios_is_the_test() -> None:
    parts = [
        part_of(post(f"{trade}-{number}")) for trade in ("banks", "taxis", "games") for number in range(300)
    ]
    assert 0.16 < parts.count("test") / len(parts) < 0.24
    assert 0.05 < parts.count("calibration") / len(parts) < 0.11


def test_a_small_set_of_hurried_writing_can_still_be_read() -> None:
    assert transliterate("Щиро дякую, Їжаче", "uk") == "Shchyro diakuiu, Izhache"
    assert without_diacritics("Mulțumesc, a fost în regulă") == "Multumesc, a fost in regula"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", ["", "я", "ok", "Дякую!", "Mulțumesc frumos, totul a ajuns la timp"])
def test_a_text_is_sometimes_changed_never_lost_and_always_the_same_for_a_seed(
    language: str, text: str
) -> None:
    first = [augment(text, language, random.Random(seed)) for seed in range(60)]
    assert first == [augment(text, language, random.Random(seed)) for seed in range(60)]
    assert text in first
    assert all(changed or not text for changed in first)


def test_a_perfect_model_scores_one_and_is_calibrated() -> None:
    truth = np.array([0, 1, 2, 0])
    figures = scores(truth, np.eye(3)[truth])
    assert figures["macro_f1"] == figures["negative_f1"] == figures["negative_auc"] == 1.0
    assert figures["ece"] == figures["brier"] == 0.0


def test_where_a_set_has_no_neutral_the_model_must_choose_a_side() -> None:
    truth = np.array([0, 2])
    figures = scores(truth, np.array([[0.3, 0.6, 0.1], [0.1, 0.8, 0.1001]]), two_classes=True)
    assert figures["macro_f1"] == 1.0


def test_being_sure_and_wrong_costs_calibration() -> None:
    assert ece(np.array([True, False]), np.array([0.99, 0.99])) == pytest.approx(0.49)


def test_the_threshold_for_a_precision_is_the_lowest_that_keeps_it() -> None:
    truth = np.array([True, True, False, True, False])
    chance = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    assert recall_at_precision(truth, chance, 0.75) == (1.0, 0.6)
    assert recall_at_precision(truth, chance, 1.0) == (pytest.approx(2 / 3), 0.8)
    assert recall_at_precision(~truth, chance, 0.9) == (0.0, 1.0)
