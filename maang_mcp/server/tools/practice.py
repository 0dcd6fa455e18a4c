"""Tools about practising."""

from __future__ import annotations

from fastmcp.dependencies import Depends
from fastmcp.tools import tool

from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.server.annotations import READS, WRITES_ONCE
from maang_mcp.server.boundary import current_coach, current_learner
from maang_mcp.server.params import (
    AskedBy,
    Confidence,
    Culprit,
    DifficultyParam,
    Hints,
    KindOfPractice,
    Limit,
    ListName,
    MaxMinutes,
    Minutes,
    Mistakes,
    Moment,
    Name,
    Names,
    OutcomeParam,
    OwnTag,
    ProblemName,
    RetryId,
    RoundFilter,
    RoundName,
    Text,
    When,
)
from maang_mcp.services.answers.practice import (
    AttemptRecorded,
    NextProblem,
    Problems,
    Weaknesses,
)
from maang_mcp.services.requests import AttemptReport, Status, Wanted


@tool(title="Record an attempt", annotations=WRITES_ONCE)
async def record_attempt(
    problem: ProblemName,
    outcome: OutcomeParam,
    minutes: Minutes = None,
    hints: Hints = 0,
    mistakes: Mistakes = (),
    culprit_skill: Culprit = None,
    confidence: Confidence = None,
    approach: Text = "",
    code: Text = "",
    note: Text = "",
    when: When = None,
    round: RoundName = Round.CODING,
    difficulty: DifficultyParam = None,
    skills: Names = (),
    companies: AskedBy = (),
    attempt_id: RetryId = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> AttemptRecorded:
    """Record one practice attempt as soon as it is reported; says what it moved, when to review.
    Difficulty and skills: for problems no site knows."""
    report = AttemptReport(
        problem=problem,
        outcome=outcome,
        minutes=minutes,
        hints=hints,
        mistakes=mistakes,
        culprit_skill=culprit_skill,
        confidence=confidence,
        approach=approach,
        code=code,
        note=note,
        when=when,
        round=round,
        difficulty=difficulty,
        skills=skills,
        companies=companies,
    )
    return await coach.practice.record_attempt(learner, report, attempt_id)


@tool(title="Weakness report", annotations=READS)
async def weakness_report(
    skill: Name | None = None,
    round: RoundFilter = None,
    since: Moment = None,
    limit: Limit = 3,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> Weaknesses:
    """Why the learner keeps failing, by skill, pattern, mistake, rubric dimension and pace:
    severity (0-10), confidence (0-1), n, trend, cited attempts."""
    return await coach.coaching.weakness_report(
        learner, skill=skill, round=round, since=since, limit=limit
    )


@tool(title="Next problem", annotations=READS)
async def next_problem(
    skill: Name | None = None,
    difficulty: DifficultyParam = None,
    max_minutes: MaxMinutes = None,
    list_name: ListName = None,
    round: RoundFilter = None,
    company: OwnTag = None,
    kind: KindOfPractice = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> NextProblem:
    """What to practise now and why: what the plan has left for today, then due reviews, then the
    weakest skill within reach."""
    wanted = Wanted(
        skill=skill,
        difficulty=difficulty,
        max_minutes=max_minutes,
        list_name=list_name,
        round=round,
        company=company,
        kind=kind,
    )
    return await coach.coaching.next_problem(learner, wanted)


@tool(title="Search problems", annotations=READS)
async def search_problems(
    query: Name = "",
    skill: Name | None = None,
    difficulty: DifficultyParam = None,
    list_name: Name | None = None,
    max_minutes: MaxMinutes = None,
    round: RoundFilter = None,
    company: Name | None = None,
    status: Status = "any",
    limit: Limit = 5,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> Problems:
    """Find problems, and how each went so far."""
    wanted = Wanted(
        query=query,
        skill=skill,
        difficulty=difficulty,
        list_name=list_name,
        max_minutes=max_minutes,
        round=round,
        company=company,
    )
    return await coach.library.search_problems(learner, wanted, status=status, limit=limit)
