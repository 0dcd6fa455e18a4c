"""Random candidates: a past of their own, and a goal; the same for the same number.

One in ten prepares with the whole catalogue, the others with a part of it, which is planned faster
and runs out of problems sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from uuid import UUID

from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.domain.attempt import Attempt, Outcome
from maang_mcp.domain.practice_days import Goal
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.standing import Standing, practise
from maang_mcp.domain.study_plan import StudyPlan
from maang_mcp.domain.study_planning import Preparation, plan_study

from .learners import START, after

PAST_DAYS = 40
DAYS_AHEAD = (1, 2, 5, 9, 13, 13, 20, 20, 27, 27, 33, 41, 55, 70)
HOURS = (0.5, 1, 2.5, 4, 5, 6, 6.5, 7, 8, 8, 10, 10, 14.3, 20, 40)
TODAY = after(PAST_DAYS).date()
WHOLE = 0.1
"""Part of the candidates who have the whole catalogue."""
PARTS = 5
"""How many smaller catalogues there are."""
PART = 12
"""Skills a smaller one is made of, with all that they rest on."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a plan is asked of."""

    preparation: Preparation
    goal: Goal
    today: date

    def plan(self) -> StudyPlan:
        """Their plan."""
        return plan_study(self.preparation, self.goal, self.today, UUID(int=7))


@cache
def problems() -> tuple[Problem, ...]:
    """What ships with the product."""
    return tuple(catalogue())


@cache
def part(number: int) -> tuple[SkillGraph, tuple[Problem, ...]]:
    """Some skills, what they rest on, and every problem that needs nothing else."""
    whole = skill_graph()
    chosen = set(Random(f"part {number}").sample(list(whole), PART))
    kept = chosen.union(*(whole.ancestors(skill) for skill in chosen))
    return (
        SkillGraph(skill for skill in whole.values() if skill.id in kept),
        tuple(problem for problem in problems() if problem.skills and kept >= {*problem.skills}),
    )


def candidate(number: int) -> Candidate:
    """Candidate `number`: up to sixty attempts in the past, up to ten weeks ahead."""
    dice = Random(f"candidate {number}")
    today = TODAY + timedelta(days=dice.randrange(7))
    goal = Goal(
        until=today + timedelta(days=dice.choice(DAYS_AHEAD)),
        hours_per_week=dice.choice(HOURS),
        rest_days=_rest_days(dice, today),
        rounds=dice.choice(
            (
                (Round.CODING,),
                (Round.CODING,),
                (Round.CODING, Round.BEHAVIORAL),
                (Round.SYSTEM_DESIGN,),
                tuple(Round),
            )
        ),
    )
    graph, known = part(dice.randrange(PARTS))
    if dice.random() < WHOLE:
        graph, known = skill_graph(), problems()
    standing, attempted = _past(dice, known)
    return Candidate(
        Preparation(
            state=standing.learner,
            graph=graph,
            problems=known,
            cards=tuple(history.review for history in standing.problems.values()),
            attempted=frozenset(standing.problems),
            attempts=attempted,
            at=after(PAST_DAYS),
        ),
        goal,
        today,
    )


def _rest_days(dice: Random, today: date) -> frozenset[int]:
    """Up to three, and never today, so that some day is left."""
    days = [day for day in range(7) if day != today.weekday()]
    return frozenset(dice.sample(days, dice.randrange(4)))


def _past(dice: Random, problems: tuple[Problem, ...]) -> tuple[Standing, int]:
    standing, attempts = Standing(), dice.choice((0, 0, 3, 12, 30, 60))
    skilled = dice.uniform(0.2, 0.9)
    for n in range(attempts):
        problem = dice.choice(problems)
        outcome = (
            Outcome.SOLVED
            if dice.random() < skilled
            else dice.choice((Outcome.FAILED, Outcome.SOLVED_WITH_HINTS, Outcome.GAVE_UP))
        )
        at = START + timedelta(days=PAST_DAYS * n / attempts)
        attempt = Attempt(UUID(int=n), problem.slug, problem.round, outcome, at, problem.minutes)
        standing = practise(standing, attempt, problem).standing
    return standing, attempts
