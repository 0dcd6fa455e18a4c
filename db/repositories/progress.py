"""What progress is read from: only the columns it needs, for histories grow long."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Uuid, cast, func, select

from db.models.interview import interview, interview_score
from db.models.practice import attempt, attempt_evidence
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.level import Level
from maang_mcp.domain.mastery import Belief
from maang_mcp.domain.progress import Mock, OutcomeCount, RubricScore
from maang_mcp.domain.skills import Round
from maang_mcp.domain.streaks import Practised
from maang_mcp.domain.verdict import Label

from .repository import Repository

BASELINE_WINDOW = 300
"""Attempts, back from the baseline, in which levels of skills are looked for."""


class ProgressRepository(Repository):
    """Queries over the whole history, each of one pass and few rows."""

    async def attempts_before(self, moment: datetime) -> dict[Round, int]:
        """How many attempts at each round there were before a moment."""
        found = await self._connection.execute(
            select(attempt.c.round, func.count())
            .where(self._own(attempt), attempt.c.attempted_at < moment)
            .group_by(attempt.c.round)
        )
        return {Round(round): n for round, n in found}

    async def outcome_counts(self) -> list[OutcomeCount]:
        """All attempts, counted by round, outcome and confidence."""
        found = await self._connection.execute(
            select(attempt.c.round, attempt.c.outcome, attempt.c.confidence, func.count())
            .where(self._own(attempt))
            .group_by(attempt.c.round, attempt.c.outcome, attempt.c.confidence)
        )
        return [
            OutcomeCount(Round(round), Outcome(outcome), confidence, n)
            for round, outcome, confidence, n in found
        ]

    async def moments(self) -> list[datetime]:
        """When there was practice, in any order; one row, however long the history."""
        found = await self._connection.scalar(
            select(func.array_agg(attempt.c.attempted_at)).where(self._own(attempt))
        )
        return list(found or ())

    async def practice(self, since: datetime) -> list[Practised]:
        """When there was practice since then, and for how long."""
        found = await self._connection.execute(
            select(attempt.c.attempted_at, attempt.c.minutes).where(
                self._own(attempt), attempt.c.attempted_at >= since
            )
        )
        return [Practised(*row) for row in found]

    async def levels(
        self, since: datetime, until: datetime, *, round: Round | None = None, skip: int = 0
    ) -> dict[str, Belief]:
        """The latest recorded level of each skill that was moved from `since` to `until`.

        `round` narrows that to attempts of one kind; the latest `skip` of them are passed over.
        """
        query = (
            select(attempt_evidence.c.skill_levels)
            .join(
                attempt,
                (attempt.c.learner_id == attempt_evidence.c.learner_id)
                & (attempt.c.id == attempt_evidence.c.attempt_id),
            )
            .where(self._own(attempt), attempt.c.attempted_at.between(since, until))
            .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
            .offset(skip)
            .limit(BASELINE_WINDOW)
        )
        if round is not None:
            query = query.where(attempt.c.round == round.value)
        found: dict[str, Belief] = {}
        for levels in await self._connection.scalars(query):
            for skill, level in levels.items():
                found.setdefault(skill, Belief(*level))
        return found

    async def mocks(self) -> list[Mock]:
        """Every finished interview with its verdict and what was expected of it, oldest first."""
        found = await self._connection.execute(
            select(
                interview.c.id,
                interview.c.round,
                interview.c.level,
                interview.c.question,
                interview.c.finished_at,
                interview.c.verdict["verdict"].astext,
                interview.c.verdict["average"].as_float(),
                attempt_evidence.c.expected,
            )
            .outerjoin(
                attempt_evidence,
                (attempt_evidence.c.learner_id == interview.c.learner_id)
                & (
                    attempt_evidence.c.attempt_id
                    == cast(interview.c.verdict["attempt_id"].astext, Uuid)
                ),
            )
            .where(self._own(interview), interview.c.verdict.is_not(None))
            .order_by(interview.c.finished_at, interview.c.id)
        )
        return [
            Mock(id, Round(round), Level(level), question, at, Label(verdict), average, expected)
            for id, round, level, question, at, verdict, average, expected in found
        ]

    async def rubric_scores(self, limit: int) -> list[RubricScore]:
        """The scores of the latest finished interviews."""
        found = await self._connection.execute(
            select(
                interview.c.round,
                interview_score.c.dimension,
                interview_score.c.score,
                interview.c.finished_at,
                interview_score.c.given,
                interview.c.id,
            )
            .join(
                interview,
                (interview.c.learner_id == interview_score.c.learner_id)
                & (interview.c.id == interview_score.c.interview_id),
            )
            .where(self._own(interview_score))
            .order_by(interview.c.finished_at.desc(), interview.c.id, interview_score.c.dimension)
            .limit(limit)
        )
        return [RubricScore(Round(round), *rest) for round, *rest in found]
