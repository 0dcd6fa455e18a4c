"""Grade inflation: by how much graders gave more than the server's own signals allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import fmean
from uuid import UUID

from .habits import RECENT_SCORES
from .progress import RubricScore

NOTABLE = 0.5
"""Points of mean excess above which it is told in words."""
ENOUGH_GRADED = 3
"""Interviews below which it is not."""


@dataclass(frozen=True, slots=True)
class GradeInflation:
    """How many points of 1-4 were given beyond the ceilings, on average over the scores of the
    latest `interviews`; `dimension` is where most, None where no score was lowered."""

    excess: float
    interviews: int
    dimension: str | None

    @property
    def notable(self) -> bool:
        """Whether it is large, and seen often enough, to be worth a sentence."""
        return self.interviews >= ENOUGH_GRADED and self.excess > NOTABLE


def grade_inflation(scores: Iterable[RubricScore]) -> GradeInflation | None:
    """The inflation over the latest graded interviews; None before the first."""
    graded: dict[UUID, list[RubricScore]] = defaultdict(list)
    for score in sorted(scores, key=lambda score: (score.at, score.interview_id), reverse=True):
        graded[score.interview_id].append(score)
    latest = [score for group in list(graded.values())[:RECENT_SCORES] for score in group]
    if not latest:
        return None
    excesses: dict[str, list[int]] = defaultdict(list)
    for score in latest:
        excesses[score.dimension].append(score.given - score.score)
    means = {dimension: fmean(values) for dimension, values in excesses.items()}
    most = min(means, key=lambda dimension: (-means[dimension], dimension))
    return GradeInflation(
        fmean(score.given - score.score for score in latest),
        min(len(graded), RECENT_SCORES),
        most if means[most] > 0.0 else None,
    )
