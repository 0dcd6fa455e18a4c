"""Tools about the learner."""

from __future__ import annotations

from typing import Annotated

from fastmcp.dependencies import Depends
from fastmcp.tools import tool
from pydantic import Field

from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.server.annotations import ERASES, READS, WRITES_ONCE
from maang_mcp.server.boundary import current_coach, current_learner
from maang_mcp.server.params import Companies, Id, Instructions, Moment, Name, RoundFilter
from maang_mcp.services.answers.learner import Briefing, Forgotten, ProfileShown
from maang_mcp.services.requests import Erasable, RealReport


@tool(title="Briefing", annotations=READS)
async def get_briefing(
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> Briefing:
    """Call first when the learner says hi: days left, unfinished mock, reviews due, top
    weaknesses, one proposal."""
    return await coach.learners.briefing(learner)


@tool(title="Update profile", annotations=WRITES_ONCE)
async def update_profile(
    name: Name | None = None,
    target_companies: Companies | None = None,
    target_level: Name | None = None,
    interview_date: Annotated[Name | None, Field(description="YYYY-MM-DD")] = None,
    hours_per_week: Annotated[float | None, Field(gt=0, le=168)] = None,
    language: Name | None = None,
    coach_style: Name | None = None,
    custom_instructions: Instructions | None = None,
    timezone: Name | None = None,
    real_result: RealResult | None = None,
    real_round: RoundFilter = None,
    real_company: Name | None = None,
    real_when: Moment = None,
    real_id: Id = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> ProfileShown:
    """Keep goals and how a real interview went; the rest stays, empty text clears."""
    given = {
        "name": name,
        "target_companies": target_companies,
        "target_level": target_level,
        "interview_date": interview_date,
        "hours_per_week": hours_per_week,
        "language": language,
        "coach_style": coach_style,
        "custom_instructions": custom_instructions,
        "timezone": timezone,
    }
    changes = {field: value for field, value in given.items() if value is not None}
    real = RealReport(real_result, real_round, real_company, real_when, real_id)
    return await coach.learners.update_profile(learner, changes, real)


@tool(title="Forget", annotations=ERASES)
async def forget(
    what: Erasable,
    id: Id = None,
    confirm: Annotated[Name, Field(description='"erase everything", after asking')] = "",
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> Forgotten:
    """Erase one thing by id, or everything, for good."""
    return await coach.erasure.forget(learner, what, id, confirm)
