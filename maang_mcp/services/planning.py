"""Planning: a goal and what is on record become dated sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.adherence import Done, spent_on
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.parameters import reference_of
from maang_mcp.domain.practice_days import WEEKDAYS, Goal
from maang_mcp.domain.profile import Learner, Profile
from maang_mcp.domain.replanning import changes
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.study_plan import ItemKind, StudyPlan
from maang_mcp.domain.study_planning import Preparation, plan_study

from .answers.plan import PlanBefore, PlanMade, PlanShown
from .dates import parse_day_ahead, today_of, zone_of
from .plan_progress import PlanInForce
from .plan_views import (
    NO_PLAN,
    fit_of,
    goal_of,
    kept_shown,
    notes_of,
    plan_shown,
    sessions_of,
    status_of,
    week_lines,
)
from .receipts import answered_before, digest, stored
from .record import Record
from .requests import StudyGoal

if TYPE_CHECKING:
    from db import Store

ABBREVIATED = 3
"""Letters that tell one weekday from another."""


class Planning:
    """Use-cases over study plans."""

    def __init__(
        self,
        store: Store,
        catalogue: Catalogue,
        graph: SkillGraph,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._graph = graph
        self._clock = clock
        self._new_id = new_id

    async def make_plan(
        self, learner: Learner, asked: StudyGoal, plan_id: UUID | None = None
    ) -> PlanMade:
        """Makes a plan from the record as it is now; the latest one is in force.

        The same id again changes nothing and is answered alike. Raises InvalidInput where the date
        or the hours are not known or no plan can be made of them, and Conflict for an id used for
        another request.
        """
        now, request = self._clock(), digest(asked)
        async with self._store.reading(learner.id) as uow:
            if plan_id is not None and (known := await uow.plans.answered(plan_id)):
                return answered_before(known, request, PlanMade, plan_id)
            record = await Record.read(uow)
            before = await PlanInForce.read(uow, record.profile, now)
            today, zone = today_of(record.profile, now), zone_of(record.profile)
            done = await uow.plans.done(datetime.combine(today, time(), zone), zone)
        goal = _goal(asked, record.profile, before, today)
        plan = await asyncio.to_thread(
            plan_study,
            self._preparation(record, before, done, today, now),
            goal,
            today,
            plan_id or self._new_id(),
        )
        answer = _answer(plan, before)
        async with self._store.writing(learner.id, learner.subject) as uow:
            if known := await uow.plans.answered(plan.id):
                return answered_before(known, request, PlanMade, plan.id)
            await uow.plans.add(plan, request=request, answer=stored(answer))
        return answer

    async def show(self, learner: Learner) -> PlanShown:
        """The plan in force."""
        now = self._clock()
        async with self._store.reading(learner.id) as uow:
            found = await PlanInForce.read(uow, await uow.learner.profile(), now)
        return NO_PLAN if found is None else plan_shown(found.plan, found.adherence.whole)

    def _preparation(
        self,
        record: Record,
        before: PlanInForce | None,
        done: Sequence[Done],
        today: date,
        now: datetime,
    ) -> Preparation:
        planned = before.plan.sessions if before else ()
        return Preparation(
            state=record.state,
            graph=self._graph,
            problems=(*self._catalogue, *record.own.values()),
            cards=tuple(record.reviews),
            attempted=frozenset(record.last),
            attempts=record.attempts,
            at=now,
            kept={
                item.problem: item.skill
                for session in planned
                for item in session.items
                if item.kind is ItemKind.NEW and item.problem and item.skill
            },
            spent=spent_on(today, done, before.plan if before else None),
            reference=reference_of(record.profile.level),
        )


def _goal(asked: StudyGoal, profile: Profile, before: PlanInForce | None, today: date) -> Goal:
    """What was asked, completed by the profile and then by the plan before.

    Raises InvalidInput, naming what is missing.
    """
    if asked.until is not None:
        until: date | None = parse_day_ahead(asked.until, today)
    else:
        until = profile.interview_date
        if until is None and before and not before.is_over:
            until = before.plan.until
        if profile.interview_date is not None and profile.interview_date <= today:
            raise InvalidInput(
                f"The interview date in the profile, {profile.interview_date}, leaves no day to"
                " plan.",
                hint="Give until, or the new date to `update_profile` (interview_date).",
            )
    hours = asked.hours_per_week
    if hours is None:
        hours = profile.hours_per_week or (before.plan.hours_per_week if before else None)
    if until is None or hours is None:
        missing = ["until (the interview date, or '6 weeks')"] * (until is None)
        missing += ["hours_per_week"] * (hours is None)
        raise InvalidInput(
            "A plan needs a date and the hours per week there are.",
            hint=f"Ask the learner and give {' and '.join(missing)}; `update_profile` keeps them.",
        )
    if asked.rest_days is not None:
        rest_days = frozenset(_weekday(name) for name in asked.rest_days)
    else:
        rest_days = before.plan.rest_days if before else frozenset()
    wanted = asked.rounds or (before.plan.rounds if before else (Round.CODING,))
    return Goal(until, hours, rest_days, tuple(dict.fromkeys(wanted)))


def _weekday(name: str) -> int:
    plain = name.strip().lower().rstrip("s")
    for number, weekday in enumerate(WEEKDAYS):
        if len(plain) >= ABBREVIATED and weekday.startswith(plain):
            return number
    raise InvalidInput(f"{name[:40]!r} is no weekday.", hint="Write them like: saturday, sunday.")


def _answer(plan: StudyPlan, before: PlanInForce | None) -> PlanMade:
    return PlanMade(
        status=status_of(plan),
        plan_id=str(plan.id),
        attempts=plan.attempts,
        goal=goal_of(plan),
        feasibility=fit_of(plan),
        weeks=week_lines(plan),
        next_sessions=sessions_of(plan.sessions),
        notes=notes_of(plan),
        before=_compared(before, plan) if before else None,
        repeated=False,
        next_actions=["next_problem", "start_interview"]
        if plan.feasibility.fits
        else ["make_plan", "update_profile", "next_problem"],
    )


def _compared(before: PlanInForce, plan: StudyPlan) -> PlanBefore:
    difference = changes(before.plan, plan, before.done, plan.starts_on)
    return PlanBefore(
        made_on=before.plan.starts_on,
        so_far=kept_shown(before.adherence.whole),
        kept=difference.kept,
        moved=difference.moved,
        dropped=difference.dropped,
        new=difference.new,
    )
