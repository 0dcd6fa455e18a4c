"""What a new study plan changes against the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .adherence import Done, undone
from .study_plan import ItemKind, PlanItem, StudyPlan


@dataclass(frozen=True, slots=True)
class Changes:
    """What became of the new problems and mock interviews that the plan before had left: `kept` on
    their day, `moved` to another one, `dropped`. `new` are those it did not have.

    Reviews are not counted: when they come follows from how practice goes, not from a decision.
    """

    kept: int
    moved: int
    dropped: int
    new: int


def changes(before: StudyPlan, after: StudyPlan, done: Sequence[Done], today: date) -> Changes:
    """Compares what was still to be done with what is planned now, item by item.

    Items are the same when they are of one kind and about one problem.
    """
    left = _by_what(undone(before, done, today))
    planned = _by_what((session.day, item) for session in after.sessions for item in session.items)
    kept = moved = dropped = 0
    for what, days in left.items():
        now = planned.get(what, [])
        both = min(len(days), len(now))
        stayed = len(set(days) & set(now))
        kept += stayed
        moved += both - stayed
        dropped += len(days) - both
    new = sum(max(0, len(now) - len(left.get(what, ()))) for what, now in planned.items())
    return Changes(kept, moved, dropped, new)


def _by_what(
    items: Iterable[tuple[date, PlanItem]],
) -> dict[tuple[ItemKind, str | None], list[date]]:
    days: dict[tuple[ItemKind, str | None], list[date]] = {}
    for day, item in items:
        if item.kind is ItemKind.REVIEW:
            continue
        days.setdefault((item.kind, item.problem), []).append(day)
    return days
