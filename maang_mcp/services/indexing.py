"""Making a memory findable: its passages, their vectors if the embedder is ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from maang_mcp.domain.chunking import Span
from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.domain.memory import Memory, Passage, passages_of
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.search import IndexedPassage
from maang_mcp.domain.skills import SkillGraph

if TYPE_CHECKING:
    from maang_mcp.embedding import Embedder


class Indexer:
    """Cuts memories into passages and embeds them, before a transaction begins.

    A model that is still loading never holds up a write: the passage is stored without its vector
    and embedded later (`Backlog`); full-text search finds it meanwhile.
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
        vectors: Sequence[Sequence[float] | None]
        try:
            vectors = await self._embedder.embed([passage.dense_text for passage in passages])
        except EmbedderUnavailable:
            vectors = [None] * len(passages)
        return [
            IndexedPassage(passage, vector)
            for passage, vector in zip(passages, vectors, strict=True)
        ]

    def dense_text(
        self, memory: Memory, span: Span, problem: Problem | None, previous: Sequence[Memory]
    ) -> str:
        """What the passage of that span is embedded as. Its title stands in where the memory cuts
        into other passages by now, because its problem became known, or unknown, since."""
        texts = {
            Span(passage.start, passage.end): passage.dense_text
            for passage in self.passages(memory, problem, previous)
        }
        return texts.get(span, memory.title)

    def passages(
        self, memory: Memory, problem: Problem | None = None, previous: Sequence[Memory] = ()
    ) -> tuple[Passage, ...]:
        """The passages alone; the same record gives the same ones again."""
        return passages_of(memory, about=self._about(problem) if problem else "", previous=previous)

    def _about(self, problem: Problem) -> str:
        """A problem in words somebody may search it by."""
        skills = (self._graph[name].name for name in problem.skills if name in self._graph)
        return " ".join((problem.title, *problem.aliases, problem.difficulty, *skills))
