"""Which company asked a learner which problem, by their own account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from db.models.practice import attempt, company_tag
from maang_mcp.domain.company import Company

from .repository import Repository


class TagRepository(Repository):
    """Queries over the companies that problems are tagged with."""

    async def tag(self, problem_slug: str, asked_by: Sequence[Company], at: datetime) -> None:
        """Tags a problem with companies; a tag it has already stays as it is."""
        if not asked_by:
            return
        await self._connection.execute(
            insert(company_tag).on_conflict_do_nothing(),
            [
                {
                    "learner_id": self._learner,
                    "problem": problem_slug,
                    "company": company.key,
                    "name": company.name,
                    "told_at": at,
                }
                for company in asked_by
            ],
        )

    async def problems_of(self, company: Company) -> frozenset[str]:
        """The slugs of the problems this company is known to ask."""
        found = await self._connection.scalars(
            select(company_tag.c.problem).where(
                self._own(company_tag), company_tag.c.company == company.key
            )
        )
        return frozenset(found)

    async def companies(self) -> list[str]:
        """Every company a problem is tagged with, in one of the spellings told; the one with the
        most problems first."""
        found = await self._connection.scalars(
            select(func.max(company_tag.c.name))
            .where(self._own(company_tag))
            .group_by(company_tag.c.company)
            .order_by(func.count().desc(), company_tag.c.company)
        )
        return list(found)

    async def drop_unused(self) -> None:
        """Forgets the tags of problems that no attempt is about any more."""
        tried = select(attempt.c.problem).where(
            self._own(attempt), attempt.c.problem == company_tag.c.problem
        )
        await self._connection.execute(
            delete(company_tag).where(self._own(company_tag), ~tried.exists())
        )
