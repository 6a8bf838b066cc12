"""What a model says of one text."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Sentiment:
    """Probabilities of how the author stands towards the brand; they sum to 1."""

    negative: float
    neutral: float
    positive: float


@dataclass(frozen=True)
class Judgement:
    sentiment: Sentiment
    complaint: float | None
    """Probability that the text is a complaint to or about the brand; None where the model can't tell."""


def most_telling(judgements: Sequence[Judgement], readings: Sequence[int]) -> list[int]:
    """Return for each post the place of the judgement that counts; readings says how many of them each post has, in order.

    It is the least neutral one. A title that asks or announces makes a small model overlook the complaint beneath it, a title
    that complains says what a few words beneath it do not (docs/sentiment.md, "What was tried", has the figures).
    """
    places = iter(range(len(judgements)))
    return [
        min((next(places) for _ in range(count)), key=lambda place: judgements[place].sentiment.neutral)
        for count in readings
    ]


class ModelError(Exception):
    """A model can't be used. Its message is a sentence for the person who configured it."""
