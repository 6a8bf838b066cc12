import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.matching import Match
from monitor.relevance import relevance
from monitor.triage import RELEVANT_FROM

LONG = "слово " * 500


def at(*places: int) -> list[Match]:
    return [Match("Acme", place, place + 4) for place in places]


def test_a_short_post_that_names_the_brand_is_about_it() -> None:
    assert relevance("Acme, де мої гроші?", at(0), in_title=False, brands=1) == 1.0


def test_a_long_post_is_more_about_what_it_names_early_or_often() -> None:
    late = relevance(LONG, at(2000), in_title=False, brands=1)
    early = relevance(LONG, at(10), in_title=False, brands=1)
    often = relevance(LONG, at(2000, 2100, 2200), in_title=False, brands=1)
    assert late < early < often == 1.0


def test_a_list_of_shops_is_about_none_of_them() -> None:
    assert relevance(LONG, at(2000), in_title=False, brands=4) < RELEVANT_FROM
    assert relevance("Acme, Rival, Third, Fourth", at(0), in_title=False, brands=4) == 0.5


def test_a_brand_named_in_the_title_alone_is_probably_meant() -> None:
    assert relevance(LONG, [], in_title=True, brands=1) == 0.8


def test_a_passing_mention_in_a_long_post_is_still_looked_at() -> None:
    assert relevance(LONG, at(2900), in_title=False, brands=1) >= RELEVANT_FROM


@given(
    length=st.integers(0, 5000),
    places=st.lists(st.integers(0, 5000), max_size=5),
    in_title=st.booleans(),
    brands=st.integers(0, 9),
)
def test_it_is_a_share_whatever_comes(length: int, places: list[int], in_title: bool, brands: int) -> None:
    assert 0 <= relevance("x" * length, at(*places), in_title=in_title, brands=brands) <= 1


@pytest.mark.parametrize("brands", [1, 2, 3])
def test_a_comparison_of_two_or_three_is_about_each(brands: int) -> None:
    assert relevance("Acme чи Rival?", at(0), in_title=False, brands=brands) == 1.0


def test_a_post_that_speaks_of_another_brand_is_not_about_the_one_in_the_title() -> None:
    rating = relevance("Будсвіт привіз биті листи.", [], in_title=True, brands=2, speaks_of_another=True)
    assert rating < RELEVANT_FROM
