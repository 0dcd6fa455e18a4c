"""Scenarios: a truth, a way of choosing problems and a coach's eye for culprits; many lives each.

A life is fixed by the seed and its number, whichever process lives it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context

from maang_mcp.domain.attempt import Grade

from .candidates import VARIANTS, Candidate
from .policies import POLICIES
from .practice import practising
from .readings import Reading, diagnosed
from .world import synthetic

CHECKPOINTS = (20, 30, 60, 100, 200)
"""Attempts after which a candidate is diagnosed."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """`accuracy` is how often the culprit named after a failure is right; None: none is named."""

    variant: str = "planted"
    accuracy: float | None = None
    policy: str = "self-chosen"

    @property
    def name(self) -> str:
        culprit = "" if self.accuracy is None else f" + culprit {self.accuracy:.0%}"
        policy = "" if self.policy == "self-chosen" else f", {self.policy}"
        return f"{self.variant}{policy}{culprit}"


SCENARIOS: Sequence[Scenario] = (
    Scenario(),
    Scenario(accuracy=0.8),
    Scenario(accuracy=0.6),
    Scenario(accuracy=0.8, policy="ours"),
    *(
        Scenario(variant, 0.8)
        for variant in ("weakest-link", "wrong-tags", "deep", "avoidance", "none")
    ),
    Scenario("flat"),
    Scenario("flat", 0.8),
    Scenario("habits"),
)


@dataclass(frozen=True, slots=True)
class Life:
    """One candidate's diagnoses by number of attempts, and for every attempt the probability
    predicted before it and whether it was solved."""

    readings: Mapping[int, Reading]
    predictions: Sequence[tuple[float, bool]]


def live(scenario: Scenario, seed: int, number: int, checkpoints: Sequence[int]) -> Life:
    """One life, diagnosed on the way."""
    variant, name = VARIANTS[scenario.variant], f"{seed}:{number}"
    candidate = Candidate.draw(
        synthetic(seed, variant.wrong_tags), variant, name, scenario.accuracy
    )
    history, readings = [], {}
    practice = practising(candidate, POLICIES[scenario.policy], name)
    for consequence in islice(practice, max(checkpoints)):
        history.append(consequence)
        if len(history) in checkpoints:
            readings[len(history)] = diagnosed(candidate, history, name)
    return Life(readings, [(one.expected, one.grade is Grade.SOLVED) for one in history])


def lives(
    scenario: Scenario,
    seeds: Iterable[int],
    learners: int,
    *,
    checkpoints: Sequence[int] = CHECKPOINTS,
    workers: int = 1,
) -> list[Life]:
    """So many lives of each seed, in an order that does not depend on who lived them."""
    who = [(scenario, seed, number, checkpoints) for seed in seeds for number in range(learners)]
    if workers == 1:
        return [live(*one) for one in who]
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return list(pool.map(_live, who, chunksize=max(1, len(who) // (8 * workers))))


def _live(one: tuple[Scenario, int, int, Sequence[int]]) -> Life:
    return live(*one)
