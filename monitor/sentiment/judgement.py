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
    that complains says what a few words beneath it do not (docs/sentiment-attempts.md has the figures). But where one is
    unhappy, no praise outweighs it: a title that praises, which may be meant bitterly, makes a small model overlook it, too.
    """
    places = iter(range(len(judgements)))
    return [_most_telling(judgements, [next(places) for _ in range(count)]) for count in readings]


def _most_telling(judgements: Sequence[Judgement], places: Sequence[int]) -> int:
    unhappy = [place for place in places if _is_negative(judgements[place].sentiment)]
    praised = any(_is_positive(judgements[place].sentiment) for place in places)
    return min(
        unhappy if unhappy and praised else places, key=lambda place: judgements[place].sentiment.neutral
    )


def _is_negative(sentiment: Sentiment) -> bool:
    return sentiment.negative > max(sentiment.neutral, sentiment.positive)


def _is_positive(sentiment: Sentiment) -> bool:
    return sentiment.positive > max(sentiment.neutral, sentiment.negative)


class ModelError(Exception):
    """A model can't be used. Its message is a sentence for the person who configured it."""
