"""Baselines that only count or rate: running means, item means, Elo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

from maang_mcp.domain.response import logit, sigmoid

from .answers import Answer, Fold, History

Predictor = Callable[[History], Iterator[float]]
"""A probability for every answer of a history, each made before that answer is looked at."""

PSEUDO_ANSWERS = 4.0
"""Answers at the base rate that every mean begins with."""


def constant(fold: Fold) -> Predictor:
    """The base rate, whoever answers what."""
    base = fold.base_rate
    return lambda history: (base for _ in history)


def learner_mean(fold: Fold) -> Predictor:
    """The learner's success rate so far."""
    return _running_mean(fold.base_rate, per_skill=False)


def skill_mean(fold: Fold) -> Predictor:
    """The learner's success rate so far on each of the item's skills, averaged."""
    return _running_mean(fold.base_rate, per_skill=True)


def _running_mean(base: float, per_skill: bool) -> Predictor:
    def run(history: History) -> Iterator[float]:
        seen: dict[str, list[float]] = defaultdict(lambda: [PSEUDO_ANSWERS * base, PSEUDO_ANSWERS])
        for answer in history:
            keys = answer.skills if per_skill else ("all",)
            yield sum(seen[key][0] / seen[key][1] for key in keys) / len(keys)
            for key in keys:
                seen[key][0] += answer.correct
                seen[key][1] += 1.0

    return run


def item_mean(fold: Fold) -> Predictor:
    """The item's success rate among training learners, whoever answers.

    Its pseudo-answers are at the rate of the items with the same skills, which is also what is
    said of an item that no training learner saw.
    """
    base = fold.base_rate
    groups: dict[tuple[str, ...], list[float]] = defaultdict(
        lambda: [PSEUDO_ANSWERS * base, PSEUDO_ANSWERS]
    )
    items: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for history in fold.training:
        for answer in history:
            for seen in (groups[answer.skills], items[answer.item]):
                seen[0] += answer.correct
                seen[1] += 1.0

    def rate(answer: Answer) -> float:
        right, count = items[answer.item]
        usual = groups[answer.skills][0] / groups[answer.skills][1]
        return (right + PSEUDO_ANSWERS * usual) / (count + PSEUDO_ANSWERS)

    return lambda history: map(rate, history)


def elo(fold: Fold) -> Predictor:
    """Multi-concept Elo (Pelanek 2016): learner + mean of skills - item.

    K falls as k / (1 + b n) with the number of answers; the pairs below were chosen among
    nineteen settings by log loss on a quarter of the training learners of assist09. An item enters
    at the rating of the items with the same skills, which is worth .005 of AUC there.
    """
    prior = -logit(fold.base_rate)
    groups: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [prior, 0.0])
    items: dict[int, list[float]] = {}

    def run(history: History, learn_items: bool = False) -> Iterator[float]:
        own: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for answer in history:
            group, learner = groups[answer.skills], own["all"]
            item = items.get(answer.item) or [group[0], 0.0]
            skills = [own[f"skill {skill}"] for skill in answer.skills]
            p = sigmoid(learner[0] + sum(s[0] for s in skills) / len(skills) - item[0])
            yield p
            surprise = answer.correct - p
            for rating in (learner, *skills):
                _move(rating, 0.4, 0.05, surprise)
            if learn_items:
                items[answer.item] = item
                for rating in (item, group):
                    _move(rating, 0.6, 0.1, -surprise)

    for history in fold.training:
        for _ in run(history, learn_items=True):
            pass
    return run


def _move(rating: list[float], k: float, b: float, surprise: float) -> None:
    rating[0] += k / (1.0 + b * rating[1]) * surprise
    rating[1] += 1.0
