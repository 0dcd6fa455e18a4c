"""Readiness: the probability of passing a loop of interviews, with the doubt that belongs to it.

Passing means solving `needed` of `problems` alone and in time. The learner's overall ability is
shared by all of them, so it is integrated over, not averaged out: a plug-in of the mean would be
far too sure of itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .mastery import Belief, Item, LearnerState
from .parameters import STANDARD
from .problem import Difficulty, ItemDifficulty
from .response import (
    Revision,
    Seen,
    expected_probability,
    laplace_step,
    loadings_of,
    logit,
    posterior_mode,
    sigmoid,
)
from .skills import Skill

ENOUGH_ATTEMPTS = 10
"""Attempts below which the estimate is not shown as one."""
INTERVAL = 1.2816
"""Standard normal quantile of the 80 % interval."""
LOOP = 4
"""Problems of a default loop."""
NEEDED = 3
"""Of which so many must be solved to pass."""

# Nodes and weights of 9-point Gauss-Hermite quadrature (weight function exp(-x^2)), x >= 0;
# Abramowitz & Stegun, table 25.10, to double precision. The rule is symmetric.
_HERMITE = (
    (0.0, 0.720235215606051),
    (0.7235510187528376, 0.43265155900255564),
    (1.468553289216668, 0.08847452739437664),
    (2.266580584531843, 0.004943624275536941),
    (3.1909932017815277, 3.9606977263264365e-05),
)
_NODES = [*_HERMITE, *((-node, weight) for node, weight in _HERMITE[1:])]
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Demand:
    """One kind of problem a target asks, and its weight among all it asks."""

    weight: float
    item: Item


@dataclass(frozen=True, slots=True)
class Readiness:
    """P(passing the loop) with its 80 % interval; `enough_evidence` is False below ten attempts."""

    probability: float
    low: float
    high: float
    attempts: int
    enough_evidence: bool


@dataclass(frozen=True, slots=True)
class Result:
    """How something ended that had been `predicted`; `weight` is how much of an observation of
    what the prediction speaks of that is."""

    predicted: float
    passed: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How results of interviews correct the model: logit R' = intercept + slope logit R.

    `UNCALIBRATED`, before any result, is the identity. Each mock moves it by one scalar update;
    then the real results move its intercept, all of them together.
    """

    intercept: Belief
    slope: Belief

    def apply(self, probability: float) -> float:
        """The corrected probability; a slope below zero would turn the order around and is cut."""
        return sigmoid(self.intercept.mean + max(0.0, self.slope.mean) * _safe_logit(probability))

    def learn(self, predicted: float, passed: bool, weight: float = 1.0) -> Calibration:
        """The correction after a mock whose result was `predicted` with that probability."""
        intercept = Revision(self.intercept.mean, self.intercept.variance)
        slope = Revision(self.slope.mean, self.slope.variance)
        x = _safe_logit(predicted)
        step = laplace_step(
            intercept.mean + slope.mean * x,
            intercept.variance + x * x * slope.variance,
            passed,
            weight,
        )
        intercept.revise(1.0, *step)
        slope.revise(x, *step)
        return Calibration(
            Belief(intercept.mean, intercept.variance), Belief(slope.mean, slope.variance)
        )

    def settle(self, results: Sequence[Result]) -> Calibration:
        """The correction after real interviews, in any order: the mode of the intercept given all
        of them.

        The slope stays. It says how far predictions are to be believed at all, which a handful of
        results cannot tell; and because it stays, a rejection lowers every readiness and a pass
        raises it, whatever had been predicted, and an interval keeps its width in logits.
        """
        if not results:
            return self
        slope = max(0.0, self.slope.mean)
        seen = [Seen(slope * _safe_logit(one.predicted), one.passed, one.weight) for one in results]
        mode = posterior_mode(self.intercept.mean, self.intercept.variance, seen)
        chances = [(entry.weight, sigmoid(mode + entry.offset)) for entry in seen]
        information = sum(weight * p * (1.0 - p) for weight, p in chances)
        return Calibration(
            Belief(mode, 1.0 / (1.0 / self.intercept.variance + information)), self.slope
        )


UNCALIBRATED = Calibration(intercept=Belief(0.0, 1.0), slope=Belief(1.0, 0.25))


def target_profile(skills: Iterable[Skill], hard_share: float = 0.5) -> tuple[Demand, ...]:
    """What a loop asks: every skill as often as it occurs, at medium and at hard difficulty."""
    labels = ((1.0 - hard_share, Difficulty.MEDIUM), (hard_share, Difficulty.HARD))
    return tuple(
        Demand(skill.frequency * share, Item((skill.id,), difficulty.mean, difficulty.variance))
        for skill in skills
        for share, difficulty in ((s, ItemDifficulty.from_label(label)) for s, label in labels)
        if share > 0.0
    )


def readiness(
    state: LearnerState,
    profile: Sequence[Demand],
    at: datetime,
    *,
    attempts: int,
    problems: int = LOOP,
    needed: int = NEEDED,
    calibration: Calibration = UNCALIBRATED,
) -> Readiness:
    """P(at least `needed` of `problems` drawn from the profile are solved alone and in time).

    The expectation over the ability is 9-point Gauss-Hermite; the interval is the value at the
    ability's 10th and 90th percentile. `attempts` is how many attempts the state rests on.
    Raises ValueError for an empty profile.
    """
    if not profile:
        raise ValueError("a profile needs at least one demand")
    demands = [_advantage(state, demand, at) for demand in profile]
    total = sum(weight for weight, _, _ in demands)

    def passing(ability: float) -> float:
        solve = sum(
            weight * expected_probability(ability + offset, variance, STANDARD.discrimination)
            for weight, offset, variance in demands
        )
        return _at_least(needed, problems, solve / total)

    mean, deviation = state.ability.mean, math.sqrt(state.ability.variance)
    expected = sum(w * passing(mean + math.sqrt(2.0) * deviation * x) for x, w in _NODES)
    expected /= math.sqrt(math.pi)
    # Near 0 and 1 the expectation of so curved a function can leave its own central interval.
    low = min(passing(mean - INTERVAL * deviation), expected)
    high = max(passing(mean + INTERVAL * deviation), expected)
    return Readiness(
        calibration.apply(expected),
        calibration.apply(low),
        calibration.apply(high),
        attempts,
        attempts >= ENOUGH_ATTEMPTS,
    )


def _advantage(state: LearnerState, demand: Demand, at: datetime) -> tuple[float, float, float]:
    """A demand's weight, and mean and variance of everything in its margin but the ability."""
    mean, variance = -demand.item.mean, demand.item.variance
    for name, loading in loadings_of(demand.item.skills).items():
        skill = state.skill(name, at)
        mean += loading * (skill.mean + skill.practice_gain)
        variance += loading * loading * skill.variance
    return demand.weight, mean, variance


def _at_least(needed: int, problems: int, p: float) -> float:
    """The upper tail of the binomial distribution."""
    return sum(
        math.comb(problems, solved) * p**solved * (1.0 - p) ** (problems - solved)
        for solved in range(needed, problems + 1)
    )


def _safe_logit(p: float) -> float:
    return logit(min(max(p, _EDGE), 1.0 - _EDGE))
