"""Passages that were stored without a vector, embedded as soon as the model has time for them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import CoachError
from maang_mcp.domain.memory import PREVIOUS_TURNS, Memory
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import EmbeddedText, IndexedPassage
from maang_mcp.embedding import EmbedderState

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.embedding import Embedder

    from .indexing import Indexer

log = logging.getLogger(__name__)

BATCH = 64
"""Passages that are embedded and stored together."""

AT_HAND = 2_000
"""Passages whose texts are kept at hand until they are embedded: some megabytes. Of more the store
is asked which of them wait."""

CATCHING_UP_S = 0.5
"""How long a question waits for what was told just before it: for some fifty notes."""

Key = tuple[UUID, int]
"""A passage: its memory, and which of its chunks."""


@dataclass(slots=True)
class _Told:
    """What one learner told just now: texts to be embedded, and whether none is left."""

    texts: dict[Key, str] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Backlog:
    """Embeds passages in the background, right after they are stored.

    What was told just now is at hand and comes first; what waits since earlier, because the model
    was not there or a process ended, is found in the store, one learner after the other. Losing all
    this loses nothing: the passages are stored, full-text search finds them, and the next search
    counts those without a vector and puts their learner here again.
    """

    def __init__(
        self, store: Store, embedder: Embedder, indexer: Indexer, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._indexer = indexer
        self._catalogue = catalogue
        self._told: dict[Learner, _Told] = {}
        self._waiting: dict[Learner, None] = {}
        self._worker: asyncio.Task[None] | None = None

    def note(self, learner: Learner, passages: Iterable[IndexedPassage]) -> None:
        """Queues those of these passages that have no vector, once they are stored."""
        texts = {
            (entry.passage.memory_id, entry.passage.chunk): entry.passage.dense_text
            for entry in passages
            if entry.vector is None
        }
        if not texts:
            return
        if sum(len(told.texts) for told in self._told.values()) + len(texts) > AT_HAND:
            self.add(learner)
            return
        self._told.setdefault(learner, _Told()).texts.update(texts)
        self._start()

    def add(self, learner: Learner) -> None:
        """Queues a learner some of whose passages wait, as the store will tell."""
        self._waiting[learner] = None
        self._start()

    async def caught_up(self, learner: Learner) -> None:
        """Waits a little until what the learner told just now is embedded: a question about it
        finds it by its meaning. Nobody waits for a document, or for a model that is not there."""
        told = self._told.get(learner)
        if told is None or len(told.texts) > BATCH:
            return
        if self._embedder.status.state is EmbedderState.READY:
            with suppress(TimeoutError):
                await asyncio.wait_for(told.done.wait(), CATCHING_UP_S)

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
        known = await self._vectors({learner: [text for _, text in waiting]})
        return await self._store_vectors(learner, dict(waiting), known)

    async def drained(self) -> None:
        """Waits until nothing is queued."""
        if self._worker is not None:
            await self._worker

    async def aclose(self) -> None:
        """Stops working; what is left is found again later."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    def _start(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            await self._embedder.wait_ready()
            while self._told or self._waiting:
                if self._told:
                    await self._embed_told()
                    continue
                learner = next(iter(self._waiting))
                del self._waiting[learner]  # so that what is noted meanwhile is not missed
                if await self.embed_some(learner) is not None:
                    self._waiting[learner] = None  # there may be more, after the others' turn
        except CoachError as error:
            log.info("passages stay without vectors for now: %s", error)
        finally:
            for learner, told in self._told.items():
                self._waiting[learner] = None
                told.done.set()
            self._told.clear()

    async def _embed_told(self) -> None:
        batch = self._next_told()
        known = await self._vectors({one: list(texts.values()) for one, texts in batch.items()})
        for learner, texts in batch.items():
            await self._store_vectors(learner, texts, known)
            told = self._told.pop(learner)
            for key, text in texts.items():
                if told.texts.get(key) is text:
                    del told.texts[key]
            if told.texts:
                self._told[learner] = told  # behind the others
            else:
                told.done.set()

    def _next_told(self) -> dict[Learner, dict[Key, str]]:
        batch: dict[Learner, dict[Key, str]] = {}
        left = BATCH
        for learner, told in self._told.items():
            batch[learner] = dict(islice(told.texts.items(), left))
            left -= len(batch[learner])
            if not left:
                break
        return batch

    async def _vectors(
        self, wanted: Mapping[Learner, Sequence[str]]
    ) -> dict[tuple[Learner, str], Sequence[float]]:
        """The vector of each text: what the learner has on record word for word needs no model."""
        known: dict[tuple[Learner, str], Sequence[float]] = {}
        for learner, texts in wanted.items():
            async with self._store.reading(learner.id) as uow:
                found = await uow.vectors.of_texts(texts, self._embedder.identity)
            known |= {(learner, text): vector for text, vector in found.items()}
        asked = ((learner, text) for learner, texts in wanted.items() for text in texts)
        new = [one for one in dict.fromkeys(asked) if one not in known]
        vectors = await self._embedder.embed([text for _, text in new])
        return known | dict(zip(new, vectors, strict=True))

    async def _store_vectors(
        self,
        learner: Learner,
        texts: Mapping[Key, str],
        vectors: Mapping[tuple[Learner, str], Sequence[float]],
    ) -> int:
        """Stores the vectors of these passages; returns how many of them are still there."""
        by_passage = {
            key: EmbeddedText(text, vectors[learner, text]) for key, text in texts.items()
        }
        async with self._store.indexing(learner.id) as uow:
            return await uow.vectors.store(by_passage, self._embedder.identity)

    async def _next(self, learner: Learner) -> list[tuple[Key, str]]:
        async with self._store.reading(learner.id) as uow:
            waiting = await uow.vectors.waiting(self._embedder.identity, BATCH)
            own = {problem.slug: problem for problem in await uow.practice.custom_problems()}
            texts: list[tuple[Key, str]] = []
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
