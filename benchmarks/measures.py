"""How good probabilities are: ranking, likelihood, calibration, and how sure a difference is."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def auc(p: Array, y: Array) -> float:
    """P(a right answer was given the higher probability), ties counting half."""
    values, place = np.unique(p, return_inverse=True)
    return _auc(place, len(values), y, np.ones(len(y)))


def _auc(place: Indices, places: int, y: Array, weight: Array) -> float:
    """The same from places in the order of predictions, each answer counting `weight` times."""
    right = np.bincount(place, weight * y, places)
    wrong = np.bincount(place, weight * (1.0 - y), places)
    below = np.cumsum(wrong) - wrong / 2.0
    return float(right @ below / (right.sum() * wrong.sum()))


def log_loss(p: Array, y: Array) -> float:
    """Mean negative log-likelihood of the answers, in nats."""
    p = np.clip(p, 1e-9, 1.0 - 1e-9)
    return float(-np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)))


def calibration_error(p: Array, y: Array, bins: int = 15) -> float:
    """Expected calibration error (ECE) over bins of equal width."""
    index = np.minimum((p * bins).astype(int), bins - 1)
    return float(np.abs(np.bincount(index, p - y, bins)).sum() / len(p))


def accuracy(p: Array, y: Array) -> float:
    """Share of answers on the side of one half that was predicted."""
    return float(np.mean((p >= 0.5) == (y > 0.5)))


def squared_error(p: Array, y: Array) -> float:
    """Mean squared difference: the Brier score where `y` is 0 or 1."""
    return float(np.mean((p - y) ** 2))


def auc_difference(
    p: Array, q: Array, y: Array, learner: Indices, rounds: int = 200
) -> tuple[float, float]:
    """AUC of `p` minus AUC of `q` on the same answers, and its standard error.

    Paired bootstrap over learners, whose answers hang together: a round draws as many learners as
    there are, with replacement, and scores both predictions on the answers of those.
    """
    ranked = [np.unique(values, return_inverse=True) for values in (p, q)]
    dice = np.random.default_rng(17)
    learners = int(learner.max()) + 1
    differences = []
    for _ in range(rounds):
        drawn = np.bincount(dice.integers(learners, size=learners), minlength=learners)
        weight = drawn[learner].astype(np.float64)
        ours, other = (_auc(place, len(values), y, weight) for values, place in ranked)
        differences.append(ours - other)
    return auc(p, y) - auc(q, y), float(np.std(differences, ddof=1))


def at_least(needed: int, trials: int, p: float) -> float:
    """P(at least `needed` successes in so many independent trials)."""
    return sum(
        math.comb(trials, k) * p**k * (1.0 - p) ** (trials - k) for k in range(needed, trials + 1)
    )
