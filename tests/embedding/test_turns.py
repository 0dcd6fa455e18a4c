"""Who asks the model next."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from maang_mcp.embedding.turns import PATIENCE, Turns, Urgency

QUESTION, WRITE, BACKGROUND = Urgency


async def _served(turns: Turns, arriving: Sequence[Urgency]) -> list[int]:
    """The order in which those who arrive while the model is busy get their turn."""
    order: list[int] = []

    async def ask(place: int, urgency: Urgency) -> None:
        async with turns.take(urgency):
            order.append(place)

    async with asyncio.TaskGroup() as group, turns.take(BACKGROUND):
        for place, urgency in enumerate(arriving):
            group.create_task(ask(place, urgency))
        await asyncio.sleep(0)  # all of them stand in line
        assert order == []
    return order


async def test_questions_come_before_writes_and_both_before_the_background() -> None:
    assert await _served(Turns(), [BACKGROUND, WRITE, QUESTION]) == [2, 1, 0]


async def test_who_goes_on_right_away_is_not_overtaken_by_the_less_urgent() -> None:
    turns, order = Turns(), list[Urgency]()

    async def ask(urgency: Urgency) -> None:
        for _ in range(2):
            async with turns.take(urgency):
                order.append(urgency)

    async with asyncio.TaskGroup() as group, turns.take(QUESTION):
        group.create_task(ask(BACKGROUND))
        group.create_task(ask(WRITE))
        await asyncio.sleep(0)
    assert order == [WRITE, WRITE, BACKGROUND, BACKGROUND]


@pytest.mark.parametrize("urgency", Urgency)
async def test_among_equals_the_first_comes_first(urgency: Urgency) -> None:
    assert await _served(Turns(), [urgency] * 4) == [0, 1, 2, 3]


async def test_whoever_waits_longest_is_overtaken_so_many_times_and_no_more() -> None:
    order = await _served(Turns(), [BACKGROUND] + [QUESTION] * (PATIENCE + 3))
    assert order.index(0) == PATIENCE


async def test_the_patience_begins_anew_for_the_next() -> None:
    order = await _served(Turns(), [BACKGROUND, BACKGROUND] + [QUESTION] * (2 * PATIENCE + 2))
    assert (order.index(0), order.index(1)) == (PATIENCE, 2 * PATIENCE + 1)


async def test_who_gives_up_waiting_leaves_the_line() -> None:
    turns = Turns()

    async def ask() -> None:
        async with turns.take(QUESTION):
            raise AssertionError

    async with turns.take(BACKGROUND):
        waiting = asyncio.create_task(ask())
        await asyncio.sleep(0)
        waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await _served(turns, [WRITE]) == [0]


async def test_who_gives_up_just_as_the_turn_comes_hands_it_on() -> None:
    turns = Turns()

    async def ask() -> None:
        async with turns.take(QUESTION):
            raise AssertionError

    async with turns.take(BACKGROUND):
        waiting = asyncio.create_task(ask())
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    waiting.cancel()  # its turn has come, and it has not run since
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await _served(turns, [WRITE]) == [0]


async def test_a_failure_hands_the_turn_on() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="model"):
        async with turns.take(QUESTION):
            raise ValueError("model")
    assert await _served(turns, [WRITE]) == [0]
