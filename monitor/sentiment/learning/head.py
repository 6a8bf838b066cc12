"""What a team's corrections change of the shipped model: two logits, moved by what the model sees of a text."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.judgement import Judgement, Sentiment

Floats = NDArray[np.float64]

SIDES = ("negative", "complaint")
_SURE = 1e-6
"""Probabilities nearer to 0 or 1 than this have no useful logit."""


class BadHead(Exception):
    """Bytes that are no head of ours."""


@dataclass(frozen=True)
class Side:
    """logit' = slope · logit + weights · pooled + bias.

    Adding to one class's logit is what changing that class's row of the last layer does, so this is the last layer
    refitted; the slope is its temperature.
    """

    weights: Floats
    bias: float
    slope: float

    def move(self, chances: Floats, pooled: Floats) -> Floats:
        """Return the probabilities (n,) after the move, from those before and the pooled vectors (n, width)."""
        return sigmoid(self.slope * logit(chances) + pooled @ self.weights + self.bias)


@dataclass(frozen=True)
class Head:
    """A side that had too few corrections is not there, and stays as it shipped."""

    sides: dict[str, Side]

    def judge(self, judgements: Sequence[Judgement], pooled: Floats) -> list[Judgement]:
        """Return the judgements moved; those of texts with nothing to read (zero vectors) stay."""
        negative = self.moved("negative", judgements, pooled)
        complaint = self.moved("complaint", judgements, pooled)
        readable = (pooled != 0).any(axis=1)
        return [
            _with(judgement, negative[place], complaint[place]) if readable[place] else judgement
            for place, judgement in enumerate(judgements)
        ]

    def moved(self, side: str, judgements: Sequence[Judgement], pooled: Floats) -> Floats:
        """Return one side's probabilities (n,) after the move; NaN where the model can't tell."""
        before = chances(side, judgements)
        return self.sides[side].move(before, pooled) if side in self.sides else before

    @property
    def width(self) -> int:
        return len(next(iter(self.sides.values())).weights)

    def pack(self) -> bytes:
        """Return the head as bytes: an .npz of one array a side, its weights, bias and slope in a row."""
        packed = io.BytesIO()
        arrays = {name: np.append(side.weights, [side.bias, side.slope]) for name, side in self.sides.items()}
        np.savez_compressed(
            packed, allow_pickle=False, **{n: a.astype(np.float32) for n, a in arrays.items()}
        )
        return packed.getvalue()


def unpack(raw: bytes) -> Head:
    """Read what ``Head.pack`` wrote; raise BadHead for anything else."""
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
            rows = {name: arrays[name].astype(np.float64) for name in arrays.files}
    except Exception as error:  # numpy and zipfile raise whatever they like for a broken file
        raise BadHead(f"not an .npz file: {error}") from error
    lengths = {row.size if row.ndim == 1 else 0 for row in rows.values()}
    if not set(rows) <= set(SIDES) or len(lengths) != 1 or min(lengths) < 3:
        raise BadHead("not one row of weights for each side")
    if not all(np.isfinite(row).all() for row in rows.values()):
        raise BadHead("weights that are no numbers")
    return Head({name: Side(row[:-2], float(row[-2]), float(row[-1])) for name, row in rows.items()})


def chances(side: str, judgements: Sequence[Judgement]) -> Floats:
    """Return P(negative) or P(complaint) of each, NaN where the model can't tell."""
    said = [j.sentiment.negative if side == "negative" else j.complaint for j in judgements]
    return np.array([np.nan if one is None else one for one in said], np.float64)


def logit(chances: Floats) -> Floats:
    sure = np.clip(chances, _SURE, 1 - _SURE)
    odds: Floats = np.log(sure / (1 - sure))
    return odds


def sigmoid(logits: Floats) -> Floats:
    chances: Floats = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
    return chances


def _with(judgement: Judgement, negative: float, complaint: float) -> Judgement:
    """Neutral and positive share what negative leaves, in the proportion that they had."""
    before = judgement.sentiment
    rest = before.neutral + before.positive
    neutral = before.neutral / rest if rest else 0.5
    negative = float(negative)
    sentiment = Sentiment(negative, (1 - negative) * neutral, (1 - negative) * (1 - neutral))
    return Judgement(sentiment, None if judgement.complaint is None else float(complaint))
