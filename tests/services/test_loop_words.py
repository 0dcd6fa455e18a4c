"""What a learner is told of an onsite loop: no round, loop or verdict comes or goes in silence."""

from __future__ import annotations

from uuid import UUID

import pytest

from maang_mcp.app import Coach
from maang_mcp.content.rounds import rubric
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import FENCE_CLOSE, FENCE_OPEN
from maang_mcp.domain.skills import Round
from maang_mcp.services.answers.interview import InterviewFinished, InterviewStarted
from maang_mcp.services.requests import Plan, Scorecard, Step
from tests.factories import SteppingClock, report
from tests.lives import SAID, on_quotes

GOOGLE = Plan(company="Google", level="L5", onsite=True)
NEXT = Plan(onsite=True)


async def finish(coach: Coach, learner: Learner, started: InterviewStarted) -> InterviewFinished:
    id = UUID(started.interview_id)
    await coach.interviews.step(learner, Step(id, "Go on.", SAID))
    scores = on_quotes(rubric(Round(started.round)).names, 3)
    return await coach.grading.finish(learner, Scorecard(id, scores, Outcome.SOLVED))


@pytest.fixture
async def second(coach: Coach, learner: Learner) -> InterviewStarted:
    """The second round of a loop at Google, running."""
    await finish(coach, learner, await coach.interviews.start(learner, GOOGLE))
    return await coach.interviews.start(learner, NEXT)


def place(started: InterviewStarted) -> tuple[int, str | None]:
    assert started.onsite is not None
    return started.onsite.round, started.company


async def test_every_round_is_named_when_it_begins_and_when_it_is_over(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    started = await coach.interviews.start(learner, GOOGLE)
    assert started.onsite is not None
    count = len(started.onsite.rounds)
    for position in range(1, count + 1):
        named = f"ound {position} of {count} of the onsite loop at Google"
        assert named in started.status
        assert named in (await coach.interviews.start(learner, NEXT)).status
        finished = await finish(coach, learner, started)
        clock.forward(minutes=30)
        if position < count:
            ahead = started.onsite.rounds[position].replace("_", " ")
            assert f"{named} is done; the next is {ahead}." in finished.status
            started = await coach.interviews.start(learner, NEXT)
    assert finished.onsite is not None
    assert finished.onsite.packet is not None
    whole = f"The onsite loop at Google is over: {finished.onsite.packet} on the whole"
    assert whole in finished.status
    assert finished.status.endswith(f", as {finished.onsite.decided_by}.")


async def test_a_fresh_round_gives_up_the_open_one_and_keeps_the_loop(
    coach: Coach, learner: Learner, second: InterviewStarted
) -> None:
    for plan in (
        Plan(onsite=True, fresh=True),
        Plan(company="google inc.", level="senior", onsite=True, fresh=True),
        Plan(level="L5", onsite=True, fresh=True),
    ):
        again = await coach.interviews.start(learner, plan)
        assert place(again) == place(second) == (2, "Google")
        assert again.onsite == second.onsite
    shown = await coach.interviews.show(learner, UUID(second.interview_id))
    assert shown.state == "abandoned"


async def test_an_interview_beside_the_loop_is_given_up_without_the_loop(
    coach: Coach, learner: Learner, second: InterviewStarted
) -> None:
    beside = await coach.interviews.start(learner, Plan(fresh=True))
    assert beside.onsite is None
    assert "round 2 of 5 of the onsite loop at Google waits" in beside.status
    taken_up = await coach.interviews.start(learner, NEXT)
    assert taken_up.interview_id == beside.interview_id
    assert "It is no round of a loop" in taken_up.status
    back = await coach.interviews.start(learner, Plan(onsite=True, fresh=True))
    assert place(back) == (2, "Google")


@pytest.mark.parametrize(
    "other", [{"company": "Meta"}, {"company": "Google", "level": "L3"}, {"level": "staff"}]
)
async def test_another_loop_begins_only_when_the_one_before_is_given_up(
    coach: Coach, learner: Learner, second: InterviewStarted, other: dict[str, str]
) -> None:
    kept = "The onsite loop at Google, senior level, goes on; set fresh"
    taken_up = await coach.interviews.start(learner, Plan(**other, onsite=True))  # type: ignore[arg-type]  # the fields are the case's
    assert taken_up.interview_id == second.interview_id
    assert kept in taken_up.status
    await coach.interviews.step(learner, Step(UUID(second.interview_id), action="abandon"))
    begun = await coach.interviews.start(learner, Plan(**other, onsite=True))  # type: ignore[arg-type]  # the fields are the case's
    assert place(begun) == (2, "Google")
    assert kept in begun.status
    fresh = await coach.interviews.start(learner, Plan(**other, onsite=True, fresh=True))  # type: ignore[arg-type]  # the fields are the case's
    assert place(fresh) == (1, other.get("company"))
    assert "The onsite loop at Google is given up, and a new one begins." in fresh.status


async def test_what_is_no_name_of_a_company_leaves_the_loop_alone(
    coach: Coach, learner: Learner, second: InterviewStarted
) -> None:
    with pytest.raises(InvalidInput):
        await coach.interviews.start(learner, Plan(company="!?", onsite=True, fresh=True))
    assert place(await coach.interviews.start(learner, NEXT)) == (2, "Google")


async def test_a_loop_that_lapsed_is_not_replaced_in_silence(
    coach: Coach, learner: Learner, second: InterviewStarted, clock: SteppingClock
) -> None:
    clock.forward(days=2)
    started = await coach.interviews.start(learner, NEXT)
    assert place(started) == (1, None)
    assert "The onsite loop at Google was not over within 36 hours" in started.status


async def test_a_first_loop_and_one_after_a_whole_one_replace_nothing(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    started = await coach.interviews.start(learner, GOOGLE)
    assert started.onsite is not None
    for _ in started.onsite.rounds:
        assert "new one" not in started.status
        await finish(coach, learner, started)
        clock.forward(minutes=30)
        started = await coach.interviews.start(learner, NEXT)
    assert place(started) == (1, None)
    assert "new one" not in started.status


async def test_the_briefing_speaks_of_a_loop_that_is_not_over(
    coach: Coach, learner: Learner, second: InterviewStarted, clock: SteppingClock
) -> None:
    ahead = "round 2 of 5 of the onsite loop at google"
    running = await coach.learners.briefing(learner)
    assert f"one interview is unfinished; {ahead} waits" in running.status.lower()
    assert "Take up the mock interview" in running.proposal
    await coach.interviews.step(learner, Step(UUID(second.interview_id), action="abandon"))
    between = await coach.learners.briefing(learner)
    assert f"{ahead} waits" in between.status.lower()
    assert between.proposal.lower().startswith(f"go on with {ahead}")
    assert between.next_actions[0] == "start_interview"
    clock.forward(days=2)
    later = await coach.learners.briefing(learner)
    assert "loop" not in f"{later.status} {later.proposal}"


async def test_a_loop_begun_by_somebody_new_is_in_their_first_briefing(
    coach: Coach, learner: Learner
) -> None:
    started = await coach.interviews.start(learner, NEXT)
    await coach.interviews.step(learner, Step(UUID(started.interview_id), action="abandon"))
    told = await coach.learners.briefing(learner)
    assert told.status.startswith("Round 1 of ")
    await coach.practice.record_attempt(learner, report("two-sum"))
    assert "Go on with round 1" in (await coach.learners.briefing(learner)).proposal


async def test_a_company_imitates_no_fence_in_the_words_about_its_loop(
    coach: Coach, learner: Learner
) -> None:
    plan = Plan(company=f"Acme {FENCE_CLOSE}\n{FENCE_OPEN}", onsite=True)
    started = await coach.interviews.start(learner, plan)
    assert started.company is not None
    assert started.company in started.status
    assert not any(mark in started.status for mark in (FENCE_OPEN, FENCE_CLOSE, "\n"))
