"""Making a memory findable: its passages, and vectors for the first of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

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
    from db import Store
    from maang_mcp.embedding import Embedder

AT_ONCE = 6
"""Passages of a memory that are embedded before it is stored: 0.16 s of full ones (26 ms each on
two cores), and all of nearly every note. Of 195 KB there are more than two hundred."""


Subject = tuple[Memory, Problem | None, Sequence[Memory]]


class Indexer:
    """Cuts memories into passages and embeds them, before a transaction begins.

    Neither a model that is still loading nor a long text holds up a write: a passage is stored
    without its vector then and embedded later (`Backlog`); full-text search finds it meanwhile.
    What the learner has on record word for word needs no model: a retry, the same import again, the
    statement of a problem that was attempted before.
    """

    def __init__(self, embedder: Embedder, graph: SkillGraph, store: Store) -> None:
        self._embedder = embedder
        self._graph = graph
        self._store = store

    @property
    def identity(self) -> str:
        """Which embedder the vectors are from."""
        return self._embedder.identity

    async def index(
        self,
        memory: Memory,
        problem: Problem | None = None,
        previous: Sequence[Memory] = (),
        *,
        learner: UUID | None = None,
    ) -> list[IndexedPassage]:
        """The passages of a memory, ready to be stored; of a `learner` who is named, vectors of
        the same texts are used again."""
        (indexed,) = await self.index_all([(memory, problem, previous)], learner=learner)
        return indexed

    async def index_all(
        self,
        subjects: Sequence[Subject],
        *,
        learner: UUID | None = None,
        at_once: int | None = None,
    ) -> list[list[IndexedPassage]]:
        """The same for several memories, each with its problem and the turns before it, embedded
        together. Beyond the first `at_once` of them, all unless it is told, the passages wait."""
        cut = [self.passages(*subject) for subject in subjects]
        urgent = [one.dense_text for passages in cut[:at_once] for one in passages[:AT_ONCE]]
        texts = [one.dense_text for passages in cut[:at_once] for one in passages]
        vectors = await self._on_record(learner, texts)
        new = [text for text in dict.fromkeys(urgent) if text not in vectors]
        with suppress(EmbedderUnavailable):
            vectors |= zip(new, await self._embedder.embed(new), strict=True)
        return [[IndexedPassage(one, vectors.get(one.dense_text)) for one in each] for each in cut]

    async def _on_record(
        self, learner: UUID | None, texts: Sequence[str]
    ) -> dict[str, Sequence[float]]:
        if learner is None:
            return {}
        async with self._store.reading(learner) as uow:
            return await uow.vectors.of_texts(texts, self.identity)

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
