"""What is remembered, and the one statement that finds it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pgvector import SparseVector as PgSparseVector
from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from db.models.memory import memory, memory_chunk
from maang_mcp.domain.lexical import DIMENSION, SparseVector, document_vector
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.search import (
    EmbeddedText,
    IndexedPassage,
    LabelKind,
    Recalled,
    SearchFilter,
    text_digest,
)

from .exact import passages_holding
from .frequencies import count_down, count_up
from .labels import labels_of, spellings
from .memory_rows import MEMORY_COLUMNS, half_vector, memory_of
from .recall import NEWEST, RECALL, RECALL_ALL, recall_parameters, recalled
from .repository import Repository
from .vectors import VectorRepository, embedder_id, fits_key


class MemoryRepository(Repository):
    """Queries over memories and their passages."""

    @property
    def _vectors(self) -> VectorRepository:
        return VectorRepository(self._connection, self._learner)

    async def get(self, memory_id: UUID) -> Memory | None:
        """One memory, also a superseded one."""
        rows = await self._connection.execute(
            select(*MEMORY_COLUMNS).where(self._own(memory), memory.c.id == memory_id)
        )
        row = rows.mappings().first()
        return None if row is None else memory_of(row)

    async def current(self, kind: MemoryKind) -> list[Memory]:
        """Every memory of a kind that no other superseded, the latest first."""
        rows = await self._connection.execute(
            select(*MEMORY_COLUMNS)
            .where(
                self._own(memory),
                memory.c.kind == kind.value,
                memory.c.superseded_by.is_(None),
            )
            .order_by(memory.c.occurred_at.desc(), memory.c.id.desc())
        )
        return [memory_of(row) for row in rows.mappings()]

    async def previous_turns(self, conversation: str, before: int, limit: int) -> list[Memory]:
        """The turns of a conversation just before a position, oldest first."""
        rows = await self._connection.execute(
            select(*MEMORY_COLUMNS)
            .where(
                self._own(memory),
                memory.c.conversation == conversation,
                memory.c.position < before,
            )
            .order_by(memory.c.position.desc())
            .limit(limit)
        )
        return [memory_of(row) for row in rows.mappings()][::-1]

    async def conversation(self, name: str) -> list[Memory]:
        """Every turn of a conversation that is there, in order."""
        rows = await self._connection.execute(
            select(*MEMORY_COLUMNS)
            .where(self._own(memory), memory.c.conversation == name, memory.c.position.is_not(None))
            .order_by(memory.c.position)
        )
        return [memory_of(row) for row in rows.mappings()]

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
        row = self._row(value, recorded_at) | {"attempt_id": attempt_id}
        return bool(await self._add([row], passages, embedder_identity))

    async def add_all(
        self,
        values: Sequence[Memory],
        passages: Sequence[IndexedPassage],
        *,
        recorded_at: datetime,
        embedder_identity: str,
    ) -> set[UUID]:
        """Stores several memories with the passages of all of them, as `add` does; returns the
        ids that were not there."""
        rows = [self._row(value, recorded_at) for value in values]
        return await self._add(rows, passages, embedder_identity)

    async def supersede(self, old: UUID, new: UUID) -> bool:
        """Takes a memory out of the search in favour of another; its text stays readable."""
        changed = await self._connection.execute(
            update(memory).where(self._own(memory), memory.c.id == old).values(superseded_by=new)
        )
        if changed.rowcount:
            await self._unindex([old])
        return bool(changed.rowcount)

    async def successor(self, memory_id: UUID) -> UUID | None:
        """What superseded a memory; None for a current one and for one that is not there."""
        newer: UUID | None = await self._connection.scalar(
            select(memory.c.superseded_by).where(self._own(memory), memory.c.id == memory_id)
        )
        return newer

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
        newest: bool = False,
    ) -> Recalled:
        """Scores every passage of the learner in one exact scan and returns the best.

        Dense is the inner product of unit vectors (their cosine), lexical is BM25; the order is
        the peak-gated fusion of both (`domain.ranking`). With `newest` the best are the latest.
        """
        holding = None
        if search.demand is not None:
            holding = await passages_holding(self._connection, self._learner, search.demand)
        everything = RECALL if search.restricts or holding is not None else RECALL_ALL
        rows = await self._connection.execute(
            NEWEST if newest else everything,
            recall_parameters(
                *(self._learner, terms, vector, embedder_identity, search, limit, holding),
                await spellings(self._connection, self._learner, search),
            ),
        )
        return recalled(rows.all())

    async def labels(self, kind: LabelKind) -> list[str]:
        """The labels of that kind that memories go by, the most used first."""
        return await labels_of(self._connection, self._learner, kind)

    async def count(self) -> int:
        """How many memories the learner has."""
        return (
            await self._connection.scalar(
                select(func.count()).select_from(memory).where(self._own(memory))
            )
            or 0
        )

    def _row(self, value: Memory, recorded_at: datetime) -> dict[str, object]:
        return {
            "learner_id": self._learner,
            "id": value.id,
            "kind": value.kind.value,
            "title": value.title,
            "content": value.content,
            "tags": list(value.tags),
            "problem": value.problem,
            "interview_id": value.interview_id,
            "conversation": value.conversation,
            "position": value.position,
            "speaker": value.speaker,
            "occurred_at": value.occurred_at,
            "recorded_at": recorded_at,
        }

    async def _add(
        self,
        rows: Sequence[dict[str, object]],
        passages: Sequence[IndexedPassage],
        embedder_identity: str,
    ) -> set[UUID]:
        if not rows:
            return set()
        added = set(
            await self._connection.scalars(
                insert(memory).values(rows).on_conflict_do_nothing().returning(memory.c.id)
            )
        )
        new = [entry for entry in passages if entry.passage.memory_id in added]
        await self._index(new, embedder_identity)
        return added

    async def _index(self, passages: Sequence[IndexedPassage], embedder_identity: str) -> None:
        if not passages:
            return
        given = [entry.vector for entry in passages]
        fitting = [None if vector is None or not fits_key(vector) else vector for vector in given]
        identity = None
        if any(vector is not None for vector in fitting):
            identity = await embedder_id(self._connection, embedder_identity)
        lexical = [document_vector(entry.passage.lexical_text) for entry in passages]
        await self._connection.execute(
            insert(memory_chunk),
            [
                {
                    "learner_id": self._learner,
                    "memory_id": entry.passage.memory_id,
                    "chunk": entry.passage.chunk,
                    "span_start": entry.passage.start,
                    "span_end": entry.passage.end,
                    "embedder_id": None if vector is None else identity,
                    "embedding": None if vector is None else half_vector(vector),
                    "digest": None if vector is None else text_digest(entry.passage.dense_text),
                    "lexemes": _sparse(terms),
                }
                for entry, vector, terms in zip(passages, fitting, lexical, strict=True)
            ],
        )
        await self._vectors.store(
            {
                (entry.passage.memory_id, entry.passage.chunk): EmbeddedText(
                    entry.passage.dense_text, entry.vector
                )
                for entry in passages
                if entry.vector is not None and not fits_key(entry.vector)
            },
            embedder_identity,
        )
        await count_up(
            self._connection,
            self._learner,
            Counter(index for terms in lexical for index, _ in terms.elements),
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


def _sparse(vector: SparseVector) -> object:
    return PgSparseVector(dict(vector.elements), DIMENSION)
