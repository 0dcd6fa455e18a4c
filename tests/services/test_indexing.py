"""Making a memory findable: the first passages at once, every passage as it would be later."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.chunking import Span
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.services.indexing import AT_ONCE, Indexer
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
