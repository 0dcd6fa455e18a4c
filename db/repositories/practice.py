"""Attempts and what follows from them: evidence, beliefs, reviews, weaknesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, insert, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert

from db.models.interview import interview
from db.models.practice import attempt, custom_problem
from maang_mcp.domain.attempt import Attempt
from maang_mcp.domain.problem import Problem

from . import rows
from .derived import DerivedRepository


class PracticeRepository(DerivedRepository):
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

    async def recent_attempts(self, limit: int) -> list[Attempt]:
        """The latest attempts, newest first."""
        found = await self._connection.execute(
            select(attempt)
            .where(self._own(attempt))
            .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
            .limit(limit)
        )
        return [rows.attempt_of(row) for row in found.mappings()]

    async def attempts_touched(
        self, since: datetime | None, also: Iterable[str] = ()
    ) -> list[Attempt]:
        """Every attempt at the problems attempted since a moment (None: ever) or named in `also`,
        oldest first, without texts: what a replay from there has to know."""
        touched = select(attempt.c.problem).where(self._own(attempt))
        if since is not None:
            touched = touched.where(attempt.c.attempted_at >= since)
        found = await self._connection.execute(
            select(*(attempt.c[name] for name in rows.BRIEF))
            .where(
                self._own(attempt),
                attempt.c.problem.in_(touched) | attempt.c.problem.in_(list(also)),
            )
            .order_by(attempt.c.attempted_at, attempt.c.id)
        )
        return [rows.brief_attempt_of(row) for row in found]

    async def first_attempt_at(self, problem_slug: str) -> datetime | None:
        """When a problem was attempted first."""
        first: datetime | None = await self._connection.scalar(
            select(func.min(attempt.c.attempted_at)).where(
                self._own(attempt), attempt.c.problem == problem_slug
            )
        )
        return first

    async def attempts_in(self, interview_id: UUID) -> list[UUID]:
        """The ids of the attempts that one interview was recorded as."""
        found = await self._connection.scalars(
            select(attempt.c.id).where(self._own(attempt), attempt.c.interview_id == interview_id)
        )
        return list(found)

    async def count_attempts(self) -> int:
        """How many attempts there are."""
        counted = await self._connection.scalar(
            select(func.count()).select_from(attempt).where(self._own(attempt))
        )
        return counted or 0

    async def sitting(self, limit: int) -> list[tuple[datetime, bool]]:
        """When the latest attempts were, newest first, and whether each was a repeat."""
        before = attempt.alias()
        repeat = exists().where(
            before.c.learner_id == attempt.c.learner_id,
            before.c.problem == attempt.c.problem,
            tuple_(before.c.attempted_at, before.c.id)
            < tuple_(attempt.c.attempted_at, attempt.c.id),
        )
        found = await self._connection.execute(
            select(attempt.c.attempted_at, repeat)
            .where(self._own(attempt))
            .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
            .limit(limit)
        )
        return [(at, again) for at, again in found]

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

    async def complete_custom_problem(self, value: Problem) -> None:
        """Stores what was learned of a custom problem since it was added."""
        await self._connection.execute(
            update(custom_problem)
            .where(self._own(custom_problem), custom_problem.c.slug == value.slug)
            .values(rows.custom_problem_values(value))
        )
