"""Running a candidate's code: what is run, what is kept of it, and what it does to an interview."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import pytest

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.content.questions import questions
from maang_mcp.domain.checking import CheckReport
from maang_mcp.domain.code_task import CodeTask
from maang_mcp.domain.errors import InvalidInput, StaleWrite, UnknownInterview
from maang_mcp.domain.interview import Status
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.solution_check import SolutionCheck
from maang_mcp.sandbox import Sandbox
from maang_mcp.services.requests import Plan, Step
from tests.factories import HashEmbedder, Ids, SteppingClock
from tests.lives import SAID, scorecard

ASKED = "quiet-carriage"
TASK = questions()[ASKED].code
assert TASK is not None
RIGHT = TASK.solutions[0].code
WRONG = TASK.wrong[0].code


@pytest.fixture
async def checked(
    store: Store, embedder: HashEmbedder, clock: SteppingClock
) -> AsyncIterator[Coach]:
    coach = wire(store, NoCache(), embedder, clock, Ids())
    yield coach
    await coach.backlog.aclose()
    await coach.sandbox.aclose()


async def begun(coach: Coach, learner: Learner) -> UUID:
    started = await coach.interviews.start(learner, Plan(question=ASKED, minutes=45))
    id = UUID(started.interview_id)
    await coach.interviews.step(learner, Step(id, "How would you begin?", SAID))
    return id


async def kept(coach: Coach, learner: Learner, interview: UUID) -> SolutionCheck | None:
    async with coach.store.reading(learner.id) as uow:
        return await uow.checks.latest(interview)


# --- What is run.


@pytest.mark.parametrize("fence", ["```python", "```", "  ```py ", "````python3"])
async def test_a_fence_around_the_code_is_no_part_of_it(
    checked: Coach, learner: Learner, fence: str
) -> None:
    for code in (f"{fence}\n{RIGHT}```", f"\n{fence}\n{RIGHT}\n```\n\n", f"{fence}\n{RIGHT}"):
        told = await checked.checking.check(learner, code, None, ASKED)
        assert (told.verified, told.failed) == (True, 0), code
    bad = await checked.checking.check(learner, f"{fence}\ndef (:\n```", None, ASKED)
    assert "(line 2)" in bad.status
    with pytest.raises(InvalidInput, match="no code"):
        await checked.checking.check(learner, f"{fence}\n```", None, ASKED)


async def test_code_that_fails_fails_whatever_stands_beside_it(
    checked: Coach, learner: Learner
) -> None:
    rider = (
        "\nclass T:\n    def __bool__(self): return False\nimport numpy as np\nx = np.zeros(1)\n"
    )
    alone = await checked.checking.check(learner, WRONG, None, ASKED)
    told = await checked.checking.check(learner, WRONG + rider, None, ASKED)
    assert replace(told, visible=[]) == replace(alone, visible=[])
    assert told.failed >= 1
    assert told.verified


# --- What it does to an interview.


async def test_running_code_moves_the_clock(
    checked: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await begun(checked, learner)
    for minutes in (20, 40):
        clock.forward(minutes=20)
        told = await checked.checking.check(learner, RIGHT, id, None)
        assert told.clock is not None
        assert (told.clock.elapsed, told.clock.left) == (minutes, 45 - minutes)
        assert "over" not in told.status
        assert told.next_actions == ["interview_step", "finish_interview"]
    clock.forward(minutes=20)
    told = await checked.checking.check(learner, RIGHT, None, None)
    assert told.clock is not None
    assert told.clock.left == 0
    assert told.status.endswith("The interview's time is over: finish it.")
    stepped = await checked.interviews.step(learner, Step(id, candidate="Done."))
    assert stepped.clock.elapsed == 60


async def test_code_outside_an_interview_has_no_clock(checked: Coach, learner: Learner) -> None:
    told = await checked.checking.check(learner, RIGHT, None, ASKED)
    assert told.clock is None
    assert told.next_actions == ["record_attempt"]
    id = await begun(checked, learner)
    other = next(slug for slug, one in questions().items() if one.code and slug != ASKED)
    told = await checked.checking.check(learner, RIGHT, None, other)
    assert told.clock is None
    assert await kept(checked, learner, id) is None


async def test_code_run_in_a_break_is_kept_and_the_clock_stands(
    checked: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await begun(checked, learner)
    clock.forward(minutes=5)
    await checked.interviews.step(learner, Step(id, action="pause"))
    clock.forward(minutes=10)
    told = await checked.checking.check(learner, RIGHT, id, None)
    assert told.clock is not None
    assert told.clock.elapsed == 5
    assert await kept(checked, learner, id) is not None


async def test_code_of_an_interview_that_is_over_is_run_and_not_kept(
    checked: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await begun(checked, learner)
    await checked.grading.finish(learner, scorecard(id, 3))
    told = await checked.checking.check(learner, RIGHT, id, None)
    assert "over (finished): this run does not count in it" in told.status
    assert told.failed == 0
    assert told.next_actions == ["next_problem", "start_interview"]
    assert await kept(checked, learner, id) is None
    left = await begun(checked, learner)
    clock.forward(hours=40)
    told = await checked.checking.check(learner, RIGHT, left, None)
    assert "over (expired)" in told.status
    assert told.next_actions == ["record_attempt", "start_interview"]


class Meanwhile(Sandbox):
    """Something else happens while the code is run."""

    def __init__(self) -> None:
        super().__init__()
        self.happens = asyncio.Event()
        self.goes_on = asyncio.Event()

    async def check(self, task: CodeTask, code: str, *, learner: UUID | None = None) -> CheckReport:
        self.happens.set()
        await self.goes_on.wait()
        return await super().check(task, code, learner=learner)


@pytest.fixture
async def slow(checked: Coach) -> AsyncIterator[Meanwhile]:
    sandbox = Meanwhile()
    checked.checking._sandbox = sandbox
    yield sandbox
    await sandbox.aclose()


async def test_a_check_that_ends_after_the_interview_is_not_kept(
    checked: Coach, learner: Learner, slow: Meanwhile
) -> None:
    id = await begun(checked, learner)
    running = asyncio.create_task(checked.checking.check(learner, WRONG, id, None))
    await slow.happens.wait()
    await checked.grading.finish(learner, scorecard(id, 3))
    slow.goes_on.set()
    told = await running
    assert "over (finished)" in told.status
    assert await kept(checked, learner, id) is None
    async with checked.store.reading(learner.id) as uow:
        held = await uow.interview.get(id)
    assert held is not None
    assert held.status is Status.FINISHED


async def test_an_interview_erased_during_a_check_is_not_brought_back(
    checked: Coach, learner: Learner, slow: Meanwhile
) -> None:
    id = await begun(checked, learner)
    running = asyncio.create_task(checked.checking.check(learner, WRONG, id, None))
    await slow.happens.wait()
    await checked.erasure.forget(learner, "interview", id, "")
    slow.goes_on.set()
    with pytest.raises(UnknownInterview, match="erased"):
        await running
    assert await kept(checked, learner, id) is None


async def test_a_step_during_a_check_keeps_neither_from_the_record(
    checked: Coach, learner: Learner, slow: Meanwhile, clock: SteppingClock
) -> None:
    id = await begun(checked, learner)
    running = asyncio.create_task(checked.checking.check(learner, WRONG, id, None))
    await slow.happens.wait()
    clock.forward(minutes=1)
    await checked.interviews.step(learner, Step(id, candidate="While it runs, I trace a case."))
    slow.goes_on.set()
    await running
    assert await kept(checked, learner, id) is not None
    assert len((await checked.interviews.show(learner, id)).turns) == 3


async def test_a_check_raises_the_version_of_its_interview(
    checked: Coach, learner: Learner
) -> None:
    """So that a verdict which did not see it is not written."""
    id = await begun(checked, learner)
    async with checked.store.reading(learner.id) as uow:
        before = await uow.interview.get(id)
    assert before is not None
    await checked.checking.check(learner, WRONG, id, None)
    with pytest.raises(StaleWrite):
        async with checked.store.writing(learner.id, learner.subject) as uow:
            await uow.interview.save(
                replace(before, version=before.version + 1), before=before.version
            )


async def test_the_same_code_again_is_not_kept_twice(
    checked: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await begun(checked, learner)
    seen = set()
    for code in (RIGHT, WRONG, RIGHT, WRONG, f"```\n{WRONG}```", WRONG, RIGHT):
        clock.forward(minutes=1)
        await checked.checking.check(learner, code, id, None)
        last = await kept(checked, learner, id)
        assert last is not None
        assert last.code.strip() == code.replace("```", "").strip()
        assert last.at == clock()
        seen.add(last.id)
    assert len(seen) == 3  # the fenced one has a line more
