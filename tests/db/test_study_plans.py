"""Study plans in the store: as they were made, the latest in force, beside what was done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError

from db import Store
from maang_mcp.app import Coach
from maang_mcp.domain.adherence import Done
from maang_mcp.domain.errors import CoachError
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.study_plan import StudyPlan
from tests.domain.candidates import candidate
from tests.factories import NOW, SteppingClock, report


def _plan(number: int = 2, **made: float) -> StudyPlan:

    return replace(candidate(number).plan(), id=uuid4(), made_at=NOW + timedelta(**made))


@pytest.mark.parametrize("number", range(5))
async def test_a_plan_comes_back_as_it_was_made(
    store: Store, learner: Learner, number: int
) -> None:
    plan = _plan(number)
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.plans.add(plan, request="digest", answer={"status": "made"})
    async with store.reading(learner.id) as uow:
        assert await uow.plans.latest() == plan
        assert await uow.plans.answered(plan.id) == ("digest", {"status": "made"})
        assert await uow.plans.answered(uuid4()) is None


async def test_the_plan_made_last_is_in_force(store: Store, learner: Learner) -> None:
    newest, older = _plan(days=2), _plan(days=1)
    for plan in (newest, older):
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.plans.add(plan, request="", answer={})
    async with store.reading(learner.id) as uow:
        assert await uow.plans.latest() == newest


async def test_a_replaced_plan_comes_back_as_far_as_it_was_in_force(
    store: Store, learner: Learner
) -> None:
    first = _plan(days=1)
    weeks = [week.starts_on for week in first.weeks]
    second = replace(_plan(days=2), starts_on=weeks[1])
    third = replace(_plan(days=3), starts_on=weeks[2])
    async with store.reading(learner.id) as uow:
        assert await uow.plans.replaced() == []
    for plan in (third, first, second):
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.plans.add(plan, request="", answer={})
    async with store.reading(learner.id) as uow:
        assert await uow.plans.replaced() == [
            replace(first, weeks=first.weeks[:2]),
            replace(second, weeks=second.weeks[:3]),
        ]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
async def test_a_plan_at_hand_is_the_latest_with_what_was_done_since_it_began(
    coach: Coach, store: Store, learner: Learner, clock: SteppingClock, zone: str
) -> None:
    async with store.reading(learner.id) as uow:
        assert await uow.plans.at_hand(NOW.date(), UTC) is None
    plan = replace(_plan(days=1), starts_on=NOW.date())
    for one in (plan, _plan()):
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.plans.add(one, request="", answer={})
    async with store.reading(learner.id) as uow:
        assert await uow.plans.at_hand(plan.weeks[1].ends_on, ZoneInfo(zone)) == (
            replace(plan, weeks=plan.weeks[:2]),
            [],
        )
    clock.at = NOW - timedelta(hours=60)
    problems = ("two-sum", "3sum", "coin-change", "4sum", "two-sum", "jump-game")
    for n, problem in enumerate(problems):
        await coach.practice.record_attempt(
            learner, report(problem, minutes=10.5 * n if n else None)
        )
        clock.forward(hours=14)
    since = datetime.combine(NOW.date(), time(), ZoneInfo(zone))
    async with store.reading(learner.id) as uow:
        found = await uow.plans.at_hand(NOW.date(), ZoneInfo(zone))
        done = await uow.plans.done(since, ZoneInfo(zone))
    assert found is not None
    assert found[1] == done
    assert [one.at for one in found[1]] == [one.at for one in done]
    assert 0 < len(done) < 6


async def test_an_id_is_used_once(store: Store, learner: Learner) -> None:
    plan = _plan()
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.plans.add(plan, request="", answer={})
    with pytest.raises((CoachError, IntegrityError)):
        async with store.writing(learner.id, learner.subject) as uow:
            await uow.plans.add(plan, request="", answer={})


async def test_what_was_done_is_told_by_the_days_of_the_learners_zone(
    coach: Coach, store: Store, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report("two-sum"))
    clock.forward(hours=1)
    await coach.practice.record_attempt(learner, report("3sum", minutes=25))
    async with store.reading(learner.id) as uow:
        here = await uow.plans.done(NOW, UTC)
        there = await uow.plans.done(NOW, ZoneInfo("Pacific/Auckland"))
        later = await uow.plans.done(NOW + timedelta(minutes=1), UTC)
    today, tomorrow = NOW.date(), NOW.date() + timedelta(days=1)
    assert here == [Done(today, "two-sum"), Done(today, "3sum", 25)]
    assert [one.day for one in there] == [tomorrow, tomorrow]
    assert later == here[1:]
