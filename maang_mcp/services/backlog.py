"""Passages that were stored without a vector, embedded as soon as the model has time for them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import CoachError
from maang_mcp.domain.memory import PREVIOUS_TURNS, Memory
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import EmbeddedText, IndexedPassage
from maang_mcp.embedding import EmbedderState

from . import batches
from .batches import Key, Told, Waiting, some

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.embedding import Embedder

    from .indexing import Indexer

log = logging.getLogger(__name__)

AT_HAND = 2_000
"""Passages whose texts are kept at hand until they are embedded: some megabytes. Of more the store
is asked which of them wait."""

CATCHING_UP_S = 0.5
"""How long a question waits for what was told just before it: for some fifty notes."""

REST_S = 30.0
"""How long nothing is tried after a failure, unless the model has come meanwhile."""


class Backlog:
    """Embeds passages in the background, right after they are stored.

    What was told just now is at hand and comes first, the shorter and the later telling before the
    others; what waits since earlier, because the model was not there or a process ended, is found
    in the store, one learner after the other. Losing all this loses nothing, and after a failure it
    is let go: the passages are stored, full-text search finds them, and the next search counts
    those without a vector and puts their learner here again.
    """

    def __init__(
        self, store: Store, embedder: Embedder, indexer: Indexer, catalogue: Catalogue
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._indexer = indexer
        self._catalogue = catalogue
        self._told: dict[Learner, Told] = {}
        self._waiting: dict[Learner, None] = {}
        self._worker: asyncio.Task[None] | None = None
        self._closed = False
        self._rest_ends = 0.0
        self._rested_in: EmbedderState | None = None

    def note(
        self, learner: Learner, passages: Iterable[IndexedPassage], recorded_at: datetime
    ) -> None:
        """Queues those of these passages that have no vector, once they are stored."""
        texts = {
            (entry.passage.memory_id, entry.passage.chunk): Waiting(
                entry.passage.dense_text, recorded_at
            )
            for entry in passages
            if entry.vector is None
        }
        if not texts or self._rests:
            return
        if sum(len(told.texts) for told in self._told.values()) + len(texts) > AT_HAND:
            self.add(learner)
            return
        self._told.setdefault(learner, Told()).texts.update(texts)
        self._start()

    def add(self, learner: Learner) -> None:
        """Queues a learner some of whose passages wait, as the store will tell."""
        if not self._rests:
            self._waiting[learner] = None
            self._start()

    async def caught_up(self, learner: Learner) -> None:
        """Waits a little until what the learner told just now is embedded: a question about it
        finds it by its meaning. Nobody waits for a document, or for a model that is not there."""
        told = self._told.get(learner)
        if told is None or len(told.texts) > batches.BATCH:
            return
        if self._embedder.status.state is EmbedderState.READY:
            with suppress(TimeoutError):
                await asyncio.wait_for(told.done.wait(), CATCHING_UP_S)

    async def catches_up(self, learner: Learner, waiting: int) -> bool:
        """Queues a learner of whom so many passages wait, and waits a little, unless they are many,
        until that is done: a process may have ended before it came to it. Whether it was."""
        self.add(learner)
        if waiting > batches.BATCH or self._rests or self._worker is None:
            return False
        if self._embedder.status.state is EmbedderState.READY:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._worker), CATCHING_UP_S)
                return True
        return False

    async def embed_some(
        self, learner: Learner, between: Callable[[], Awaitable[None]] | None = None
    ) -> int | None:
        """Embeds some of what waits for this learner, and returns how many passages that were, None
        when nothing waits; what is more urgent may be done `between`.

        Raises EmbedderUnavailable while the model is not ready.
        """
        waiting = await self._next(learner)
        if not waiting:
            return None
        embedded = 0
        while waiting:
            part = some((key, text) for key, text in waiting.items())
            known = await self._vectors({learner: [text.text for text in part.values()]})
            embedded += await self._store_vectors(learner, part, known)
            waiting = {key: text for key, text in waiting.items() if key not in part}
            if between is not None:
                await between()
        return embedded

    async def drained(self) -> None:
        """Waits until nothing is queued."""
        if self._worker is not None:
            await asyncio.shield(self._worker)

    async def aclose(self) -> None:
        """Stops working for good; what is left is found again later."""
        self._closed = True
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)

    @property
    def _rests(self) -> bool:
        if self._closed:
            return True
        same = self._rested_in is self._embedder.status.state
        return same and time.monotonic() < self._rest_ends

    def _start(self) -> None:
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        try:
            await self._embedder.wait_ready()
            while self._told or self._waiting:
                await self._embed_told()
                await self._embed_waiting()
        except CoachError as error:
            log.info("passages stay without vectors for now: %s", error)
            self._rest()
        except Exception:
            log.exception("passages stay without vectors for now")
            self._rest()
        finally:
            for told in self._told.values():
                told.done.set()
            self._told.clear()
            self._waiting.clear()

    def _rest(self) -> None:
        self._rest_ends = time.monotonic() + REST_S
        self._rested_in = self._embedder.status.state

    async def _embed_waiting(self) -> None:
        if not self._waiting:
            return
        learner = next(iter(self._waiting))
        del self._waiting[learner]  # so that what is noted meanwhile is not missed
        if await self.embed_some(learner, self._embed_told) is not None:
            self._waiting[learner] = None  # there may be more, after the others' turn

    async def _embed_told(self) -> None:
        batch = self._next_told()
        known = await self._vectors(
            {one: [text.text for text in texts.values()] for one, texts in batch.items()}
        )
        failed: CoachError | None = None
        for learner, texts in batch.items():
            try:
                await self._store_vectors(learner, texts, known)
            except CoachError as error:  # the others' are not lost with it
                failed = error
            told = self._told[learner]
            for key, text in texts.items():
                if told.texts[key] is text:  # and not told anew meanwhile
                    del told.texts[key]
            if not told.texts:
                del self._told[learner]
                told.done.set()
        if failed is not None:
            raise failed

    def _next_told(self) -> dict[Learner, dict[Key, Waiting]]:
        shorter_first = sorted(self._told.items(), key=lambda entry: len(entry[1].texts))
        chosen = some(
            ((learner, key), text)
            for learner, told in shorter_first
            for key, text in reversed(told.texts.items())
        )
        batch: dict[Learner, dict[Key, Waiting]] = {}
        for (learner, key), text in chosen.items():
            batch.setdefault(learner, {})[key] = text
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
        if not new:
            return known
        vectors = await self._embedder.embed([text for _, text in new])
        return known | dict(zip(new, vectors, strict=True))

    async def _store_vectors(
        self,
        learner: Learner,
        texts: Mapping[Key, Waiting],
        vectors: Mapping[tuple[Learner, str], Sequence[float]],
    ) -> int:
        """Stores the vectors of these passages; returns how many of them are still there."""
        by_passage = {
            key: EmbeddedText(one.text, vectors[learner, one.text], one.recorded_at)
            for key, one in texts.items()
        }
        async with self._store.indexing(learner.id) as uow:
            return await uow.vectors.store(by_passage, self._embedder.identity)

    async def _next(self, learner: Learner) -> dict[Key, Waiting]:
        texts: dict[Key, Waiting] = {}
        async with self._store.reading(learner.id) as uow:
            waiting = await uow.vectors.waiting(self._embedder.identity, batches.BATCH)
            own = {problem.slug: problem for problem in await uow.practice.custom_problems()}
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
                for entry, text in zip(entries, dense, strict=True):
                    texts[memory.id, entry.chunk] = Waiting(text, entry.recorded_at)
        return texts
