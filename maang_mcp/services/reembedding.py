"""Moving a store to another model without a moment in which search knows no meaning.

1. `run` with the new model, while servers go on with the old one: each passage gets a vector of the
   new model beside the one it has. Servers notice nothing.
2. The servers are started anew with the new setting, one after the other if there are several: each
   finds the vectors of its own model complete. What an old one writes meanwhile a new one embeds at
   the next search, and the other way round.
3. `finish`, once no server is left on the old model: the new vectors take the place of the old.

Every step is made of short transactions of one learner each, and what is done is told by the store
alone: whoever is stopped, at any moment and by any means, begins again where that was. Two may run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maang_mcp.domain.errors import Rejected, UnknownMemory
from maang_mcp.domain.profile import Learner

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.embedding import Embedder

    from .backlog import Backlog

ADOPTED_AT_ONCE = 256
"""Passages in one transaction of `finish`: some 50 ms for which that learner's writes wait."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Passages embedded so far, and how many there were to be."""

    done: int
    total: int


class Reembedding:
    """All learners' passages, embedded by the configured model."""

    def __init__(self, store: Store, embedder: Embedder, backlog: Backlog) -> None:
        self._store = store
        self._embedder = embedder
        self._backlog = backlog

    async def everybody(self) -> list[Learner]:
        """All who have anything on record. Raises Rejected where the account may not know."""
        known = await self._store.learners()
        if known is None:
            raise Rejected(
                "Row-level security hides from this database account who the learners are.",
                hint="Name one with --learner, or use an account that bypasses row-level security.",
            )
        return [Learner(id, subject) for id, subject in known]

    async def run(
        self, learners: Sequence[Learner], report: Callable[[Advance], None] = lambda _: None
    ) -> int:
        """Embeds every passage that lacks a vector of this model; returns how many that were.

        What is written meanwhile by a server of another model is looked for until nothing is left.
        Raises EmbedderUnavailable when the model cannot be had.
        """
        await self._embedder.wait_ready()
        done = 0
        while waiting := await self._waiting(learners):
            total = done + sum(waiting.values())
            for learner in waiting:
                while (embedded := await self._backlog.embed_some(learner)) is not None:
                    done += embedded
                    report(Advance(done, max(total, done)))
        return done

    async def finish(self, learners: Sequence[Learner]) -> int:
        """Makes this model the first one of all these learners' passages and forgets the vectors
        of others; returns how many passages that changed. A passage without a vector of this model
        keeps those it has."""
        changed = 0
        for learner in learners:
            while step := await self._adopt(learner):
                changed += step
        return changed

    async def _waiting(self, learners: Sequence[Learner]) -> dict[Learner, int]:
        counts = {}
        for learner in learners:
            async with self._store.reading(learner.id) as uow:
                counts[learner] = await uow.vectors.count_waiting(self._embedder.identity)
        return {learner: count for learner, count in counts.items() if count}

    async def _adopt(self, learner: Learner) -> int:
        with suppress(UnknownMemory):
            async with self._store.writing(learner.id, learner.subject) as uow:
                adopted = await uow.vectors.adopt(
                    self._embedder.identity, self._embedder.dimensions, ADOPTED_AT_ONCE
                )
                if not adopted:  # nothing was written, then: nobody is put on record by asking
                    raise UnknownMemory
            return adopted
        return 0
