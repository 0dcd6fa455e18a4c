"""Making a study plan: the syllabus laid into the calendar, and the truth about whether it fits.

The same record, goal and day give the same plan. Nothing is squeezed: where the time does not
suffice, the plan says what is left out, and which hours or which date would do. Both were tried,
by laying out the plan they would give.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from .mastery import Item, LearnerState, predict
from .mock_rhythm import Mocks
from .parameters import MEDIUM_REFERENCE
from .practice_days import (
    FARTHEST,
    LONGEST_SESSION,
    WEEKDAYS,
    Goal,
    WeekFrame,
    frames,
    longest_slot,
)
from .problem import Problem
from .readiness import ENOUGH_ATTEMPTS
from .review_load import ReviewLoad
from .scheduling import Review
from .skills import SkillGraph
from .study_plan import Feasibility, StudyPlan
from .syllabus import Material, Step, Syllabus
from .timetable import Timetable, fits, timetable

HOUR_STEP = 0.5
"""Hours per week by which a goal that would fit is searched."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Preparation:
    """Everything a plan is made from, apart from the goal.

    `problems` are all that may be met, `attempted` the slugs tried before: those return only as
    reviews of `cards`. `attempts` is how many there were.
    `kept` are the new problems of an earlier plan, each with its skill, that should stay where
    nothing speaks against it. `spent` are the minutes already practised on the plan's first day.
    `reference` is the difficulty (logits) that the target level asks.
    """

    state: LearnerState
    graph: SkillGraph
    problems: Sequence[Problem]
    cards: Sequence[Review]
    attempted: Collection[str]
    attempts: int
    at: datetime
    kept: Mapping[str, str] = field(default_factory=dict)
    spent: int = 0
    reference: float = MEDIUM_REFERENCE

    @cached_property
    def unseen(self) -> tuple[Problem, ...]:
        """Problems that can be planned as new ones."""
        carded = {card.problem for card in self.cards}
        return tuple(
            problem
            for problem in self.problems
            if problem.slug not in self.attempted and problem.slug not in carded
        )

    @cached_property
    def reviewed(self) -> Mapping[str, tuple[Problem, float]]:
        """The problems that have cards, each with P(solve) as if it were never seen."""
        carded = {card.problem for card in self.cards}
        return {
            problem.slug: (problem, predict(self.state, Item.of(problem), self.at))
            for problem in self.problems
            if problem.slug in carded
        }

    @property
    def material(self) -> Material:
        """What the syllabus is made from."""
        return Material(self.state, self.graph, self.unseen, self.at, self.kept, self.reference)


def plan_study(preparation: Preparation, goal: Goal, today: date, id: UUID) -> StudyPlan:
    """The plan from `today` on.

    Raises InvalidInput, saying what to change, for a date that is past or too far, for no hours
    and for nothing but rest days.
    """
    goal.check(today)
    maker = _Maker(preparation, goal, today)
    weeks = maker.weeks(goal)
    lessons = maker.lessons(weeks)
    laid = maker.lay(goal, weeks, lessons.required, lessons.further())
    return StudyPlan(
        id=id,
        made_at=preparation.at,
        starts_on=today,
        until=goal.until,
        hours_per_week=goal.hours_per_week,
        rest_days=goal.rest_days,
        rounds=goal.rounds,
        weeks=laid.weeks,
        feasibility=maker.feasibility(laid, lessons),
        aimed_at=lessons.aimed_at,
        attempts=preparation.attempts,
    )


class _Maker:
    """Lays out the plan for this and other goals; the syllabus is made once for each length of
    session."""

    def __init__(self, preparation: Preparation, goal: Goal, today: date) -> None:
        self._preparation = preparation
        self._goal = goal
        self._today = today
        self._lengths = {problem.minutes for problem in preparation.unseen}
        self._lessons: dict[int, Syllabus] = {}
        reviewed = preparation.reviewed
        problems = {problem.slug: problem for problem in preparation.unseen} | {
            slug: problem for slug, (problem, _) in reviewed.items() if problem.round in goal.rounds
        }
        expected = {slug: chance for slug, (_, chance) in reviewed.items()}
        self._load = ReviewLoad(preparation.cards, problems, expected)

    def weeks(self, goal: Goal) -> list[WeekFrame]:
        """The calendar of a goal."""
        return frames(goal, self._today, self._preparation.spent)

    def lessons(self, weeks: list[WeekFrame]) -> Syllabus:
        """The syllabus for weeks like these."""
        slot = longest_slot(weeks)
        longest = max((length for length in self._lengths if length <= slot), default=0)
        if longest not in self._lessons:
            material = self._preparation.material
            self._lessons[longest] = Syllabus(material, self._goal.rounds, longest)
        return self._lessons[longest]

    def lay(
        self,
        goal: Goal,
        weeks: list[WeekFrame],
        required: Sequence[Step],
        further: Iterator[Step],
    ) -> Timetable:
        """The steps laid into the weeks of a goal."""
        return timetable(weeks, required, further, self._load.copy(), self._mocks(goal))

    def _mocks(self, goal: Goal) -> Mocks:
        return Mocks.spaced(
            goal.rounds,
            self._today,
            goal.until,
            goal.minutes_per_week,
            beginner=self._preparation.attempts < ENOUGH_ATTEMPTS,
        )

    def feasibility(self, laid: Timetable, lessons: Syllabus) -> Feasibility:
        """Whether all that is required was laid, and what would fit when not."""
        available = sum(week.available for week in laid.weeks)
        if not laid.left:
            return Feasibility(
                fits=True,
                required=laid.needed,
                available=available,
                unreachable=lessons.unreachable,
                waived=lessons.waived,
            )
        hours, by = self._hours_needed(), self._fits_by()
        would = None
        if hours is not None:
            would = replace(self._goal, hours_per_week=hours)
        elif by is not None:
            would = replace(self._goal, until=by)
        return Feasibility(
            fits=False,
            required=None if would is None else self._attempt(would).needed,
            at_least=laid.needed + sum(step.problem.minutes for step in laid.left),
            available=available,
            hours_needed=hours,
            fits_by=by,
            left_out=tuple(dict.fromkeys(step.skill for step in laid.left)),
            unreachable=lessons.unreachable,
            waived=lessons.waived,
        )

    def _attempt(self, goal: Goal) -> Timetable:
        """What is required, laid out for another goal."""
        weeks = self.weeks(goal)
        return self.lay(goal, weeks, self.lessons(weeks).required, iter(()))

    def _fits(self, goal: Goal) -> bool:
        weeks = self.weeks(goal)
        return fits(weeks, self.lessons(weeks).required, self._load.copy(), self._mocks(goal))

    def _hours_needed(self) -> float | None:
        """The fewest hours per week, in half hours, with which the goal fits to the same date."""
        practised_days = len(WEEKDAYS) - len(self._goal.rest_days)
        steps = _fewest(
            int(self._goal.hours_per_week / HOUR_STEP),
            int(practised_days * LONGEST_SESSION / 60 / HOUR_STEP),
            lambda n: self._fits(replace(self._goal, hours_per_week=n * HOUR_STEP)),
        )
        return None if steps is None else steps * HOUR_STEP

    def _fits_by(self) -> date | None:
        """The nearest date, in whole weeks after the goal's, by which it fits with its hours."""
        until = self._goal.until
        weeks = _fewest(
            0,
            (self._today + FARTHEST - until) // _WEEK,
            lambda n: self._fits(replace(self._goal, until=until + n * _WEEK)),
        )
        return None if weeks is None else until + weeks * _WEEK


def _fewest(too_few: int, most: int, fits: Callable[[int], bool]) -> int | None:
    """The least n in (too_few, most] that fits, by doubling and bisection; each answer was tried.

    More always fits where less did, but for the odd minute; None when even `most` does not.
    """
    if most <= too_few:
        return None
    width = 1
    while not fits(enough := min(too_few + width, most)):
        if enough >= most:
            return None
        too_few, width = enough, 2 * width
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if fits(middle):
            enough = middle
        else:
            too_few = middle
    return enough
