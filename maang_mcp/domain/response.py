"""The response model: from a level in logits to a probability, and back by an observation.

Everything the coach estimates about a learner is a Gaussian belief in logits, and everything it
observes is a yes or a no. These few functions are the bridge between the two.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

NEWTON_STEPS = 5
"""Iterations of the scalar mode search: converged to rounding for variances up to 5, and the margin
of an item with up to six skills is never wider than that."""
HALVINGS = 60
"""Of an interval of logits, after which it is narrower than a double can tell."""


def sigmoid(x: float) -> float:
    """The logistic function, for every finite x without overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


def logit(p: float) -> float:
    """The inverse of `sigmoid`, for 0 < p < 1."""
    return math.log(p / (1.0 - p))


def normal_cdf(x: float) -> float:
    """P(Z <= x) of the standard normal distribution."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def probability_below(threshold: float, mean: float, variance: float) -> float:
    """P(X < threshold) for X ~ N(mean, variance), variance > 0."""
    return normal_cdf((threshold - mean) / math.sqrt(variance))


def expected_probability(mean: float, variance: float, discrimination: float) -> float:
    """E[sigma(a x)] for x ~ N(mean, variance): MacKay's probit approximation (1992).

    Uncertainty pulls the prediction towards one half, as it should.
    """
    return sigmoid(discrimination * mean / math.sqrt(1.0 + math.pi * variance / 8.0))


def laplace_step(mean: float, variance: float, success: bool, weight: float) -> tuple[float, float]:
    """What one weighted yes/no observation says about x ~ N(mean, variance).

    Finds the mode of  -(x - mean)^2 / (2 variance) + weight log P(success | sigma(x))  and returns
    (d, R): a component that enters x with loading h and has variance v moves by h v d, and its
    variance falls by (h v)^2 R. R < 1 / variance, so no variance ever reaches zero.
    """
    y = 1.0 if success else 0.0
    x = mean
    for _ in range(NEWTON_STEPS):
        p = sigmoid(x)
        x -= ((x - mean) / variance - weight * (y - p)) / (1.0 / variance + weight * p * (1.0 - p))
    p = sigmoid(x)
    information = weight * p * (1.0 - p)
    return (x - mean) / variance, information / (1.0 + variance * information)


class Seen(NamedTuple):
    """A yes or no about x + `offset`, as much evidence as `weight` of a full observation."""

    offset: float
    success: bool
    weight: float


def posterior_mode(mean: float, variance: float, seen: Sequence[Seen]) -> float:
    """The most probable x ~ N(mean, variance) after several observations, taken together.

    The posterior has one mode, and every success moves it up and every failure down, whatever else
    was seen and in whatever order. No single observation pulls by more than its weight, which
    bounds the mode; bisection then finds it to rounding.
    """
    reach = variance * sum(entry.weight for entry in seen)
    low, high = mean - reach, mean + reach
    for _ in range(HALVINGS):
        x = (low + high) / 2.0
        pull = sum(entry.weight * (entry.success - sigmoid(x + entry.offset)) for entry in seen)
        if (mean - x) / variance + pull > 0.0:
            low = x
        else:
            high = x
    return (low + high) / 2.0


def loadings_of(
    skills: Sequence[str], culprit: str | None = None, share: float = 1.0
) -> dict[str, float]:
    """How much each skill of an item answers for it: sqrt(n) times the skill's share.

    Shares are equal (1 / sqrt(n) each), or `share` for the culprit of a failure and the rest
    divided among the others. A culprit that the item was not tagged with joins its skills.
    """
    if culprit is None:
        return dict.fromkeys(skills, len(skills) ** -0.5) if skills else {}
    others = [skill for skill in skills if skill != culprit]
    if not others:
        return {culprit: 1.0}
    scale = math.sqrt(len(others) + 1)
    return {
        **dict.fromkeys(others, scale * (1.0 - share) / len(others)),
        culprit: scale * share,
    }


class Revision:
    """A belief while one attempt is being digested: the same mean and variance, still moving."""

    __slots__ = ("mean", "variance")

    def __init__(self, mean: float, variance: float) -> None:
        self.mean = mean
        self.variance = variance

    def revise(self, loading: float, shift: float, shrinkage: float) -> None:
        """Take this component's share of a `laplace_step`, by its loading and its uncertainty."""
        gain = loading * self.variance
        self.mean += gain * shift
        self.variance -= gain * gain * shrinkage
