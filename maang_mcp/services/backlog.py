"""Passages that were stored without a vector, embedded as soon as the model has time for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import CoachError, UnknownMemory
from maang_mcp.domain.memory import PREVIOUS_TURNS, Memory
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import EmbeddedText, IndexedPassage

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.embedding import Embedder

    from .indexing import Indexer

log = logging.getLogger(__name__)

BATCH = 64


class Backlog:
    """Learners whose passages wait for vectors, worked off one after the other in the background.

    Losing it loses nothing: the passages are stored, full-text search finds them, and the next
    search that meets one without a vector puts its learner here again.
    """

    def __init__(
        self, store: Store, embedder: Embedder, indexer: Indexer, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._indexer = indexer
        self._catalogue = catalogue
        self._waiting: dict[Learner, None] = {}
        self._worker: asyncio.Task[None] | None = None

    def note(self, learner: Learner, passages: Iterable[IndexedPassage]) -> None:
        """Queues the learner if any of these passages has no vector."""
        if any(entry.vector is None for entry in passages):
            self.add(learner)

    def add(self, learner: Learner) -> None:
        """Queues the learner, and starts working unless that is under way."""
        self._waiting[learner] = None
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def embed(self, learner: Learner) -> int:
        """Embeds what waits for this learner now; returns how many passages.

        Raises EmbedderUnavailable while the model is not ready.
        """
        done = 0
        while (embedded := await self.embed_some(learner)) is not None:
            done += embedded
        return done

    async def embed_some(self, learner: Learner) -> int | None:
        """Embeds one batch of what waits for this learner; None when nothing does."""
        waiting = await self._next(learner)
        if not waiting:
            return None
        known = await self._vectors(learner, [text for _, text in waiting])
        by_passage = {key: EmbeddedText(text, known[text]) for key, text in waiting}
        with suppress(UnknownMemory):
            async with self._store.writing(learner.id, learner.subject) as uow:
                embedded = await uow.vectors.store(by_passage, self._embedder.identity)
                if not embedded:  # all erased meanwhile: not even the learner comes back
                    raise UnknownMemory
            return embedded
        return 0

    async def drained(self) -> None:
        """Waits until nothing is queued."""
        if self._worker is not None:
            await self._worker

    async def aclose(self) -> None:
        """Stops working; what is left is found again later."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    async def _work(self) -> None:
        try:
            await self._embedder.wait_ready()
            while self._waiting:
                learner = next(iter(self._waiting))
                del self._waiting[learner]  # so that what is noted meanwhile is not missed
                done = await self.embed(learner)
                log.info("embedded %d passages that had waited", done)
        except CoachError as error:
            log.info("passages stay without vectors for now: %s", error)

    async def _vectors(self, learner: Learner, texts: Sequence[str]) -> dict[str, Sequence[float]]:
        """The vector of each text, by the model unless it is on record."""
        async with self._store.reading(learner.id) as uow:
            known = await uow.vectors.of_texts(texts, self._embedder.identity)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        return known | dict(zip(new, await self._embedder.embed(new), strict=True))

    async def _next(self, learner: Learner) -> list[tuple[tuple[UUID, int], str]]:
        async with self._store.reading(learner.id) as uow:
            waiting = await uow.vectors.waiting(self._embedder.identity, BATCH)
            own = {problem.slug: problem for problem in await uow.practice.custom_problems()}
            texts: list[tuple[tuple[UUID, int], str]] = []
            for memory, group in groupby(waiting, key=lambda entry: entry.memory):
                entries = list(group)
                previous: Sequence[Memory] = ()
                if memory.conversation is not None and memory.position is not None:
                    previous = await uow.memory.previous_turns(
                        memory.conversation, memory.position, PREVIOUS_TURNS
                    )
                name = memory.problem or ""
                problem = self._catalogue.get(name) or own.get(name)
                spans = [entry.span for entry in entries]
                dense = self._indexer.dense_texts(memory, spans, problem, previous)
                keys = [(memory.id, entry.chunk) for entry in entries]
                texts.extend(zip(keys, dense, strict=True))
        return texts
