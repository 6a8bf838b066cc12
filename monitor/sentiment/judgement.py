"""What a model says of one text."""

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


class ModelError(Exception):
    """A model can't be used. Its message is a sentence for the person who configured it."""
