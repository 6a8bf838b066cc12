"""Years of ordinary weeks without an alarm, and a jump that is found within the hour; pure arithmetic, on seeded chance."""

import math
import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crisis import (
    HOURS_A_WEEK,
    UNLIKELY,
    WEEKS,
    WINDOWS,
    Habit,
    Reading,
    chance,
    expected,
    habit,
    is_calm,
    is_crisis,
    reading,
)
from monitor.settings import CrisisSettings

RULES = CrisisSettings()
BY_DAY = [0.1] * 5 + [
    0.2,
    0.4,
    0.8,
    1.2,
    1.5,
    1.7,
    1.8,
    1.8,
    1.7,
    1.6,
    1.6,
    1.6,
    1.6,
    1.7,
    1.8,
    1.6,
    1.2,
    0.7,
    0.3,
]
"""How an hour of the day compares to the mean of all."""
YEARS = 2
AFTERNOON = 14


def usual_in(hour: int, rate: float) -> float:
    weekend = 0.7 if hour // 24 % 7 >= 5 else 1.1
    return rate * BY_DAY[hour % 24] * 24 / sum(BY_DAY) * weekend


def posts(chance_: random.Random, mean: float, dispersion: float) -> int:
    """Poisson, or with a mean that itself varies: variance over mean is the dispersion."""
    if dispersion > 1:
        mean = chance_.gammavariate(mean / (dispersion - 1), dispersion - 1)
    count, product, floor = 0, chance_.random(), math.exp(-mean)
    while product > floor:
        count, product = count + 1, product * chance_.random()
    return count


def ordinary(hours: int, rate: float, dispersion: float = 1.0, seed: int = 1) -> list[int]:
    chance_ = random.Random(seed)
    return [posts(chance_, usual_in(hour, rate), dispersion) for hour in range(hours)]


def alarms(counts: list[int], rate: float) -> Iterator[int]:
    """The hours of an alarm that was not one an hour before."""
    last = -2
    for hour in range(WEEKS * HOURS_A_WEEK, len(counts)):
        # Only where it could be: an alarm needs three times what is usual.
        now = [(window, sum(counts[hour + 1 - window : hour + 1])) for window in WINDOWS]
        likely = [(w, n) for w, n in now if n >= RULES.at_least and n >= 2 * w * usual_in(hour, rate)]
        seen = (reading(n, counts[max(0, hour - 1400) : hour + 1 - w], w) for w, n in likely)
        if any(is_crisis(one, RULES) for one in seen):
            if last < hour - 1:
                yield hour
            last = hour


@pytest.mark.parametrize("dispersion", [1.0, 1.5, 2.5])
@pytest.mark.parametrize("rate", [0.3, 2.0, 10.0])
def test_ordinary_weeks_alarm_less_than_once_a_year(rate: float, dispersion: float) -> None:
    counts = ordinary(HOURS_A_WEEK * (WEEKS + 52 * YEARS), rate, dispersion)
    assert len(list(alarms(counts, rate))) < YEARS


@pytest.mark.parametrize("weeks", [1, 4, 8])
@pytest.mark.parametrize("rate", [8.0, 30.0])
def test_a_fivefold_jump_is_found_within_the_hour(rate: float, weeks: int) -> None:
    found = 0
    for seed in range(20):
        hour = weeks * HOURS_A_WEEK + AFTERNOON
        before = ordinary(hour, rate, seed=seed)
        jump = posts(random.Random(seed), 5 * usual_in(hour, rate), 1)
        found += is_crisis(reading(jump, before, 1), RULES)
    assert found >= 19


def test_a_quiet_brand_is_found_too_when_many_are_unhappy_at_once() -> None:
    quiet = ordinary(8 * HOURS_A_WEEK + AFTERNOON, 0.3)
    assert is_crisis(reading(12, quiet, 1), RULES)


@pytest.mark.parametrize(
    ("usual", "needed"), [(0.5, 8), (1, 10), (3, 16), (5, 21), (12, 36), (20, 60)], ids=str
)
def test_so_many_are_needed_as_the_documentation_says(usual: float, needed: int) -> None:
    def alarms_at(count: int) -> bool:
        return is_crisis(Reading(1, count, usual, chance(count, Habit(usual, 1.0, WEEKS))), RULES)

    assert alarms_at(needed)
    assert not alarms_at(needed - 1)


def test_a_slow_rise_is_found_in_three_hours_and_not_in_one() -> None:
    before = [4] * (8 * HOURS_A_WEEK)
    assert not is_crisis(reading(14, before, 1), RULES)
    assert is_crisis(reading(42, before, 3), RULES)


@given(st.integers(0, RULES.at_least - 1), st.lists(st.integers(0, 3), min_size=24, max_size=400))
def test_a_small_count_never_alarms(count: int, before: list[int]) -> None:
    assert not is_crisis(reading(count, before, 1), RULES)


def test_what_is_usual_is_of_this_hour_of_the_week() -> None:
    monday_night_is_busy = [
        20 if hour % HOURS_A_WEEK in (21, 22, 23) else 1 for hour in range(8 * HOURS_A_WEEK)
    ]
    assert expected(monday_night_is_busy[:-146]) > 15, "it is Monday, 22:00"
    assert expected(monday_night_is_busy) < 3, "it is Monday, 0:00"


def test_an_earlier_crisis_does_not_move_what_is_usual() -> None:
    calm = ordinary(8 * HOURS_A_WEEK, 3)
    shaken = list(calm)
    shaken[-HOURS_A_WEEK : -HOURS_A_WEEK + 3] = [300, 400, 200]
    before, after = habit(calm), habit(shaken)
    assert after.expected < before.expected + 2
    assert is_crisis(reading(60, shaken, 1), RULES)


@given(
    st.integers(0, 400),
    st.floats(0.01, 200),
    st.floats(1, 20),
    st.integers(0, WEEKS),
)
def test_the_chance_is_one_and_falls(count: int, mean: float, dispersion: float, weeks: int) -> None:
    usual = Habit(mean, dispersion, weeks)
    assert 0 <= chance(count + 1, usual) <= chance(count, usual) <= 1
    assert chance(0, usual) == 1


def test_the_chance_is_that_of_the_books() -> None:
    """With a size of 1 the negative binomial is geometric: P(X >= k) = (mean / (mean + 1)) ** k."""
    geometric = Habit(expected=1.0, dispersion=1.5, weeks=0)
    assert chance(10, geometric) == pytest.approx(0.5**10)


def test_it_is_over_when_posts_are_near_what_is_usual() -> None:
    assert is_calm(Reading(1, 14, 10.0, 1.0), RULES)
    assert not is_calm(Reading(1, 15, 10.0, 1.0), RULES)
    assert is_calm(Reading(1, 2, 0.1, UNLIKELY), RULES), "a third of what would alarm"
