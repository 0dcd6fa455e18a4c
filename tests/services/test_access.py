"""Counts of what answered: written behind, in batches, and never in anybody's way."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import InProcessCache
from maang_mcp.domain.errors import StoreUnavailable
from maang_mcp.domain.profile import Learner
from maang_mcp.services.access import BATCH, Accesses
from maang_mcp.services.requests import Note, Question
from tests.factories import HashEmbedder, Ids, SteppingClock


async def _kept(coach: Coach, learner: Learner) -> UUID:
    answer = await coach.memories.remember(learner, Note("Shrink the window."))
    return UUID(answer.memory_id)


async def _times(store: Store, learner: Learner, memory: UUID) -> int:
    async with store.reading(learner.id) as uow:
        return await uow.retrievals.times(memory)


async def test_answers_are_counted_when_the_batch_is_written(
    coach: Coach, learner: Learner, store: Store
) -> None:
    memory = await _kept(coach, learner)
    for _ in range(2):
        for _ in range(3):
            await coach.memories.retrieve_context(learner, Question("window"))
        await coach.accesses.flush()
    assert await _times(store, learner, memory) == 6
    assert (await coach.memories.show(learner, memory)).retrieved == 6


async def test_a_full_batch_is_written_in_the_background(
    store: Store, coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    memory = await _kept(coach, learner)
    accesses = Accesses(store, clock)
    accesses.note(learner.id, [memory] * (BATCH - 1))
    assert await _times(store, learner, memory) == 0
    accesses.note(learner.id, [memory])
    await accesses.aclose()
    assert await _times(store, learner, memory) == BATCH


async def test_a_cached_answer_counts_and_stays_cached(
    store: Store, learner: Learner, embedder: HashEmbedder, clock: SteppingClock
) -> None:
    cache = InProcessCache()
    coach = wire(store, cache, embedder, clock, Ids())
    memory = await _kept(coach, learner)
    for _ in range(3):
        await coach.memories.retrieve_context(learner, Question("window"))
        await coach.accesses.flush()
    assert cache.counts.hits == 2
    assert await _times(store, learner, memory) == 3
    await coach.backlog.aclose()


async def test_what_was_erased_meanwhile_is_not_counted(
    coach: Coach, learner: Learner, store: Store
) -> None:
    memory = await _kept(coach, learner)
    other = Learner.of(f"other-{uuid4()}")
    coach.accesses.note(learner.id, [memory, uuid4()])
    coach.accesses.note(other.id, [memory])
    await coach.erasure.forget(learner, "memory", memory, "")
    await coach.accesses.flush()
    assert await _times(store, learner, memory) == await _times(store, other, memory) == 0


async def test_a_store_that_cannot_be_written_to_loses_the_batch_and_nothing_else(
    learner: Learner, clock: SteppingClock, caplog: pytest.LogCaptureFixture
) -> None:
    class Closed:
        def noting(self, learner: UUID) -> object:
            raise StoreUnavailable

    caplog.set_level("INFO")
    accesses = Accesses(Closed(), clock)  # type: ignore[arg-type]  # a store that only refuses
    accesses.note(learner.id, [uuid4()])
    await accesses.aclose()
    assert "1 retrievals were not counted" in caplog.text


async def test_counts_change_no_ranking(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    kept = [await _kept(coach, learner)]
    clock.at += timedelta(seconds=1)
    other = await coach.memories.remember(learner, Note("Shrink the heap window."))
    before = await coach.memories.retrieve_context(learner, Question("window", explain=True))
    coach.accesses.note(learner.id, [UUID(other.memory_id), *kept] * 500)
    await coach.accesses.aclose()
    assert (
        await coach.memories.retrieve_context(learner, Question("window", explain=True)) == before
    )
