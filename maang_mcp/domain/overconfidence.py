"""Overconfidence: how much surer of their solutions somebody is than they are right.

    overconfidence = mean self-rated confidence - success rate

over the same attempts, the calibration-in-the-large of judgements under uncertainty
(Lichtenstein, Fischhoff & Phillips 1982). Success is solving alone, in time or not: what one is
sure of is the solution, not the clock.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .readiness import INTERVAL

ENOUGH_RATED = 10
"""Attempts with a confidence below which nothing is said."""
_ADDED = 2.0
"""Successes, and as many failures, that an interval of a proportion adds to what was counted."""


class Tendency(StrEnum):
    """What the interval of an overconfidence leaves no doubt about."""

    OVERCONFIDENT = "overconfident"
    UNDERCONFIDENT = "underconfident"
    ABOUT_RIGHT = "about right"


@dataclass(frozen=True, slots=True)
class Rated:
    """So many attempts of one self-rated confidence (1-5), of which so many were solved alone."""

    confidence: int
    attempts: int
    solved: int


@dataclass(frozen=True, slots=True)
class Overconfidence:
    """Mean confidence (0-1) less success rate, with the 80 % interval of the difference."""

    difference: float
    low: float
    high: float
    confidence: float
    success: float
    n: int

    @property
    def tendency(self) -> Tendency:
        """The word for it; none is said while the interval holds zero."""
        if self.low > 0.0:
            return Tendency.OVERCONFIDENT
        return Tendency.UNDERCONFIDENT if self.high < 0.0 else Tendency.ABOUT_RIGHT


def share_of(confidence: int) -> float:
    """A confidence of 1 (guessing) to 5 (certain) as a probability: 0, 1/4, 1/2, 3/4, 1.

    The straight line between the two words at its ends: a judgement, and the usual one.
    """
    return (confidence - 1) / 4


def overconfidence(rated: Iterable[Rated]) -> Overconfidence | None:
    """The difference over all attempts that carry a confidence; None while they are too few.

    The confidences are what was said, so the doubt is that of the success rate alone. Its standard
    error is that of Agresti & Coull (1998), which no run of equal results brings down to zero.
    """
    counted = list(rated)
    n = sum(group.attempts for group in counted)
    if n < ENOUGH_RATED:
        return None
    solved = sum(group.solved for group in counted)
    confidence = sum(share_of(group.confidence) * group.attempts for group in counted) / n
    shrunk = (solved + _ADDED) / (n + 2.0 * _ADDED)
    error = math.sqrt(shrunk * (1.0 - shrunk) / (n + 2.0 * _ADDED))
    difference = confidence - solved / n
    return Overconfidence(
        difference,
        max(difference - INTERVAL * error, -1.0),
        min(difference + INTERVAL * error, 1.0),
        confidence,
        solved / n,
        n,
    )
