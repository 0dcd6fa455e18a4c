"""How often memories answer, counted in memory and written behind, in batches.

Off the path of every read: counting is an addition, and a batch is written when it is full or the
coach closes. Losing one loses nothing that matters, so a store that is busy or cannot be written to
is not asked twice. No answer is derived from the counts (their weight in the ranking is zero).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.errors import CoachError

if TYPE_CHECKING:
    from db import Store

log = logging.getLogger(__name__)

BATCH = 100
"""Retrievals that are gathered before they are written."""

PATIENCE_SECONDS = 2.0
"""How long closing waits for the last batch."""


class Accesses:
    """Counts what is retrieved."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._pending: dict[UUID, Counter[UUID]] = {}
        self._gathered = 0
        self._writer: asyncio.Task[None] | None = None

    def note(self, learner: UUID, memories: Iterable[UUID]) -> None:
        """These memories answered a learner's question once more."""
        counter = self._pending.setdefault(learner, Counter())
        for memory in memories:
            counter[memory] += 1
            self._gathered += 1
        if self._gathered >= BATCH and (self._writer is None or self._writer.done()):
            self._writer = asyncio.create_task(self.flush())

    async def flush(self) -> None:
        """Writes what was gathered, one short transaction for each learner."""
        pending, self._pending, self._gathered = self._pending, {}, 0
        now = self._clock()
        for learner, times in pending.items():
            try:
                async with self._store.noting(learner) as uow:
                    await uow.retrievals.count(times, now)
            except CoachError as error:
                log.info("%d retrievals were not counted: %s", times.total(), error)

    async def aclose(self) -> None:
        """Writes what is left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                if self._writer is not None:
                    await self._writer
                await self.flush()
