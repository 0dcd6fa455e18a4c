"""Real interviews: each told once, and never changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import RowMapping

from db.models.interview import real_interview
from maang_mcp.domain.level import Level
from maang_mcp.domain.real_interview import RealInterview, RealResult
from maang_mcp.domain.skills import Round

from .repository import Repository


class RealInterviewRepository(Repository):
    """Queries over interviews that really took place."""

    async def add(self, real: RealInterview) -> None:
        """Puts one on record."""
        await self._connection.execute(
            insert(real_interview).values(
                learner_id=self._learner,
                id=real.id,
                company=real.company,
                round=real.round.value if real.round else None,
                result=real.result.value,
                level=real.level.value if real.level else None,
                readiness=real.readiness,
                at=real.at,
                recorded_at=real.recorded_at,
            )
        )

    async def get(self, id: UUID) -> RealInterview | None:
        """One real interview."""
        rows = await self._connection.execute(
            select(real_interview).where(self._own(real_interview), real_interview.c.id == id)
        )
        row = rows.mappings().first()
        return None if row is None else _real(row)

    async def all(self, *, before: datetime | None = None) -> list[RealInterview]:
        """Every one, or those that took place before a moment, in the order they did."""
        query = (
            select(real_interview)
            .where(self._own(real_interview))
            .order_by(real_interview.c.at, real_interview.c.id)
        )
        if before is not None:
            query = query.where(real_interview.c.at < before)
        rows = await self._connection.execute(query)
        return [_real(row) for row in rows.mappings()]

    async def remove(self, id: UUID) -> bool:
        """Erases one."""
        gone = await self._connection.execute(
            delete(real_interview).where(self._own(real_interview), real_interview.c.id == id)
        )
        return bool(gone.rowcount)


def _real(row: RowMapping) -> RealInterview:
    return RealInterview(
        id=row["id"],
        result=RealResult(row["result"]),
        at=row["at"],
        recorded_at=row["recorded_at"],
        round=Round(row["round"]) if row["round"] else None,
        company=row["company"],
        level=Level(row["level"]) if row["level"] else None,
        readiness=row["readiness"],
    )
