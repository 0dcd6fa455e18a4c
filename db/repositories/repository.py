"""What the four repositories share: one open transaction and whose rows it may touch."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, Table
from sqlalchemy.ext.asyncio import AsyncConnection


class Repository:
    """Queries of one learner over one transaction; every one of them names the learner."""

    def __init__(self, connection: AsyncConnection, learner: UUID) -> None:
        self._connection = connection
        self._learner = learner

    def _own(self, table: Table) -> ColumnElement[bool]:
        return table.c.learner_id == self._learner
