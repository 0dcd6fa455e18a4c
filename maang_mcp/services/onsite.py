"""Onsite loops: which round comes next, and where the whole of it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.content.loops import loop_rounds
from maang_mcp.domain.company import company as company_of
from maang_mcp.domain.interview import Interview
from maang_mcp.domain.level import Level, resolve_level
from maang_mcp.domain.onsite import OPEN_FOR, Loop, RoundResult, packet
from maang_mcp.domain.scrubbing import fence
from maang_mcp.domain.verdict import Label

from .answers.interview import OnsiteShown
from .requests import Plan

if TYPE_CHECKING:
    from db import UnitOfWork

HOURS_OPEN = round(OPEN_FOR.total_seconds() / 3600)


async def next_round(
    uow: UnitOfWork,
    plan: Plan,
    level: Level,
    company: str | None,
    now: datetime,
    new_id: Callable[[], UUID],
) -> tuple[Loop, int, str]:
    """The loop that is going on, the position of its next round, and what of it a client may not
    expect, in words; a new loop, stored, when none is going on.

    A fresh start gives a loop up only for another company or level than the loop's: otherwise
    nothing but the open interview is given up.
    """
    news, latest = "", await uow.loops.latest()
    if latest is not None:
        judged = await uow.loops.verdicts(latest.id)
        position = latest.next_position(judged.keys(), now)
        another = is_another(latest, plan, company)
        if position is not None and not (another and plan.fresh):
            return latest, position, going_on(latest) if another else ""
        if position is not None:
            await uow.loops.abandon(latest.id)
            news = f"{_begin(loop_named(latest.company))} is given up, and a new one begins."
        elif not latest.abandoned and len(judged) < len(latest.rounds):
            news = (
                f"{_begin(loop_named(latest.company))} was not over within {HOURS_OPEN} hours, "
                "and a new one begins."
            )
    loop = Loop(new_id(), company, level, plan.minutes, loop_rounds(level, company), now)
    await uow.loops.add(loop)
    return loop, 1, news


async def waiting(uow: UnitOfWork, now: datetime) -> str | None:
    """The next round of the loop that is not over, in words; None when none is going on."""
    loop = await uow.loops.latest()
    if loop is None:
        return None
    position = loop.next_position((await uow.loops.verdicts(loop.id)).keys(), now)
    return None if position is None else round_words(position, len(loop.rounds), loop.company)


async def asked_of(uow: UnitOfWork, plan: Plan, company: str | None, running: Interview) -> str:
    """What a client that wanted a round of a loop may not expect of the interview it gets, which
    was still open; empty where that is no surprise."""
    if not plan.onsite:
        return ""
    loop = None if running.loop_id is None else await uow.loops.get(running.loop_id)
    if loop is None:
        return "It is no round of a loop: that begins when this is over."
    return going_on(loop) if is_another(loop, plan, company) else ""


def is_another(loop: Loop, plan: Plan, company: str | None) -> bool:
    """Whether the plan names a company or a level that is not the loop's.

    Raises InvalidInput for what is no name of a company, and for a level there is none of.
    """
    if company is not None:
        key = None if loop.company is None else company_of(loop.company).key
        if company_of(company).key != key:
            return True
    if not plan.level:
        return False
    return resolve_level(plan.level, loop.company) is not loop.level


def going_on(loop: Loop) -> str:
    """For a client that asked for another loop while this one is not over."""
    return (
        f"{_begin(loop_named(loop.company))}, {loop.level} level, goes on; set fresh to give it "
        "up for the other one."
    )


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


def company_shown(company: str | None) -> str | None:
    """A company's name as it stands between the fence's marks: in a field too short for them,
    nothing may imitate them either."""
    return fence(company).split("\n")[1] if company else None


def loop_named(company: str | None) -> str:
    """A loop in words."""
    return "the onsite loop" + (f" at {company_shown(company)}" if company else "")


def round_words(position: int, rounds: int, company: str | None) -> str:
    """A round of a loop in words."""
    return f"round {position} of {rounds} of {loop_named(company)}"


def opening_words(onsite: OnsiteShown, company: str | None) -> str:
    """Which round of its loop has begun, as a sentence."""
    return f"{_begin(round_words(onsite.round, len(onsite.rounds), company))}."


def closing_words(onsite: OnsiteShown, company: str | None) -> str:
    """What the end of a round means for its loop, as a sentence: which round is next, or the
    verdict on the whole."""
    if onsite.packet is not None:
        whole = f"{onsite.packet} on the whole, as {onsite.decided_by}"
        return f"{_begin(loop_named(company))} is over: {whole}."
    over = _begin(round_words(onsite.round, len(onsite.rounds), company))
    ahead = onsite.rounds[onsite.verdicts.index(None)].replace("_", " ")
    return f"{over} is done; the next is {ahead}."


def _begin(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}"
