"""Answers about study plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SessionShown:
    """One day of a plan: each item as "kind problem minutes"."""

    day: date
    minutes: int
    items: list[str]


@dataclass(frozen=True, slots=True)
class PlanKept:
    """How far a plan was kept: items and minutes planned so far, against what was done."""

    planned_items: int
    done_items: int
    extra_items: int
    planned_minutes: int
    done_minutes: int


@dataclass(frozen=True, slots=True)
class PlanBefore:
    """The plan before: how far it was kept, and what became of the new problems and mock
    interviews it had left."""

    made_on: date
    so_far: PlanKept
    kept: int
    moved: int
    dropped: int
    new: int


@dataclass(frozen=True, slots=True)
class PlannedFor:
    """The goal as it was understood."""

    until: date
    hours_per_week: float
    rest_days: list[str]
    rounds: list[str]


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether the goal fits; `hours_needed` per week or `fits_by` would do where it does not.

    `planned_minutes` is the sum of the weeks, `required_minutes` what the goal takes in a plan that
    fits (None: none would). `left_out` names some of the `skills_left_out` that
    get too few problems or none.
    """

    fits: bool
    planned_minutes: int
    available_minutes: int
    required_minutes: int | None
    hours_needed: float | None
    fits_by: date | None
    skills_left_out: int
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class PlanMade:
    """A plan in short: whether the goal fits, every week in a line, the coming days in full.

    `attempts` is the n that its estimates rest on.
    """

    status: str
    plan_id: str
    attempts: int
    goal: PlannedFor
    feasibility: Fit
    weeks: list[str]
    next_sessions: list[SessionShown]
    notes: list[str]
    before: PlanBefore | None
    repeated: bool
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class PlanWeekShown:
    """One calendar week of a plan, whole."""

    starts_on: date
    ends_on: date
    minutes: int
    available_minutes: int
    reviews_waiting: int
    left_free_because: list[str]
    sessions: list[SessionShown]


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The plan in force, the first weeks whole, and how far it was kept."""

    status: str
    plan_id: str | None
    made_on: date | None
    goal: PlannedFor | None
    feasibility: Fit | None
    notes: list[str]
    weeks: list[PlanWeekShown]
    later_weeks: list[str]
    kept_so_far: PlanKept | None
