"""How often a judge is right from each score on: what lets a wanted precision be looked up without any data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_NOBODY = 1e-9
"""A smaller share of all posts comes of rounding."""
UNDETERMINED = "und"
"""The curve of all languages together, for a text whose own language has none."""


@dataclass(frozen=True)
class Point:
    """What to expect of the posts from a threshold on, up to a higher one or all."""

    threshold: float
    precision: float
    """The share of them that is unhappy."""
    recall: float
    """The share of all unhappy posts that they are."""
    share: float
    """The share of all posts that they are."""


@dataclass(frozen=True)
class Curve:
    """Points by threshold, ascending, each of all posts from there on; precision never falls on the way up."""

    points: Sequence[Point]

    def at(self, threshold: float) -> Point:
        """Read the curve between its points; beyond its ends it goes on to all posts at 0 and to none at 1."""
        first, last = self.points[0], self.points[-1]
        everything = Point(0.0, first.share * first.precision / first.recall, 1.0, 1.0)
        nothing = Point(1.0, last.precision, 0.0, 0.0)
        for low, high in pairwise([everything, *self.points, nothing]):
            if low.threshold <= threshold < high.threshold:
                return _between(low, high, (threshold - low.threshold) / (high.threshold - low.threshold))
        return nothing

    def reaching(self, precision: float) -> Point:
        """Find the lowest threshold with this precision; the surest there is, where none reaches it."""
        return _lowest(self.points, precision) or self.points[-1]

    def below(self, top: Point, precision: float) -> Point:
        """Find how far down from top the posts beneath it still have this precision, they alone."""
        beneath = [_apart(point, top) for point in self.points if point.share > top.share + _NOBODY]
        return _lowest(beneath, precision) or Point(top.threshold, precision, 0.0, 0.0)

    def under(self, top: Point, threshold: float) -> Point:
        """What to expect of the posts from threshold up to top."""
        reached = self.at(threshold)
        if reached.share <= top.share + _NOBODY:
            return Point(threshold, 0.0, 0.0, 0.0)
        return _apart(reached, top)


def curves_of(judge: object) -> Mapping[str, Curve]:
    """Return how often a judge is right: curves of triage's score by language, ``und`` among them; none where it knows none."""
    # An isinstance of a protocol does not see what one judge says for another, from Python 3.12 on.
    curves: Mapping[str, Curve] = getattr(judge, "curves", {})
    return curves


def read_curves(zones: Mapping[str, Any]) -> dict[str, Curve]:
    """Read what training writes into manifest.json: a curve by language."""
    return {
        language: Curve([Point(*figures) for figures in zone["curve"]]) for language, zone in zones.items()
    }


def _lowest(points: Sequence[Point], precision: float) -> Point | None:
    if points and points[0].precision >= precision:
        return points[0]
    for low, high in pairwise(points):
        if low.precision < precision <= high.precision:
            return _between(low, high, (precision - low.precision) / (high.precision - low.precision))
    return None


def _between(low: Point, high: Point, part: float) -> Point:
    def mixed(one: float, other: float) -> float:
        return one + (other - one) * part

    return Point(
        mixed(low.threshold, high.threshold),
        mixed(low.precision, high.precision),
        mixed(low.recall, high.recall),
        mixed(low.share, high.share),
    )


def _apart(low: Point, top: Point) -> Point:
    """The posts from low on, without those from top on."""
    share = low.share - top.share
    unhappy = low.share * low.precision - top.share * top.precision
    return Point(low.threshold, unhappy / share, low.recall - top.recall, share)
