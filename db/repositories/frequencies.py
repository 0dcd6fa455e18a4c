"""How many of a learner's passages hold each term: the counts that BM25's rarity rests on.

They are kept exact with every passage that comes and goes. Whoever writes holds the lock on the
learner's row, so nobody else counts at the same time.
"""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_ADD = text("""
WITH counted AS (
  INSERT INTO corpus (learner_id, chunks) VALUES (:learner, :chunks)
  ON CONFLICT (learner_id) DO UPDATE SET chunks = corpus.chunks + excluded.chunks
)
INSERT INTO document_frequency (learner_id, term, chunks)
SELECT :learner, term, count
FROM unnest(CAST(:terms AS int[]), CAST(:counts AS int[])) AS seen(term, count)
ON CONFLICT (learner_id, term) DO UPDATE SET chunks = document_frequency.chunks + excluded.chunks
""")
_DROP_UNUSED_TERMS = text("""
DELETE FROM document_frequency WHERE learner_id = :learner AND chunks <= 0
""")


async def count_up(
    connection: AsyncConnection, learner: UUID, terms: Counter[int], chunks: int
) -> None:
    """Counts `chunks` new passages, in which each term occurs that many times."""
    await _add(connection, learner, terms, chunks, sign=1)


async def count_down(
    connection: AsyncConnection, learner: UUID, terms: Counter[int], chunks: int
) -> None:
    """Takes passages that are gone out of the counts again."""
    await _add(connection, learner, terms, chunks, sign=-1)
    await connection.execute(_DROP_UNUSED_TERMS, {"learner": learner})


async def _add(
    connection: AsyncConnection, learner: UUID, terms: Counter[int], chunks: int, *, sign: int
) -> None:
    await connection.execute(
        _ADD,
        {
            "learner": learner,
            "terms": list(terms),
            "counts": [sign * count for count in terms.values()],
            "chunks": sign * chunks,
        },
    )
