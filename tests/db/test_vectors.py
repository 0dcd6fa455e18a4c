"""Vectors of several models side by side: what each search sees, and how one model takes over."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from sqlalchemy import text

from db import Store
from db.repositories.recall import RECALL, recall_parameters
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import EmbeddedText, Recalled, SearchFilter, text_digest
from tests.db.shelf import EMBEDDER, Shelf, memory_of

OTHER = "another-model"


@pytest.fixture
async def shelf(store: Store, learner: Learner) -> Shelf:
    """Twelve memories, embedded by the first model."""
    made = Shelf(store, learner)
    dice = Random(7)
    for _ in range(12):
        await made.add(memory_of(dice))
    return made


def turned(vector: Sequence[float], dimensions: int) -> list[float]:
    """Another model's vector of the same text."""
    return [*[0.0] * (dimensions - len(vector)), *vector[::-1]][:dimensions]


async def embed_by_other(shelf: Shelf, share: float = 1.0, dimensions: int = 384) -> int:
    """Gives that share of the passages a vector of the other model; returns how many."""
    entries = list(shelf.passages())
    chosen = entries[: round(share * len(entries))]
    vectors = {
        (memory.id, entry.passage.chunk): EmbeddedText(
            entry.passage.dense_text, turned(entry.vector or (), dimensions)
        )
        for memory, entry in chosen
    }
    async with shelf.store.writing(shelf.learner.id, shelf.learner.subject) as uow:
        assert await uow.vectors.store(vectors, OTHER) == len(chosen)
    return len(chosen)


async def recall_by_other(shelf: Shelf, query: str, dimensions: int = 384) -> Recalled:
    async with shelf.store.reading(shelf.learner.id) as uow:
        return await uow.memory.recall(
            terms=query_terms(query),
            vector=turned(await EMBEDDER.embed_query(query), dimensions),
            embedder_identity=OTHER,
            search=SearchFilter(),
            limit=10_000,
        )


async def adopt_all(shelf: Shelf, identity: str, dimensions: int = 384) -> int:
    changed = 0
    step = -1
    while step:
        async with shelf.store.writing(shelf.learner.id, shelf.learner.subject) as uow:
            step = await uow.vectors.adopt(identity, dimensions, 5)
        changed += step
    return changed


async def rows(shelf: Shelf, table: str) -> int:
    """How many vectors that table holds."""
    count = text(f"SELECT count(embedding) FROM {table} WHERE learner_id = :learner")
    async with shelf.store.engine.connect() as connection:
        counted: int = await connection.scalar(count, {"learner": shelf.learner.id})
    return counted


@pytest.mark.parametrize("dimensions", [384, 768])
async def test_each_model_finds_by_its_own_vectors_and_both_find_the_same(
    shelf: Shelf, dimensions: int
) -> None:
    """The other model's vectors are the first one's reversed, so all cosines are equal."""
    before = await shelf.recall("sliding window", limit=10_000)
    await embed_by_other(shelf, dimensions=dimensions)
    assert await shelf.recall("sliding window", limit=10_000) == before
    other = await recall_by_other(shelf, "sliding window", dimensions)
    assert [c.memory.id for c in other.candidates] == [c.memory.id for c in before.candidates]
    assert other.statistics == before.statistics
    for mine, theirs in zip(other.candidates, before.candidates, strict=True):
        assert mine.cosine == theirs.cosine
        assert mine.embedding is not None
        assert theirs.embedding is not None
        assert list(mine.embedding) == turned(theirs.embedding, dimensions)


async def test_vectors_of_a_few_passages_do_not_count_before_most_are_there(shelf: Shelf) -> None:
    words_alone = await shelf.recall("sliding window", limit=10_000, dense=False)
    await embed_by_other(shelf, share=0.4)
    begun = await recall_by_other(shelf, "sliding window")
    assert {candidate.cosine for candidate in begun.candidates} == {None}
    assert [c.memory.id for c in begun.candidates] == [c.memory.id for c in words_alone.candidates]
    await embed_by_other(shelf, share=0.6)
    most = await recall_by_other(shelf, "sliding window")
    assert any(candidate.cosine is not None for candidate in most.candidates)


async def test_passages_that_no_model_has_seen_do_not_silence_those_that_one_has(
    store: Store, learner: Learner
) -> None:
    shelf = Shelf(store, learner)
    dice = Random(3)
    await shelf.add(memory_of(dice, content="the sliding window", problem=None))
    for _ in range(5):
        await shelf.add(memory_of(dice, problem=None), identity=None)
    found = await shelf.recall("sliding window")
    assert sum(candidate.cosine is not None for candidate in found.candidates) == 1


async def test_a_model_that_takes_over_leaves_nothing_of_the_other(shelf: Shelf) -> None:
    total = await embed_by_other(shelf)
    before = await recall_by_other(shelf, "sliding window")
    assert await rows(shelf, "memory_vector") == total
    assert await adopt_all(shelf, OTHER) == total
    assert await rows(shelf, "memory_vector") == 0
    assert await rows(shelf, "memory_chunk") == total
    assert await recall_by_other(shelf, "sliding window") == before
    gone = await shelf.recall("sliding window")
    assert {candidate.cosine for candidate in gone.candidates} == {None}
    assert await adopt_all(shelf, OTHER) == 0


async def test_a_model_of_other_dimensions_stays_beside_the_key(shelf: Shelf) -> None:
    total = await embed_by_other(shelf, dimensions=768)
    before = await recall_by_other(shelf, "sliding window", 768)
    assert await adopt_all(shelf, OTHER, 768) == total
    assert await rows(shelf, "memory_chunk") == 0
    assert await rows(shelf, "memory_vector") == total
    assert await recall_by_other(shelf, "sliding window", 768) == before


async def test_taking_over_leaves_what_the_model_has_not_seen(shelf: Shelf) -> None:
    some = await embed_by_other(shelf, share=0.5)
    total = await rows(shelf, "memory_chunk")
    assert await adopt_all(shelf, OTHER) == some
    assert await rows(shelf, "memory_chunk") == total
    async with shelf.store.reading(shelf.learner.id) as uow:
        assert await uow.vectors.count_waiting(EMBEDDER.identity) == some
        assert await uow.vectors.count_waiting(OTHER) == total - some


async def test_the_first_model_keeps_its_place_when_another_one_goes(shelf: Shelf) -> None:
    total = await embed_by_other(shelf)
    before = await shelf.recall("sliding window")
    assert await adopt_all(shelf, EMBEDDER.identity) == total
    assert await rows(shelf, "memory_vector") == 0
    assert await shelf.recall("sliding window") == before


@pytest.mark.parametrize("dimensions", [384, 768])
async def test_a_vector_is_found_by_its_text_wherever_it_is_kept(
    shelf: Shelf, dimensions: int
) -> None:
    await embed_by_other(shelf, dimensions=dimensions)
    texts = [entry.passage.dense_text for _, entry in shelf.passages()]
    for identity, length in ((EMBEDDER.identity, 384), (OTHER, dimensions)):
        async with shelf.store.reading(shelf.learner.id) as uow:
            known = await uow.vectors.of_texts([*texts, "never told"], identity)
        assert known.keys() == set(texts)
        assert {len(vector) for vector in known.values()} == {length}


async def test_vectors_go_with_their_memory(shelf: Shelf) -> None:
    await embed_by_other(shelf)
    for memory in list(shelf.kept):
        await shelf.remove(memory)
    assert await rows(shelf, "memory_vector") == 0


async def test_storing_a_vector_again_changes_nothing(shelf: Shelf) -> None:
    await embed_by_other(shelf)
    before = await recall_by_other(shelf, "merge")
    await embed_by_other(shelf)
    assert await recall_by_other(shelf, "merge") == before


async def test_one_model_alone_needs_no_look_beside_the_key(shelf: Shelf) -> None:
    """The scan stays one pass over the index: what lies beside is not even opened."""
    vector = await EMBEDDER.embed_query("sliding window")
    parameters = recall_parameters(
        shelf.learner.id, query_terms("window"), vector, EMBEDDER.identity, SearchFilter(), 150
    )
    async with shelf.store.reading(shelf.learner.id) as uow:
        connection = uow.vectors._connection
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = await connection.scalars(
            text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {RECALL.text}"), parameters
        )
        lines = list(plan)
    beside = [line for line in lines if "memory_vector" in line]
    assert beside
    assert all("never executed" in line for line in beside)


def test_digests_tell_texts_apart_and_take_half_characters() -> None:
    assert text_digest("window") == text_digest("window")
    assert len({text_digest(text) for text in ("window", "windows", "", "\ud800", "?")}) == 5
