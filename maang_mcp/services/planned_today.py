"""What the study plan says to do first today, with why in the words of a proposal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.catalogue import Catalogue
from maang_mcp.domain.mastery import Item, expected_on_repeat, predict
from maang_mcp.domain.planning import Practice, Recommendation
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.scheduling import A_DAY, retrievability
from maang_mcp.domain.skills import SkillGraph
from maang_mcp.domain.study_plan import ItemKind, PlanItem

from .answers.practice import NextProblem
from .plan_progress import PlanInForce
from .record import Record


@dataclass(frozen=True, slots=True)
class PlannedFirst:
    """The first item that is left of today's session; `practice` is None for a mock interview."""

    reason: str
    practice: Recommendation | None


def planned_first(
    planned: PlanInForce | None,
    record: Record,
    catalogue: Catalogue,
    graph: SkillGraph,
    now: datetime,
) -> PlannedFirst | None:
    """None where nothing is left of today's session, or nothing that is still shipped."""
    for item in planned.left_today(record.last) if planned else ():
        if item.problem is None:
            about = item.round.replace("_", " ")
            return PlannedFirst(
                f"Planned for today: a mock interview ({about}), {item.minutes} minutes.", None
            )
        problem = catalogue.get(item.problem) or record.own.get(item.problem)
        if problem is not None:
            make = _review if item.kind is ItemKind.REVIEW else _new
            found = make(item, problem, record, graph, now)
            return PlannedFirst(found.reason, found)
    return None


def mock_proposed(reason: str) -> NextProblem:
    """The planned mock interview as the answer to what is to be practised now."""
    return NextProblem(
        status=reason,
        kind=None,
        problem=None,
        reason=reason,
        skill=None,
        success_probability=None,
        n=None,
        next_actions=["start_interview"],
    )


def _new(
    item: PlanItem, problem: Problem, record: Record, graph: SkillGraph, now: datetime
) -> Recommendation:
    state, skill = record.state, item.skill
    expected = predict(state, Item.of(problem), now)
    attempts = state.skill(skill, now).attempts if skill else 0
    if attempts:
        rests_on = f"from {attempts} attempt{'s' * (attempts != 1)} at the skill"
    else:
        rests_on = f"a guess{' from other skills' if state.skills else ', nothing is on record'}"
    aim = f" for {graph[skill].name}" if skill and skill in graph else ""
    reason = (
        f"Planned for today: new, {item.minutes} minutes{aim}; chance to solve it in time: "
        f"{expected:.0%}, {rests_on}."
    )
    return Recommendation(problem, Practice.NEW, skill, expected, reason)


def _review(
    item: PlanItem, problem: Problem, record: Record, graph: SkillGraph, now: datetime
) -> Recommendation:
    card = next(review for review in record.reviews if review.problem == problem.slug)
    recalled = retrievability(card, now)
    expected = predict(record.state, Item.of(problem), now)
    if record.last[problem.slug].outcome is Outcome.SOLVED:
        expected = expected_on_repeat(expected, recalled)
    reason = (
        f"Planned for today: review, {item.minutes} minutes; last practised "
        f"{(now - card.last_review) / A_DAY:.0f} days ago, remembered with a probability of "
        f"{recalled:.0%}; expected to be solved in time: {expected:.0%}."
    )
    return Recommendation(problem, Practice.REVIEW, item.skill, expected, reason)
