"""How often a memory was retrieved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from .repository import Repository

# What was erased meanwhile has no row in memory any more, and gets none here.
_COUNT = text("""
INSERT INTO memory_retrieval (learner_id, memory_id, times, last_at)
SELECT m.learner_id, m.id, counted.times, :at
FROM unnest(CAST(:memories AS uuid[]), CAST(:times AS int[])) AS counted(id, times)
JOIN memory m ON m.learner_id = :learner AND m.id = counted.id
ORDER BY m.id
ON CONFLICT (learner_id, memory_id) DO UPDATE
SET times = memory_retrieval.times + excluded.times,
    last_at = greatest(memory_retrieval.last_at, excluded.last_at)
""")
_TIMES = text("""
SELECT times FROM memory_retrieval WHERE learner_id = :learner AND memory_id = :memory
""")


class RetrievalRepository(Repository):
    """Queries over how often memories answered."""

    async def count(self, times: Mapping[UUID, int], at: datetime) -> None:
        """Adds to the counts of these memories."""
        await self._connection.execute(
            _COUNT,
            {
                "learner": self._learner,
                "memories": list(times),
                "times": list(times.values()),
                "at": at,
            },
        )

    async def times(self, memory_id: UUID) -> int:
        """How often a memory answered, as far as it was written down."""
        found: int | None = await self._connection.scalar(
            _TIMES, {"learner": self._learner, "memory": memory_id}
        )
        return found or 0
