"""Tools about the study plan."""

from __future__ import annotations

from fastmcp.dependencies import Depends
from fastmcp.tools import tool

from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from maang_mcp.server.annotations import WRITES_ONCE
from maang_mcp.server.boundary import current_coach, current_learner
from maang_mcp.server.params import HoursPerWeek, Id, RestDays, Rounds, Until
from maang_mcp.services.answers.plan import PlanMade
from maang_mcp.services.requests import StudyGoal


@tool(title="Make a study plan", annotations=WRITES_ONCE)
async def make_plan(
    until: Until = None,
    hours_per_week: HoursPerWeek = None,
    rest_days: RestDays = None,
    rounds: Rounds = None,
    plan_id: Id = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> PlanMade:
    """Study plan to the interview, day by day; says when the goal does not fit and what would.
    Call again weekly to replan. Defaults: the profile, the last plan."""
    goal = StudyGoal(until=until, hours_per_week=hours_per_week, rest_days=rest_days, rounds=rounds)
    return await coach.planning.make_plan(learner, goal, plan_id)
