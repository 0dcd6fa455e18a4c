"""The questions of a set through the tool and in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np

from benchmarks.retrieval_sets import WRITTEN, Array, Question, build
from benchmarks.retrieval_through_tool import ask
from db import Store
from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.services.indexing import findable
from tests.factories import HashEmbedder

NOTES = {
    "LRU Cache": "A doubly linked list and a map; forgot the tail sentinel.",
    "Two Sum": "Asked the table before entering the element.",
    "Queues": "Backpressure keeps a slow consumer alive.",
    "Retries": "Back off with jitter, and make the write idempotent.",
}


def nowhere(_: str, texts: Sequence[str]) -> Array:
    return np.zeros((len(texts), 384), np.float32)


async def test_the_tool_finds_what_the_ranking_in_memory_finds(
    store: Store, embedder: HashEmbedder
) -> None:
    memories = [
        Memory(UUID(int=n), MemoryKind.NOTE, title, content, WRITTEN)
        for n, (title, content) in enumerate(NOTES.items(), 1)
    ]
    passages = [findable(skill_graph(), memory) for memory in memories]
    questions = [
        Question("least recently used sentinel", frozenset({0})),
        Question("idempotent write after a retry", frozenset({3})),
    ]
    empty = build("notes", memories, list(range(4)), passages, questions, nowhere)
    texts = [passage.dense_text for record in passages for passage in record]
    asked = await ask(
        store,
        embedder,
        replace(
            empty,
            vectors=np.array(await embedder.embed(texts), np.float32),
            queries=np.array(
                [await embedder.embed_query(question.text) for question in questions], np.float32
            ),
        ),
        questions=5,
    )
    assert [one.through_tool[:4] for one in asked] == [one.in_memory[:4] for one in asked]
    assert [one.through_tool[2] for one in asked] == [1.0, 1.0]
    assert [one.left_out for one in asked] == [0, 0]
    assert all(one.answerable for one in asked)
