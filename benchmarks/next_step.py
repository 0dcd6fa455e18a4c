"""Next-step prediction on histories of answers: the data, textbook baselines and the scores."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from maang_mcp.domain.response import logit, sigmoid

Array = npt.NDArray[np.float64]


class Answer(NamedTuple):
    """One answer of one learner."""

    item: int
    skills: tuple[str, ...]
    correct: bool


Histories = Sequence[Sequence[Answer]]
Predictor = Callable[[Sequence[Answer]], Iterator[float]]


def load(path: Path) -> tuple[Histories, Histories]:
    """The histories of training and of test learners."""
    parts: dict[str, dict[str, list[Answer]]] = {"train": {}, "test": {}}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answer = Answer(
                int(row["item_id"]), tuple(row["skills"].split(";")), row["correct"] == "1"
            )
            parts[row["split"]].setdefault(row["user_id"], []).append(answer)
    return list(parts["train"].values()), list(parts["test"].values())


def running_mean(base: float, per_skill: bool) -> Predictor:
    """The learner's success rate so far (on the item's skills), four pseudo-answers at the base."""

    def run(history: Sequence[Answer]) -> Iterator[float]:
        seen: dict[str, list[float]] = defaultdict(lambda: [4.0 * base, 4.0])
        for answer in history:
            keys = answer.skills if per_skill else ("all",)
            yield sum(seen[key][0] / seen[key][1] for key in keys) / len(keys)
            for key in keys:
                seen[key][0] += answer.correct
                seen[key][1] += 1.0

    return run


def item_mean(training: Histories, base: float) -> Predictor:
    """The item's success rate among training learners, whoever answers."""
    seen: dict[int, list[float]] = defaultdict(lambda: [4.0 * base, 4.0])
    for history in training:
        for answer in history:
            seen[answer.item][0] += answer.correct
            seen[answer.item][1] += 1.0
    return lambda history: (seen[answer.item][0] / seen[answer.item][1] for answer in history)


def elo(training: Histories, base: float) -> Predictor:
    """Multi-concept Elo (Pelanek 2016): learner + mean of skills - item.

    K falls as k / (1 + b n) with the number of answers; the pairs below were chosen among
    nineteen settings by log loss on a quarter of the training learners.
    """
    items: dict[int, list[float]] = defaultdict(lambda: [-logit(base), 0.0])

    def run(history: Sequence[Answer], learn_items: bool = False) -> Iterator[float]:
        own: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for answer in history:
            item, learner = items[answer.item], own["all"]
            skills = [own[f"skill {skill}"] for skill in answer.skills]
            p = sigmoid(learner[0] + sum(s[0] for s in skills) / len(skills) - item[0])
            yield p
            surprise = answer.correct - p
            _move(learner, 0.4, 0.05, surprise)
            for skill in skills:
                _move(skill, 0.4, 0.05, surprise)
            if learn_items:
                _move(item, 0.6, 0.1, -surprise)

    for history in training:
        for _ in run(history, learn_items=True):
            pass
    return run


def _move(rating: list[float], k: float, b: float, surprise: float) -> None:
    rating[0] += k / (1.0 + b * rating[1]) * surprise
    rating[1] += 1.0


def score(name: str, predictor: Predictor, testing: Histories) -> None:
    """Prints AUC, log loss and calibration error, over all answers and each learner's first ten."""
    p = np.array([p for history in testing for p in predictor(history)])
    y = np.array([answer.correct for history in testing for answer in history], dtype=float)
    first = np.array([n < 10 for history in testing for n in range(len(history))])
    cells = (f"{measure(p, y):>8.4f}" for measure in (auc, log_loss, calibration_error))
    early = (f"{measure(p[first], y[first]):>8.4f}" for measure in (auc, log_loss))
    print(f"{name:<38}{''.join(cells)}  |{''.join(early)}", flush=True)


def auc(p: Array, y: Array) -> float:
    """P(a right answer was given the higher probability), ties counting half."""
    _, rank, count = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2.0)[rank]
    right = float(y.sum())
    return float((ranks[y == 1].sum() - right * (right + 1) / 2) / (right * (len(y) - right)))


def log_loss(p: Array, y: Array) -> float:
    """Mean negative log-likelihood of the answers, in nats."""
    p = np.clip(p, 1e-9, 1.0 - 1e-9)
    return float(-np.mean(y * np.log(p) + (1.0 - y) * np.log(1.0 - p)))


def calibration_error(p: Array, y: Array, bins: int = 15) -> float:
    """Expected calibration error over bins of equal width."""
    index = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [abs((p - y)[index == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(p))
