"""Texts of like length come together."""

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.sentiment.batches import by_length

LENGTHS = st.lists(st.integers(1, 300), max_size=60)


@given(LENGTHS, st.integers(1, 600))
@settings(max_examples=200, deadline=None)
def test_every_text_comes_once_and_no_group_exceeds_the_budget(lengths: list[int], budget: int) -> None:
    groups = list(by_length(lengths, budget))
    assert sorted(place for group in groups for place in group) == list(range(len(lengths)))
    for group in groups:
        assert len(group) == 1 or len(group) * max(lengths[place] for place in group) <= budget


def test_short_texts_are_not_padded_to_long_ones() -> None:
    assert list(by_length([100, 3, 98, 4], budget=200)) == [[1, 3], [2, 0]]


def test_a_text_longer_than_the_budget_comes_alone() -> None:
    assert list(by_length([5, 500], budget=100)) == [[0], [1]]
