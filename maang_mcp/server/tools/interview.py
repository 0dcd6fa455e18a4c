"""Tools about mock interviews."""

from __future__ import annotations

from typing import Annotated

from fastmcp.dependencies import Depends
from fastmcp.tools import tool
from pydantic import Field

from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.rubric import Score
from maang_mcp.domain.skills import Round
from maang_mcp.server.annotations import WRITES, WRITES_ONCE
from maang_mcp.server.boundary import current_coach, current_learner
from maang_mcp.server.params import (
    Id,
    InterviewId,
    Name,
    RoundParam,
    SameMistakes,
    SameOutcome,
    Scores,
    Text,
)
from maang_mcp.services.answers.interview import (
    InterviewFinished,
    InterviewStarted,
    InterviewStepped,
    SolutionChecked,
)
from maang_mcp.services.requests import Action, Plan, Scorecard, Step


@tool(title="Start an interview", annotations=WRITES)
async def start_interview(
    round: RoundParam = Round.CODING,
    company: Name | None = None,
    level: Name | None = None,
    minutes: Annotated[int, Field(ge=15, le=60)] = 45,
    focus: Name | None = None,
    question: Annotated[Name | None, Field(description="Else server picks")] = None,
    fresh: Annotated[bool, Field(description="Abandon the open one")] = False,
    onsite: Annotated[bool, Field(description="Next round of a whole loop")] = False,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> InterviewStarted:
    """Open a timed mock interview, or resume the open one, and play the interviewer. Show only
    candidate_brief; interviewer_guide is yours alone."""
    plan = Plan(
        round=round,
        company=company,
        level=level,
        minutes=minutes,
        focus=focus,
        question=question,
        fresh=fresh,
        onsite=onsite,
    )
    return await coach.interviews.start(learner, plan)


@tool(title="Interview step", annotations=WRITES_ONCE)
async def interview_step(
    interview_id: InterviewId,
    interviewer: Annotated[Text, Field(description="Your words, verbatim")] = "",
    candidate: Annotated[Text, Field(description="Theirs")] = "",
    action: Action = "continue",
    phase: Annotated[Name | None, Field(description="For next_phase: skip to it")] = None,
    step_id: Id = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> InterviewStepped:
    """Record one exchange, then hint (gated, costed), move on, pause, resume or abandon. Answers
    clock, phase, what may come next. Never hint on your own."""
    step = Step(interview_id, interviewer, candidate, action, phase)
    return await coach.interviews.step(learner, step, step_id)


@tool(title="Finish an interview", annotations=WRITES_ONCE)
async def finish_interview(
    interview_id: InterviewId,
    scores: Annotated[
        Scores,
        Field(description="Each rubric dimension: 1-4 (3 is the bar), verbatim quotes as evidence"),
    ],
    outcome: SameOutcome,
    mistakes: SameMistakes = (),
    culprit_skill: Name | None = None,
    tests_failed: Annotated[int | None, Field(ge=0, description="If code was run")] = None,
    summary: Text = "",
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> InterviewFinished:
    """Close an interview with your scores; quotes are checked. Answers the verdict."""
    card = Scorecard(
        interview_id=interview_id,
        scores=tuple(Score(s.dimension, s.score, s.evidence, s.note) for s in scores),
        outcome=outcome,
        mistakes=mistakes,
        culprit_skill=culprit_skill,
        tests_failed=tests_failed,
        summary=summary,
    )
    return await coach.grading.finish(learner, card)


@tool(title="Check a solution", annotations=WRITES_ONCE)
async def check_solution(
    code: Text,
    interview_id: Id = None,
    question: Annotated[Name | None, Field(description="One of ours; else the open one")] = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> SolutionChecked:
    """Run the candidate's Python, unchanged, against visible and hidden tests in a sandbox. Never
    fix it first."""
    return await coach.checking.check(learner, code, interview_id, question)
