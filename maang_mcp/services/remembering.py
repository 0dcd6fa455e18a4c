"""Answers that may be given twice: cached for as long as nothing was written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from maang_mcp.cache import cache_key, cached
from maang_mcp.domain.profile import Learner

from .receipts import adapter

if TYPE_CHECKING:
    from db import Store, UnitOfWork
    from maang_mcp.cache import Cache

Answer = TypeVar("Answer")
FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Derived(Generic[Answer]):
    """An answer, and of which generation it is: None when a write came between its parts. One that
    is `passing` will be another soon though nothing is written, and is not kept."""

    answer: Answer
    generation: int | None
    passing: bool = False


class _Passing(Exception):
    """Carries an answer that is not to be kept past those who would keep it."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer


class _Overtaken(Exception):
    """A write landed while the answer was computed: it may be of an earlier state or a later."""


class Readings:
    """The units of work that one answer is read by."""

    def __init__(self, store: Store, learner: Learner) -> None:
        self._store = store
        self._learner = learner
        self._generations: set[int] = set()

    @asynccontextmanager
    async def begin(self, *, plan_once: bool = False) -> AsyncIterator[UnitOfWork]:
        """One more of them; see `Store.reading`."""
        async with self._store.reading(self._learner.id, plan_once=plan_once) as uow:
            self._generations.add(uow.generation)
            yield uow

    @property
    def generation(self) -> int | None:
        """The generation they all saw; None when a write came between them."""
        return next(iter(self._generations)) if len(self._generations) == 1 else None


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

        async def compute_and_look_again() -> Derived[Answer]:
            return Derived(await compute(), await self._store.generation(learner.id))

        return await self.remembered_as_read(learner, kind, compute_and_look_again, *shape)

    async def remembered_as_read(
        self,
        learner: Learner,
        kind: type[Answer],
        compute: Callable[[], Awaitable[Derived[Answer]]],
        *shape: object,
    ) -> Answer:
        """The same where the computation tells the generation of what it read: then nobody has to
        look again."""
        generation = await self._store.generation(learner.id)
        if generation == 0:
            return (await compute()).answer

        async def compute_undisturbed() -> Answer:
            derived = await compute()
            if derived.passing:
                raise _Passing(derived.answer)
            if derived.generation != generation:
                raise _Overtaken
            return derived.answer

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
        except _Passing as passing:
            return cast("Answer", passing.answer)
        except _Overtaken:
            return (await compute()).answer
