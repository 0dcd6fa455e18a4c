"""Making a memory findable: its passages, and what each is embedded as."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.chunking import Span
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.problem import custom_problem
from maang_mcp.services.indexing import Indexer
from tests.factories import HashEmbedder

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _memory(paragraphs: int) -> Memory:
    content = "\n\n".join(
        f"Paragraph {n} is about storage and quorum reads." * 9 for n in range(paragraphs)
    )
    return Memory(UUID(int=1), MemoryKind.DOCUMENT, "Storage", content, NOON)


@pytest.fixture
def indexer(embedder: HashEmbedder) -> Indexer:
    return Indexer(embedder, skill_graph())


def test_no_write_waits_for_the_model(indexer: Indexer) -> None:
    entries = indexer.index(_memory(40))
    assert {entry.vector for entry in entries} == {None}
    assert [entry.passage for entry in entries] == list(indexer.passages(_memory(40)))


async def test_of_what_has_to_be_compared_first_the_one_text_of_its_own_is_embedded(
    indexer: Indexer, embedder: HashEmbedder
) -> None:
    memory = Memory(UUID(int=3), MemoryKind.LESSON, "LRU Cache", "Forgot the sentinel.", NOON)
    about, own = indexer.index(memory)
    (vector,) = await embedder.embed([own.passage.dense_text])
    compared = await indexer.comparable([about, own])
    assert [entry.vector for entry in compared] == [None, vector]
    long = indexer.index(_memory(40))
    assert await indexer.comparable(long) == long
    embedder.ready = False
    assert await indexer.comparable([about, own]) == [about, own]


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
