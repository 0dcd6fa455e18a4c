"""How far a study plan was kept: what was planned so far against what was done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from .study_plan import ItemKind, PlanItem, StudyPlan


@dataclass(frozen=True, slots=True)
class Done:
    """One attempt as the plan sees it: its day where the learner lives, the problem's slug, its
    minutes (None: nobody kept time), and whether it was a mock interview. `at` is its moment, where
    it matters what came first on a day."""

    day: date
    problem: str
    minutes: float | None = None
    mock: bool = False
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A period of a plan, planned against done.

    `done_items` of the `planned_items` were done, early or late; `extra_items` are attempts that
    were not planned. `done_minutes` is the time spent on both; an untimed attempt counts with
    what was planned for it.
    """

    planned_items: int
    done_items: int
    extra_items: int
    planned_minutes: int
    done_minutes: int

    def __add__(self, other: Kept) -> Kept:
        """Both periods together."""
        return Kept(
            self.planned_items + other.planned_items,
            self.done_items + other.done_items,
            self.extra_items + other.extra_items,
            self.planned_minutes + other.planned_minutes,
            self.done_minutes + other.done_minutes,
        )

    @property
    def share(self) -> float | None:
        """The part of the planned items that was done; None while nothing was planned."""
        return self.done_items / self.planned_items if self.planned_items else None


@dataclass(frozen=True, slots=True)
class Adherence:
    """How far a plan was kept: since it began, and in the calendar week of today.

    `missed` are the items of earlier days that were not done, oldest first.
    """

    whole: Kept
    this_week: Kept
    missed: tuple[PlanItem, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    day: date
    item: PlanItem
    done: Done | None


def adherence(plan: StudyPlan, done: Sequence[Done], today: date) -> Adherence:
    """What became of the plan by `today`.

    An item counts as done by an attempt at its problem on any day since the plan began, a mock by
    any mock interview; all attempts at a problem on one day do one item, the earliest there is.
    What is planned for today counts once it is done, and is not missed before tomorrow.
    """
    work = sorted((one for one in done if plan.starts_on <= one.day <= today), key=_order)
    planned, extra = _matched(plan, work)
    so_far = [one for one in planned if one.day < today or (one.day == today and one.done)]
    week = plan.week_of(today)
    monday = week.starts_on if week else None
    return Adherence(
        _kept(so_far, planned, extra),
        _kept(
            [one for one in so_far if monday is not None and one.day >= monday],
            [one for one in planned if one.done and monday and one.done.day >= monday],
            [one for one in extra if monday is not None and one.day >= monday],
        ),
        tuple(one.item for one in so_far if one.done is None),
    )


def _order(one: Done) -> tuple[date, str]:
    return one.day, one.problem


def _matched(plan: StudyPlan, work: Iterable[Done]) -> tuple[list[_Planned], list[Done]]:
    """Every planned item with the attempt that did it, and the attempts that did none."""
    waiting: dict[str | None, list[Done]] = {}
    again, planned = [], []
    for one in work:
        queue = waiting.setdefault(None if one.mock else one.problem, [])
        if queue and queue[-1].day == one.day and not one.mock:
            again.append(one)
        else:
            queue.append(one)
    for session in plan.sessions:
        for item in session.items:
            key = None if item.kind is ItemKind.MOCK else item.problem
            left = waiting.get(key)
            planned.append(_Planned(session.day, item, left.pop(0) if left else None))
    return planned, again + [one for queue in waiting.values() for one in queue]


def _kept(so_far: Sequence[_Planned], worked: Sequence[_Planned], extra: Sequence[Done]) -> Kept:
    spent = sum(
        one.item.minutes if one.done.minutes is None else one.done.minutes
        for one in worked
        if one.done is not None
    )
    return Kept(
        planned_items=len(so_far),
        done_items=sum(one.done is not None for one in so_far),
        extra_items=len(extra),
        planned_minutes=sum(one.item.minutes for one in so_far),
        done_minutes=round(spent + sum(one.minutes or 0.0 for one in extra)),
    )


def spent_on(day: date, done: Sequence[Done], plan: StudyPlan | None) -> int:
    """Minutes practised on a day; an untimed attempt counts with what the plan in force set aside
    for it, if anything."""
    work = sorted((one for one in done if one.day == day), key=_order)
    planned = _matched(plan, work)[0] if plan else []
    untimed = sum(
        one.item.minutes for one in planned if one.done is not None and one.done.minutes is None
    )
    return round(untimed + sum(one.minutes or 0.0 for one in work))


def undone(plan: StudyPlan, done: Sequence[Done], today: date) -> list[tuple[date, PlanItem]]:
    """What of the plan is still to be done by `today`: missed items and those ahead, by day."""
    work = sorted((one for one in done if plan.starts_on <= one.day <= today), key=_order)
    return [(one.day, one.item) for one in _matched(plan, work)[0] if one.done is None]
