"""Onsite loops: which round comes next, and where the whole of it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.content.loops import loop_rounds
from maang_mcp.domain.interview import Interview
from maang_mcp.domain.level import Level
from maang_mcp.domain.onsite import Loop, RoundResult, packet
from maang_mcp.domain.verdict import Label

from .answers.interview import OnsiteShown
from .requests import Plan

if TYPE_CHECKING:
    from db import UnitOfWork


async def next_round(
    uow: UnitOfWork,
    plan: Plan,
    level: Level,
    company: str | None,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[Loop, int]:
    """The loop that is going on with the position of its next round; a new loop, stored, when none
    is or a fresh one is wanted."""
    loop = await uow.loops.latest()
    if loop is not None:
        position = loop.next_position((await uow.loops.verdicts(loop.id)).keys(), now)
        if position is not None and not plan.fresh:
            return loop, position
        if position is not None:
            await uow.loops.abandon(loop.id)
    loop = Loop(new_id(), company, level, plan.minutes, loop_rounds(level, company), now)
    await uow.loops.add(loop)
    return loop, 1


def as_planned(plan: Plan, loop: Loop, position: int) -> Plan:
    """What is asked for when the loop decides."""
    return replace(
        plan,
        round=loop.rounds[position - 1],
        company=loop.company,
        level=loop.level.value,
        minutes=loop.minutes,
        focus=None,
        question=None,
    )


async def standing_of(
    uow: UnitOfWork, interview: Interview, verdict: str | None = None
) -> OnsiteShown | None:
    """Where the loop of an interview stands, None for one by itself; `verdict` is the one that is
    about to be stored."""
    if interview.loop_id is None or interview.loop_position is None:
        return None
    loop = await uow.loops.get(interview.loop_id)
    if loop is None:
        return None
    verdicts = await uow.loops.verdicts(loop.id)
    if verdict is not None:
        verdicts[interview.loop_position] = verdict
    return onsite_shown(loop, interview.loop_position, verdicts)


def onsite_shown(loop: Loop, position: int, verdicts: Mapping[int, str]) -> OnsiteShown:
    """Where a loop stands, with the verdict on the whole of it once every round has one."""
    results = [
        RoundResult(place, round, Label(label) if (label := verdicts.get(place)) else None)
        for place, round in enumerate(loop.rounds, start=1)
    ]
    whole = packet(results, loop.level)
    return OnsiteShown(
        round=position,
        rounds=[round.value for round in loop.rounds],
        verdicts=[None if one.label is None else one.label.value for one in results],
        packet=None if whole is None else whole.label.value,
        decided_by=None if whole is None else whole.decided_by,
    )
