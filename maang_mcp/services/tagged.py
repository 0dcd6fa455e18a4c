"""The problems a company asks, by the learner's own account; nobody else's is to be had."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maang_mcp.domain.company import Company, company

if TYPE_CHECKING:
    from db import UnitOfWork

NAMED = 5
"""Companies named where the one that was asked for has no problem."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What a company is known to ask; `problems` is None when no company was asked for.

    `others` are the companies that do have problems, read only where this one has none.
    """

    company: Company | None = None
    problems: Collection[str] | None = None
    others: Sequence[str] = ()

    @classmethod
    async def read(cls, uow: UnitOfWork, name: str | None) -> Tagged:
        """In the reader's transaction. Raises InvalidInput for a name that is no company's."""
        if not name:
            return cls()
        asked = company(name)
        problems = await uow.tags.problems_of(asked)
        others = () if problems else await uow.tags.companies()
        return cls(asked, problems, others)

    def nothing(self) -> str:
        """That the company has no problem, and what to do; empty where it has one."""
        if self.company is None or self.problems:
            return ""
        known = ", ".join(self.others[:NAMED])
        return (
            f"No problem of yours is tagged '{self.company.name}'"
            + (f"; tagged are {known}. " if known else ". ")
            + "Tags are your own: name who asked a problem in companies of `record_attempt`."
        )
