"""Making a memory findable: the first passages at once, every passage as it would be later."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.chunking import Span
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.problem import custom_problem
from maang_mcp.domain.profile import Learner
from maang_mcp.services.indexing import AT_ONCE, Indexer
from maang_mcp.services.requests import Note
from tests.factories import HashEmbedder

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _memory(paragraphs: int) -> Memory:
    content = "\n\n".join(
        f"Paragraph {n} is about storage and quorum reads." * 9 for n in range(paragraphs)
    )
    return Memory(UUID(int=1), MemoryKind.DOCUMENT, "Storage", content, NOON)


@pytest.fixture
def indexer(embedder: HashEmbedder, store: Store) -> Indexer:
    return Indexer(embedder, skill_graph(), store)


async def test_of_a_long_memory_the_first_passages_are_embedded_and_the_others_wait(
    indexer: Indexer,
) -> None:
    entries = await indexer.index(_memory(40))
    assert len(entries) > 2 * AT_ONCE
    assert [entry.vector is not None for entry in entries] == [
        index < AT_ONCE for index in range(len(entries))
    ]
    assert [entry.passage for entry in entries] == list(indexer.passages(_memory(40)))


async def test_of_a_short_memory_no_passage_waits(indexer: Indexer) -> None:
    entries = await indexer.index(_memory(2))
    assert None not in [entry.vector for entry in entries]


async def test_without_the_model_every_passage_waits(
    indexer: Indexer, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    assert {entry.vector for entry in await indexer.index(_memory(2))} == {None}


def test_passages_are_embedded_later_as_at_once_and_the_title_stands_in_for_one_that_is_gone(
    indexer: Indexer,
) -> None:
    memory = _memory(9)
    passages = indexer.passages(memory)
    spans = [Span(passage.start, passage.end) for passage in reversed(passages)]
    texts = indexer.dense_texts(memory, [*spans, Span(0, 1)], None, ())
    assert texts == [*(passage.dense_text for passage in reversed(passages)), "Storage"]


def test_a_note_titled_like_a_problem_is_also_found_by_what_the_problem_asks(
    indexer: Indexer,
) -> None:
    told = Memory(UUID(int=3), MemoryKind.NOTE, "LRU Cache", "Forgot the tail sentinel.", NOON)
    about, note = indexer.passages(told)
    assert "least recently used" in about.dense_text
    assert "sentinel" not in about.dense_text
    assert (about.start, about.end) == (0, 0)
    assert "recently" not in note.dense_text


def test_a_problem_that_nobody_described_is_found_by_its_names(indexer: Indexer) -> None:
    problem = custom_problem("Parcel robot", skills=("graphs",))
    about, _ = indexer.passages(_memory(1), problem)
    assert about.dense_text.startswith("Parcel robot ")


@pytest.mark.parametrize("title", ["Storage", "!?", ""])
def test_a_note_with_another_title_is_found_by_its_own_words(indexer: Indexer, title: str) -> None:
    (passage,) = indexer.passages(Memory(UUID(int=4), MemoryKind.NOTE, title, "Shrink.", NOON))
    assert (passage.start, passage.end) == (0, 7)


async def test_a_text_on_record_is_not_embedded_again(
    coach: Coach, indexer: Indexer, embedder: HashEmbedder, learner: Learner
) -> None:
    await coach.memories.remember(learner, Note("Shrink the window.", title="Windows"))
    told = Memory(UUID(int=2), MemoryKind.NOTE, "Windows", "Shrink the window.", NOON)
    (fresh,) = await indexer.index(told)
    embedder.ready = False
    (reused,) = await indexer.index(told, learner=learner.id)
    assert reused.vector == pytest.approx(fresh.vector, abs=1e-3)


async def test_what_somebody_else_has_on_record_is_not_used(
    coach: Coach, indexer: Indexer, embedder: HashEmbedder, learner: Learner
) -> None:
    await coach.memories.remember(learner, Note("Shrink the window.", title="Windows"))
    embedder.ready = False
    told = Memory(UUID(int=2), MemoryKind.NOTE, "Windows", "Shrink the window.", NOON)
    (entry,) = await indexer.index(told, learner=Learner.of(f"other-{uuid4()}").id)
    assert entry.vector is None


async def test_nothing_is_left_of_the_vector_of_what_was_erased(
    coach: Coach, indexer: Indexer, embedder: HashEmbedder, learner: Learner
) -> None:
    note = uuid4()
    await coach.memories.remember(
        learner, Note("Shrink the window.", title="Windows", memory_id=note)
    )
    await coach.erasure.forget(learner, "memory", note, "")
    embedder.ready = False
    told = Memory(UUID(int=2), MemoryKind.NOTE, "Windows", "Shrink the window.", NOON)
    (entry,) = await indexer.index(told, learner=learner.id)
    assert entry.vector is None
