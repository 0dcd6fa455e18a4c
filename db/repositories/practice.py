"""Attempts and what follows from them: evidence, beliefs, reviews, weaknesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from db.models.interview import interview
from db.models.practice import (
    attempt,
    attempt_evidence,
    custom_problem,
    learner_state,
    problem,
    review,
    review_log,
    skill_state,
)
from maang_mcp.domain.attempt import Attempt, LastAttempt
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.standing import Consequence, Standing
from maang_mcp.domain.weakness import AttemptEvidence

from . import rows
from .weakness import WeaknessRepository


class PracticeRepository(WeaknessRepository):
    """Queries over attempts and everything derived from them."""

    async def answered(self, attempt_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """The digest of the report recorded under this id, and what was answered then."""
        found = await self._connection.execute(
            select(attempt.c.request, attempt.c.answer).where(
                self._own(attempt), attempt.c.id == attempt_id
            )
        )
        row = found.first()
        return None if row is None else (row[0], row[1])

    async def add_attempt(
        self,
        value: Attempt,
        of: Problem,
        *,
        request: str,
        answer: Mapping[str, Any],
        recorded_at: datetime,
    ) -> None:
        """Appends an attempt."""
        await self._connection.execute(
            insert(attempt).values(
                learner_id=self._learner,
                catalogue_problem=None if of.custom else of.slug,
                custom_problem=of.slug if of.custom else None,
                request=request,
                answer=answer,
                recorded_at=recorded_at,
                **rows.attempt_values(value),
            )
        )

    async def remove_attempt(self, attempt_id: UUID) -> bool:
        """Erases an attempt with its evidence and its review."""
        gone = await self._connection.execute(
            delete(attempt).where(self._own(attempt), attempt.c.id == attempt_id)
        )
        return bool(gone.rowcount)

    async def get_attempt(self, attempt_id: UUID) -> Attempt | None:
        """One attempt."""
        found = await self._connection.execute(
            select(attempt).where(self._own(attempt), attempt.c.id == attempt_id)
        )
        row = found.mappings().first()
        return None if row is None else rows.attempt_of(row)

    async def all_attempts(self) -> list[Attempt]:
        """Every attempt, oldest first."""
        found = await self._connection.execute(
            select(attempt).where(self._own(attempt)).order_by(attempt.c.attempted_at, attempt.c.id)
        )
        return [rows.attempt_of(row) for row in found.mappings()]

    async def attempts_in(self, interview_id: UUID) -> list[UUID]:
        """The ids of the attempts that one interview was recorded as."""
        found = await self._connection.scalars(
            select(attempt.c.id).where(self._own(attempt), attempt.c.interview_id == interview_id)
        )
        return list(found)

    async def evidence(
        self, limit: int, *, since: datetime | None = None, problem_slug: str | None = None
    ) -> list[AttemptEvidence]:
        """The latest attempts with what each moved, oldest first."""
        limits = func.coalesce(problem.c.minutes, custom_problem.c.minutes).label("minutes_limit")
        query = (
            select(attempt, attempt_evidence, limits)
            .join(
                attempt_evidence,
                (attempt_evidence.c.learner_id == attempt.c.learner_id)
                & (attempt_evidence.c.attempt_id == attempt.c.id),
            )
            .outerjoin(problem, problem.c.slug == attempt.c.catalogue_problem)
            .outerjoin(
                custom_problem,
                (custom_problem.c.learner_id == attempt.c.learner_id)
                & (custom_problem.c.slug == attempt.c.custom_problem),
            )
            .where(self._own(attempt))
            .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
            .limit(limit)
        )
        if since is not None:
            query = query.where(attempt.c.attempted_at >= since)
        if problem_slug is not None:
            query = query.where(attempt.c.problem == problem_slug)
        found = await self._connection.execute(query)
        return [rows.evidence_of(row) for row in found.mappings()][::-1]

    async def count_attempts(self) -> int:
        """How many attempts there are."""
        counted = await self._connection.scalar(
            select(func.count()).select_from(attempt).where(self._own(attempt))
        )
        return counted or 0

    async def last_attempts(self) -> dict[str, LastAttempt]:
        """The latest attempt at each problem: slug to (when, outcome, how many in all)."""
        found = await self._connection.execute(
            select(
                attempt.c.problem,
                attempt.c.attempted_at,
                attempt.c.outcome,
                func.count().over(partition_by=attempt.c.problem),
            )
            .where(self._own(attempt))
            .ext(distinct_on(attempt.c.problem))
            .order_by(attempt.c.problem, attempt.c.attempted_at.desc(), attempt.c.id.desc())
        )
        return {row[0]: rows.last_attempt_of(row[1:]) for row in found}

    async def learner_state(self) -> LearnerState:
        """What is believed about the learner."""
        overall = await self._connection.execute(
            select(learner_state).where(self._own(learner_state))
        )
        row = overall.mappings().first()
        if row is None:
            return LearnerState.new()
        skills = await self._connection.execute(select(skill_state).where(self._own(skill_state)))
        return rows.learner_state_of(row, skills.mappings().all())

    async def standing(self, problem_slug: str) -> Standing:
        """The beliefs about the learner, and the history of one problem: all one attempt needs."""
        state = await self.learner_state()
        found = await self._connection.execute(
            select(review, _last_outcome(problem_slug, self._learner)).where(
                self._own(review), review.c.problem == problem_slug
            )
        )
        row = found.mappings().first()
        if row is None:
            return Standing(state)
        return Standing(state, {problem_slug: rows.history_of(row)})

    async def save_consequence(self, consequence: Consequence) -> None:
        """Stores all that one attempt changed: beliefs, review and evidence."""
        await self._save_evidence([consequence])
        await self._save_standing(
            consequence.standing.learner,
            tuple(consequence.observation.skill_levels),
            {consequence.problem.slug: consequence.review},
        )

    async def rebuild(self, consequences: Sequence[Consequence]) -> None:
        """Replaces everything derived by what a replay of all attempts gave."""
        for table in (attempt_evidence, review_log, review, skill_state, learner_state):
            await self._connection.execute(delete(table).where(self._own(table)))
        if not consequences:
            return
        await self._save_evidence(consequences)
        last = consequences[-1].standing
        await self._save_standing(
            last.learner,
            last.learner.skills,
            {slug: history.review for slug, history in last.problems.items()},
        )

    async def reviews(self) -> list[Review]:
        """The review cards of all problems, the one due first in front."""
        found = await self._connection.execute(
            select(review).where(self._own(review)).order_by(review.c.due, review.c.problem)
        )
        return [rows.review_of(row) for row in found.mappings()]

    async def custom_problems(self) -> list[Problem]:
        """The problems the learner brought that the catalogue does not know."""
        found = await self._connection.execute(
            select(custom_problem).where(self._own(custom_problem))
        )
        return [rows.custom_problem_of(row) for row in found.mappings()]

    async def add_custom_problem(self, value: Problem, at: datetime) -> None:
        """Adds a custom problem; the same slug again changes nothing."""
        await self._connection.execute(
            upsert(custom_problem)
            .values(learner_id=self._learner, created_at=at, **rows.custom_problem_values(value))
            .on_conflict_do_nothing()
        )

    async def drop_unused_problems(self) -> None:
        """Forgets custom problems that no attempt and no interview is about any more."""
        used = select(attempt.c.custom_problem).where(
            self._own(attempt), attempt.c.custom_problem.is_not(None)
        )
        asked = select(interview.c.question).where(self._own(interview))
        await self._connection.execute(
            delete(custom_problem).where(
                self._own(custom_problem),
                custom_problem.c.slug.not_in(used),
                custom_problem.c.slug.not_in(asked),
            )
        )

    async def _save_evidence(self, consequences: Sequence[Consequence]) -> None:
        owner = {"learner_id": self._learner}
        await self._connection.execute(
            insert(attempt_evidence), [owner | rows.evidence_values(c) for c in consequences]
        )
        await self._connection.execute(
            insert(review_log), [owner | rows.review_log_values(c) for c in consequences]
        )

    async def _save_standing(
        self,
        state: LearnerState,
        touched: Sequence[str] | Mapping[str, Any],
        reviews: Mapping[str, Review],
    ) -> None:
        owner = {"learner_id": self._learner}
        overall = rows.learner_state_values(state)
        await self._connection.execute(
            upsert(learner_state)
            .values(owner | overall)
            .on_conflict_do_update(index_elements=["learner_id"], set_=overall)
        )
        skills = [owner | rows.skill_state_values(state.skills[name]) for name in sorted(touched)]
        if skills:
            statement = upsert(skill_state)
            await self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["learner_id", "skill"],
                    set_={name: statement.excluded[name] for name in rows.SKILL_STATE_FIELDS},
                ),
                skills,
            )
        statement = upsert(review)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["learner_id", "problem"],
                set_={name: statement.excluded[name] for name in rows.REVIEW_FIELDS},
            ),
            [owner | rows.review_values(reviews[slug]) for slug in sorted(reviews)],
        )

    async def complete_custom_problem(self, value: Problem) -> None:
        """Stores what was learned of a custom problem since it was added."""
        await self._connection.execute(
            update(custom_problem)
            .where(self._own(custom_problem), custom_problem.c.slug == value.slug)
            .values(rows.custom_problem_values(value))
        )


def _last_outcome(problem_slug: str, learner: UUID) -> Any:
    return (
        select(attempt.c.outcome)
        .where(attempt.c.learner_id == learner, attempt.c.problem == problem_slug)
        .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
        .limit(1)
        .scalar_subquery()
        .label("last_outcome")
    )
