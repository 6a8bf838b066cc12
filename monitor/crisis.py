"""Are unhappy posts far above their own habit for this hour of the week? Pure: counts in, a reading out.

What is usual is the median of the same hour over the last weeks, which one earlier crisis doesn't move, drawn towards a prior where
there are few weeks. How unlikely a count is, is the upper tail of a negative binomial distribution whose variance is that of a
quasi-Poisson model, as in the outbreak detection of Farrington et al., J. R. Statist. Soc. A 159 (1996) 547-563, and Noufaily et al.,
Statistics in Medicine 32 (2013) 1206-1222.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp, lgamma, log
from statistics import median

from monitor.settings import CrisisSettings

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
WEEKS = 8
"""Long enough for a median, short enough to follow a brand that grows."""
WINDOWS = (1, 3)
"""Hours: a blow is seen in one, a slow rise in three."""
UNLIKELY = 1e-6
"""We look every minute and in two windows: so small a chance keeps false alarms under one a year for a brand."""
BUSY_HOUR = 2.0
"""A busy hour of the day has about twice the mean of all: what we assume before there is a week to look at."""
WILDEST = 0.005
"""So many of all hours, seven in eight weeks, may have been crises, which say nothing about an ordinary week."""
CALM_UNDER = 1.5
"""Times what is usual."""
HOURS_A_WEEK = 168
OF_THE_MEDIAN = 0.5
"""Its variance for one week, over that of one hour: π/2 for being a median, a third for being made of three hours."""


@dataclass(frozen=True)
class Habit:
    """What is usual for one window of hours, and how much it varies."""

    expected: float
    dispersion: float
    """Variance over mean: 1 for posts that come independently of each other."""
    weeks: int


@dataclass(frozen=True)
class Reading:
    hours: int
    """Length of the window."""
    count: int
    expected: float
    chance: float
    """Of so many or more, were this an ordinary week; 1 where they are not even half as many again as usual."""


def habit(hourly: Sequence[int], hours: int = 1) -> Habit:
    """From unhappy posts by the hour, the newest last, up to the window's beginning: so many hours as we have listened, at least 24.

    The element at -168 is the same hour a week before the window's first.
    """
    weeks = _weeks(hourly)
    return Habit(expected(hourly, hours), _dispersion(hourly, weeks), weeks)


def expected(hourly: Sequence[int], hours: int = 1) -> float:
    """How many posts are usual in the window that follows these hours."""
    weeks, prior = _weeks(hourly), BUSY_HOUR * sum(_tamed(hourly)) / len(hourly)
    per_hour = (weeks * _same_hour(hourly, weeks, hours) + prior) / (weeks + 1)
    return max(per_hour, 1 / HOURS_A_WEEK) * hours


def chance(count: int, usual: Habit) -> float:
    """Of so many posts or more: the upper tail of the negative binomial, which allows for how little we know of the mean."""
    variance = usual.expected * (usual.dispersion + OF_THE_MEDIAN / (usual.weeks + 1))
    size = usual.expected**2 / (variance - usual.expected)
    below = sum(exp(_log_mass(k, size, usual.expected)) for k in range(count))
    return max(0.0, 1.0 - below)


def reading(count: int, hourly: Sequence[int], hours: int) -> Reading:
    usual = expected(hourly, hours)
    is_high = count > CALM_UNDER * usual
    return Reading(hours, count, usual, chance(count, habit(hourly, hours)) if is_high else 1.0)


def is_crisis(seen: Reading, rules: CrisisSettings) -> bool:
    """All three: enough posts to matter, enough times what is usual, and next to impossible by chance."""
    return (
        seen.count >= rules.at_least and seen.count >= rules.times * seen.expected and seen.chance < UNLIKELY
    )


def is_calm(seen: Reading, rules: CrisisSettings) -> bool:
    """Back at what is usual; where that is next to nothing, a third of what would alarm."""
    return seen.count < max(CALM_UNDER * seen.expected, rules.at_least / 3)


def _weeks(hourly: Sequence[int]) -> int:
    return min(WEEKS, len(hourly) // HOURS_A_WEEK)


def _same_hour(hourly: Sequence[int], weeks: int, hours: int) -> float:
    """Posts an hour: the median over the weeks, each with the hours beside the window, since few posts vary much."""
    if not weeks:
        return 0.0
    return median(_mean(hourly, -HOURS_A_WEEK * week, hours) for week in range(1, weeks + 1))


def _mean(hourly: Sequence[int], at: int, hours: int) -> float:
    first, last = max(0, len(hourly) + at - 1), len(hourly) + at + hours + 1
    around = hourly[first:last]
    return sum(around) / len(around)


def _dispersion(hourly: Sequence[int], weeks: int) -> float:
    """Variance over mean: the squares of what differs from each hour's mean."""
    if not weeks:
        return BUSY_HOUR
    span = _tamed(hourly[-HOURS_A_WEEK * weeks :])
    usual = [sum(span[hour::HOURS_A_WEEK]) / weeks for hour in range(HOURS_A_WEEK)]
    squares = sum((count - usual[n % HOURS_A_WEEK]) ** 2 for n, count in enumerate(span))
    freedom = weeks / (weeks - 1) if weeks > 1 else BUSY_HOUR
    return max(1.0, freedom * squares / (sum(span) or 1))


def _tamed(hourly: Sequence[int]) -> list[int]:
    """With the wildest hours cut down to the next wildest."""
    highest = sorted(hourly)[-1 - round(len(hourly) * WILDEST)]
    return [min(count, highest) for count in hourly]


def _log_mass(k: int, size: float, mean: float) -> float:
    return (
        lgamma(k + size)
        - lgamma(size)
        - lgamma(k + 1)
        + size * log(size / (size + mean))
        + k * log(mean / (size + mean))
    )
