"""The session brief: everything a coach needs for "hi", and one proposal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from maang_mcp.domain.planning import Recommendation
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.scheduling import Review, retrievability
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.study_plan import PlanItem
from maang_mcp.domain.weakness import Label, Weakness, WeaknessReport, surest_first

from .answers.learner import Briefing, Due, OpenInterview, WeakSpot
from .dates import today_of
from .library import how_asked
from .plan_progress import PlanInForce
from .plan_views import item_line
from .planned_today import PlannedFirst
from .record import Record
from .weakness_views import named

DUE_SHOWN = 3
WEAK_SHOWN = 3
PLANNED_SHOWN = 4
SESSIONS_AHEAD = 2
STALE = timedelta(days=7)
"""Age from which a plan is to be made anew."""
BADLY_KEPT = 0.5
"""Share of the planned items below which a plan no longer describes what is done."""
ENOUGH_PLANNED = 4
"""Planned items below which that share says nothing."""


def brief(
    record: Record,
    report: WeaknessReport,
    recommended: Recommendation | None,
    unfinished: OpenInterview | None,
    ahead: str | None,
    planned: PlanInForce | None,
    first: PlannedFirst | None,
    graph: SkillGraph,
    now: datetime,
) -> Briefing:
    """The briefing from what was read; `ahead` is the next round of an onsite loop, in words, and
    `first` what the plan has left for today."""
    profile, last, attempts = record.profile, record.state.last_attempt, record.attempts
    due = sorted(record.due(now), key=lambda review: retrievability(review, now))
    weak = _weakest(report)
    today = today_of(profile, now)
    days = profile.days_to_interview(today)
    idle = None if last is None else (today - today_of(profile, last)).days
    if unfinished is not None:
        proposal = (
            f"Take up the mock interview on {unfinished.question} again: "
            f"{unfinished.minutes_left} minutes are left."
        )
        actions = ["start_interview", "next_problem"]
    elif ahead is not None:
        proposal = f"Go on with {ahead} (start_interview with onsite)."
        actions = ["start_interview", "next_problem"]
    elif first is not None and first.practice is None:
        proposal, actions = first.reason, ["start_interview", "next_problem"]
    elif first is not None and first.practice is not None:
        proposal, actions = _practise(first.practice.problem, first.reason)
    elif attempts == 0:
        proposal = (
            "Tell me what you practised last and how it went, and when your interview is; "
            "or start with one problem now."
        )
        actions = ["record_attempt", "update_profile", "next_problem"]
    elif recommended is not None:
        proposal, actions = _practise(recommended.problem, recommended.reason)
    else:
        proposal = "Everything in the catalogue is practised and nothing is due: do a mock."
        actions = ["start_interview", "weakness_report"]
    outdated = planned is not None and _outdated(planned)
    return Briefing(
        status=_status(
            days,
            len(due),
            [named(weakness, graph) for weakness in weak],
            unfinished,
            ahead,
            attempts,
            idle,
        ),
        name=profile.name,
        days_to_interview=days,
        attempts=attempts,
        practised_days_ago=idle,
        unfinished_interview=unfinished,
        reviews_due=len(due),
        due=[_due(review, now) for review in due[:DUE_SHOWN]],
        weaknesses=[
            WeakSpot(w.name, round(w.severity, 1), round(w.confidence, 2), w.n) for w in weak
        ],
        plan=_plan_lines(planned, record.last) if planned is not None else [],
        proposal=proposal,
        coach_style=profile.coach_style,
        next_actions=[*actions, "make_plan"] if outdated else actions,
    )


def _practise(problem: Problem, reason: str) -> tuple[str, list[str]]:
    """The proposal of a problem, and what to do about it."""
    actions = ["next_problem", "start_interview", "weakness_report"]
    if problem.interview:
        actions = ["start_interview", "next_problem", "weakness_report"]
    return f"Practise {problem.title}. {reason}{how_asked(problem)}", actions


def _plan_lines(planned: PlanInForce, practised: Collection[str]) -> list[str]:
    """What the plan says for today and the next sessions, and how far it was kept so far."""
    today, sessions = planned.today, planned.sessions_left(practised)
    ahead = [session for session in sessions if session.day > today]
    if items := planned.left_today(practised):
        lines = [f"Planned for today, {_items(items)}."]
    elif planned.plan.session_on(today) is None:
        lines = ["Nothing is planned for today."]
    else:
        lines = ["Nothing is left of today's plan."]
    if ahead:
        told = (f"{s.day.isoformat()}, {_items(s.items)}" for s in ahead[:SESSIONS_AHEAD])
        lines.append(f"Then {'; '.join(told)}.")
    kept = planned.adherence.whole
    so_far = f"{kept.done_items} of {kept.planned_items} planned items done so far"
    if _outdated(planned):
        age = (today - planned.plan.starts_on).days
        lines.append(
            f"The plan is {age} day{'s' * (age != 1)} old, {so_far}: make it anew with make_plan."
        )
    elif kept.planned_items:
        lines.append(f"{so_far}.")
    return lines


def _items(items: Sequence[PlanItem]) -> str:
    named = ", ".join(item_line(item) for item in items[:PLANNED_SHOWN])
    more = len(items) - PLANNED_SHOWN
    rest = f" and {more} more" if more > 0 else ""
    return f"{sum(item.minutes for item in items)} minutes: {named}{rest}"


def _outdated(planned: PlanInForce) -> bool:
    kept = planned.adherence.whole
    badly = kept.planned_items >= ENOUGH_PLANNED and (kept.share or 0.0) < BADLY_KEPT
    return badly or planned.today - planned.plan.starts_on > STALE


def _due(review: Review, now: datetime) -> Due:
    return Due(
        problem=review.problem,
        overdue_days=(now - review.due).days,
        retrievability=round(retrievability(review, now), 2),
    )


def _weakest(report: WeaknessReport) -> list[Weakness]:
    sure = [weakness for weakness in report.weaknesses if weakness.label is not Label.WATCH]
    return surest_first(sure)[:WEAK_SHOWN]


def _status(
    days: int | None,
    due: int,
    weak: list[str],
    unfinished: OpenInterview | None,
    ahead: str | None,
    attempts: int,
    idle: int | None,
) -> str:
    if attempts == 0 and unfinished is None and ahead is None:
        return "Nothing is on record yet: a fresh start."
    parts = []
    if days is not None:
        parts.append(_until_interview(days))
    if unfinished is not None:
        parts.append("one interview is unfinished")
    if ahead is not None:
        parts.append(f"{ahead} waits")
    if idle is not None:
        said = f"{attempts} attempt{'s' * (attempts != 1)} so far"
        parts.append(f"{said}, last practised {_days_ago(idle)}")
    parts.append(f"{due} review{'s' * (due != 1)} due")
    if weak:
        parts.append(f"weakest: {', '.join(weak)}")
    line = "; ".join(parts)
    return f"{line[0].upper()}{line[1:]}."


def _until_interview(days: int) -> str:
    if days < 0:
        return "the interview is past"
    return f"{days} day{'s' * (days != 1)} to the interview" if days else "the interview is today"


def _days_ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
