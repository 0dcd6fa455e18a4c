"""What a learner has on record, kept by hand beside the store, for comparing the two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from operator import mul
from random import Random
from typing import Any
from uuid import UUID, uuid4

from db import Store
from maang_mcp.domain.lexical import K1, document_vector, idf, query_terms
from maang_mcp.domain.memory import Candidate, Memory, MemoryKind, passages_of
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import IndexedPassage, Recalled, SearchFilter
from tests.factories import NOW, HashEmbedder

EMBEDDER = HashEmbedder()
WORDS = (
    *("array", "window", "pointer", "heap", "graph", "queue", "stack", "tree", "trie", "union"),
    *("cycle", "path", "prefix", "suffix", "interval", "greedy", "matrix", "island", "rotate"),
    *("merge", "invariant", "boundary", "duplicate", "budget", "latency", "cache"),
)


@dataclass
class Shelf:
    """What a learner has on record, kept a second time by hand."""

    store: Store
    learner: Learner
    kept: dict[UUID, tuple[Memory, list[IndexedPassage]]] = field(default_factory=dict)

    async def add(self, memory: Memory, *, identity: str | None = EMBEDDER.identity) -> None:
        """Adds a memory embedded under that identity, or without vectors."""
        passages = passages_of(memory, about="statement of the problem" if memory.problem else "")
        vectors: Sequence[Sequence[float] | None] = [None] * len(passages)
        if identity is not None:
            vectors = await EMBEDDER.embed([passage.dense_text for passage in passages])
        indexed = [IndexedPassage(*pair) for pair in zip(passages, vectors, strict=True)]
        async with self.store.writing(self.learner.id, self.learner.subject) as uow:
            assert await uow.memory.add(
                memory, indexed, recorded_at=NOW, embedder_identity=identity or EMBEDDER.identity
            )
        self.kept[memory.id] = memory, indexed

    async def supersede(self, id: UUID) -> None:
        async with self.store.writing(self.learner.id, self.learner.subject) as uow:
            assert await uow.memory.supersede(id, uuid4())
        self.kept.pop(id, None)

    async def remove(self, id: UUID) -> None:
        async with self.store.writing(self.learner.id, self.learner.subject) as uow:
            assert await uow.memory.remove(id)
        self.kept.pop(id, None)

    async def recall(
        self,
        query: str,
        search: SearchFilter | None = None,
        *,
        limit: int = 150,
        dense: bool = True,
        newest: bool = False,
    ) -> Recalled:
        """What the store finds."""
        async with self.store.reading(self.learner.id) as uow:
            return await uow.memory.recall(
                terms=query_terms(query),
                vector=await EMBEDDER.embed_query(query) if dense else None,
                embedder_identity=EMBEDDER.identity,
                search=search or SearchFilter(),
                limit=limit,
                newest=newest,
            )

    def passages(self) -> Iterator[tuple[Memory, IndexedPassage]]:
        for memory, indexed in self.kept.values():
            for entry in indexed:
                yield memory, entry

    def frequencies(self) -> Counter[int]:
        """In how many passages each term occurs."""
        return Counter(
            index
            for _, entry in self.passages()
            for index, _ in document_vector(entry.passage.lexical_text).elements
        )

    async def by_hand(self, query: str) -> tuple[dict[tuple[UUID, int], Candidate], float]:
        """Every passage with its cosine and BM25 computed here, and the most BM25 could be."""
        frequencies, total = self.frequencies(), sum(1 for _ in self.passages())
        weights = {term: idf(frequencies[term], total) for term in query_terms(query)}
        vector = await EMBEDDER.embed_query(query)
        found = {}
        for memory, entry in self.passages():
            elements = document_vector(entry.passage.lexical_text).elements
            key = memory.id, entry.passage.chunk
            found[key] = Candidate(
                memory,
                entry.passage.chunk,
                entry.passage.start,
                entry.passage.end,
                None if entry.vector is None else sum(map(mul, vector, entry.vector)),
                sum(weight * weights.get(term, 0.0) for term, weight in elements),
            )
        return found, (K1 + 1) * sum(weights.values())


def memory_of(dice: Random, **fields: Any) -> Memory:
    """A memory as the dice fall, but for the given fields."""
    length = dice.choice((3, 12, 40, 400))
    values: dict[str, Any] = {
        "id": UUID(int=dice.getrandbits(128)),
        "kind": dice.choice((MemoryKind.NOTE, MemoryKind.LESSON, MemoryKind.STORY)),
        "title": " ".join(dice.choices(WORDS, k=2)),
        "content": ". ".join(" ".join(dice.choices(WORDS, k=8)) for _ in range(length // 3)),
        "occurred_at": NOW - timedelta(days=dice.randrange(100)),
        "tags": tuple(dice.sample(("google", "onsite", "phone"), k=dice.randrange(3))),
        "problem": dice.choice((None, "two-sum", "3sum")),
    }
    return Memory(**values | fields)
