"""The product's learner model on histories of right and wrong answers.

It runs with its standard parameters in the binary form: an answer is solved or it is not, and the
questions below "solved" are silent. Time passes as the file says. What is known of an item comes
in five regimes, from nothing to a difficulty estimated from the training learners.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from maang_mcp.domain.attempt import Grade
from maang_mcp.domain.mastery import Item, LearnerState, observe, predict
from maang_mcp.domain.parameters import STANDARD, Parameters
from maang_mcp.domain.problem import Difficulty, ItemDifficulty
from maang_mcp.domain.response import loadings_of, logit, sigmoid

from .answers import Answer, Fold, History
from .baselines import Predictor

BINARY = Parameters(step_weight=0.0)
ITEM_VARIANCE = 0.6
"""Of an item's difficulty around the mean of the items with the same skills."""
GROUP_VARIANCE = 0.5
"""Of that mean around the overall one."""
UNSEEN_VARIANCE = 1.0
"""Of an item's difficulty when only the overall mean is known."""
LABEL_NOISE = 0.7
"""Standard deviation, in logits, of the noise that a careless label carries."""
PASSES = 3
"""Over the training learners, to estimate difficulties: the third moves test AUC by < 0.001."""

Margin = tuple[float, float, bool]
"""Mean and variance of what a learner brought to an item, and whether the answer was right."""


@dataclass(frozen=True, slots=True)
class Difficulties:
    """Mean and variance of each item's difficulty in logits; `otherwise` of any other item."""

    otherwise: tuple[float, float]
    known: Mapping[int, tuple[float, float]]

    def item(self, answer: Answer) -> Item:
        """The answered item as the response model sees it."""
        return Item(answer.skills, *self.known.get(answer.item, self.otherwise))


def nothing_known() -> Difficulties:
    """What the product assumes of a problem whose difficulty nobody named."""
    assumed = ItemDifficulty.assumed()
    return Difficulties((assumed.mean, assumed.variance), {})


@cache
def estimated(fold: Fold, passes: int = PASSES) -> Difficulties:
    """Item difficulties from the training learners alone.

    Alternates between running the filter with the difficulties so far and a maximum a posteriori
    estimate per item, shrunk towards the items with the same skills. An item that only occurs
    among test learners gets the mean of those. One fold's estimate is made once and kept.
    """
    skills_of = fold.skills_of_items()
    found = Difficulties((_usual_difficulty(fold.base_rate), UNSEEN_VARIANCE), {})
    for _ in range(passes):
        by_item: dict[int, list[Margin]] = defaultdict(list)
        by_skills: dict[tuple[str, ...], list[Margin]] = defaultdict(list)
        for history in fold.training:
            state = LearnerState.new(BINARY)
            for answer in history:
                margin = (*_margin(state, answer), answer.correct)
                by_item[answer.item].append(margin)
                by_skills[answer.skills].append(margin)
                state = after(state, answer, found)
        sample = [margin for margins in by_item.values() for margin in margins]
        overall, _ = _estimate(sample[::10], found.otherwise[0], 100.0)
        groups = {s: _estimate(m, overall, GROUP_VARIANCE)[0] for s, m in by_skills.items()}
        found = Difficulties(
            (overall, UNSEEN_VARIANCE),
            {
                item: _estimate(by_item.get(item, ()), groups.get(skills, overall), ITEM_VARIANCE)
                for item, skills in skills_of.items()
            },
        )
    return found


def _usual_difficulty(base_rate: float) -> float:
    """The difficulty at which a new learner is expected to be right as often as learners are.

    Where to begin matters: a filter that runs with difficulties all too low finds learners weak,
    and then the answers agree with the difficulties.
    """
    variance = BINARY.ability_variance + BINARY.form_variance + BINARY.skill_variance
    slope = BINARY.discrimination / math.sqrt(1.0 + math.pi * variance / 8.0)
    return BINARY.ability_mean - logit(base_rate) / slope


def _margin(state: LearnerState, answer: Answer) -> tuple[float, float]:
    form = state.form_at(answer.at, BINARY)
    mean = state.ability.mean + form.mean
    variance = state.ability.variance + form.variance
    for name, loading in loadings_of(answer.skills).items():
        skill = state.skill(name, answer.at, BINARY)
        mean += loading * (skill.mean + skill.practice_gain)
        variance += loading**2 * skill.variance
    return mean, variance


def _estimate(
    margins: Sequence[Margin], prior: float, prior_variance: float
) -> tuple[float, float]:
    """Difficulty given the answers to an item: Newton's method, and the Laplace variance."""
    difficulty = prior
    for _ in range(8):
        gradient = (prior - difficulty) / prior_variance
        precision = 1.0 / prior_variance
        for mean, variance, correct in margins:
            slope = STANDARD.discrimination / math.sqrt(1.0 + math.pi * variance / 8.0)
            p = sigmoid(slope * (mean - difficulty))
            gradient += slope * (p - correct)
            precision += slope * slope * p * (1.0 - p)
        difficulty += gradient / precision
    return difficulty, 1.0 / precision


def labelled(found: Difficulties, noise: float = 0.0) -> Difficulties:
    """What a label easy, medium or hard tells: the mean difficulty of the items that carry it.

    The label says in which third an item lies, as somebody saw it who is off by `noise` logits
    (a standard deviation).
    """
    means = np.array([mean for mean, _ in found.known.values()])
    seen = means + np.random.default_rng(5).normal(0.0, noise, len(means))
    third = np.searchsorted(np.quantile(seen, [1 / 3, 2 / 3]), seen)
    variance = ItemDifficulty.from_label(Difficulty.MEDIUM).variance
    label = [(float(means[third == index].mean()), variance) for index in range(3)]
    known = {item: label[index] for item, index in zip(found.known, third, strict=True)}
    return Difficulties(found.otherwise, known)


def after(state: LearnerState, answer: Answer, difficulties: Difficulties) -> LearnerState:
    """The state once the answer is known."""
    grade = Grade.SOLVED if answer.correct else Grade.GAVE_UP
    item = difficulties.item(answer)
    return observe(state, item, grade, answer.at, parameters=BINARY).state


def ours(difficulties: Difficulties) -> Predictor:
    """The product's model, new to every learner."""

    def run(history: History) -> Iterator[float]:
        state = LearnerState.new(BINARY)
        for answer in history:
            yield predict(state, difficulties.item(answer), answer.at, parameters=BINARY)
            state = after(state, answer, difficulties)

    return run
