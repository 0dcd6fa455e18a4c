"""How far the plan in force was kept, for everything that speaks of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from maang_mcp.domain.adherence import Adherence, Done, adherence, undone
from maang_mcp.domain.profile import Profile
from maang_mcp.domain.study_plan import ItemKind, PlanItem, Session, StudyPlan
from maang_mcp.domain.succession import adherence_throughout, replaced_by

from .dates import today_of, zone_of

if TYPE_CHECKING:
    from db import UnitOfWork

AHEAD = timedelta(weeks=3)
"""How far ahead the coming sessions are looked for: every whole week has one."""


@dataclass(frozen=True, slots=True)
class PlanInForce:
    """The plan made last, what was done since it began, and how far that keeps to it; `today` is
    the day where the learner lives."""

    plan: StudyPlan
    done: tuple[Done, ...]
    adherence: Adherence
    today: date

    @classmethod
    async def read(cls, uow: UnitOfWork, profile: Profile, now: datetime) -> PlanInForce | None:
        """In the reader's transaction; None where no plan was ever made."""
        plan = await uow.plans.latest()
        if plan is None:
            return None
        zone = zone_of(profile)
        today = today_of(profile, now)
        done = await uow.plans.done(datetime.combine(plan.starts_on, time(), zone), zone)
        return cls(plan, tuple(done), adherence(plan, done, today), today)

    @classmethod
    async def read_throughout(
        cls, uow: UnitOfWork, profile: Profile, now: datetime
    ) -> PlanInForce | None:
        """The same, where adherence is also that to the plans which this one replaced."""
        found = await cls.read(uow, profile, now)
        if found is None or not (earlier := replaced_by(found.plan, await uow.plans.replaced())):
            return found
        zone, first = zone_of(profile), min(plan.starts_on for plan in earlier)
        done = await uow.plans.done(datetime.combine(first, time(), zone), zone)
        kept = adherence_throughout(found.plan, earlier, done, found.today)
        return replace(found, adherence=kept)

    @classmethod
    async def read_at_hand(
        cls, uow: UnitOfWork, profile: Profile, now: datetime, ahead: timedelta = AHEAD
    ) -> PlanInForce | None:
        """The same with one query, of a plan that ends so far `ahead`; None where none is in
        force."""
        today = today_of(profile, now)
        found = await uow.plans.at_hand(today + ahead, zone_of(profile))
        if found is None:
            return None
        plan, done = found
        read = cls(plan, tuple(done), adherence(plan, done, today), today)
        return None if read.is_over else read

    def sessions_left(self, practised: Collection[str]) -> list[Session]:
        """What is left of today's session and all that come after it; none is empty.

        A review is left out while its problem is neither among the `practised` (slugs) nor planned
        before it: when the plan was made, the problem was to be practised by now.
        """
        known = set(practised)
        left: dict[date, list[PlanItem]] = {}
        for day, item in undone(self.plan, self.done, self.today):
            if day < self.today or (item.kind is ItemKind.REVIEW and item.problem not in known):
                continue
            if item.problem is not None:
                known.add(item.problem)
            left.setdefault(day, []).append(item)
        return [Session(day, tuple(items)) for day, items in left.items()]

    def left_today(self, practised: Collection[str]) -> tuple[PlanItem, ...]:
        """What is left of today's session, as `sessions_left` tells it."""
        sessions = self.sessions_left(practised)
        return sessions[0].items if sessions and sessions[0].day == self.today else ()

    @property
    def is_over(self) -> bool:
        """Whether the day planned for has come."""
        return self.today >= self.plan.until
