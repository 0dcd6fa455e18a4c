"""Stores of any size, filled in bulk with memories that resemble those of the product.

Writing a hundred thousand memories through the service would take a quarter of an hour, nearly all
of it in the model. So the texts of the catalogue (titles and summaries) are embedded once, and each
memory is a mixture of two: some words of both and a few of others, and the unit vector of
0.8 a + 0.4 b + 0.45 noise. Rows are what the service writes, with the product's own lexical vectors
and document frequencies; they go in by binary COPY.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from pgvector import HalfVector
from pgvector import SparseVector as PgSparseVector
from pgvector.asyncpg import register_vector
from sqlalchemy import text

from db import Store
from db.repositories.vectors import embedder_id
from maang_mcp.content.loader import catalogue
from maang_mcp.content.summaries import summaries
from maang_mcp.domain.lexical import DIMENSION, document_vector
from maang_mcp.domain.memory import Memory, MemoryKind, passages_of
from maang_mcp.domain.profile import Learner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from maang_mcp.embedding import Embedder

Array = npt.NDArray[np.float32]

BEGAN: Final = datetime(2026, 1, 1, 9, tzinfo=UTC)
AT_ONCE: Final = 10_000
"""Memories made and copied in one go."""

_MEMORY: Final = (
    *("learner_id", "id", "kind", "title", "content", "tags", "occurred_at", "recorded_at"),
)
_CHUNK: Final = (
    *("learner_id", "memory_id", "chunk", "span_start", "span_end", "embedder_id", "embedding"),
    *("lexemes", "digest"),
)
_COUNT_TERMS: Final = text("""
INSERT INTO document_frequency (learner_id, term, chunks)
SELECT :learner, * FROM unnest(CAST(:terms AS int[]), CAST(:counts AS int[]))
ON CONFLICT (learner_id, term) DO UPDATE SET chunks = document_frequency.chunks + excluded.chunks
""")
_COUNT_CHUNKS: Final = text("""
INSERT INTO corpus (learner_id, chunks) VALUES (:learner, :chunks)
ON CONFLICT (learner_id) DO UPDATE SET chunks = corpus.chunks + excluded.chunks
""")


@dataclass(frozen=True, slots=True)
class Filled:
    """A note as it goes into the store; `terms` is the document side of its BM25."""

    title: str
    content: str
    vector: Array
    terms: tuple[tuple[int, float], ...]


class Mixtures:
    """Notes, and questions about them, mixed from real texts and their vectors."""

    def __init__(self, texts: Sequence[str], vectors: Array, seed: int = 7) -> None:
        self._words = [text.split() for text in texts]
        self._every = [word for words in self._words for word in words]
        self._vectors = vectors
        self._dice = random.Random(seed)
        self._noise = np.random.default_rng(seed)

    @classmethod
    async def of_catalogue(cls, embedder: Embedder, seed: int = 7) -> Mixtures:
        """Mixtures of the texts that ship with the product."""
        told = summaries()
        texts = [f"{p.title}. {told[p.slug]}" for p in catalogue() if p.slug in told]
        return cls(texts, np.array(await embedder.embed(texts), np.float32), seed)

    def notes(self, count: int) -> Iterator[Filled]:
        """Some notes of thirty to seventy words."""
        for first, second, vector in self._pairs(count):
            words = [
                *self._some(self._words[first], 12, 30),
                *self._some(self._words[second], 8, 20),
                *self._some(self._every, 10, 20),
            ]
            content = " ".join(words)
            note = Memory(UUID(int=0), MemoryKind.NOTE, " ".join(words[:4]), content, BEGAN)
            (passage, *_) = passages_of(note)
            yield Filled(
                note.title, content, vector, document_vector(passage.lexical_text).elements
            )

    def vectors(self, count: int) -> Array:
        """Vectors alone, as those of the notes are."""
        return np.stack([vector for _, __, vector in self._pairs(count)])

    def question(self) -> str:
        """A question of some ten words, never the same twice within one benchmark."""
        first, second = self._dice.randrange(len(self._words)), self._dice.randrange(10**6)
        words = self._some(self._words[first], 5, 9)
        return f"when did I struggle with {' '.join(words)} {second}"

    def _pairs(self, count: int) -> Iterator[tuple[int, int, Array]]:
        firsts, seconds = self._noise.integers(len(self._words), size=(2, count))
        noise = self._noise.standard_normal((count, self._vectors.shape[1]), np.float32)
        noise /= np.linalg.norm(noise, axis=1, keepdims=True)
        mixed = 0.8 * self._vectors[firsts] + 0.4 * self._vectors[seconds] + 0.45 * noise
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        yield from zip(firsts.tolist(), seconds.tolist(), mixed, strict=True)

    def _some(self, words: Sequence[str], least: int, most: int) -> list[str]:
        return self._dice.choices(words, k=self._dice.randint(least, most))


class Filling:
    """Writes notes into one store past the service, counts included."""

    def __init__(self, store: Store, embedder_number: int) -> None:
        self._store = store
        self._embedder = embedder_number
        self._written = 0

    @classmethod
    async def of(cls, store: Store, embedder_identity: str) -> Filling:
        """A filling whose vectors count as that embedder's."""
        async with store.engine.begin() as connection:
            return cls(store, await embedder_id(connection, embedder_identity))

    async def enrol(self, learner: Learner) -> None:
        """Makes the learner known."""
        async with self._store.writing(learner.id, learner.subject):
            pass

    async def fill(self, learner: Learner, mixtures: Mixtures, count: int) -> None:
        """Gives a learner that many more notes."""
        for begin in range(0, count, AT_ONCE):
            await self.add_all(learner, list(mixtures.notes(min(AT_ONCE, count - begin))))

    async def add_all(self, learner: Learner, notes: Sequence[Filled]) -> None:
        """Gives a learner these notes."""
        await self.enrol(learner)
        await self.add([(learner.id, note) for note in notes])
        terms = Counter(index for note in notes for index, _ in note.terms)
        await self.count(learner.id, terms, len(notes))

    async def add(self, notes: Sequence[tuple[UUID, Filled]]) -> None:
        """Copies notes of any learners, without counting their terms."""
        memories: list[tuple[Any, ...]] = []
        chunks: list[tuple[Any, ...]] = []
        for owner, note in notes:
            self._written += 1
            at = BEGAN + timedelta(seconds=self._written)
            id = _ordered_id(self._written)
            memories.append((owner, id, "note", note.title, note.content, [], at, at))
            vector = HalfVector(note.vector)
            lexemes = PgSparseVector(dict(note.terms), DIMENSION)
            span = len(note.content)
            chunks.append((owner, id, 0, 0, span, self._embedder, vector, lexemes, id))
        async with bulk(self._store) as connection:
            await connection.copy_records_to_table("memory", records=memories, columns=_MEMORY)
            await connection.copy_records_to_table("memory_chunk", records=chunks, columns=_CHUNK)

    async def count(self, learner: UUID, terms: Counter[int], notes: int) -> None:
        """Adds terms, by how many of so many notes hold them, to what the learner's are."""
        async with self._store.engine.begin() as connection:
            await connection.execute(
                _COUNT_TERMS,
                {"learner": learner, "terms": list(terms), "counts": list(terms.values())},
            )
            await connection.execute(_COUNT_CHUNKS, {"learner": learner, "chunks": notes})

    async def settle(self) -> None:
        """What autovacuum does some time after a bulk load, so that it does not do it meanwhile."""
        async with self._store.engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("SET statement_timeout = 0"))
            await connection.execute(text("VACUUM (ANALYZE) memory, memory_chunk"))
            await connection.execute(text("VACUUM (ANALYZE) document_frequency, corpus"))
            await connection.execute(text("CHECKPOINT"))
            await connection.execute(text("RESET statement_timeout"))


@asynccontextmanager
async def bulk(store: Store) -> AsyncIterator[Any]:
    """One transaction on the driver's own connection, foreign keys unchecked."""
    async with store.engine.begin() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await connection.execute(text("SET LOCAL session_replication_role = replica"))
        await connection.execute(text("SET LOCAL statement_timeout = 0"))
        await register_vector(raw)
        yield raw
        await connection.execute(text("SET LOCAL session_replication_role = DEFAULT"))


def _ordered_id(number: int) -> UUID:
    """Time-ordered like the product's, the low bits scattered."""
    scattered = (number * 0x9E3779B97F4A7C15) & (2**62 - 1)
    return UUID(int=(0x0193_0000_0000 + number << 80) | (7 << 76) | (2 << 62) | scattered)
