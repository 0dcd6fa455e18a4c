"""Answers that may be given twice: cached for as long as nothing was written."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from maang_mcp.cache import cache_key, cached
from maang_mcp.domain.profile import Learner

from .receipts import adapter

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.cache import Cache

Answer = TypeVar("Answer")
FRESH = timedelta(minutes=5)


class _Overtaken(Exception):
    """A write landed while the answer was computed: it may be of an earlier state or a later."""


class Answers:
    """A cache keyed by learner, generation and everything that shapes the answer.

    The generation is read from the store, where it is counted in the very transaction of each
    write: an older answer cannot be found any more once the write is visible. An answer is kept
    only if the generation was the same before and after, so it is of that generation. Of nobody
    nothing is kept: zero is the one generation that returns, whenever everything is erased.
    """

    def __init__(self, store: Store, cache: Cache) -> None:
        self._store = store
        self._cache = cache

    async def remembered(
        self,
        learner: Learner,
        kind: type[Answer],
        compute: Callable[[], Awaitable[Answer]],
        *shape: object,
    ) -> Answer:
        """The answer from the cache, or computed now."""
        generation = await self._generation(learner)
        if generation == 0:
            return await compute()

        async def compute_undisturbed() -> Answer:
            answer = await compute()
            if await self._generation(learner) != generation:
                raise _Overtaken
            return answer

        written = adapter(kind)
        try:
            return await cached(
                self._cache,
                cache_key(str(learner.id), generation, *shape),
                FRESH,
                compute_undisturbed,
                written.dump_json,
                written.validate_json,
            )
        except _Overtaken:
            return await compute()

    async def _generation(self, learner: Learner) -> int:
        async with self._store.reading(learner.id) as uow:
            return uow.generation
