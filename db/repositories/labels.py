"""The labels a learner gave (tags, problems, conversations), found in whatever spelling is asked.

Spellings are compared here and not by the database: which letters it folds depends on its locale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.memory import memory
from maang_mcp.domain.search import LabelKind, SearchFilter


@dataclass(frozen=True, slots=True)
class Spellings:
    """The labels of a search as the learner wrote them; `topics` are the tags of its subject."""

    tags: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    conversations: list[str] = field(default_factory=list)


async def labels_of(connection: AsyncConnection, learner: UUID, kind: LabelKind) -> list[str]:
    """The labels of that kind on memories that can be found, the most used first."""
    column = {
        LabelKind.TAG: func.unnest(memory.c.tags),
        LabelKind.PROBLEM: memory.c.problem,
        LabelKind.CONVERSATION: memory.c.conversation,
    }[kind]
    given = (
        select(column.label("label"))
        .where(memory.c.learner_id == learner, memory.c.superseded_by.is_(None))
        .subquery()
    )
    return list(
        await connection.scalars(
            select(given.c.label)
            .where(given.c.label.is_not(None))
            .group_by(given.c.label)
            .order_by(func.count().desc(), given.c.label)
        )
    )


async def spellings(connection: AsyncConnection, learner: UUID, search: SearchFilter) -> Spellings:
    """The learner's spellings of the labels in a search; reads nothing where it has none."""

    async def spelt(kind: LabelKind, *groups: Iterable[str | None]) -> list[list[str]]:
        wanted = [{kind.key(label) for label in group if label} for group in groups]
        if not any(wanted):
            return [[] for _ in groups]
        known = await labels_of(connection, learner, kind)
        return [[label for label in known if kind.key(label) in keys] for keys in wanted]

    topics = search.subject.tags if search.subject else ()
    return Spellings(
        *await spelt(LabelKind.TAG, search.tags, topics),
        *await spelt(LabelKind.PROBLEM, [search.problem]),
        *await spelt(LabelKind.CONVERSATION, [search.conversation]),
    )
