"""The candidate search against the same search done by hand, and the counts it rests on."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db import Store
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.ranking import PeakStatistics, fused_score
from maang_mcp.domain.search import LabelKind, Recalled, SearchFilter, Subject
from tests.db.shelf import EMBEDDER, WORDS, Shelf, memory_of
from tests.factories import NOW

ACCURACY = 2e-3
"""A halfvec keeps eleven bits of each component."""


@pytest.fixture(scope="module")
async def shelf(store: Store) -> Shelf:
    """Eighty memories of several passages."""
    made = Shelf(store, Learner.of(f"shelf-{uuid4()}"))
    dice = Random(5)
    for _ in range(80):
        await made.add(memory_of(dice))
    return made


# --- The same search by hand.


@pytest.mark.parametrize(
    "query",
    ["sliding window invariant", "merge", "cache shard latency budget", "nowhere to be found"],
)
async def test_cosine_and_bm25_are_what_they_are_by_hand(shelf: Shelf, query: str) -> None:
    wanted, ceiling = await shelf.by_hand(query)
    assert len(wanted) > 150
    recalled = await shelf.recall(query, limit=10_000)
    assert recalled.scanned == len(recalled.candidates) == len(wanted)
    for found in recalled.candidates:
        other = wanted[found.memory.id, found.chunk]
        assert found.cosine == pytest.approx(other.cosine, abs=ACCURACY)
        assert found.bm25 == pytest.approx(other.bm25, rel=1e-5, abs=1e-6)
    assert recalled.statistics is not None
    assert recalled.statistics.lexical_ceiling == pytest.approx(ceiling)


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("query", ["sliding window invariant", "merge", "nowhere to be found"])
async def test_the_order_is_the_one_the_domain_ranks_by(
    shelf: Shelf, query: str, dense: bool
) -> None:
    every = await shelf.recall(query, limit=10_000, dense=dense)
    assert every.statistics is not None
    over_all = PeakStatistics.of(every.candidates, every.statistics.lexical_ceiling)
    assert every.statistics == over_all
    scores = [fused_score(c.cosine, c.bm25, over_all) for c in every.candidates]
    assert scores == pytest.approx(sorted(scores, reverse=True), abs=1e-9)
    best = await shelf.recall(query, limit=20, dense=dense)
    assert best.candidates == every.candidates[:20]
    assert best.statistics == every.statistics
    assert best.scanned == every.scanned


async def test_a_passage_is_cut_from_its_memory_and_stands_for_it(shelf: Shelf) -> None:
    for found in (await shelf.recall("boundary", limit=10_000)).candidates:
        memory, indexed = shelf.kept[found.memory.id]
        span = indexed[found.chunk].passage
        whole = memory.content[span.start : span.end] or memory.content
        assert found.memory.content == whole[: len(found.memory.content)]
        assert found.memory.content
        assert (found.start == found.end) is (span.start == span.end)
        assert found.memory.tags == memory.tags
        assert found.embedding == pytest.approx(indexed[found.chunk].vector, abs=ACCURACY)


@pytest.mark.parametrize(
    ("search", "admits"),
    [
        (SearchFilter(kinds=(MemoryKind.LESSON,)), lambda m: m.kind is MemoryKind.LESSON),
        (
            SearchFilter(kinds=(MemoryKind.LESSON, MemoryKind.STORY)),
            lambda m: m.kind is not MemoryKind.NOTE,
        ),
        (SearchFilter(tags=("google", "phone")), lambda m: {"google", "phone"} & set(m.tags)),
        (SearchFilter(tags=("Google",)), lambda m: "google" in m.tags),
        (
            SearchFilter(subject=Subject(("3sum",), ("PHONE",))),
            lambda m: m.problem == "3sum" or "phone" in m.tags,
        ),
        (SearchFilter(problem="Two  Sum"), lambda m: m.problem == "two-sum"),
        (SearchFilter(problem="3sum"), lambda m: m.problem == "3sum"),
        (
            SearchFilter(since=NOW - timedelta(days=50)),
            lambda m: m.occurred_at >= NOW - timedelta(days=50),
        ),
        (
            SearchFilter(until=NOW - timedelta(days=50)),
            lambda m: m.occurred_at < NOW - timedelta(days=50),
        ),
        (
            SearchFilter(kinds=(MemoryKind.NOTE,), problem="two-sum", until=NOW),
            lambda m: m.kind is MemoryKind.NOTE and m.problem == "two-sum" and m.occurred_at < NOW,
        ),
        (SearchFilter(interview_id=uuid4()), lambda m: False),
    ],
    ids=[
        *("kind", "kinds", "tags", "other case", "topic", "other spelling", "problem"),
        *("since", "until", "several", "interview"),
    ],
)
async def test_a_filter_admits_what_it_says(
    shelf: Shelf, search: SearchFilter, admits: Any
) -> None:
    recalled = await shelf.recall("window", search, limit=10_000)
    wanted = {(m.id, e.passage.chunk) for m, e in shelf.passages() if admits(m)}
    assert {(c.memory.id, c.chunk) for c in recalled.candidates} == wanted
    assert recalled.scanned == len(wanted)


async def test_the_newest_are_the_latest_each_by_its_beginning(shelf: Shelf) -> None:
    recalled = await shelf.recall("window", limit=30, newest=True)
    latest = sorted((m.occurred_at for m, _ in shelf.kept.values()), reverse=True)[:30]
    assert sorted((c.memory.occurred_at for c in recalled.candidates), reverse=True) == latest
    assert {candidate.chunk for candidate in recalled.candidates} == {0}
    assert recalled.scanned == sum(1 for _ in shelf.passages())


async def test_labels_are_told_the_most_used_first(shelf: Shelf) -> None:
    used = Counter(tag for memory, _ in shelf.kept.values() for tag in memory.tags)
    async with shelf.store.reading(shelf.learner.id) as uow:
        told = await uow.memory.labels(LabelKind.TAG)
        assert await uow.memory.labels(LabelKind.CONVERSATION) == []
    assert told == sorted(used, key=lambda tag: (-used[tag], tag))


# --- What is not embedded, or differently, and what is not there.


async def test_a_passage_without_this_embedders_vector_counts_by_its_words_alone(
    store: Store, learner: Learner
) -> None:
    shelf = Shelf(store, learner)
    dice = Random(1)
    waiting, foreign, embedded = (
        memory_of(dice, content=f"about windows, {word}", problem=None)
        for word in ("waiting", "foreign", "embedded")
    )
    await shelf.add(waiting, identity=None)
    await shelf.add(foreign, identity="another-embedder")
    await shelf.add(embedded)
    found = {c.memory.id: c for c in (await shelf.recall("windows")).candidates}
    assert found[waiting.id].cosine is found[foreign.id].cosine is None
    assert found[embedded.id].cosine is not None
    assert min(candidate.bm25 for candidate in found.values()) > 0
    async with store.reading(learner.id) as uow:
        unembedded = await uow.vectors.waiting(EMBEDDER.identity, 9)
    assert {entry.memory.id for entry in unembedded} == {waiting.id, foreign.id}


async def test_nothing_on_record_is_nothing_found(store: Store, learner: Learner) -> None:
    assert await Shelf(store, learner).recall("window") == Recalled((), None, 0, 0)


async def test_a_query_without_a_word_is_answered_by_meaning_alone(shelf: Shelf) -> None:
    recalled = await shelf.recall("what is it?")
    assert query_terms("what is it?") == ()
    assert {candidate.bm25 for candidate in recalled.candidates} == {0.0}
    cosines = [candidate.cosine for candidate in recalled.candidates]
    assert cosines == sorted(cosines, reverse=True)  # type: ignore[type-var]  # all have vectors


async def test_one_learners_passages_are_weighed_without_anybody_elses(
    store: Store, learner: Learner, shelf: Shelf
) -> None:
    alone = Shelf(store, learner)
    await alone.add(memory_of(Random(2), content="window merge", problem=None))
    (found,) = (await alone.recall("window")).candidates
    wanted, _ = await alone.by_hand("window")
    assert found.bm25 == pytest.approx(wanted[found.memory.id, 0].bm25, rel=1e-5)


# --- The counts behind the rarity of words.

_OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.lists(st.sampled_from(WORDS[:6]), min_size=1, max_size=5)),
        st.tuples(st.sampled_from(["supersede", "remove"]), st.integers(0, 9)),
    ),
    max_size=12,
)


@settings(max_examples=20, deadline=None)
@given(operations=_OPERATIONS)
async def test_document_frequencies_stay_exact_whatever_comes_and_goes(
    store: Store, operations: list[tuple[str, Any]]
) -> None:
    shelf = Shelf(store, Learner.of(f"counted-{uuid4()}"))
    present: list[UUID] = []
    for number, (operation, argument) in enumerate(operations):
        if operation == "add":
            memory = Memory(uuid4(), MemoryKind.NOTE, f"n{number}", " ".join(argument), NOW)
            await shelf.add(memory, identity=None)
            present.append(memory.id)
        elif present:
            chosen = present[argument % len(present)]
            await getattr(shelf, operation)(chosen)
            if operation == "remove":
                present.remove(chosen)
    async with store.engine.connect() as connection:
        owner = {"learner": shelf.learner.id}
        counted = await connection.execute(
            text("SELECT term, chunks FROM document_frequency WHERE learner_id = :learner"), owner
        )
        total = await connection.scalar(
            text("SELECT chunks FROM corpus WHERE learner_id = :learner"), owner
        )
    assert {row.term: row.chunks for row in counted} == shelf.frequencies()
    assert (total or 0) == len(shelf.kept)
