"""Onsite loops and the rounds that were begun of them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select, update

from db.models.interview import interview, interview_loop
from maang_mcp.domain.level import Level
from maang_mcp.domain.onsite import Loop
from maang_mcp.domain.skills import Round

from .repository import Repository


class LoopRepository(Repository):
    """Queries over onsite loops."""

    async def latest(self) -> Loop | None:
        """The loop that was begun last, whatever became of it."""
        return await self._one(None)

    async def get(self, loop_id: UUID) -> Loop | None:
        """One loop."""
        return await self._one(loop_id)

    async def _one(self, loop_id: UUID | None) -> Loop | None:
        query = (
            select(interview_loop)
            .where(self._own(interview_loop))
            .order_by(interview_loop.c.started_at.desc())
            .limit(1)
        )
        if loop_id is not None:
            query = query.where(interview_loop.c.id == loop_id)
        row = (await self._connection.execute(query)).mappings().first()
        if row is None:
            return None
        return Loop(
            id=row["id"],
            company=row["company"],
            level=Level(row["level"]),
            minutes=row["minutes"],
            rounds=tuple(Round(name) for name in row["rounds"]),
            started_at=row["started_at"],
            abandoned=row["abandoned"],
        )

    async def add(self, loop: Loop) -> None:
        """Stores a new loop."""
        await self._connection.execute(
            insert(interview_loop).values(
                learner_id=self._learner,
                id=loop.id,
                company=loop.company,
                level=loop.level.value,
                minutes=loop.minutes,
                rounds=[round.value for round in loop.rounds],
                started_at=loop.started_at,
            )
        )

    async def abandon(self, loop_id: UUID) -> None:
        """No further round of it will be begun."""
        await self._connection.execute(
            update(interview_loop)
            .where(self._own(interview_loop), interview_loop.c.id == loop_id)
            .values(abandoned=True)
        )

    async def verdicts(self, loop_id: UUID) -> dict[int, str]:
        """The verdict on each round that has one, by position; no round is finished twice."""
        label = interview.c.verdict["verdict"].astext
        rows = await self._connection.execute(
            select(interview.c.loop_position, label).where(
                self._own(interview), interview.c.loop_id == loop_id, label.is_not(None)
            )
        )
        return {row[0]: row[1] for row in rows}
