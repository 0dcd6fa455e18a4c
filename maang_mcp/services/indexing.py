"""Making a memory findable: its passages, and vectors for the first of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from maang_mcp.domain.chunking import Span
from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.domain.memory import Memory, Passage, passages_of
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.search import IndexedPassage
from maang_mcp.domain.skills import SkillGraph

if TYPE_CHECKING:
    from maang_mcp.embedding import Embedder

AT_ONCE = 6
"""Passages of a memory that are embedded before it is stored: 0.16 s of full ones (26 ms each on
two cores), and all of nearly every note. Of 195 KB there are more than two hundred."""


class Indexer:
    """Cuts memories into passages and embeds them, before a transaction begins.

    Neither a model that is still loading nor a long text holds up a write: a passage is stored
    without its vector then and embedded later (`Backlog`); full-text search finds it meanwhile.
    """

    def __init__(self, embedder: Embedder, graph: SkillGraph) -> None:
        self._embedder = embedder
        self._graph = graph

    @property
    def identity(self) -> str:
        """Which embedder the vectors are from."""
        return self._embedder.identity

    async def index(
        self, memory: Memory, problem: Problem | None = None, previous: Sequence[Memory] = ()
    ) -> list[IndexedPassage]:
        """The passages of a memory, ready to be stored."""
        passages = self.passages(memory, problem, previous)
        first = [passage.dense_text for passage in passages[:AT_ONCE]]
        vectors: Sequence[Sequence[float]]
        try:
            vectors = await self._embedder.embed(first)
        except EmbedderUnavailable:
            vectors = ()
        return [
            IndexedPassage(passage, vector) for passage, vector in zip_longest(passages, vectors)
        ]

    def dense_texts(
        self,
        memory: Memory,
        spans: Iterable[Span],
        problem: Problem | None,
        previous: Sequence[Memory],
    ) -> list[str]:
        """What the passages of those spans are embedded as. The title stands in where the memory
        cuts into other passages by now, because its problem became known, or unknown, since."""
        texts = {
            Span(passage.start, passage.end): passage.dense_text
            for passage in self.passages(memory, problem, previous)
        }
        return [texts.get(span, memory.title) for span in spans]

    def passages(
        self, memory: Memory, problem: Problem | None = None, previous: Sequence[Memory] = ()
    ) -> tuple[Passage, ...]:
        """The passages alone; the same record gives the same ones again."""
        return passages_of(memory, about=self._about(problem) if problem else "", previous=previous)

    def _about(self, problem: Problem) -> str:
        """A problem in words somebody may search it by."""
        skills = (self._graph[name].name for name in problem.skills if name in self._graph)
        return " ".join((problem.title, *problem.aliases, problem.difficulty, *skills))
