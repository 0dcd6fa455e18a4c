"""Plans that replaced one another: how far each was kept while it was in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from .adherence import Adherence, Done, adherence
from .study_plan import StudyPlan


def replaced_by(plan: StudyPlan, earlier: Sequence[StudyPlan]) -> list[StudyPlan]:
    """Those of the earlier plans, oldest first, that it carries on.

    Each was replaced before its goal had come; what lies before a plan that was over was another
    preparation.
    """
    carried_on: list[StudyPlan] = []
    newer = plan
    for older in reversed(earlier):
        if older.until <= newer.starts_on:
            break
        carried_on.append(older)
        newer = older
    return carried_on[::-1]


def adherence_throughout(
    plan: StudyPlan, replaced: Sequence[StudyPlan], done: Sequence[Done], today: date
) -> Adherence:
    """How far the plan and those it replaced, oldest first, were kept by `today`, each held
    against what was done while it was in force.

    A plan counts to the day before the next one began. The day of the change counts once: what was
    done of it before the change is the old plan's, everything else the new plan's. Where a clock
    or a time zone was set back so far that a plan begins before the one it replaced, its days are
    taken from that one. `missed` is of the plan in force alone: it was made knowing what had been
    missed.
    """
    rest, kept, this_week = list(done), [], []
    for place, (older, newer) in enumerate(pairwise([*replaced, plan])):
        by_then = [one for one in rest if _came_before(one, newer)]
        rest = [one for one in rest if not _came_before(one, newer)]
        end = min(today, plan.starts_on, *(later.starts_on for later in replaced[place + 1 :]))
        until_then = adherence(older, by_then, end)
        kept.append(until_then.whole)
        if _monday(end) == _monday(today):
            this_week.append(until_then.this_week)
    found = adherence(plan, rest, today)
    return replace(
        found,
        whole=sum(kept, start=found.whole),
        this_week=sum(this_week, start=found.this_week),
    )


def _came_before(one: Done, newer: StudyPlan) -> bool:
    return one.day < newer.starts_on if one.at is None else one.at < newer.made_at


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
