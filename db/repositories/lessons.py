"""How often a lesson was learned, and from which attempts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping

from db.models.memory import lesson_occurrence, memory
from db.models.practice import attempt
from maang_mcp.domain.lesson import Occurrence

from .repository import Repository


class LessonRepository(Repository):
    """Queries over lessons and their occurrences."""

    async def add(self, lesson_id: UUID, occurrence: Occurrence) -> bool:
        """Counts one more occurrence; False when that id was counted before."""
        added = await self._connection.scalar(
            insert(lesson_occurrence)
            .values(
                learner_id=self._learner,
                id=occurrence.id,
                lesson_id=lesson_id,
                at=occurrence.at,
                problem=occurrence.problem,
                attempt_id=occurrence.attempt_id,
                wording=occurrence.wording,
            )
            .on_conflict_do_nothing()
            .returning(lesson_occurrence.c.id)
        )
        return added is not None

    async def get(self, occurrence_id: UUID) -> tuple[UUID, Occurrence] | None:
        """One occurrence, after the id of its lesson."""
        rows = await self._connection.execute(
            select(lesson_occurrence).where(
                self._own(lesson_occurrence), lesson_occurrence.c.id == occurrence_id
            )
        )
        row = rows.mappings().first()
        return None if row is None else (row["lesson_id"], _occurrence(row))

    async def of(self, lesson_id: UUID) -> list[Occurrence]:
        """The occurrences of a lesson, oldest first."""
        rows = await self._connection.execute(
            select(lesson_occurrence)
            .where(self._own(lesson_occurrence), lesson_occurrence.c.lesson_id == lesson_id)
            .order_by(lesson_occurrence.c.at, lesson_occurrence.c.id)
        )
        return [_occurrence(row) for row in rows.mappings()]

    async def counts(self, lesson_ids: Collection[UUID]) -> dict[UUID, int]:
        """How often each of these lessons occurred, where that was counted."""
        rows = await self._connection.execute(
            select(lesson_occurrence.c.lesson_id, func.count())
            .where(
                self._own(lesson_occurrence), lesson_occurrence.c.lesson_id.in_(list(lesson_ids))
            )
            .group_by(lesson_occurrence.c.lesson_id)
        )
        return {row[0]: row[1] for row in rows}

    async def move(self, old: UUID, new: UUID) -> int:
        """Hands the occurrences of a lesson to the one that supersedes it; returns how many."""
        moved = await self._connection.execute(
            update(lesson_occurrence)
            .where(self._own(lesson_occurrence), lesson_occurrence.c.lesson_id == old)
            .values(lesson_id=new)
        )
        return moved.rowcount

    async def tag(self, lesson_id: UUID, tags: Sequence[str]) -> None:
        """Puts these tags in place of the lesson's own; the words it is indexed by stay."""
        await self._connection.execute(
            update(memory)
            .where(self._own(memory), memory.c.id == lesson_id)
            .values(tags=list(tags))
        )

    async def latest_attempt(self, problem_slug: str, at: datetime) -> UUID | None:
        """The attempt at a problem that was the latest at that moment."""
        found: UUID | None = await self._connection.scalar(
            select(attempt.c.id)
            .where(
                self._own(attempt),
                attempt.c.problem == problem_slug,
                attempt.c.attempted_at <= at,
            )
            .order_by(attempt.c.attempted_at.desc(), attempt.c.id.desc())
            .limit(1)
        )
        return found


def _occurrence(row: RowMapping) -> Occurrence:
    return Occurrence(row["id"], row["at"], row["problem"], row["attempt_id"], row["wording"])
