"""The vectors of passages, by embedder.

The first model that embeds a passage has its vector in the covering key of `memory_chunk`, where
the search reads it without leaving the index. A vector is never overwritten by another model's:
that one goes into `memory_vector`, and so does every vector of other than 384 dimensions. So two
fleets on two models can share a store, and neither undoes what the other did; `adopt` ends that.

A vector is kept with the digest of the text it was made from. So the vectors themselves are the
cache by content: nothing is stored twice, what is erased leaves no trace in it, and a text that
somebody else has on record is not answered more quickly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.models.memory import EMBEDDING_DIMENSIONS, embedder, memory, memory_chunk, memory_vector
from maang_mcp.domain.chunking import Span
from maang_mcp.domain.memory import Memory
from maang_mcp.domain.search import EmbeddedText, text_digest

from .memory_rows import MEMORY_COLUMNS, half_text, memory_of, unpacked
from .repository import Repository

_STORE = text(f"""
WITH given AS (
  SELECT g.*, :fits AND (c.embedder_id IS NULL OR c.embedder_id = :embedder) AS first
  FROM unnest(CAST(:memories AS uuid[]), CAST(:chunks AS smallint[]),
              CAST(:vectors AS text[]), CAST(:digests AS uuid[]),
              CAST(:recorded AS timestamptz[]))
       AS g(memory_id, chunk, vector, digest, recorded_at)
  JOIN memory_chunk c ON c.learner_id = :learner
                     AND c.memory_id = g.memory_id AND c.chunk = g.chunk
  JOIN memory m ON m.learner_id = :learner AND m.id = g.memory_id
               AND m.recorded_at = coalesce(g.recorded_at, m.recorded_at)
),
in_key AS (
  UPDATE memory_chunk c
  SET embedder_id = :embedder, digest = given.digest,
      embedding = CAST(given.vector AS halfvec({EMBEDDING_DIMENSIONS}))
  FROM given WHERE given.first AND c.learner_id = :learner
    AND c.memory_id = given.memory_id AND c.chunk = given.chunk
),
beside AS (
  INSERT INTO memory_vector (learner_id, memory_id, chunk, embedder_id, embedding, digest)
  SELECT :learner, memory_id, chunk, :embedder, CAST(vector AS halfvec), digest
  FROM given WHERE NOT first
  ON CONFLICT DO NOTHING
)
SELECT count(*) FROM given
""")
_OF_TEXTS = text("""
WITH asked AS (SELECT id FROM embedder WHERE identity = :embedder)
SELECT digest, halfvec_send(embedding) FROM memory_chunk
WHERE learner_id = :learner AND digest = ANY (CAST(:digests AS uuid[]))
  AND embedder_id = (SELECT id FROM asked)
UNION ALL
SELECT digest, halfvec_send(embedding) FROM memory_vector
WHERE learner_id = :learner AND digest = ANY (CAST(:digests AS uuid[]))
  AND embedder_id = (SELECT id FROM asked)
""")
_ADOPT = text("""
WITH chosen AS (
  SELECT c.memory_id, c.chunk, v.embedding, v.digest
  FROM memory_chunk c
  JOIN memory_vector v ON v.learner_id = c.learner_id AND v.memory_id = c.memory_id
                      AND v.chunk = c.chunk AND v.embedder_id = :embedder
  WHERE c.learner_id = :learner AND (:fits OR c.embedder_id IS NOT NULL)
  ORDER BY c.memory_id, c.chunk LIMIT :limit
),
in_key AS (
  UPDATE memory_chunk c
  SET embedder_id = CASE WHEN :fits THEN CAST(:embedder AS smallint) END,
      digest = CASE WHEN :fits THEN chosen.digest END,
      embedding = CASE WHEN :fits THEN chosen.embedding END
  FROM chosen WHERE c.learner_id = :learner
    AND c.memory_id = chosen.memory_id AND c.chunk = chosen.chunk
),
moved AS (
  DELETE FROM memory_vector v USING chosen
  WHERE :fits AND v.learner_id = :learner AND v.memory_id = chosen.memory_id
    AND v.chunk = chosen.chunk AND v.embedder_id = :embedder
)
SELECT count(*) FROM chosen
""")
_DROP_OTHERS = text("""
WITH chosen AS (
  SELECT memory_id, chunk, embedder_id FROM memory_vector v
  WHERE learner_id = :learner AND embedder_id <> :embedder
    AND (EXISTS (SELECT FROM memory_vector mine WHERE mine.learner_id = :learner
                   AND mine.memory_id = v.memory_id AND mine.chunk = v.chunk
                   AND mine.embedder_id = :embedder)
         OR EXISTS (SELECT FROM memory_chunk c WHERE c.learner_id = :learner
                   AND c.memory_id = v.memory_id AND c.chunk = v.chunk
                   AND c.embedder_id = :embedder))
  LIMIT :limit
),
dropped AS (
  DELETE FROM memory_vector v USING chosen
  WHERE v.learner_id = :learner AND v.memory_id = chosen.memory_id
    AND v.chunk = chosen.chunk AND v.embedder_id = chosen.embedder_id
)
SELECT count(*) FROM chosen
""")


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A passage that waits for its vector; an empty span stands for what its memory is about."""

    memory: Memory
    recorded_at: datetime
    chunk: int
    span: Span


class VectorRepository(Repository):
    """Queries over the vectors of one learner's passages."""

    async def waiting(self, embedder_identity: str, limit: int) -> list[Unembedded]:
        """Passages that this embedder has not seen yet, oldest first."""
        waits = _lacks(await self._known(embedder_identity))
        rows = await self._connection.execute(
            select(
                *MEMORY_COLUMNS,
                memory.c.recorded_at,
                memory_chunk.c.chunk,
                memory_chunk.c.span_start,
                memory_chunk.c.span_end,
            )
            .join(
                memory_chunk,
                (memory_chunk.c.learner_id == memory.c.learner_id)
                & (memory_chunk.c.memory_id == memory.c.id),
            )
            .where(self._own(memory), waits)
            .order_by(memory.c.id, memory_chunk.c.chunk)
            .limit(limit)
        )
        return [
            Unembedded(
                memory_of(row),
                row["recorded_at"],
                row["chunk"],
                Span(row["span_start"], row["span_end"]),
            )
            for row in rows.mappings()
        ]

    async def count_waiting(self, embedder_identity: str) -> int:
        """How many passages this embedder has not seen yet."""
        waits = _lacks(await self._known(embedder_identity))
        query = select(func.count()).select_from(memory_chunk).where(self._own(memory_chunk), waits)
        return await self._connection.scalar(query) or 0

    async def of_texts(
        self, texts: Sequence[str], embedder_identity: str
    ) -> dict[str, Sequence[float]]:
        """The vectors of those texts that this embedder has embedded for the learner before."""
        by_digest = {text_digest(text): text for text in texts}
        rows = await self._connection.execute(
            _OF_TEXTS,
            {
                "learner": self._learner,
                "embedder": embedder_identity,
                "digests": list(by_digest),
            },
        )
        found = {by_digest[digest]: packed for digest, packed in rows}
        return dict(zip(found, unpacked(list(found.values())), strict=True))

    async def store(
        self, vectors: Mapping[tuple[UUID, int], EmbeddedText], embedder_identity: str
    ) -> int:
        """Stores the vectors of passages, by (memory, chunk), all of one length; returns how many
        of those passages are still there."""
        if not vectors:
            return 0
        ordered = sorted(vectors.items())
        stored = await self._connection.scalar(
            _STORE,
            {
                "learner": self._learner,
                "embedder": await embedder_id(self._connection, embedder_identity),
                "fits": fits_key(ordered[0][1].vector),
                "memories": [memory_id for (memory_id, _), _ in ordered],
                "chunks": [chunk for (_, chunk), _ in ordered],
                "vectors": [half_text(entry.vector) for _, entry in ordered],
                "digests": [text_digest(entry.text) for _, entry in ordered],
                "recorded": [entry.recorded_at for _, entry in ordered],
            },
        )
        return int(stored or 0)

    async def adopt(self, embedder_identity: str, dimensions: int, limit: int) -> int:
        """Makes this embedder the first one of passages that have its vector, and forgets those of
        others; returns how many of at most `limit` were changed. Zero says that all is done.

        A passage that lacks this embedder's vector keeps what it has.
        """
        parameters = {
            "learner": self._learner,
            "embedder": await self._known(embedder_identity),
            "limit": limit,
        }
        fits = dimensions == EMBEDDING_DIMENSIONS
        adopted = await self._connection.scalar(_ADOPT, parameters | {"fits": fits})
        if not adopted:
            adopted = await self._connection.scalar(_DROP_OTHERS, parameters)
        return int(adopted or 0)

    async def _known(self, identity: str) -> int:
        """The number of an embedder; zero, which none has, while the store holds nothing of it."""
        return await self._connection.scalar(_by_identity(identity)) or 0


def _lacks(identity: int) -> ColumnElement[bool]:
    """Whether a passage has no vector of an embedder."""
    beside = exists().where(
        memory_vector.c.learner_id == memory_chunk.c.learner_id,
        memory_vector.c.memory_id == memory_chunk.c.memory_id,
        memory_vector.c.chunk == memory_chunk.c.chunk,
        memory_vector.c.embedder_id == identity,
    )
    return memory_chunk.c.embedder_id.is_distinct_from(identity) & ~beside


def fits_key(vector: Sequence[float]) -> bool:
    """Whether the covering key takes vectors of this length."""
    return len(vector) == EMBEDDING_DIMENSIONS


async def embedder_id(connection: AsyncConnection, identity: str) -> int:
    """The number of an embedder, which it is given when its first vector comes."""
    found = await connection.scalar(_by_identity(identity))
    if found is None:
        await connection.execute(
            insert(embedder).values(identity=identity).on_conflict_do_nothing()
        )
        found = await connection.scalar(_by_identity(identity))
    assert found is not None
    return int(found)


def _by_identity(identity: str) -> Select[int]:
    return select(embedder.c.id).where(embedder.c.identity == identity)
