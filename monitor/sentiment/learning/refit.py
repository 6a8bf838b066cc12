"""Logistic regression towards the shipped weights: what is not said by corrections stays as it shipped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from monitor.sentiment.learning.head import Floats, Side, logit, sigmoid

Ints = NDArray[np.int64]

STRENGTHS = (1e9, 30.0, 10.0, 3.0, 1.0, 0.3, 0.1)
"""Of the penalty on the weights, strongest first: the first leaves them alone and only calibrates."""
_BIAS, _SLOPE = 1.0, 4.0
"""Penalties on the bias and on the slope's distance from 1: normal priors of one logit and of a half."""
_ROUNDS, _SETTLED = 50, 1e-7
FOLDS, _INNER_FOLDS = 5, 4


@dataclass(frozen=True)
class Examples:
    """What one side is fitted to: n texts, of which a fold may take any."""

    pooled: Floats
    """(n, width), centred and scaled."""
    chances: Floats
    """(n,): what the shipped model says."""
    truth: Floats
    """(n,): 1 for yes, 0 for no; what the shipped model says for an anchor."""
    weight: Floats
    """(n,): 1 for a correction, less for an anchor."""
    group: Ints
    """(n,): the case; negative for an anchor, which is never held out."""

    def take(self, where: NDArray[np.bool_]) -> "Examples":
        return Examples(
            self.pooled[where],
            self.chances[where],
            self.truth[where],
            self.weight[where],
            self.group[where],
        )


def refit(examples: Examples, strength: float) -> Side:
    """Minimise weighted log loss + penalties/2 · squared distance from the shipped side, by Newton's steps."""
    offset = logit(examples.chances)
    features = np.column_stack([examples.pooled, np.ones(len(offset)), offset])
    penalty = np.append(np.full(examples.pooled.shape[1], strength), [_BIAS, _SLOPE])
    change = np.zeros(features.shape[1])
    loss = _objective(features, offset, examples, penalty, change)
    for _ in range(_ROUNDS):
        step = _step(features, offset, examples, penalty, change)
        before = loss
        change, loss = _shortened(features, offset, examples, penalty, change, step, loss)
        if before - loss < _SETTLED * max(1.0, before):
            break
    return Side(change[:-2], float(change[-2]), 1 + float(change[-1]))


def choose(examples: Examples, folds: int, seed: int) -> float:
    """Return the strength with the least log loss on cases held out; the strongest of equals."""
    losses = {
        strength: sum(
            float(log_loss(refit(rest, strength), held).sum()) for rest, held in split(examples, folds, seed)
        )
        for strength in STRENGTHS
    }
    return min(losses, key=losses.__getitem__)


def held_out(examples: Examples, seed: int) -> Floats:
    """Return the probability (n,) of every correction by a side that never saw its case; NaN for anchors.

    The strength is chosen within the rest, so that the choice too is judged.
    """
    said = np.full(len(examples.truth), np.nan)
    for fold in folds_of(examples.group, FOLDS, seed):
        rest, held = examples.take(~fold), examples.take(fold)
        side = refit(rest, choose(rest, _INNER_FOLDS, seed + 1))
        said[fold] = side.move(held.chances, held.pooled)
    return said


def split(examples: Examples, folds: int, seed: int) -> Iterator[tuple[Examples, Examples]]:
    """Yield (rest, held out) of every fold."""
    for fold in folds_of(examples.group, folds, seed):
        yield examples.take(~fold), examples.take(fold)


def folds_of(group: Ints, folds: int, seed: int) -> Sequence[NDArray[np.bool_]]:
    """Return masks of the folds that are not empty: a case is in one of them as a whole, an anchor in none."""
    cases = np.unique(group[group >= 0])
    np.random.default_rng(seed).shuffle(cases)
    masks = [np.isin(group, cases[start::folds]) for start in range(folds)]
    return [mask for mask in masks if mask.any()]


def log_loss(side: Side, examples: Examples) -> Floats:
    return losses(side.move(examples.chances, examples.pooled), examples.truth)


def losses(chances: Floats, truth: Floats) -> Floats:
    """Return −log of what was given to the truth, (n,)."""
    sure = np.clip(chances, 1e-6, 1 - 1e-6)
    each: Floats = -(truth * np.log(sure) + (1 - truth) * np.log(1 - sure))
    return each


def _objective(features: Floats, offset: Floats, of: Examples, penalty: Floats, change: Floats) -> float:
    logits = offset + features @ change
    each = np.logaddexp(0, logits) - of.truth * logits
    return float(of.weight @ each + penalty @ change**2 / 2)


def _step(features: Floats, offset: Floats, of: Examples, penalty: Floats, change: Floats) -> Floats:
    said = sigmoid(offset + features @ change)
    slope = features.T @ (of.weight * (said - of.truth)) + penalty * change
    curve = (features.T * (of.weight * said * (1 - said))) @ features + np.diag(penalty)
    return np.asarray(np.linalg.solve(curve, -slope), np.float64)


def _shortened(
    features: Floats,
    offset: Floats,
    of: Examples,
    penalty: Floats,
    change: Floats,
    step: Floats,
    loss: float,
) -> tuple[Floats, float]:
    """Halve the step until it does not make the objective worse; return where it led, and the objective there."""
    for halving in range(20):
        there = change + step / 2**halving
        after = _objective(features, offset, of, penalty, there)
        if after <= loss:
            return there, after
    return change, loss
