"""Interviews that really took place: facts against which readiness can be held."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .level import Level
from .readiness import Calibration, Readiness, Result
from .skills import Round


class RealResult(StrEnum):
    """How a real interview ended for the candidate."""

    PASSED = "passed"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RealInterview:
    """One real interview, or a whole loop when `round` is None.

    `readiness` is the probability, 0 to 1, that was estimated for that moment when it was told;
    None when there was too little evidence for an estimate. `level` is what was aimed at.
    """

    id: UUID
    result: RealResult
    at: datetime
    recorded_at: datetime
    round: Round | None = None
    company: str | None = None
    level: Level | None = None
    readiness: float | None = None

    @property
    def passed(self) -> bool:
        """Whether the candidate went on, or got the offer."""
        return self.result is RealResult.PASSED


def estimated(
    expected: Mapping[Round, Readiness], calibrations: Mapping[Round, Calibration]
) -> float | None:
    """The probability of passing every one of these rounds, as corrected up to then; None unless
    there was enough evidence on each.

    The rounds are taken as independent. They share the candidate's ability, so that this errs on
    the side of too little.
    """
    if not expected or not all(one.enough_evidence for one in expected.values()):
        return None
    return math.prod(calibrations[round].apply(one.probability) for round, one in expected.items())


def results_of(real: RealInterview, expected: Mapping[Round, Readiness]) -> dict[Round, Result]:
    """What a real interview says of each of its rounds, by what practice let `expected`
    right before it; nothing of a round without enough evidence.

    A loop is passed by passing every round. A rejection does not tell which round it was for: it
    counts against each with the probability, given the rejection, that the others were passed and
    only this one was not. That is the exact slope of the log-likelihood

        log(1 - p q),   p of this round, q of all the others together,

    as a share of the slope that a rejection of the round alone has.
    """
    found = {}
    for round, one in expected.items():
        if not one.enough_evidence:
            continue
        others = math.prod(
            other.probability for name, other in expected.items() if name is not round
        )
        weight = 1.0 if real.passed else _decided(one.probability, others)
        found[round] = Result(one.probability, real.passed, weight)
    return found


def _decided(chance: float, others: float) -> float:
    """P(the others were passed and this one was not | not all were passed)."""
    failed = 1.0 - chance * others
    return others * (1.0 - chance) / failed if failed > 0.0 else 1.0
