"""Logistic regressions on log counts of earlier answers: PFA and Best-LR.

PFA (Pavlik, Cen & Koedinger 2009) knows the item's skills, and how many answers to each were right
and wrong. Best-LR (Gervet, Koedinger, Schneider & Mitchell 2020) knows the item too, and counts
answers and right answers per skill, to the same item, and altogether. Counts enter as log(1 + n),
the ridge penalty is w^2 / 2 on everything but the intercept, both as published.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator

import numpy as np

from maang_mcp.domain.response import sigmoid

from .answers import Answer, Fold, History
from .baselines import Predictor
from .logistic import Design, fit
from .measures import Array

Counts = dict[Hashable, list[int]]
"""Answers and right answers so far, by what they are counted for."""
Named = Iterator[tuple[Hashable, float]]
Describe = Callable[[Answer, Counts], Named]
"""The features of one answer, by name, from the counts before it."""


def pfa(fold: Fold) -> Predictor:
    """Performance factors analysis with log counts."""
    return _regression(fold, _performance_factors)


def best_lr(fold: Fold) -> Predictor:
    """The best logistic regression of Gervet et al., without time windows."""
    return _regression(fold, _best_features)


def _performance_factors(answer: Answer, counts: Counts) -> Named:
    for skill in answer.skills:
        attempts, wins = counts[skill]
        yield ("skill", skill), 1.0
        yield ("wins", skill), math.log1p(wins)
        yield ("failures", skill), math.log1p(attempts - wins)


def _best_features(answer: Answer, counts: Counts) -> Named:
    yield ("item", answer.item), 1.0
    for skill in answer.skills:
        yield ("skill", skill), 1.0
    per_skill = ((skill, ("skill", skill)) for skill in answer.skills)
    for counted, scope in (*per_skill, (answer.item, "same item"), (None, "everything")):
        attempts, wins = counts[counted]
        yield ("attempts", scope), math.log1p(attempts)
        yield ("wins", scope), math.log1p(wins)


def _described(history: History, describe: Describe) -> Iterator[list[tuple[Hashable, float]]]:
    """The features of each answer of a history, none of which knows that answer or a later one."""
    counts: Counts = defaultdict(lambda: [0, 0])
    for answer in history:
        yield [(name, value) for name, value in describe(answer, counts) if value]
        for key in (*answer.skills, answer.item, None):
            counts[key][0] += 1
            counts[key][1] += answer.correct


def _regression(fold: Fold, describe: Describe) -> Predictor:
    columns: dict[Hashable, int] = defaultdict(lambda: len(columns))
    intercept = columns["intercept"]
    rows = [
        [(intercept, 1.0), *((columns[name], value) for name, value in features)]
        for history in fold.training
        for features in _described(history, describe)
    ]
    y: Array = np.array([a.correct for h in fold.training for a in h], dtype=np.float64)
    penalty = np.ones(len(columns))
    penalty[intercept] = 0.0
    fitted = fit(Design(rows, len(columns)), y, penalty)
    weights = {name: float(fitted[column]) for name, column in columns.items()}

    def run(history: History) -> Iterator[float]:
        for features in _described(history, describe):
            known = sum(weights.get(name, 0.0) * value for name, value in features)
            yield sigmoid(weights["intercept"] + known)

    return run
