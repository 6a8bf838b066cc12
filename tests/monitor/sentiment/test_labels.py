"""Which class of a model means what."""

import numpy as np
import pytest

from monitor.sentiment.judgement import ModelError, Sentiment
from monitor.sentiment.labels import Labels, softmax


def test_classes_may_come_in_any_order_and_case() -> None:
    labels = Labels(["POS", "Negative", "neu"])
    assert labels.sentiment(np.array([0.5, 0.2, 0.3])) == Sentiment(0.2, 0.3, 0.5)


def test_stars_are_summed() -> None:
    labels = Labels(["1 star", "2 stars", "3 stars", "4 stars", "5 stars"])
    said = labels.sentiment(np.array([0.25, 0.25, 0.125, 0.25, 0.125]))
    assert said == Sentiment(0.5, 0.125, 0.375)


def test_a_model_of_two_classes_never_says_neutral() -> None:
    assert Labels(["negative", "positive"]).sentiment(np.array([0.25, 0.75])) == Sentiment(0.25, 0.0, 0.75)


def test_classes_without_a_name_need_a_map_and_the_error_lists_them() -> None:
    with pytest.raises(ModelError, match=r"'LABEL_0' is not known .* 'LABEL_0', 'LABEL_1'.*sentiment.labels"):
        Labels(["LABEL_0", "LABEL_1"])


def test_a_map_gives_classes_their_meaning() -> None:
    labels = Labels(["LABEL_0", "LABEL_1"], {"LABEL_0": "positive", "LABEL_1": "negative"})
    assert labels.sentiment(np.array([0.75, 0.25])) == Sentiment(0.25, 0.0, 0.75)


def test_a_map_to_something_else_is_refused() -> None:
    with pytest.raises(ModelError, match="LABEL_0"):
        Labels(["LABEL_0"], {"LABEL_0": "angry"})


@pytest.mark.parametrize("meaning", ["negative", "positive"])
def test_a_map_with_which_every_text_would_be_judged_alike_is_refused(meaning: str) -> None:
    with pytest.raises(ModelError, match="one must mean negative, and one not"):
        Labels(["A", "B"], {"A": meaning, "B": meaning})


def test_a_map_that_names_what_is_no_class_is_refused() -> None:
    with pytest.raises(ModelError, match=r"names 'negatve', which is no class .* 'negative', 'positive'"):
        Labels(["negative", "positive"], {"negatve": "positive"})


def test_classes_may_be_spelt_with_lines_between() -> None:
    assert Labels(["Very_Negative", "very-positive"]).sentiment(np.array([0.25, 0.75])).negative == 0.25


def test_probabilities_sum_to_one_and_never_overflow() -> None:
    probabilities = softmax(np.array([[1000.0, 0.0, -1000.0], [2.0, 1.0, 0.0]]))
    assert probabilities[0].tolist() == [1.0, 0.0, 0.0]
    assert probabilities.sum(axis=1) == pytest.approx([1.0, 1.0])
