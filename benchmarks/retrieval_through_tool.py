"""The same questions asked of `retrieve_context`, over a store that `remember` has filled.

A server of its own for each learner, over one embedded store; the client speaks MCP to it in
memory. What the tool returns has passed everything: the candidate search in SQL, 16-bit vectors,
near-duplicates, variety, k and the token budget.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from fastmcp import Client
from uuid_utils.compat import uuid7

from db import Content, open_store
from db import Store as Database
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.memory import Memory
from maang_mcp.embedding import Embedder, OnnxEmbedder
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening
from tests.factories import store_directory

from .retrieval_methods import DEPTH, rankings, worth
from .retrieval_sets import Store

MOST = 20
"""The longest answer; conversations are counted in it, for in ten turns there are seldom ten."""

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: what it was worth through the tool and in memory, what did not fit, and the
    recall of whole conversations by the longest answer of the tool."""

    through_tool: tuple[float, ...]
    in_memory: tuple[float, ...]
    left_out: int
    conversations: float

    @property
    def answerable(self) -> bool:
        """Whether any record is known to answer it, and not a session alone."""
        return not np.isnan(self.in_memory[0])


def compare(sets: Mapping[str, Sequence[Store]], questions: int, models: Path) -> None:
    """Prints both figures for the first questions of each set's first store."""
    asyncio.run(_compare(sets, questions, models))


async def _compare(sets: Mapping[str, Sequence[Store]], questions: int, models: Path) -> None:
    embedder = OnnxEmbedder(models)
    with store_directory() as place:
        database = await open_store(database_url=None, data_dir=place)
        try:
            await database.prepare(Content(skill_graph(), catalogue(), content_version()))
            await embedder.wait_ready()
            print(f"\nthrough the tool, k = {DEPTH}, default budget", flush=True)
            for name, stores in sets.items():
                for store in stores[:1]:
                    asked = await ask(database, embedder, store, questions)
                    _report(name, len(store.memories), asked)
        finally:
            await embedder.aclose()
            await database.close()


async def ask(database: Database, embedder: Embedder, store: Store, questions: int) -> list[Asked]:
    """Remembers the whole store as one new learner, then asks."""
    now = max(memory.occurred_at for memory in store.memories) + timedelta(minutes=1)
    coach = wire(database, NoCache(), embedder, lambda: now, uuid7)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    asked = []
    number = {str(memory.id): i for i, memory in enumerate(store.memories)}
    server = build_server(Opening(opened), learner=f"searching-{uuid4()}")
    async with Client(server) as client:
        for memory in store.memories:
            await _call(client, "remember", _told(memory))
        for question, by_method in islice(rankings(store), questions):
            answer, longest = [
                await _call(client, "retrieve_context", {"query": question.text, "k": k})
                for k in (DEPTH, MOST)
            ]
            found, further = (
                [number[entry["uri"].rpartition("/")[2]] for entry in told["passages"]]
                for told in (answer, longest)
            )
            asked.append(
                Asked(
                    through_tool=worth(found, question, store),
                    in_memory=worth(by_method["product"][:DEPTH], question, store),
                    left_out=answer["left_out"] + longest["left_out"],
                    conversations=worth(further, question, store)[5],
                )
            )
    await coach.backlog.aclose()
    return asked


async def _call(client: Client[Any], tool: str, arguments: dict[str, Any]) -> Answer:
    answer = await client.call_tool_mcp(tool, arguments)
    if answer.is_error or answer.structured_content is None:
        raise RuntimeError(f"{tool} failed: {answer.content}")
    content: Answer = answer.structured_content
    return content


def _told(memory: Memory) -> dict[str, Any]:
    """A memory as a client tells it: no problem is named, a turn follows the one before."""
    told = {
        "content": memory.content or memory.title,
        "kind": memory.kind.value,
        "title": memory.title,
        "tags": list(memory.tags),
        "when": memory.occurred_at.isoformat(),
        "conversation": memory.conversation,
        "speaker": memory.speaker,
        "memory_id": str(memory.id),
    }
    return {name: value for name, value in told.items() if value is not None}


def _report(name: str, records: int, asked: Sequence[Asked]) -> None:
    tool, memory = (
        np.mean([getattr(one, side)[:4] for one in asked if one.answerable], axis=0)
        for side in ("through_tool", "in_memory")
    )
    for label, row in (("tool", tool), ("memory", memory)):
        print(
            f"  {name:<26} {records:>5} records {len(asked):>4} questions  {label:<7}"
            f" R@5 {row[0]:.3f}  R@10 {row[1]:.3f}  MRR {row[2]:.3f}  nDCG@10 {row[3]:.3f}"
        )
    recalled = [one.conversations for one in asked if not np.isnan(one.conversations)]
    if recalled:
        print(f"  {'':<26} conversations within k = {MOST}: R@10 {np.mean(recalled):.3f}")
    print(f"  {'':<26} passages left out for want of budget: {sum(a.left_out for a in asked)}")
