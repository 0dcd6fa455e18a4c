"""What is on record about one learner, read once for everything that advises from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from maang_mcp.domain.attempt import LastAttempt
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.problem import Problem, custom_problem
from maang_mcp.domain.profile import Profile
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.weakness import AttemptEvidence, DimensionScore, WeaknessReport

if TYPE_CHECKING:
    from db import UnitOfWork

EVIDENCE_WINDOW = 300
"""Attempts that a weakness report looks back on."""

SCORES_WINDOW = 200


@dataclass(frozen=True, slots=True)
class Record:
    """The learner as the store has them at one moment; `generation` tells whether it changed."""

    generation: int
    profile: Profile
    state: LearnerState
    evidence: Sequence[AttemptEvidence]
    scores: Sequence[DimensionScore]
    reviews: Sequence[Review]
    last: Mapping[str, LastAttempt]
    own: Mapping[str, Problem]

    @classmethod
    async def read(cls, uow: UnitOfWork) -> Record:
        """Everything, in the reader's transaction."""
        return cls(
            generation=uow.generation,
            profile=await uow.learner.profile(),
            state=await uow.practice.learner_state(),
            evidence=await uow.practice.evidence(EVIDENCE_WINDOW),
            scores=await uow.interview.dimension_scores(SCORES_WINDOW),
            reviews=await uow.practice.reviews(),
            last=await uow.practice.last_attempts(),
            own={problem.slug: problem for problem in await uow.practice.custom_problems()},
        )

    @property
    def attempts(self) -> int:
        """How many attempts there are in all."""
        return sum(entry.attempts for entry in self.last.values())

    def reviews_by(self, now: datetime) -> list[Review]:
        """Review cards, none due later than the day before the interview while that lies ahead.

        What was practised on that last day has had its review.
        """
        interview = self.profile.interview_date
        if interview is None or interview <= now.date():
            return list(self.reviews)
        last_day = datetime.combine(interview - timedelta(days=1), now.timetz())
        return [
            replace(review, due=min(review.due, last_day))
            if self.last[review.problem].at.date() < last_day.date()
            else review
            for review in self.reviews
        ]

    def due(self, now: datetime) -> list[Review]:
        """The review cards that are due."""
        return [review for review in self.reviews_by(now) if review.due <= now]

    def diagnose(self, graph: SkillGraph, now: datetime) -> WeaknessReport:
        """What the record says about weaknesses."""
        return weakness_report(self.state, graph, self.evidence, now, scores=self.scores)


def practised(slug: str, catalogue: Catalogue, own: Mapping[str, Problem]) -> Problem:
    """A problem somebody has practised; its bare name where a release no longer ships it."""
    return catalogue.get(slug) or own.get(slug) or custom_problem(slug)
