"""Study plans: each as it was made, the latest one in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    Label,
    RowMapping,
    Text,
    cast,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, JSONPATH, aggregate_order_by

from db.models.practice import attempt, study_plan
from maang_mcp.domain.adherence import Done
from maang_mcp.domain.study_plan import StudyPlan

from .repository import Repository

_COLUMNS = {"id", "made_at"}
_NEWEST = (study_plan.c.made_at.desc(), study_plan.c.id.desc())


class PlanRepository(Repository):
    """Queries over study plans, and over what was done of them."""

    async def answered(self, plan_id: UUID) -> tuple[str, Mapping[str, Any]] | None:
        """The digest of the request this plan was made for, and what was answered then."""
        found = await self._connection.execute(
            select(study_plan.c.request, study_plan.c.answer).where(
                self._own(study_plan), study_plan.c.id == plan_id
            )
        )
        row = found.first()
        return None if row is None else (row[0], row[1])

    async def add(self, plan: StudyPlan, *, request: str, answer: Mapping[str, Any]) -> None:
        """Puts a plan on record; from now on it is the latest."""
        await self._connection.execute(
            insert(study_plan).values(
                learner_id=self._learner,
                id=plan.id,
                made_at=plan.made_at,
                plan=_adapter().dump_python(plan, mode="json", exclude=_COLUMNS),
                request=request,
                answer=answer,
            )
        )

    async def latest(self) -> StudyPlan | None:
        """The plan made last."""
        found = await self._connection.execute(
            select(study_plan.c.id, study_plan.c.made_at, study_plan.c.plan)
            .where(self._own(study_plan))
            .order_by(*_NEWEST)
            .limit(1)
        )
        row = found.mappings().first()
        return None if row is None else _plan(row)

    async def replaced(self) -> list[StudyPlan]:
        """The plans made before the latest, oldest first, each with its weeks up to the one in
        which the next was made."""
        begins = study_plan.c.plan["starts_on"].astext
        in_order = (study_plan.c.made_at, study_plan.c.id)
        made = (
            select(
                study_plan.c.id,
                study_plan.c.made_at,
                study_plan.c.plan,
                func.lead(begins).over(order_by=in_order).label("replaced_on"),
            )
            .where(self._own(study_plan))
            .subquery()
        )
        found = await self._connection.execute(
            select(made.c.id, made.c.made_at, _weeks_to(made.c.plan, made.c.replaced_on))
            .where(made.c.replaced_on.is_not(None))
            .order_by(made.c.made_at, made.c.id)
        )
        return [_plan(row) for row in found.mappings()]

    async def at_hand(self, last: date, zone: tzinfo) -> tuple[StudyPlan, list[Done]] | None:
        """The plan made last with its weeks that begin by `last`, and the attempts since it began;
        one statement, for answers that need no more of a plan."""
        begins = cast(study_plan.c.plan["starts_on"].astext, Date)
        # Wherever the learner lives, and in whatever zone the session is: that day has not begun.
        early = cast(begins - 2, DateTime(timezone=True))
        since = (
            select(
                func.jsonb_agg(
                    aggregate_order_by(
                        func.jsonb_build_array(
                            attempt.c.attempted_at,
                            attempt.c.problem,
                            attempt.c.minutes,
                            attempt.c.interview_id.is_not(None),
                        ),
                        attempt.c.attempted_at,
                        attempt.c.id,
                    )
                )
            )
            .where(self._own(attempt), attempt.c.attempted_at >= early)
            .correlate(study_plan)
            .scalar_subquery()
        )
        found = await self._connection.execute(
            select(
                study_plan.c.id,
                study_plan.c.made_at,
                _weeks_to(study_plan.c.plan, literal(last.isoformat())),
                since.label("done"),
            )
            .where(self._own(study_plan))
            .order_by(*_NEWEST)
            .limit(1)
        )
        row = found.mappings().first()
        if row is None:
            return None
        plan = _plan(row)
        done = (
            _done(datetime.fromisoformat(at), problem, minutes, zone, mock=mock)
            for at, problem, minutes, mock in row["done"] or ()
        )
        return plan, [one for one in done if one.day >= plan.starts_on]

    async def done(self, since: datetime, zone: tzinfo) -> list[Done]:
        """The attempts from a moment on, oldest first, each on its day in `zone`."""
        found = await self._connection.execute(
            select(
                attempt.c.attempted_at, attempt.c.problem, attempt.c.minutes, attempt.c.interview_id
            )
            .where(self._own(attempt), attempt.c.attempted_at >= since)
            .order_by(attempt.c.attempted_at, attempt.c.id)
        )
        return [
            _done(at, problem, minutes, zone, mock=interview is not None)
            for at, problem, minutes, interview in found
        ]


def _weeks_to(plan: ColumnElement[Any], last: ColumnElement[str]) -> Label[Any]:
    """A plan without the weeks that begin after a day."""
    weeks = func.jsonb_path_query_array(
        plan,
        cast("$.weeks[*] ? (@.starts_on <= $last)", JSONPATH),
        func.jsonb_build_object("last", last),
    )
    return func.jsonb_set(plan, cast(["weeks"], ARRAY(Text)), weeks, type_=JSONB).label("plan")


def _done(at: datetime, problem: str, minutes: float | None, zone: tzinfo, *, mock: bool) -> Done:
    return Done(at.astimezone(zone).date(), problem, minutes, mock=mock, at=at)


def _plan(row: RowMapping) -> StudyPlan:
    return _adapter().validate_python({**row["plan"], "id": row["id"], "made_at": row["made_at"]})


@cache
def _adapter() -> TypeAdapter[StudyPlan]:
    return TypeAdapter(StudyPlan)
