"""What follows from attempts, as it is stored: evidence, beliefs and reviews."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Select, Table, Text, delete, func, select, text, true
from sqlalchemy.dialects.postgresql import JSONB

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
from maang_mcp.domain.attempt import LastAttempt, Outcome
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.standing import Consequence, Standing
from maang_mcp.domain.weakness import AttemptEvidence

from . import rows
from .weakness import WeaknessRepository

_AT_ONCE = 1_000
"""Attempts whose evidence travels in one statement: less than a megabyte."""


def _put(table: Table) -> str:
    """SQL that stores rows given as a JSON list, over those with the same key."""
    key = ", ".join(column.name for column in table.primary_key)
    names = ", ".join(column.name for column in table.columns)
    changed = ", ".join(
        f"{column.name} = excluded.{column.name}"
        for column in table.columns
        if not column.primary_key
    )
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {names} FROM "
        f"jsonb_populate_recordset(NULL::{table.name}, CAST(:{table.name} AS jsonb)) "
        f"ON CONFLICT ({key}) DO UPDATE SET {changed}"
    )


_DERIVED = (attempt_evidence, review_log, skill_state, review, learner_state)
# One statement, because each costs a round trip while the learner's row is locked.
_PUT = text(
    "WITH "
    + ", ".join(f"put_{table.name} AS ({_put(table)})" for table in _DERIVED[:-1])
    + _put(_DERIVED[-1])
)
# Backwards from the moment, for each skill to the last attempt that moved it. One without beliefs
# was recorded by an older release and stops the search, for it may have moved any.
_BELIEFS_BEFORE = text("""
SELECT known.name, past.belief, past.attempted_at
FROM (SELECT '' AS name UNION ALL SELECT skill FROM skill_state WHERE learner_id = :learner) known
CROSS JOIN LATERAL (
    SELECT evidence.beliefs -> known.name AS belief, attempt.attempted_at
    FROM attempt JOIN attempt_evidence AS evidence
      ON evidence.learner_id = attempt.learner_id AND evidence.attempt_id = attempt.id
    WHERE attempt.learner_id = :learner AND attempt.attempted_at < :moment
      AND (evidence.beliefs IS NULL OR evidence.beliefs ? known.name)
    ORDER BY attempt.attempted_at DESC, attempt.id DESC
    LIMIT 1
) AS past
""").columns(name=Text, belief=JSONB, attempted_at=DateTime(timezone=True))


class DerivedRepository(WeaknessRepository):
    """Queries over what is derived; a part of practice."""

    async def evidence(
        self,
        limit: int,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        problem_slug: str | None = None,
    ) -> list[AttemptEvidence]:
        """The latest attempts with what each moved, oldest first; their texts are left out."""
        query = _evidence().where(self._own(attempt)).limit(limit)
        if since is not None:
            query = query.where(attempt.c.attempted_at >= since)
        if before is not None:
            query = query.where(attempt.c.attempted_at < before)
        if problem_slug is not None:
            query = query.where(attempt.c.problem == problem_slug)
        found = await self._connection.execute(query)
        return [rows.evidence_of(row) for row in found][::-1]

    async def learner_state(self) -> LearnerState:
        """What is believed about the learner."""
        found = await self._connection.execute(
            select(learner_state, *(skill_state.c[name] for name in rows.SKILL_STATE))
            .outerjoin(skill_state, skill_state.c.learner_id == learner_state.c.learner_id)
            .where(self._own(learner_state))
        )
        known = found.mappings().all()
        if not known:
            return LearnerState.new()
        return rows.learner_state_of(known[0], [row for row in known if row["skill"] is not None])

    async def learner_state_before(self, moment: datetime) -> LearnerState | None:
        """What was believed right before a moment; None when that was not kept at the time."""
        found = await self._connection.execute(
            _BELIEFS_BEFORE, {"learner": self._learner, "moment": moment}
        )
        beliefs = {name: (belief, at) for name, belief, at in found}
        if not beliefs:
            return LearnerState.new()
        if any(belief is None for belief, _ in beliefs.values()):
            return None
        return rows.learner_state_then(beliefs)

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

    async def reviews(self) -> list[Review]:
        """The review cards of all problems, the one due first in front."""
        found = await self._connection.execute(
            select(*(review.c[name] for name in rows.REVIEW))
            .where(self._own(review))
            .order_by(review.c.due, review.c.problem)
        )
        return [Review(*row) for row in found]

    async def practised(self) -> list[tuple[Review, LastAttempt]]:
        """Every problem attempted: its review card, the one due first in front, and how the latest
        attempt at it ended. A card counts every attempt, so they need not be counted again."""
        latest = (
            select(attempt.c.attempted_at, attempt.c.outcome)
            .where(
                attempt.c.learner_id == review.c.learner_id, attempt.c.problem == review.c.problem
            )
            .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
            .limit(1)
            .lateral()
        )
        found = await self._connection.execute(
            select(*(review.c[name] for name in rows.REVIEW), latest)
            .join(latest, true())
            .where(self._own(review))
            .order_by(review.c.due, review.c.problem)
        )
        known = []
        for *values, at, outcome in found:
            card = Review(*values)
            known.append((card, LastAttempt(at, Outcome(outcome), card.reviews)))
        return known

    async def save_consequence(self, consequence: Consequence) -> None:
        """Stores all that one attempt changed: beliefs, review and evidence."""
        await self._put(
            [consequence],
            consequence.standing.learner,
            consequence.observation.skill_levels,
            [consequence.review],
        )

    async def rebuild(
        self, consequences: Sequence[Consequence], standing: Standing, *, partly: bool = False
    ) -> None:
        """Replaces what is derived by what a replay gave: everything, or with `partly` what the
        attempts in `consequences` and the problems in `standing` have to do with."""
        state = standing.learner
        if not partly or state.last_attempt is None:
            for table in (attempt_evidence, review_log, review, skill_state, learner_state):
                await self._connection.execute(delete(table).where(self._own(table)))
        if state.last_attempt is None:
            return
        for start in range(0, len(consequences), _AT_ONCE):
            await self._put(consequences[start : start + _AT_ONCE], state, (), ())
        cards = [history.review for history in standing.problems.values()]
        await self._put((), state, state.skills, cards)
        if partly:
            await self._drop_unpractised(state.skills)

    async def _drop_unpractised(self, practised: Iterable[str]) -> None:
        """Erases what is left of skills and problems that no attempt is about any more."""
        await self._connection.execute(
            delete(skill_state).where(
                self._own(skill_state), skill_state.c.skill.not_in(sorted(practised))
            )
        )
        tried = select(attempt.c.problem).where(
            self._own(attempt), attempt.c.problem == review.c.problem
        )
        await self._connection.execute(delete(review).where(self._own(review), ~tried.exists()))

    async def _put(
        self,
        consequences: Sequence[Consequence],
        state: LearnerState,
        skills: Collection[str],
        reviews: Sequence[Review],
    ) -> None:
        values: dict[Table, list[dict[str, Any]]] = {
            attempt_evidence: [rows.evidence_values(one) for one in consequences],
            review_log: [rows.review_log_values(one) for one in consequences],
            skill_state: [rows.skill_state_values(state.skills[name]) for name in skills],
            review: [rows.review_values(one) for one in reviews],
            learner_state: [rows.learner_state_values(state)],
        }
        owner = {"learner_id": self._learner}
        await self._connection.execute(
            _PUT,
            {
                table.name: json.dumps([owner | row for row in values[table]], default=str)
                for table in _DERIVED
            },
        )


def _evidence() -> Select[Any]:
    """Attempts with what each moved, latest first, without texts and answers: those are long."""
    limits = func.coalesce(problem.c.minutes, custom_problem.c.minutes).label("minutes_limit")
    moved = (attempt_evidence.c[name] for name in ("expected", "skill_changes", "skill_levels"))
    return (
        select(*(attempt.c[name] for name in rows.BRIEF), *moved, limits)
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
        .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
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
