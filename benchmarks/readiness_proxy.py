"""Readiness against what real learners did next, for want of interviews with a known outcome.

After 10, 20, 40 and 80 answers of a test learner the beliefs are frozen, and the product's
`readiness` says how probable it is that at least seven of the next ten answers are right; the next
ten items, with the difficulties estimated from training learners, are the profile. Beside it:
plug-in means (the same without any doubt about ability, skills or items) and a binomial of the
learner's running mean. Ten bins of equal width; "floor" is the ECE that a perfectly calibrated
forecaster of the same probabilities would show on so few blocks, by simulation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from maang_mcp.domain.mastery import Item, LearnerState
from maang_mcp.domain.parameters import STANDARD
from maang_mcp.domain.readiness import Demand, readiness
from maang_mcp.domain.response import loadings_of, sigmoid

from .answers import Fold, History
from .baselines import PSEUDO_ANSWERS
from .filtering import Difficulties, after, estimated
from .measures import Array, at_least, auc, calibration_error, log_loss

FROZEN_AT = (10, 20, 40, 80)
BLOCK = 10
NEEDED = 7
BINS = 10


class Block(NamedTuple):
    """The forecasts for one block of ten answers, and whether seven of them were right."""

    ours: float
    plug_in: float
    running_mean: float
    passed: bool


def blocks(history: History, difficulties: Difficulties, base: float) -> Iterator[Block]:
    """Every whole block after a freezing point of one learner."""
    state, right = LearnerState.new(), 0
    for n, answer in enumerate(history):
        ahead = history[n : n + BLOCK]
        if n in FROZEN_AT and len(ahead) == BLOCK:
            items = [difficulties.item(next_one) for next_one in ahead]
            at = history[n - 1].at
            forecast = readiness(
                state,
                [Demand(1.0, item) for item in items],
                at,
                attempts=n,
                problems=BLOCK,
                needed=NEEDED,
            )
            solve = float(np.mean([_plug_in(state, item, at) for item in items]))
            mean = (right + PSEUDO_ANSWERS * base) / (n + PSEUDO_ANSWERS)
            yield Block(
                forecast.probability,
                at_least(NEEDED, BLOCK, solve),
                at_least(NEEDED, BLOCK, mean),
                sum(next_one.correct for next_one in ahead) >= NEEDED,
            )
        state = after(state, answer, difficulties)
        right += answer.correct


def _plug_in(state: LearnerState, item: Item, at: datetime) -> float:
    """P(solve) if every mean were the truth."""
    mean = state.ability.mean - item.mean
    for name, loading in loadings_of(item.skills).items():
        skill = state.skill(name, at)
        mean += loading * (skill.mean + skill.practice_gain)
    return sigmoid(STANDARD.discrimination * mean)


def tell(name: str, folds: Sequence[Fold]) -> dict[str, dict[str, float]]:
    """Prints the table of one set, and returns it."""
    found = [
        block
        for fold in folds
        for history in fold.testing
        for block in blocks(history, estimated(fold), fold.base_rate)
    ]
    passed: Array = np.array([block.passed for block in found], dtype=np.float64)
    print(
        f"\nreadiness on {name}: P({NEEDED} of the next {BLOCK} right), {len(found):,} blocks,"
        f" {passed.mean():.1%} passed"
    )
    print(f"{'':<34}{'LL':>7}{'ECE-10':>8}{'floor':>7}{'AUC':>7}")
    table = {}
    for label, index in (("ours", 0), ("plug-in means", 1), ("binomial of the running mean", 2)):
        p: Array = np.array([block[index] for block in found], dtype=np.float64)
        row = {
            "log_loss": log_loss(p, passed),
            "ece": calibration_error(p, passed, BINS),
            "floor": _floor(p),
            "auc": auc(p, passed),
        }
        print(
            f"{label:<34}{row['log_loss']:>7.4f}{row['ece']:>8.4f}{row['floor']:>7.3f}"
            f"{row['auc']:>7.4f}",
            flush=True,
        )
        table[label] = row
    return table


def _floor(p: Array, rounds: int = 200) -> float:
    dice = np.random.default_rng(3)
    drawn = (dice.random((rounds, len(p))) < p).astype(np.float64)
    return float(np.mean([calibration_error(p, y, BINS) for y in drawn]))
