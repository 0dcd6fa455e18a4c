"""A study plan in words: weeks as lines, items as "kind problem minutes"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.domain.adherence import Kept
from maang_mcp.domain.practice_days import WEEKDAYS
from maang_mcp.domain.readiness import ENOUGH_ATTEMPTS
from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import ItemKind, PlanItem, PlanWeek, Session, StudyPlan

from .answers.plan import Fit, PlanKept, PlannedFor, PlanShown, PlanWeekShown, SessionShown

ITEMS_SHOWN = 21
"""Items of the coming sessions that an answer has room for."""
WEEKS_SHOWN = 13
WEEKS_WHOLE = 8
"""Weeks of a plan that are shown day by day: as far as it is likely to be kept."""
NAMES_SHOWN = 8
FOCUS_SHOWN = 3


def status_of(plan: StudyPlan) -> str:
    """The verdict in one line."""
    verdict, until = plan.feasibility, plan.until.isoformat()
    if not plan.minutes:
        return f"Nothing can be planned until {until}: {' '.join(notes_of(plan))}"
    planned = f"{_hours(plan.minutes)} of {_hours(plan.available)} until {until} are planned."
    if verdict.fits:
        waiting = plan.reviews_waiting
        but = f", but {_count(waiting, 'due review')} find{'s' * (waiting == 1)} no room"
        return f"It fits{but if waiting else ''}: {_takes(plan)}. {planned}"
    ways = [
        f"with {verdict.hours_needed:g} hours per week" if verdict.hours_needed else "",
        f"by {verdict.fits_by.isoformat()}" if verdict.fits_by else "",
    ]
    would = " or ".join(filter(None, ways))
    instead = (
        f"it would {would}" if would else "neither more hours nor a date within a year would do"
    )
    left_out = len(verdict.left_out)
    return (
        f"It does NOT fit: {_takes(plan)}; {instead}. {_count(left_out, 'skill')}"
        f" get{'s' * (left_out == 1)} too few problems or none. {planned}"
    )


def _takes(plan: StudyPlan) -> str:
    """What the goal takes, told apart from what there is."""
    verdict = plan.feasibility
    what = f"covering {_listed([_spoken(round) for round in plan.rounds])} with reviews and mocks"
    if verdict.required is None:
        return f"{what} takes at least {_hours(verdict.at_least)}"
    if verdict.fits and not verdict.required:
        return "no new problem is required"
    pieces = not verdict.fits and verdict.required <= verdict.available
    how = ", which sessions as short as these cannot hold" if pieces else ""
    return f"{what} takes {_hours(verdict.required)}{how}"


def notes_of(plan: StudyPlan) -> list[str]:
    """What the plan leaves free, postpones or cannot teach, and why."""
    notes, verdict = [], plan.feasibility
    if plan.attempts < ENOUGH_ATTEMPTS:
        notes.append(
            f"What is weak is hardly known (n={plan.attempts} attempt{'s' * (plan.attempts != 1)}):"
            " plan again in a week."
        )
    free = plan.available - plan.minutes
    if free:
        why = dict.fromkeys(reason for week in plan.weeks for reason in week.reasons)
        notes.append(f"{_hours(free)} stay free: {'; '.join(why)}.")
    if waiting := plan.reviews_waiting:
        one = waiting == 1
        notes.append(
            f"{_count(waiting, 'review')} due by the end {'finds' if one else 'find'} no room."
        )
    if verdict.unreachable:
        notes.append(f"No unseen problem is left for {_names(verdict.unreachable)}.")
    if verdict.waived:
        notes.append(
            "The catalogue has no problem to begin with for what others rest on, so read up on it"
            f" first: {_names(verdict.waived)}."
        )
    return notes


def week_line(week: PlanWeek) -> str:
    """One week: minutes, counts, and the skills that get most of them."""
    counts = [
        f"{n} {kind}" if kind is ItemKind.NEW else _count(n, kind)
        for kind in ItemKind
        if (n := week.count(kind))
    ]
    minutes = Counter[str]()
    for item in week.items:
        if item.kind is ItemKind.NEW and item.skill:
            minutes[item.skill] += item.minutes
    focus = [_name(skill) for skill, _ in minutes.most_common(FOCUS_SHOWN)]
    parts = [f"{week.minutes} of {week.available} min", ", ".join(counts), ", ".join(focus)]
    return f"{week.starts_on.isoformat()}: {'; '.join(filter(None, parts))}"


def week_lines(plan: StudyPlan) -> list[str]:
    """Every week in a line, as far as there is room; the others in one."""
    lines, rest = [week_line(week) for week in plan.weeks[:WEEKS_SHOWN]], plan.weeks[WEEKS_SHOWN:]
    if rest:
        planned, available = (sum(week.minutes for week in rest), sum(w.available for w in rest))
        more = _count(len(rest), "more week")
        lines.append(f"{more}: {planned} of {available} min, in maang://plan")
    return lines


def sessions_of(sessions: Iterable[Session], room: int = ITEMS_SHOWN) -> list[SessionShown]:
    """The first sessions in full, as long as there is room for all their items."""
    shown: list[SessionShown] = []
    for session in sessions:
        left = room - sum(len(one.items) for one in shown)
        if shown and len(session.items) > left:
            break
        items = [item_line(item) for item in session.items[:left]]
        if len(session.items) > left:
            items.append(f"{len(session.items) - left} more in maang://plan")
        shown.append(SessionShown(session.day, session.minutes, items))
    return shown


def item_line(item: PlanItem) -> str:
    """One item: "review two-sum 10"; one that only an interview asks says so."""
    what = item.problem or item.round.value
    problem = catalogue().get(item.problem) if item.problem else None
    asked = " with start_interview" if problem and problem.bank else ""
    return f"{item.kind} {what} {item.minutes}{asked}"


def goal_of(plan: StudyPlan) -> PlannedFor:
    """The goal as it was understood."""
    return PlannedFor(
        until=plan.until,
        hours_per_week=plan.hours_per_week,
        rest_days=[WEEKDAYS[day] for day in sorted(plan.rest_days)],
        rounds=[round.value for round in plan.rounds],
    )


def fit_of(plan: StudyPlan, names: int = NAMES_SHOWN) -> Fit:
    """The verdict, with as many names of what is left out."""
    verdict = plan.feasibility
    return Fit(
        fits=verdict.fits,
        planned_minutes=plan.minutes,
        available_minutes=plan.available,
        required_minutes=verdict.required,
        hours_needed=verdict.hours_needed,
        fits_by=verdict.fits_by,
        skills_left_out=len(verdict.left_out),
        left_out=[_name(skill) for skill in verdict.left_out[:names]],
    )


def kept_shown(kept: Kept) -> PlanKept:
    """Adherence as numbers."""
    return PlanKept(
        kept.planned_items,
        kept.done_items,
        kept.extra_items,
        kept.planned_minutes,
        kept.done_minutes,
    )


def plan_shown(plan: StudyPlan, kept: Kept) -> PlanShown:
    """The plan: the first weeks whole, the later ones as lines."""
    return PlanShown(
        status=status_of(plan),
        plan_id=str(plan.id),
        made_on=plan.starts_on,
        goal=goal_of(plan),
        feasibility=fit_of(plan, len(plan.feasibility.left_out)),
        notes=notes_of(plan),
        weeks=[
            PlanWeekShown(
                week.starts_on,
                week.ends_on,
                week.minutes,
                week.available,
                week.reviews_waiting,
                list(week.reasons),
                [
                    SessionShown(s.day, s.minutes, [item_line(item) for item in s.items])
                    for s in week.sessions
                ],
            )
            for week in plan.weeks[:WEEKS_WHOLE]
        ],
        later_weeks=[week_line(week) for week in plan.weeks[WEEKS_WHOLE:]],
        kept_so_far=kept_shown(kept),
    )


NO_PLAN = PlanShown(
    status="There is no plan yet; `make_plan` makes one.",
    plan_id=None,
    made_on=None,
    goal=None,
    feasibility=None,
    notes=[],
    weeks=[],
    later_weeks=[],
    kept_so_far=None,
)


def _hours(minutes: int) -> str:
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


def _spoken(round: Round) -> str:
    return round.replace("_", " ")


def _listed(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _name(skill: str) -> str:
    """A skill by its name; by its id where a release no longer ships it."""
    graph = skill_graph()
    return graph[skill].name if skill in graph else skill


def _names(skills: Sequence[str]) -> str:
    more = len(skills) - NAMES_SHOWN
    shown = [_name(skill) for skill in skills[:NAMES_SHOWN]]
    return _listed([*shown, f"{more} more"] if more > 0 else shown)
