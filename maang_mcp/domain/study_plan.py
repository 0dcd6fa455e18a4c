"""A study plan as a value: dated sessions in calendar weeks, and whether the goal fits into them.

Totals are never stored: a session's minutes are the sum of its items, a week's the sum of its
sessions, the plan's the sum of its weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from .skills import Round


class ItemKind(StrEnum):
    """What is done in a stretch of a session."""

    NEW = "new"
    REVIEW = "review"
    MOCK = "mock"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One thing to do, and the minutes set aside for it.

    `problem` is a slug and `skill` the id of the skill it is for; a mock interview has neither.
    `expected` is P(solving it alone in time) as believed when the plan was made.
    """

    kind: ItemKind
    minutes: int
    round: Round
    problem: str | None = None
    skill: str | None = None
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """What is to be done on one day."""

    day: date
    items: tuple[PlanItem, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all items."""
        return sum(item.minutes for item in self.items)


@dataclass(frozen=True, slots=True)
class PlanWeek:
    """The part of a calendar week (Monday to Sunday) that lies within the plan.

    `available` are the minutes the learner has in it, pro rata where days are missing; `reasons`
    say why less is planned. `reviews_waiting` counts reviews that are due by its end and did not
    fit.
    """

    starts_on: date
    ends_on: date
    available: int
    sessions: tuple[Session, ...]
    reviews_waiting: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def minutes(self) -> int:
        """Minutes of all sessions."""
        return sum(session.minutes for session in self.sessions)

    @property
    def items(self) -> Iterator[PlanItem]:
        """The items of all sessions, in order."""
        return (item for session in self.sessions for item in session.items)

    def minutes_of(self, kind: ItemKind) -> int:
        """Minutes set aside for one kind of item."""
        return sum(item.minutes for item in self.items if item.kind is kind)

    def count(self, kind: ItemKind) -> int:
        """How many items of one kind there are."""
        return sum(item.kind is kind for item in self.items)


@dataclass(frozen=True, slots=True)
class Feasibility:
    """Whether the goal fits: covering the skills that matter, with reviews and mocks on the way.

    `required` are the minutes up to its last problem: of this plan where it fits, else of the one
    that would, with more hours or else to a later date; None where neither would do, and then it
    takes `at_least` so many. `available` are the plan's minutes: they may be more than `required`
    and in pieces too short. `left_out` names the skills that get too few problems or none;
    `hours_needed` per week, or the target date `fits_by`, would do (None: none that can be
    planned). `unreachable` are skills for which the catalogue has no unseen problem; `waived` are
    prerequisites that no problem trains before those that rest on them.
    """

    fits: bool
    required: int | None
    available: int
    at_least: int = 0
    hours_needed: float | None = None
    fits_by: date | None = None
    left_out: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """Dated sessions from `starts_on` to the day before `until`.

    `rest_days` are weekdays as `date.weekday()` counts them, Monday 0. `aimed_at` are the skills
    the plan is to cover, most wanted first; `attempts` the n that what it believes rests on.
    """

    id: UUID
    made_at: datetime
    starts_on: date
    until: date
    hours_per_week: float
    rest_days: frozenset[int]
    rounds: tuple[Round, ...]
    weeks: tuple[PlanWeek, ...]
    feasibility: Feasibility
    aimed_at: tuple[str, ...] = ()
    attempts: int = 0

    @property
    def sessions(self) -> Iterator[Session]:
        """All sessions, first to last."""
        return (session for week in self.weeks for session in week.sessions)

    @property
    def minutes(self) -> int:
        """Minutes of all weeks."""
        return sum(week.minutes for week in self.weeks)

    @property
    def available(self) -> int:
        """Minutes the learner has in all weeks."""
        return sum(week.available for week in self.weeks)

    @property
    def reviews_waiting(self) -> int:
        """Reviews due by the end that find no room."""
        return self.weeks[-1].reviews_waiting

    def week_of(self, day: date) -> PlanWeek | None:
        """The week a day lies in, if it is part of the plan."""
        return next((week for week in self.weeks if week.starts_on <= day <= week.ends_on), None)

    def session_on(self, day: date) -> Session | None:
        """What is planned for a day, if anything."""
        return next((session for session in self.sessions if session.day == day), None)
