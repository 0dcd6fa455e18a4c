"""What is on record about one learner, read once for everything that advises from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from maang_mcp.domain.attempt import LastAttempt
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.parameters import reference_of
from maang_mcp.domain.problem import Problem, custom_problem
from maang_mcp.domain.profile import Profile
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.streaks import day_of
from maang_mcp.domain.weakness import AttemptEvidence, DimensionScore, WeaknessReport

from .dates import zone_of

if TYPE_CHECKING:
    from db import UnitOfWork

EVIDENCE_WINDOW = 300
"""Attempts that a weakness report looks back on."""

SCORES_WINDOW = 200

SITTING_WINDOW = 30
"""Latest attempts by which reviews are rationed within one sitting."""


@dataclass(frozen=True, slots=True)
class Record:
    """The learner as the store has them at one moment; `generation` tells whether it changed.

    `sitting` are the latest attempts, newest first: when, and whether the problem was known;
    `attempts` counts all there are.
    """

    generation: int
    profile: Profile
    state: LearnerState
    evidence: Sequence[AttemptEvidence]
    scores: Sequence[DimensionScore]
    reviews: Sequence[Review]
    last: Mapping[str, LastAttempt]
    sitting: Sequence[tuple[datetime, bool]]
    own: Mapping[str, Problem]

    attempts: int

    @classmethod
    async def read(cls, uow: UnitOfWork, *, evidence: bool = True, problems: bool = True) -> Record:
        """Everything, in the reader's transaction.

        Without `evidence` no attempts and no scores: enough to choose a problem, not to diagnose.
        Without `problems` neither reviews nor what is known of them: enough to diagnose. Each is
        about half of what there is to read.
        """
        practice = uow.practice
        practised = await practice.practised() if problems else ()
        own = await practice.custom_problems() if problems else ()
        return cls(
            generation=uow.generation,
            profile=await uow.learner.profile(),
            state=await practice.learner_state(),
            evidence=await practice.evidence(EVIDENCE_WINDOW) if evidence else (),
            scores=await uow.interview.dimension_scores(SCORES_WINDOW) if evidence else (),
            reviews=[review for review, _ in practised],
            last={review.problem: last for review, last in practised},
            sitting=await practice.sitting(SITTING_WINDOW) if problems else (),
            own={problem.slug: problem for problem in own},
            attempts=sum(last.attempts for _, last in practised)
            if problems
            else await practice.count_attempts(),
        )

    def reviews_by(self, now: datetime) -> list[Review]:
        """Review cards, none due later than the day before the interview while that lies ahead.

        What was practised on that last day has had its review.
        """
        interview, zone = self.profile.interview_date, zone_of(self.profile)
        if interview is None or interview <= day_of(now, zone):
            return list(self.reviews)
        last_day = interview - timedelta(days=1)
        latest = datetime.combine(last_day, now.astimezone(zone).timetz()).astimezone(UTC)
        return [
            replace(review, due=min(review.due, latest))
            if day_of(self.last[review.problem].at, zone) < last_day
            else review
            for review in self.reviews
        ]

    def due_days(self, now: datetime) -> dict[str, date]:
        """The day, where the learner lives, on which each practised problem is due again."""
        zone = zone_of(self.profile)
        return {review.problem: day_of(review.due, zone) for review in self.reviews_by(now)}

    def due(self, now: datetime) -> list[Review]:
        """The review cards that are due."""
        return [review for review in self.reviews_by(now) if review.due <= now]

    def diagnose(self, graph: SkillGraph, now: datetime) -> WeaknessReport:
        """What the record says about weaknesses, measured at what the target level asks."""
        return weakness_report(
            self.state,
            graph,
            self.evidence,
            now,
            scores=self.scores,
            reference=reference_of(self.profile.level),
        )


def practised(slug: str, catalogue: Catalogue, own: Mapping[str, Problem]) -> Problem:
    """A problem somebody has practised; its bare name where a release no longer ships it."""
    return catalogue.get(slug) or own.get(slug) or custom_problem(slug)
