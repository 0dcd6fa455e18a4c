"""Tools about how preparation is going."""

from __future__ import annotations

from fastmcp.dependencies import Depends
from fastmcp.tools import tool

from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from maang_mcp.server.annotations import READS
from maang_mcp.server.boundary import current_coach, current_learner
from maang_mcp.server.params import RoundFilter
from maang_mcp.services.answers.progress import Progress


@tool(title="Progress report", annotations=READS)
async def progress_report(
    round: RoundFilter = None,
    coach: Coach = Depends(current_coach),
    learner: Learner = Depends(current_learner),
) -> Progress:
    """Am I ready? Readiness per round with interval and n, trend, streak, overconfidence, rubrics,
    mocks, plan adherence."""
    return await coach.progress.report(learner, round)
