"""What is remembered, and the one statement that finds it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pgvector import SparseVector as PgSparseVector
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import RowMapping

from db.models.memory import embedder, memory, memory_chunk
from maang_mcp.domain.chunking import Span
from maang_mcp.domain.lexical import DIMENSION, SparseVector, document_vector
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.search import IndexedPassage, Recalled, SearchFilter

from .frequencies import count_down, count_up
from .recall import RECALL, half_vector, recall_parameters, recalled
from .repository import Repository

_COLUMNS = (
    memory.c.id,
    memory.c.kind,
    memory.c.title,
    memory.c.content,
    memory.c.tags,
    memory.c.problem,
    memory.c.interview_id,
    memory.c.conversation,
    memory.c.position,
    memory.c.speaker,
    memory.c.occurred_at,
)


@dataclass(frozen=True, slots=True)
class Unembedded:
    """A passage that waits for its vector; an empty span stands for what its memory is about."""

    memory: Memory
    chunk: int
    span: Span


class MemoryRepository(Repository):
    """Queries over memories and their passages."""

    async def get(self, memory_id: UUID) -> Memory | None:
        """One memory, also a superseded one."""
        rows = await self._connection.execute(
            select(*_COLUMNS).where(self._own(memory), memory.c.id == memory_id)
        )
        row = rows.mappings().first()
        return None if row is None else _memory(row)

    async def previous_turns(self, conversation: str, before: int, limit: int) -> list[Memory]:
        """The turns of a conversation just before a position, oldest first."""
        rows = await self._connection.execute(
            select(*_COLUMNS)
            .where(
                self._own(memory),
                memory.c.conversation == conversation,
                memory.c.position < before,
            )
            .order_by(memory.c.position.desc())
            .limit(limit)
        )
        return [_memory(row) for row in rows.mappings()][::-1]

    async def next_position(self, conversation: str) -> int:
        """The position a further turn of this conversation takes."""
        highest = await self._connection.scalar(
            select(func.max(memory.c.position)).where(
                self._own(memory), memory.c.conversation == conversation
            )
        )
        return 0 if highest is None else highest + 1

    async def add(
        self,
        value: Memory,
        passages: Sequence[IndexedPassage],
        *,
        recorded_at: datetime,
        embedder_identity: str,
        attempt_id: UUID | None = None,
    ) -> bool:
        """Stores a memory and indexes its passages; False when that id is already there."""
        inserted = await self._connection.scalar(
            insert(memory)
            .values(
                learner_id=self._learner,
                id=value.id,
                kind=value.kind.value,
                title=value.title,
                content=value.content,
                tags=list(value.tags),
                problem=value.problem,
                attempt_id=attempt_id,
                interview_id=value.interview_id,
                conversation=value.conversation,
                position=value.position,
                speaker=value.speaker,
                occurred_at=value.occurred_at,
                recorded_at=recorded_at,
            )
            .on_conflict_do_nothing()
            .returning(memory.c.id)
        )
        if inserted is None:
            return False
        await self._index(passages, embedder_identity)
        return True

    async def supersede(self, old: UUID, new: UUID) -> bool:
        """Takes a memory out of the search in favour of another; its text stays readable."""
        changed = await self._connection.execute(
            update(memory).where(self._own(memory), memory.c.id == old).values(superseded_by=new)
        )
        if changed.rowcount:
            await self._unindex([old])
        return bool(changed.rowcount)

    async def remove(self, memory_id: UUID) -> bool:
        """Erases a memory with every version it superseded; False when it is not there."""
        return await self._erase(memory.c.id == memory_id)

    async def remove_of(self, *, attempt_id: UUID | None, interview_id: UUID | None) -> None:
        """Erases what was remembered of one attempt or one interview, as `remove` does."""
        await self._erase(
            memory.c.attempt_id == attempt_id
            if attempt_id is not None
            else memory.c.interview_id == interview_id
        )

    async def recall(
        self,
        *,
        terms: Sequence[int],
        vector: Sequence[float] | None,
        embedder_identity: str,
        search: SearchFilter,
        limit: int,
    ) -> Recalled:
        """Scores every passage of the learner in one exact scan and returns the best.

        Dense is the inner product of unit vectors (their cosine), lexical is BM25; the order is
        the peak-gated fusion of both (`domain.ranking`).
        """
        rows = await self._connection.execute(
            RECALL,
            recall_parameters(self._learner, terms, vector, embedder_identity, search, limit),
        )
        return recalled(rows.mappings().all())

    async def unembedded(self, embedder_identity: str, limit: int) -> list[Unembedded]:
        """Passages that this embedder has not seen yet, oldest first."""
        identity = select(embedder.c.id).where(embedder.c.identity == embedder_identity)
        rows = await self._connection.execute(
            select(
                *_COLUMNS,
                memory_chunk.c.chunk,
                memory_chunk.c.span_start,
                memory_chunk.c.span_end,
            )
            .join(
                memory_chunk,
                (memory_chunk.c.learner_id == memory.c.learner_id)
                & (memory_chunk.c.memory_id == memory.c.id),
            )
            .where(
                self._own(memory),
                memory_chunk.c.embedding.is_(None)
                | memory_chunk.c.embedder_id.is_distinct_from(identity.scalar_subquery()),
            )
            .order_by(memory.c.id, memory_chunk.c.chunk)
            .limit(limit)
        )
        return [
            Unembedded(_memory(row), row["chunk"], Span(row["span_start"], row["span_end"]))
            for row in rows.mappings()
        ]

    async def embed(
        self, vectors: Mapping[tuple[UUID, int], Sequence[float]], embedder_identity: str
    ) -> int:
        """Stores the vectors of passages, by (memory, chunk); returns how many are still there."""
        identity = await self._embedder_id(embedder_identity)
        embedded = 0
        for (memory_id, chunk), vector in sorted(vectors.items()):
            changed = await self._connection.execute(
                update(memory_chunk)
                .where(
                    self._own(memory_chunk),
                    memory_chunk.c.memory_id == memory_id,
                    memory_chunk.c.chunk == chunk,
                )
                .values(embedder_id=identity, embedding=half_vector(vector))
            )
            embedded += changed.rowcount
        return embedded

    async def count(self) -> int:
        """How many memories the learner has."""
        return (
            await self._connection.scalar(
                select(func.count()).select_from(memory).where(self._own(memory))
            )
            or 0
        )

    async def _index(self, passages: Sequence[IndexedPassage], embedder_identity: str) -> None:
        if not passages:
            return
        embedded = any(entry.vector is not None for entry in passages)
        identity = await self._embedder_id(embedder_identity) if embedded else None
        vectors = [document_vector(entry.passage.lexical_text) for entry in passages]
        await self._connection.execute(
            insert(memory_chunk),
            [
                {
                    "learner_id": self._learner,
                    "memory_id": entry.passage.memory_id,
                    "chunk": entry.passage.chunk,
                    "span_start": entry.passage.start,
                    "span_end": entry.passage.end,
                    "embedder_id": identity if entry.vector is not None else None,
                    "embedding": None if entry.vector is None else half_vector(entry.vector),
                    "lexemes": _sparse(vector),
                }
                for entry, vector in zip(passages, vectors, strict=True)
            ],
        )
        await count_up(
            self._connection,
            self._learner,
            Counter(index for vector in vectors for index, _ in vector.elements),
            len(passages),
        )

    async def _erase(self, which: ColumnElement[bool]) -> bool:
        # A superseded version is found by nobody: once its successor is gone, it could never be
        # named again, yet its text would still be served.
        gone = select(memory.c.id).where(self._own(memory), which).cte(recursive=True)
        older = select(memory.c.id).where(self._own(memory), memory.c.superseded_by == gone.c.id)
        ids = list(await self._connection.scalars(select(gone.union(older).c.id)))
        if ids:
            await self._unindex(ids)
            await self._connection.execute(
                delete(memory).where(self._own(memory), memory.c.id.in_(ids))
            )
        return bool(ids)

    async def _unindex(self, ids: Sequence[UUID]) -> None:
        rows = await self._connection.execute(
            delete(memory_chunk)
            .where(self._own(memory_chunk), memory_chunk.c.memory_id.in_(ids))
            .returning(memory_chunk.c.lexemes)
        )
        gone = rows.scalars().all()
        if gone:
            terms = Counter(index for lexemes in gone for index in lexemes.indices())
            await count_down(self._connection, self._learner, terms, len(gone))

    async def _embedder_id(self, identity: str) -> int:
        query = select(embedder.c.id).where(embedder.c.identity == identity)
        found = await self._connection.scalar(query)
        if found is None:
            await self._connection.execute(
                insert(embedder).values(identity=identity).on_conflict_do_nothing()
            )
            found = await self._connection.scalar(query)
        assert found is not None
        return int(found)


def _sparse(vector: SparseVector) -> object:
    return PgSparseVector(dict(vector.elements), DIMENSION)


def _memory(row: RowMapping) -> Memory:
    return Memory(
        id=row["id"],
        kind=MemoryKind(row["kind"]),
        title=row["title"],
        content=row["content"],
        occurred_at=row["occurred_at"],
        tags=tuple(row["tags"]),
        problem=row["problem"],
        interview_id=row["interview_id"],
        conversation=row["conversation"],
        position=row["position"],
        speaker=row["speaker"],
    )
