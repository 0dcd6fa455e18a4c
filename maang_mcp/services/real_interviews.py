"""Real interviews: put on record as they are told, and held against what was expected of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.content.loops import loop_rounds
from maang_mcp.domain.company import company
from maang_mcp.domain.errors import Conflict, InvalidInput
from maang_mcp.domain.level import Level
from maang_mcp.domain.progress import calibration_by, estimate
from maang_mcp.domain.readiness import ENOUGH_ATTEMPTS, Readiness, Result
from maang_mcp.domain.real_interview import RealInterview, RealResult, estimated, results_of
from maang_mcp.domain.skills import Round, SkillGraph

from .dates import parse_past
from .progress_views import percent
from .requests import RealReport

if TYPE_CHECKING:
    from db import UnitOfWork

ASSUMED_LEVEL = Level.MID
"""The level of somebody who named none, as in mock interviews."""


@dataclass(frozen=True, slots=True)
class Told:
    """A report that makes sense; `when` stays as it was said, for a retry to be known by."""

    result: RealResult
    round: Round | None
    company: str | None
    when: str | None
    at: datetime
    id: UUID | None


def told_of(report: RealReport, now: datetime) -> Told | None:
    """The report, None when there is none.

    Raises InvalidInput for details without a result, for a time that cannot be read or is yet to
    come, and for what is no name of a company.
    """
    named = (report.company or "").strip()
    if report.result is None:
        if named or (report.when or "").strip() or report.round or report.id:
            raise InvalidInput(
                "How did the real interview end?", hint="Give real_result: passed or rejected."
            )
        return None
    return Told(
        result=report.result,
        round=report.round,
        company=company(named).name if named else None,
        when=report.when,
        at=parse_past(report.when, now),
        id=report.id,
    )


class RealInterviews:
    """What is told of real interviews, within the transaction of who asks."""

    def __init__(self, graph: SkillGraph) -> None:
        self._graph = graph

    async def record(
        self,
        uow: UnitOfWork,
        told: Told,
        level: Level | None,
        now: datetime,
        new_id: Callable[[], UUID],
    ) -> RealInterview:
        """Puts it on record, with what was estimated for that moment; the same report under the
        same id changes nothing. Raises Conflict for another report under that id.
        """
        before = None if told.id is None else await uow.real_interviews.get(told.id)
        if before is not None:
            if not _same(told, before):
                raise Conflict(
                    f"The id {before.id} is on record with a different real interview.",
                    hint="Use a new id, or none: the server makes one.",
                )
            return before
        real = RealInterview(
            id=told.id or new_id(),
            result=told.result,
            at=told.at,
            recorded_at=now,
            round=told.round,
            company=told.company,
            level=level,
        )
        real = replace(real, readiness=await self._estimated(uow, real))
        await uow.real_interviews.add(real)
        await uow.learner.audit(new_id(), "record_real_interview", str(real.id), now)
        return real

    async def results(
        self, uow: UnitOfWork, reals: Iterable[RealInterview]
    ) -> dict[Round, list[Result]]:
        """What they say of each round, held against what was believed right before each."""
        found: dict[Round, list[Result]] = defaultdict(list)
        for real in reals:
            for round, result in results_of(real, await self._expected(uow, real)).items():
                found[round].append(result)
        return found

    async def _estimated(self, uow: UnitOfWork, real: RealInterview) -> float | None:
        expected = await self._expected(uow, real)
        mocks = [mock for mock in await uow.progress.mocks() if mock.at < real.at]
        earlier = await self.results(uow, await uow.real_interviews.all(before=real.at))
        return estimated(
            expected,
            {
                round: calibration_by(
                    [mock for mock in mocks if mock.round is round], earlier.get(round, ())
                )
                for round in expected
            },
        )

    async def _expected(self, uow: UnitOfWork, real: RealInterview) -> dict[Round, Readiness]:
        """The readiness for each of its rounds that practice alone led to expect; none without
        enough evidence on any, or where what was believed then was not kept."""
        level = real.level or ASSUMED_LEVEL
        rounds = (real.round,) if real.round else loop_rounds(level, real.company)
        attempts = await uow.progress.attempts_before(real.at)
        if all(attempts.get(round, 0) < ENOUGH_ATTEMPTS for round in rounds):
            return {}
        state = await uow.practice.learner_state_before(real.at)
        if state is None:
            return {}
        return {
            round: estimate(
                state,
                round,
                self._graph.of_round(round),
                level,
                real.at,
                attempts=attempts.get(round, 0),
            )
            for round in dict.fromkeys(rounds)
        }


def real_line(real: RealInterview) -> str:
    """What is on record of it, in a sentence."""
    where = f" at {real.company}" if real.company else ""
    which = f"{real.round.replace('_', ' ')} round" if real.round else "whole loop"
    before = (
        "too little evidence for an estimate before it"
        if real.readiness is None
        else f"readiness before it: {percent(real.readiness)}"
    )
    return f"On record: {which}{where}, {real.result}; {before}."


def _same(told: Told, real: RealInterview) -> bool:
    """Whether it is the report of that one. Days are told as seen from the moment of telling."""
    try:
        at = parse_past(told.when, real.recorded_at)
    except InvalidInput:  # a moment that was yet to come then
        return False
    return (told.result, told.round, told.company, at) == (
        real.result,
        real.round,
        real.company,
        real.at,
    )
