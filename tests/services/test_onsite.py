"""A whole onsite loop: rounds in order, resumed where it stands, one verdict on all of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from maang_mcp.app import Coach
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import rubric
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.errors import InvalidTransition
from maang_mcp.domain.onsite import OPEN_FOR
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.services.answers.interview import InterviewFinished, InterviewStarted
from maang_mcp.services.requests import Plan, Scorecard, Step
from tests.factories import SteppingClock
from tests.lives import SAID, on_quotes

SENIOR = Plan(company="Google", level="L5", minutes=45, onsite=True)


async def _finish(
    coach: Coach, learner: Learner, started: InterviewStarted, score: int = 3
) -> InterviewFinished:
    id = UUID(started.interview_id)
    await coach.interviews.step(learner, Step(id, "Go on.", SAID))
    scores = on_quotes(rubric(Round(started.round)).names, score)
    return await coach.grading.finish(learner, Scorecard(id, scores, Outcome.SOLVED))


async def test_a_loop_goes_from_round_to_round_to_one_verdict(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    started = await coach.interviews.start(learner, SENIOR)
    assert started.onsite is not None
    rounds = started.onsite.rounds
    assert started.onsite.round == 1
    assert 3 <= len(rounds) <= 5
    for position, round in enumerate(rounds, start=1):
        if position > 1:
            started = await coach.interviews.start(learner, Plan(onsite=True))
        assert started.onsite is not None
        assert (started.round, started.onsite.round, started.level) == (round, position, "senior")
        assert started.company == "Google"
        finished = await _finish(coach, learner, started)
        clock.forward(minutes=30)
        assert finished.onsite is not None
        assert [label is not None for label in finished.onsite.verdicts] == [
            place <= position for place in range(1, len(rounds) + 1)
        ]
        if position < len(rounds):
            assert finished.onsite.packet is None
            assert finished.next_actions == ["start_interview"]
    assert finished.onsite is not None
    assert finished.onsite.packet is not None
    assert finished.onsite.decided_by
    another = await coach.interviews.start(learner, SENIOR)
    assert another.onsite is not None
    assert another.onsite.round == 1


async def test_an_open_round_of_a_loop_is_taken_up_before_the_next(
    coach: Coach, learner: Learner
) -> None:
    started = await coach.interviews.start(learner, SENIOR)
    again = await coach.interviews.start(learner, Plan(onsite=True))
    assert again.resumed
    assert (again.interview_id, again.onsite) == (started.interview_id, started.onsite)


async def test_a_round_given_up_is_begun_again(coach: Coach, learner: Learner) -> None:
    started = await coach.interviews.start(learner, SENIOR)
    await coach.interviews.step(learner, Step(UUID(started.interview_id), action="abandon"))
    again = await coach.interviews.start(learner, Plan(onsite=True))
    assert again.interview_id != started.interview_id
    assert again.onsite == started.onsite


async def test_a_fresh_loop_gives_up_the_one_before(coach: Coach, learner: Learner) -> None:
    await _finish(coach, learner, await coach.interviews.start(learner, SENIOR))
    fresh = await coach.interviews.start(learner, Plan(level="L3", onsite=True, fresh=True))
    assert fresh.onsite is not None
    assert (fresh.level, fresh.onsite.round) == ("entry", 1)


async def test_tomorrow_evening_a_loop_is_over(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await _finish(coach, learner, await coach.interviews.start(learner, SENIOR))
    clock.forward(days=2)
    started = await coach.interviews.start(learner, Plan(onsite=True))
    assert started.onsite is not None
    assert (started.onsite.round, started.onsite.verdicts[0]) == (1, None)


async def test_an_interview_by_itself_is_part_of_no_loop(coach: Coach, learner: Learner) -> None:
    await _finish(coach, learner, await coach.interviews.start(learner, SENIOR))
    alone = await coach.interviews.start(learner, Plan())
    assert alone.onsite is None
    assert (await _finish(coach, learner, alone)).onsite is None


@pytest.mark.parametrize("round", list(Round))
async def test_every_round_is_held_phase_by_phase_with_notes_for_each(
    coach: Coach, learner: Learner, clock: SteppingClock, round: Round
) -> None:
    started = await coach.interviews.start(learner, Plan(round=round, minutes=45))
    id = UUID(started.interview_id)
    guides = [started.interviewer_guide]
    briefs = [started.candidate_brief]
    for _ in list(started.phases)[1:]:
        await coach.interviews.step(learner, Step(id, "And then?", SAID))
        clock.forward(minutes=2)
        stepped = await coach.interviews.step(learner, Step(id, action="next_phase"))
        assert stepped.guide is not None
        guides.append(stepped.guide)
        if stepped.candidate_brief is not None:
            briefs.append(stepped.candidate_brief)
    assert all(guide.notes for guide in guides)
    assert len({brief.title for brief in briefs}) == len(briefs)
    assert len(briefs) == (3 if round is Round.BEHAVIORAL else 1)
    await coach.interviews.step(learner, Step(id, "One more?", f"Yes. {SAID}"))
    clock.forward(minutes=1)
    scores = on_quotes(rubric(round).names, 3)
    finished = await coach.grading.finish(learner, Scorecard(id, scores, Outcome.SOLVED))
    (attempt,) = await coach.practice.recent(learner)
    assert (attempt.attempt_id, attempt.problem) == (finished.attempt_id, started.question)
    assert attempt.problem in questions()


async def test_an_interview_of_several_questions_is_one_observation_of_what_it_shows(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    plan = Plan(round=Round.BEHAVIORAL, minutes=60)
    started = await coach.interviews.start(learner, plan)
    id = UUID(started.interview_id)
    for phase in list(started.phases)[1:]:
        await coach.interviews.step(learner, Step(id, "And then?", SAID))
        await coach.interviews.step(learner, Step(id, action="next_phase", phase=phase))
    await coach.interviews.step(learner, Step(id, "One more?", SAID))
    scores = on_quotes(rubric(Round.BEHAVIORAL).names, 3)
    finished = await coach.grading.finish(
        learner,
        Scorecard(
            id, scores, Outcome.FAILED, (Mistake.NO_METRICS,), "impact", summary="No numbers."
        ),
    )
    (attempt,) = await coach.practice.recent(learner)
    assert (attempt.attempt_id, attempt.problem) == (finished.attempt_id, started.question)
    clock.forward(minutes=1)
    again = await coach.interviews.start(learner, plan)
    assert again.question != started.question


async def test_a_behavioral_round_gives_no_hints(coach: Coach, learner: Learner) -> None:
    started = await coach.interviews.start(learner, Plan(round=Round.BEHAVIORAL))
    with pytest.raises(InvalidTransition, match="no hints"):
        await coach.interviews.step(learner, Step(UUID(started.interview_id), action="hint"))


def test_loops_are_open_for_a_day_and_a_half() -> None:
    assert timedelta(hours=24) < OPEN_FOR < timedelta(hours=48)
