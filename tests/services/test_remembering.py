"""Answers given twice: computed once for each learner, question and state of the record."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from db import Store
from maang_mcp.cache import InProcessCache
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.profile import Learner
from maang_mcp.services.answers.learner import Stats
from maang_mcp.services.remembering import Answers, Derived, Readings


class Computation:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> Stats:
        self.asked += 1
        return Stats(self.asked, 0, 0, 0, 0, 0)


@pytest.fixture
async def learner(store: Store) -> Learner:
    """Somebody who has written something once."""
    somebody = Learner.of(f"test-{uuid4()}")
    await _write(store, somebody)
    return somebody


@pytest.fixture
def answers(store: Store) -> Answers:
    return Answers(store, InProcessCache())


async def _write(store: Store, learner: Learner) -> None:
    async with store.writing(learner.id, learner.subject):
        pass


async def _erase(store: Store, learner: Learner) -> None:
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.learner.erase()


async def test_an_answer_is_computed_once(answers: Answers, learner: Learner) -> None:
    compute = Computation()
    first = await answers.remembered(learner, Stats, compute, "stats", 1)
    assert await answers.remembered(learner, Stats, compute, "stats", 1) == first
    assert compute.asked == 1


async def test_callers_at_the_same_time_share_one_computation(
    answers: Answers, learner: Learner
) -> None:
    compute = Computation()
    given = await asyncio.gather(
        *(answers.remembered(learner, Stats, compute, "stats") for _ in range(8))
    )
    assert compute.asked == 1
    assert set(given) == {given[0]}


async def test_another_learner_or_question_has_another_answer(
    answers: Answers, learner: Learner
) -> None:
    compute = Computation()
    other = Learner.of(f"other-{uuid4()}")
    for who, *shape in ((learner, "stats"), (other, "stats"), (learner, "stats", None)):
        await answers.remembered(who, Stats, compute, *shape)
    assert compute.asked == 3


async def test_a_write_puts_earlier_answers_out_of_reach(
    answers: Answers, store: Store, learner: Learner
) -> None:
    compute = Computation()
    for _ in range(3):
        await _write(store, learner)
        await answers.remembered(learner, Stats, compute, "stats")
    assert compute.asked == 3


async def test_a_write_that_failed_does_not(
    answers: Answers, store: Store, learner: Learner
) -> None:
    compute = Computation()
    await answers.remembered(learner, Stats, compute, "stats")
    with pytest.raises(InvalidInput):
        async with store.writing(learner.id, learner.subject):
            raise InvalidInput
    await answers.remembered(learner, Stats, compute, "stats")
    assert compute.asked == 1


async def test_somebody_elses_write_does_not(
    answers: Answers, store: Store, learner: Learner
) -> None:
    compute = Computation()
    other = Learner.of(f"other-{uuid4()}")
    await answers.remembered(learner, Stats, compute, "stats")
    await _write(store, other)
    await answers.remembered(learner, Stats, compute, "stats")
    assert compute.asked == 1


async def test_a_refusal_is_not_kept(answers: Answers, learner: Learner) -> None:
    async def refuse() -> Stats:
        raise InvalidInput

    with pytest.raises(InvalidInput):
        await answers.remembered(learner, Stats, refuse, "stats")
    assert (await answers.remembered(learner, Stats, Computation(), "stats")).attempts == 1


async def test_of_somebody_who_wrote_nothing_no_answer_is_kept(
    answers: Answers, store: Store, learner: Learner
) -> None:
    """The first write lands while the answer is computed; then everything is erased."""
    compute = Computation()

    async def overtaken() -> Stats:
        await _write(store, learner)
        return await compute()

    await _erase(store, learner)
    await answers.remembered(learner, Stats, overtaken, "stats")
    await _erase(store, learner)
    assert (await answers.remembered(learner, Stats, compute, "stats")).attempts == 2


async def test_an_answer_that_a_write_overtook_is_given_but_not_kept(
    store: Store, learner: Learner
) -> None:
    cache = InProcessCache()
    compute = Computation()

    async def overtaken() -> Stats:
        if not compute.asked:
            await _write(store, learner)
        return await compute()

    given = await Answers(store, cache).remembered(learner, Stats, overtaken, "stats")
    assert given.attempts == 2
    assert not cache._entries


async def test_an_answer_that_tells_what_it_was_read_of_is_kept_only_for_that(
    store: Store, learner: Learner
) -> None:
    cache = InProcessCache()
    compute = Computation()
    answers = Answers(store, cache)

    async def read() -> Derived[Stats]:
        readings = Readings(store, learner)
        async with readings.begin():
            pass
        if not compute.asked:
            await _write(store, learner)
            async with readings.begin():
                pass
        return Derived(await compute(), readings.generation)

    assert (await answers.remembered_as_read(learner, Stats, read, "stats")).attempts == 2
    assert not cache._entries
    assert (await answers.remembered_as_read(learner, Stats, read, "stats")).attempts == 3
    assert (await answers.remembered_as_read(learner, Stats, read, "stats")).attempts == 3
