"""Logistic regression on sparse features, in numpy: limited-memory BFGS (Nocedal 1980)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np

from .measures import Array, Indices

Features = Sequence[tuple[int, float]]
"""Column and value of every feature of one row that is not zero."""

MEMORY = 20
TOLERANCE = 1e-4
SUFFICIENT = 1e-4
"""Armijo's condition: the share of the promised descent that a step must keep."""


class Design:
    """A sparse design matrix, as parallel arrays of rows, columns and values."""

    def __init__(self, rows: Iterable[Features], columns: int) -> None:
        row: list[int] = []
        column: list[int] = []
        value: list[float] = []
        count = 0
        for features in rows:
            row += [count] * len(features)
            column += [c for c, _ in features]
            value += [v for _, v in features]
            count += 1
        self.rows, self.columns = count, columns
        self._row: Indices = np.array(row, dtype=np.intp)
        self._column: Indices = np.array(column, dtype=np.intp)
        self._value: Array = np.array(value, dtype=np.float64)

    def times(self, weights: Array) -> Array:
        """X w."""
        return _sums(self._row, self._value * weights[self._column], self.rows)

    def transposed_times(self, residuals: Array) -> Array:
        """X' r."""
        return _sums(self._column, self._value * residuals[self._row], self.columns)

    def squares(self) -> Array:
        """The diagonal of X' X."""
        return _sums(self._column, self._value**2, self.columns)


def fit(design: Design, y: Array, penalty: Array, iterations: int = 1000) -> Array:
    """The weights w that minimise  sum of log losses + sum of penalty w^2 / 2.

    Stops when no component of the gradient, per row, exceeds 1e-4.
    """

    def loss(weights: Array) -> tuple[float, Array]:
        margin = design.times(weights)
        value = np.logaddexp(0.0, margin).sum() - _dot(y, margin) + _dot(penalty, weights**2) / 2.0
        residual = 1.0 / (1.0 + np.exp(-margin)) - y
        return float(value), design.transposed_times(residual) + penalty * weights

    scale = 1.0 / (design.squares() / 4.0 + penalty)  # one over the Hessian's diagonal at w = 0
    weights = np.zeros(design.columns)
    value, gradient = loss(weights)
    steps: deque[tuple[Array, Array, float]] = deque(maxlen=MEMORY)
    for _ in range(iterations):
        if np.abs(gradient).max() <= TOLERANCE * design.rows:
            break
        direction = _descent(gradient, steps, scale)
        promised, size = _dot(gradient, direction), 1.0
        while True:
            moved, (tried, slope) = weights + size * direction, loss(weights + size * direction)
            if tried <= value + SUFFICIENT * size * promised:
                break
            size /= 2.0
        curvature = _dot(moved - weights, slope - gradient)
        if curvature > 0.0:
            steps.append((moved - weights, slope - gradient, curvature))
        weights, value, gradient = moved, tried, slope
    return weights


def _descent(gradient: Array, steps: Sequence[tuple[Array, Array, float]], scale: Array) -> Array:
    """Minus the gradient, times the inverse Hessian that `scale` and the latest steps amount to."""
    direction = -gradient
    shares = []
    for step, change, curvature in reversed(steps):
        share = _dot(step, direction) / curvature
        direction = direction - share * change
        shares.append(share)
    direction = scale * direction
    if steps:
        _, change, curvature = steps[-1]
        direction = direction * (curvature / _dot(change, scale * change))
    for (step, change, curvature), share in zip(steps, reversed(shares), strict=True):
        direction = direction + (share - _dot(change, direction) / curvature) * step
    return direction


def _dot(a: Array, b: Array) -> float:
    """The inner product, without BLAS: its threads cost several times what these vectors do."""
    return float((a * b).sum())


def _sums(places: Indices, values: Array, count: int) -> Array:
    """Of the values at each place."""
    return np.asarray(np.bincount(places, values, count), dtype=np.float64)
