"""Scores of rankings, and estimates over learners with their standard errors.

Answers of one learner hang together, so every estimate here is a statistic of sums that each
learner contributes, and its standard error comes from drawing whole learners with replacement.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from benchmarks.measures import Array, auc

NAMED = 3
"""Topics a ranking is judged by."""
BINS = 15
"""Bins of equal width in a calibration error."""
ROUNDS = 200

Statistic = Callable[[Array], Array]
"""From sums in the last axis to a figure."""


class Estimate(NamedTuple):
    """A figure and its standard error; both are not a number where there was nothing to count."""

    value: float
    error: float

    def __str__(self) -> str:
        return "     -     " if np.isnan(self.value) else f"{self.value:5.3f} ±{self.error:5.3f}"


def estimate(sums: Sequence[Sequence[float]], statistic: Statistic) -> Estimate:
    """The statistic of the sums over all learners; one row of `sums` is one learner's."""
    rows = np.asarray(sums, dtype=float)
    dice = np.random.default_rng(17)
    drawn = dice.multinomial(len(rows), np.full(len(rows), 1.0 / len(rows)), size=ROUNDS)
    with np.errstate(invalid="ignore", divide="ignore"):
        value, again = statistic(rows.sum(axis=0)), statistic(drawn @ rows)
    again = again[np.isfinite(again)]
    return Estimate(float(value), float(again.std()) if len(again) else float("nan"))


def ratio(sums: Array) -> Array:
    """The first sum over the second; of (value, 1) it is the mean."""
    quotient: Array = sums[..., 0] / sums[..., 1]
    return quotient


def mean(values: Sequence[float]) -> Estimate:
    """The mean over learners."""
    return estimate([(value, 1.0) for value in values], ratio)


def correlation(sums: Array) -> Array:
    """Pearson's, from the `moments` of pairs."""
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    r: Array = (n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y))
    return r


def moments(pairs: Sequence[tuple[float, float]]) -> list[float]:
    """Count, sums, sums of squares and of products of one learner's pairs."""
    x, y = np.array(pairs, dtype=float).reshape(-1, 2).T
    return [float(len(x)), *map(float, (x.sum(), y.sum(), x @ x, y @ y, x @ y))]


def calibration(sums: Array) -> Array:
    """Expected calibration error, from `misses`."""
    error: Array = np.abs(sums[..., :-1]).sum(axis=-1) / sums[..., -1]
    return error


def misses(predictions: Sequence[tuple[float, bool]]) -> list[float]:
    """By how much one learner's predictions missed in each bin, and how many there are."""
    p, y = np.array(predictions, dtype=float).reshape(-1, 2).T
    index = np.minimum((p * BINS).astype(int), BINS - 1)
    return [*map(float, np.bincount(index, p - y, BINS)), float(len(p))]


def precision(scores: Mapping[str, float], topics: Sequence[str], planted: frozenset[str]) -> float:
    """Share of planted topics among the three ranked lowest; a place left empty is a miss.

    Ties fall as `topics` are ordered.
    """
    ranked = sorted((topic for topic in topics if topic in scores), key=scores.__getitem__)
    return len(planted.intersection(ranked[:NAMED])) / NAMED


def separation(
    scores: Mapping[str, float], topics: Sequence[str], planted: frozenset[str]
) -> float:
    """P(a planted topic ranks below another); a topic without a score ranks as an average one."""
    lowness = np.array([-scores.get(topic, 0.0) for topic in topics])
    return auc(lowness, np.array([float(topic in planted) for topic in topics]))
