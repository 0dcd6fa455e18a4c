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


class Answers:
    """A cache keyed by learner, generation and everything that shapes the answer.

    The generation is read from the store, where it is counted in the very transaction of each
    write: an older answer cannot be found any more once the write is visible.
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
        async with self._store.reading(learner.id) as uow:
            generation = uow.generation
        written = adapter(kind)
        return await cached(
            self._cache,
            cache_key(str(learner.id), generation, *shape),
            FRESH,
            compute,
            written.dump_json,
            written.validate_json,
        )
