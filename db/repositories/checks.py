"""What running a candidate's code has shown."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import insert, select, update

from db.models.interview import solution_check
from maang_mcp.domain.solution_check import SolutionCheck

from .repository import Repository


class CheckRepository(Repository):
    """Queries over checks of solutions."""

    async def add(self, check: SolutionCheck) -> None:
        """Puts a check on record; one of the same code takes the place of the one before."""
        of_interview = (
            solution_check.c.interview_id.is_(None)
            if check.interview_id is None
            else solution_check.c.interview_id == check.interview_id
        )
        again = await self._connection.execute(
            update(solution_check)
            .where(
                self._own(solution_check),
                of_interview,
                solution_check.c.question == check.question,
                solution_check.c.code == check.code,
            )
            .values(passed=check.passed, failed=check.failed, verified=check.verified, at=check.at)
        )
        if again.rowcount:
            return
        await self._connection.execute(
            insert(solution_check).values(
                learner_id=self._learner,
                id=check.id,
                interview_id=check.interview_id,
                question=check.question,
                code=check.code,
                passed=check.passed,
                failed=check.failed,
                verified=check.verified,
                at=check.at,
            )
        )

    async def latest(self, interview_id: UUID, *, verified: bool = False) -> SolutionCheck | None:
        """The last check of an interview's code; with `verified`, of those that could be run."""
        rows = await self._connection.execute(
            select(solution_check)
            .where(
                self._own(solution_check),
                solution_check.c.interview_id == interview_id,
                solution_check.c.verified | (not verified),
            )
            .order_by(solution_check.c.at.desc(), solution_check.c.id.desc())
            .limit(1)
        )
        row = rows.mappings().first()
        if row is None:
            return None
        return SolutionCheck(
            id=row["id"],
            interview_id=row["interview_id"],
            question=row["question"],
            code=row["code"],
            passed=row["passed"],
            failed=row["failed"],
            verified=row["verified"],
            at=row["at"],
        )
