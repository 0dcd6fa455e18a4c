"""Weaknesses as they opened and closed: derived, but kept for the dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from db.models.practice import weakness
from maang_mcp.domain.weakness import Weakness

from . import rows
from .repository import Repository


class WeaknessRepository(Repository):
    """Queries over the history of weaknesses; a part of practice."""

    async def open_weaknesses(self) -> list[Weakness]:
        """Weaknesses that were opened and are not resolved."""
        found = await self._connection.execute(
            select(weakness)
            .where(self._own(weakness), weakness.c.resolved_at.is_(None))
            .order_by(weakness.c.opened_at, weakness.c.kind, weakness.c.name)
        )
        return [rows.weakness_of(row) for row in found.mappings()]

    async def resolved_weaknesses(self, limit: int) -> list[Weakness]:
        """The weaknesses resolved last."""
        found = await self._connection.execute(
            select(weakness)
            .where(self._own(weakness), weakness.c.resolved_at.is_not(None))
            .order_by(weakness.c.resolved_at.desc(), weakness.c.kind, weakness.c.name)
            .limit(limit)
        )
        return [rows.weakness_of(row) for row in found.mappings()]

    async def open_weakness(self, weakness_id: UUID, value: Weakness) -> None:
        """Opens a weakness; one already open under that name stays as it is."""
        await self._connection.execute(
            upsert(weakness)
            .values(learner_id=self._learner, id=weakness_id, **rows.weakness_values(value))
            .on_conflict_do_nothing()
        )

    async def resolve_weakness(self, value: Weakness) -> None:
        """Closes the open weakness of that kind and name; its history stays."""
        await self._connection.execute(
            update(weakness)
            .where(
                self._own(weakness),
                weakness.c.kind == value.kind.value,
                weakness.c.name == value.name,
                weakness.c.resolved_at.is_(None),
            )
            .values(resolved_at=func.greatest(weakness.c.opened_at, value.resolved_at))
        )

    async def weaknesses_open_at(self, moment: datetime) -> list[Weakness]:
        """Weaknesses as they stood right before a moment: opened earlier, not resolved yet."""
        found = await self._connection.execute(
            select(weakness).where(
                self._own(weakness), weakness.c.opened_at < moment, _unresolved_at(moment)
            )
        )
        return [replace(rows.weakness_of(row), resolved_at=None) for row in found.mappings()]

    async def replace_weaknesses(
        self, values: Sequence[tuple[UUID, Weakness]], *, since: datetime | None = None
    ) -> None:
        """Puts another history in the place of the one there is: all of it, or that of the
        weaknesses which were open at `since` or opened later."""
        outdated = true() if since is None else _unresolved_at(since)
        await self._connection.execute(delete(weakness).where(self._own(weakness), outdated))
        if values:
            await self._connection.execute(
                insert(weakness),
                [
                    {"learner_id": self._learner, "id": id} | rows.weakness_values(value)
                    for id, value in values
                ],
            )


def _unresolved_at(moment: datetime) -> ColumnElement[bool]:
    return weakness.c.resolved_at.is_(None) | (weakness.c.resolved_at >= moment)
