"""Finishing an interview: evidence that was said, ceilings that hold, one attempt on record."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.domain.attempt import Mistake, Outcome
from maang_mcp.domain.errors import (
    AlreadyFinished,
    EvidenceNotFound,
    InvalidInput,
    StaleWrite,
    UnknownSkill,
)
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.rubric import Score
from maang_mcp.services.answers.interview import InterviewFinished
from maang_mcp.services.answers.learner import Stats
from maang_mcp.services.requests import Plan, Question, Step
from tests.factories import HashEmbedder, Ids, SteppingClock, embed_waiting, with_before_writing
from tests.lives import ASKED, SAID, scorecard

TESTED = "With an empty list it returns zero, with one line too."


async def _held(
    coach: Coach,
    learner: Learner,
    clock: SteppingClock,
    *,
    question: str = ASKED,
    hints: int = 0,
    minutes: float = 20,
    tested: bool = True,
) -> UUID:
    """An interview of half an hour that only has to be finished."""
    started = await coach.interviews.start(learner, Plan(question=question, minutes=30))
    id = UUID(started.interview_id)
    await coach.interviews.step(learner, Step(id, "How would you begin?", SAID))
    for _ in range(hints):
        await coach.interviews.step(learner, Step(id, candidate="Let me try.", action="hint"))
    await coach.interviews.step(learner, Step(id, action="next_phase", phase="test"))
    clock.forward(minutes=minutes)
    if tested:
        await coach.interviews.step(learner, Step(id, candidate=TESTED))
    return id


async def _stats(coach: Coach, learner: Learner) -> Stats:
    return await coach.learners.stats(learner)


def _scores(finished: InterviewFinished) -> dict[str, tuple[int, int]]:
    return {score.dimension: (score.given, score.score) for score in finished.scores}


# --- A verdict.


async def test_a_verdict_rests_on_the_scores_and_says_how_sure_it_is(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock)
    finished = await coach.grading.finish(learner, scorecard(id, 4))
    assert (finished.verdict, finished.average) == ("strong hire", 4.0)
    assert finished.would_have_raised_it == []
    assert "One session is volatile" in finished.uncertainty
    assert (finished.signals.hints_given, finished.signals.tested) == (0, True)
    assert finished.signals.minutes == 20
    shown = await coach.interviews.show(learner, id)
    assert (shown.state, shown.verdict) == ("finished", "strong hire")


async def test_finishing_records_an_attempt_that_moves_the_skills(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    id = await _held(coach, learner, clock, hints=1)
    finished = await coach.grading.finish(
        learner, scorecard(id, mistakes=(Mistake.BOUNDARY,), culprit_skill="Two pointers")
    )
    attempt = await coach.practice.show(learner, UUID(finished.attempt_id))
    assert (attempt.problem, attempt.outcome, attempt.hints) == (ASKED, Outcome.SOLVED, 1)
    assert (attempt.mistakes, attempt.culprit_skill) == (["boundary"], "two-pointers")
    async with store.reading(learner.id) as uow:
        state = await uow.practice.learner_state()
        (review,) = await uow.practice.reviews()
    assert state.skills["two-pointers"].attempts == 1
    assert finished.next_review == review.due.date() > clock().date()


@pytest.mark.parametrize(("more", "counted"), [(0, 20), (8, 28), (18, 35 + 8)])
async def test_of_an_interview_only_the_overrun_counts_beyond_the_limit_of_the_problem(
    coach: Coach, learner: Learner, clock: SteppingClock, more: float, counted: float
) -> None:
    id = await _held(coach, learner, clock, minutes=20)
    clock.forward(minutes=more)
    finished = await coach.grading.finish(learner, scorecard(id))
    attempt = await coach.practice.show(learner, UUID(finished.attempt_id))
    assert attempt.minutes == counted


async def test_the_feedback_is_found_again(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock)
    await coach.grading.finish(
        learner, scorecard(id, summary="Named the invariant only after a nudge.")
    )
    found = await coach.memories.retrieve_context(
        learner, Question("what about the invariant", kinds=(MemoryKind.FEEDBACK,))
    )
    (passage, *_) = found.passages
    assert "Named the invariant only after a nudge." in passage.text
    assert passage.title.startswith("Mock interview: ")


async def test_a_question_of_ours_counts_as_an_attempt_too(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock, question="choir-row")
    finished = await coach.grading.finish(learner, scorecard(id))
    (attempt,) = await coach.practice.recent(learner)
    assert (attempt.problem, attempt.attempt_id) == ("choir-row", finished.attempt_id)
    clock.forward(days=90)
    assert [due.problem for due in await coach.library.due(learner)] == ["choir-row"]


async def test_scores_of_several_interviews_become_a_weakness(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for _ in range(5):
        id = await _held(coach, learner, clock)
        scores = tuple(
            replace(score, score=1) if score.dimension == "communication" else score
            for score in scorecard(id, 4).scores
        )
        await coach.grading.finish(learner, replace(scorecard(id), scores=scores))
        clock.forward(days=2)
    report = await coach.coaching.weakness_report(learner)
    (found,) = (weakness for weakness in report.weaknesses if weakness.kind == "dimension")
    assert (found.name, found.n) == ("coding: communication", 5)
    assert {cited.uri.split("/")[2] for cited in found.evidence} == {"interviews"}


# --- Evidence.


@pytest.mark.parametrize(
    "quote",
    ["I would sort the lines and binary search.", "How would you begin?", "two", ""],
    ids=["invented", "the interviewer's", "too short", "empty"],
)
async def test_a_quote_the_candidate_never_said_is_refused_and_nothing_is_written(
    coach: Coach, learner: Learner, clock: SteppingClock, quote: str
) -> None:
    id = await _held(coach, learner, clock)
    before = await coach.interviews.show(learner, id), await _stats(coach, learner)
    with pytest.raises(EvidenceNotFound):
        await coach.grading.finish(learner, scorecard(id, quote=quote))
    assert (await coach.interviews.show(learner, id), await _stats(coach, learner)) == before
    assert (await coach.grading.finish(learner, scorecard(id))).repeated is False


async def test_a_score_without_a_quote_is_refused(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    card = scorecard(await _held(coach, learner, clock))
    bare = replace(card.scores[0], evidence=())
    with pytest.raises(EvidenceNotFound):
        await coach.grading.finish(learner, replace(card, scores=(bare, *card.scores[1:])))


async def test_an_incomplete_scorecard_is_refused(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    card = scorecard(await _held(coach, learner, clock))
    charm = Score("charm", 3, (SAID,))
    for scores in (card.scores[1:], (*card.scores, card.scores[0]), (*card.scores[1:], charm)):
        with pytest.raises(InvalidInput):
            await coach.grading.finish(learner, replace(card, scores=scores))
    with pytest.raises(UnknownSkill):
        await coach.grading.finish(learner, replace(card, culprit_skill="telepathy"))
    assert (await _stats(coach, learner)).attempts == 0


# --- Ceilings.


@pytest.mark.parametrize(
    ("course", "card", "lowered"),
    [
        ({"hints": 1}, {}, {"problem_solving": 3}),
        ({"hints": 3}, {}, {"problem_solving": 2}),
        ({"hints": 4}, {}, {"problem_solving": 2, "technical_competency": 3}),
        ({}, {"tests_failed": 2}, {"technical_competency": 2}),
        ({"tested": False}, {}, {"testing": 2}),
        ({"minutes": 24}, {"tests_failed": 0}, {}),
    ],
    ids=["one hint", "three hints", "four hints", "tests failed", "untested", "nothing amiss"],
)
async def test_what_the_server_saw_limits_the_scores(
    coach: Coach,
    learner: Learner,
    clock: SteppingClock,
    course: dict[str, Any],
    card: dict[str, Any],
    lowered: dict[str, int],
) -> None:
    id = await _held(coach, learner, clock, **course)
    finished = await coach.grading.finish(learner, scorecard(id, 4, **card))
    assert _scores(finished) == {
        dimension: (4, lowered.get(dimension, 4)) for dimension in _scores(finished)
    }
    assert all((score.ceiling is not None) == (score.score < 4) for score in finished.scores)
    assert ("Lowered by ceilings" in finished.status) == bool(lowered)


async def test_time_that_ran_out_limits_the_scores(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock)
    clock.forward(minutes=12)
    finished = await coach.grading.finish(learner, scorecard(id, 4))
    assert finished.signals.over_time
    assert _scores(finished)["technical_competency"] == (4, 3)


async def test_half_as_long_again_as_it_had_is_no_hire(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock)
    clock.forward(minutes=25)
    finished = await coach.grading.finish(learner, scorecard(id, 4))
    assert finished.signals.over_time
    assert _scores(finished)["technical_competency"] == (4, 2)
    assert finished.verdict == "leaning no hire"
    attempt = await coach.practice.show(learner, UUID(finished.attempt_id))
    assert attempt.outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("course", "card", "outcome"),
    [
        ({"hints": 1}, {}, Outcome.SOLVED),
        ({"hints": 2}, {}, Outcome.SOLVED_WITH_HINTS),
        ({}, {"tests_failed": 1}, Outcome.FAILED),
        ({}, {"outcome": Outcome.GAVE_UP}, Outcome.GAVE_UP),
    ],
    ids=["one hint", "the approach was given", "tests failed", "gave up"],
)
async def test_the_learner_model_is_told_what_the_interview_shows(
    coach: Coach,
    learner: Learner,
    clock: SteppingClock,
    course: dict[str, Any],
    card: dict[str, Any],
    outcome: Outcome,
) -> None:
    id = await _held(coach, learner, clock, **course)
    finished = await coach.grading.finish(learner, scorecard(id, **card))
    attempt = await coach.practice.show(learner, UUID(finished.attempt_id))
    assert attempt.outcome is outcome


# --- Once.


async def test_the_same_scorecard_again_is_answered_alike(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    card = scorecard(await _held(coach, learner, clock))
    first = await coach.grading.finish(learner, card)
    clock.forward(days=3)
    again = await coach.grading.finish(learner, card)
    assert again == replace(first, repeated=True)
    assert await _stats(coach, learner) == replace(
        await _stats(coach, learner), attempts=1, memories=5, interviews=1
    )


async def test_ten_finishes_at_once_leave_one_attempt(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    card = scorecard(await _held(coach, learner, clock))
    finished = await asyncio.gather(*(coach.grading.finish(learner, card) for _ in range(10)))
    assert sum(not answer.repeated for answer in finished) == 1
    assert len({answer.attempt_id for answer in finished}) == 1
    assert (await _stats(coach, learner)).attempts == 1


async def test_another_scorecard_for_a_finished_interview_is_a_conflict(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock)
    await coach.grading.finish(learner, scorecard(id))
    with pytest.raises(AlreadyFinished):
        await coach.grading.finish(learner, scorecard(id, 4))


@pytest.mark.parametrize("end", ["abandon", "expire"])
async def test_an_interview_that_is_over_otherwise_is_not_scored(
    coach: Coach, learner: Learner, clock: SteppingClock, end: str
) -> None:
    id = await _held(coach, learner, clock)
    if end == "abandon":
        await coach.interviews.step(learner, Step(id, action="abandon"))
    else:
        clock.forward(hours=40)
    with pytest.raises(AlreadyFinished) as refusal:
        await coach.grading.finish(learner, scorecard(id))
    assert {"abandon": "is abandoned", "expire": "has expired and cannot be scored"}[end] in (
        refusal.value.message
    )
    assert "start_interview" in refusal.value.explain()
    assert (await _stats(coach, learner)).attempts == 0


async def test_a_paused_interview_may_be_finished(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = await _held(coach, learner, clock)
    await coach.interviews.step(learner, Step(id, action="pause"))
    clock.forward(hours=2)
    assert (await coach.grading.finish(learner, scorecard(id))).signals.minutes == 20


def _interrupted(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock, step: Step, times: int
) -> Coach:
    """A grader during whose judging, that many times, the interview goes on elsewhere."""
    left = iter(range(times))

    async def go_on() -> None:
        if next(left, None) is not None:
            await coach.interviews.step(learner, step)

    return wire(with_before_writing(store, go_on), NoCache(), HashEmbedder(), clock, Ids())


async def test_a_verdict_takes_in_what_came_while_it_was_made(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    id = await _held(coach, learner, clock)
    said = Step(id, candidate="One more thing.")
    grader = _interrupted(coach, learner, store, clock, said, times=1)
    await grader.grading.finish(learner, scorecard(id))
    shown = await coach.interviews.show(learner, id)
    assert shown.state == "finished"
    assert "One more thing." in shown.turns[-1]
    assert (await _stats(coach, learner)).attempts == 1


async def test_a_verdict_on_an_interview_that_went_on_meanwhile_is_stale_and_not_kept(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    id = await _held(coach, learner, clock)
    said = Step(id, candidate="One more thing.")
    grader = _interrupted(coach, learner, store, clock, said, times=99)
    with pytest.raises(StaleWrite):
        await grader.grading.finish(learner, scorecard(id))
    assert (await _stats(coach, learner)).attempts == 0
    assert (await coach.interviews.show(learner, id)).state == "active"
    assert not (await coach.grading.finish(learner, scorecard(id))).repeated


async def test_an_interview_can_be_finished_without_the_model(
    coach: Coach, learner: Learner, clock: SteppingClock, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    id = await _held(coach, learner, clock)
    assert not (await coach.grading.finish(learner, scorecard(id))).repeated
    await coach.backlog.drained()
    embedder.ready = True
    assert await embed_waiting(coach.backlog, learner) > 0
