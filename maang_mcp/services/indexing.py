"""Making a memory findable: the passages that are indexed, and what each is embedded as."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from maang_mcp.content.loader import catalogue
from maang_mcp.content.summaries import summaries
from maang_mcp.domain.chunking import Span
from maang_mcp.domain.errors import EmbedderUnavailable, InvalidInput
from maang_mcp.domain.memory import Memory, Passage, passages_of
from maang_mcp.domain.naming import slugify
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.search import IndexedPassage
from maang_mcp.domain.skills import SkillGraph

if TYPE_CHECKING:
    from maang_mcp.embedding import Embedder


class Indexer:
    """Cuts memories into passages.

    No write waits for a model, but for a lesson that is held against those on record: a passage is
    stored without its vector, found by its words at once, and embedded afterwards (`Backlog`).
    """

    def __init__(self, embedder: Embedder, graph: SkillGraph) -> None:
        self._embedder = embedder
        self._graph = graph

    @property
    def identity(self) -> str:
        """Which embedder the vectors are from."""
        return self._embedder.identity

    def index(
        self, memory: Memory, problem: Problem | None = None, previous: Sequence[Memory] = ()
    ) -> list[IndexedPassage]:
        """The passages of a memory, ready to be stored, their vectors still to come."""
        return [
            IndexedPassage(passage, None) for passage in self.passages(memory, problem, previous)
        ]

    async def comparable(self, passages: Sequence[IndexedPassage]) -> list[IndexedPassage]:
        """The same; where a single one of them is a text of its own, with that one's vector, which
        a decision needs before they are stored. Without it while the model is not ready."""
        own = [one for one in passages if one.passage.end > one.passage.start]
        if len(own) != 1:
            return list(passages)
        try:
            (vector,) = await self._embedder.embed([own[0].passage.dense_text])
        except EmbedderUnavailable:
            return list(passages)
        return [replace(one, vector=vector) if one is own[0] else one for one in passages]

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
        return findable(self._graph, memory, problem, previous)


def findable(
    graph: SkillGraph,
    memory: Memory,
    problem: Problem | None = None,
    previous: Sequence[Memory] = (),
) -> tuple[Passage, ...]:
    """The passages of a memory, with one for what its problem is about.

    A memory of no problem that is titled like one of the catalogue is taken to be about that one.
    """
    subject = problem or _titled(memory)
    if subject is None:
        return passages_of(memory, previous=previous)
    skills = (graph[name].name for name in subject.skills if name in graph)
    names = " ".join((*subject.aliases, subject.difficulty, *skills))
    summary = summaries().get(subject.slug)
    about = f"{subject.title}. {summary}" if summary else f"{subject.title} {names}"
    return passages_of(memory, about=about, names=names if summary else "", previous=previous)


def _titled(memory: Memory) -> Problem | None:
    try:
        return catalogue().get(slugify(memory.title))
    except InvalidInput:
        return None
