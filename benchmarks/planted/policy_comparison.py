"""Ways to choose the next problem, by what candidates can do afterwards and what is known of them.

It rests on an assumption: an attempt teaches in proportion to 4 p (1 - p), p being the true
probability of solving it, so that what is sure to succeed or to fail teaches nothing. No data about
interview preparation says so. Readiness is the truth, not an estimate: the probability that the
candidate solves three of four problems, topics as frequent as in interviews, half of them medium
and half hard. Candidates are the same for every policy.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import NamedTuple

from maang_mcp.domain.parameters import HARD_REFERENCE, MEDIUM_REFERENCE
from maang_mcp.domain.readiness import LOOP, NEEDED

from .candidates import VARIANTS, Candidate
from .policies import POLICIES
from .practice import history
from .readings import diagnosed
from .scores import mean
from .world import TrueItem, synthetic

LESSON = 0.05
"""Logits that an attempt teaches each of its skills when it could go either way."""
ACCURACY = 0.8
EARLY = 30
"""Attempts after which coverage is looked at."""
YARDSTICK = "self-chosen"


class Trained(NamedTuple):
    """One candidate after practice: true readiness before and after, precision@3 of the diagnosis
    and the share of planted topics that were tried early."""

    before: float
    after: float
    precision: float
    tried: float


def lesson(p: float) -> float:
    """The assumed law of learning."""
    return LESSON * 4.0 * p * (1.0 - p)


def true_readiness(candidate: Candidate) -> float:
    """P(at least three of four problems are solved alone and in time)."""
    total = sum(topic.frequency for topic in candidate.world.topics)
    p = sum(
        topic.frequency / total * candidate.solves(TrueItem((topic.id,), difficulty)) / 2.0
        for topic in candidate.world.topics
        for difficulty in (MEDIUM_REFERENCE, HARD_REFERENCE)
    )
    return sum(
        math.comb(LOOP, solved) * p**solved * (1.0 - p) ** (LOOP - solved)
        for solved in range(NEEDED, LOOP + 1)
    )


def trained(policy: str, seed: int, number: int, attempts: int) -> Trained:
    """One candidate under one policy."""
    name = f"{seed}:{number}"
    candidate = Candidate.draw(synthetic(seed), VARIANTS["planted"], name, ACCURACY, lesson)
    before = true_readiness(candidate)
    practised = history(candidate, POLICIES[policy], attempts, name)
    early = {skill for one in practised[:EARLY] for skill in one.problem.skills}
    return Trained(
        before,
        true_readiness(candidate),
        diagnosed(candidate, practised, name).precision["deviation"],
        len(early & candidate.planted) / len(candidate.planted),
    )


def compare(learners: int, attempts: int, seeds: Iterable[int], workers: int) -> None:
    """Prints a row for every policy, differences paired by candidate."""
    who = [(seed, number) for seed in seeds for number in range(learners)]
    print(f"{len(who):,} candidates, {attempts} attempts, culprit {ACCURACY:.0%}; an attempt")
    print(
        f"teaches {LESSON} x 4p(1-p) logit to each skill: an assumption, see the head of the file"
    )
    print(
        f"{'':<20}{'true readiness':>15}{'more than self-chosen':>24}"
        f"{f'precision@3 n={attempts}':>20}{f'tried by n={EARLY}':>17}"
    )
    usual: Sequence[Trained] = ()
    for policy in POLICIES:
        began = time.perf_counter()
        found = _all(policy, who, attempts, workers)
        usual = found if policy == YARDSTICK else usual
        if policy == YARDSTICK:
            print(f"{'before practice':<20}{mean([one.before for one in found])!s:>15}")
        more = mean([mine.after - other.after for mine, other in zip(found, usual, strict=True)])
        print(
            f"{policy:<20}{mean([one.after for one in found])!s:>15}"
            f"{f'{more.value:+.3f} ±{more.error:.3f}':>24}"
            f"{mean([one.precision for one in found])!s:>20}"
            f"{mean([one.tried for one in found])!s:>17}"
            f"   ({time.perf_counter() - began:.0f} s)",
            flush=True,
        )


def _all(policy: str, who: Sequence[tuple[int, int]], attempts: int, workers: int) -> list[Trained]:
    tasks = [(policy, seed, number, attempts) for seed, number in who]
    if workers == 1:
        return [trained(*task) for task in tasks]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_trained, tasks, chunksize=max(1, len(tasks) // (8 * workers))))


def _trained(task: tuple[str, int, int, int]) -> Trained:
    return trained(*task)
