"""What the learner model's operations cost, in microseconds of processor time.

Pure Python, without the store or the protocol around it: sixty skills in ten families, a thousand
problems, a learner with 300 attempts and one with 5,000, recorded one by one as the product does
it. The budget is what the model was designed to stay within.
"""

from __future__ import annotations

import time
import timeit
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from maang_mcp.domain.attempt import Attempt, Grade, Mistake, Outcome, Rating
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.mastery import Item, observe, predict
from maang_mcp.domain.planning import next_best
from maang_mcp.domain.practice_days import Goal
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem
from maang_mcp.domain.readiness import readiness, target_profile
from maang_mcp.domain.scheduling import review
from maang_mcp.domain.skills import Round, Skill, SkillGraph
from maang_mcp.domain.standing import Standing, practise
from maang_mcp.domain.study_planning import Preparation, plan_study
from maang_mcp.domain.weakness import AttemptEvidence

from .answers import START

SKILLS = 60
PROBLEMS = 1_000
HISTORIES = (300, 5_000)
REPEATS = 20


@dataclass(frozen=True, slots=True)
class Life:
    """A learner's past: where they stand, and the evidence recorded on the way."""

    standing: Standing
    evidence: Sequence[AttemptEvidence]
    at: datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that is timed, and the microseconds it may take (None: no budget)."""

    name: str
    run: Callable[[], object]
    budget: float | None = None


def tell() -> dict[str, float]:
    """Prints the table, and returns it."""
    print("\nmicroseconds of processor time per operation, best of up to twenty")
    print(f"{'':<52}{'us':>10}{'budget':>10}")
    table = {}
    for operation in operations():
        timer = timeit.Timer(operation.run, timer=time.process_time)
        calls, taken = timer.autorange()  # calls that take at least 0.2 seconds together
        number, repeats = (calls // REPEATS, REPEATS) if calls >= REPEATS else (1, calls)
        best = 1e6 * min(taken / calls, *(span / number for span in timer.repeat(repeats, number)))
        budget = "" if operation.budget is None else f"{operation.budget:,.0f}"
        print(f"{operation.name:<52}{best:>10,.1f}{budget:>10}", flush=True)
        table[operation.name] = best
    return table


def operations() -> list[Operation]:
    """Everything that is timed, on one set of skills, problems and learners."""
    dice = Random(7)
    skills = [
        Skill(f"s{n}", f"Skill {n}", f"family {n // 6}", Round.CODING, (n % 9 + 1) / 10)
        for n in range(SKILLS)
    ]
    graph = SkillGraph(skills)
    problems = [_problem(n, skills, dice) for n in range(PROBLEMS)]
    items = [Item.of(problem) for problem in problems]
    lives = {count: _life(count, problems, dice) for count in HISTORIES}
    life = lives[HISTORIES[0]]
    state, at = life.standing.learner, life.at
    item = Item(("s1", "s2", "s3"), 0.2, 0.36)
    profile = target_profile(skills[:24])
    card, _ = review(None, "p1", Rating.GOOD, START)
    preparation = Preparation(
        state=state,
        graph=graph,
        problems=problems,
        cards=[history.review for history in life.standing.problems.values()],
        attempted=set(life.standing.problems),
        attempts=HISTORIES[0],
        at=at,
    )
    goal = Goal(at.date() + timedelta(weeks=8), 6.0)
    return [
        Operation("predict", lambda: predict(state, item, at)),
        Operation(
            "observe (gave up, 3 skills, culprit)",
            lambda: observe(state, item, Grade.GAVE_UP, at, culprit="s1"),
            150,
        ),
        *(
            Operation(f"record an attempt after {count:,}", _recording(lived, problems[0]))
            for count, lived in lives.items()
        ),
        *(
            Operation(
                f"weakness report ({SKILLS} skills, {count:,} attempts)",
                _reporting(lived, graph),
                1_000 if count == HISTORIES[0] else None,
            )
            for count, lived in lives.items()
        ),
        Operation(
            f"predict {PROBLEMS:,} candidates",
            lambda: [predict(state, candidate, at) for candidate in items],
            20_000,
        ),
        Operation(
            f"next problem among {PROBLEMS:,}",
            lambda: next_best(state, graph, problems, at, draw=dice.gauss, uniform=dice.random),
        ),
        Operation(
            f"readiness ({len(profile)}-row profile)",
            lambda: readiness(state, profile, at, attempts=HISTORIES[0]),
            2_000,
        ),
        Operation("review (FSRS)", lambda: review(card, "p1", Rating.GOOD, at)),
        Operation(
            "study plan (8 weeks of 6 hours)",
            # a Preparation keeps what it worked out, so each plan gets a new one
            lambda: plan_study(replace(preparation), goal, at.date(), UUID(int=1)),
            150_000,
        ),
    ]


def _problem(n: int, skills: Sequence[Skill], dice: Random) -> Problem:
    label = dice.choice(list(Difficulty))
    tags = tuple(dict.fromkeys(dice.choice(skills).id for _ in range(1 + n % 3)))
    difficulty = ItemDifficulty.from_label(label)
    return Problem(f"p{n}", f"Problem {n}", label, tags, minutes=35, item=difficulty)


def _life(attempts: int, problems: Sequence[Problem], dice: Random) -> Life:
    standing, evidence, at = Standing(), [], START
    for n in range(attempts):
        at = START + timedelta(days=n / 2)
        problem, outcome = dice.choice(problems), dice.choice(list(Outcome))
        attempt = _attempt(n, problem, outcome, at, (dice.choice(list(Mistake)),))
        consequence = practise(standing, attempt, problem)
        standing = consequence.standing
        evidence.append(consequence.evidence)
    return Life(standing, evidence, at)


def _attempt(
    n: int, problem: Problem, outcome: Outcome, at: datetime, mistakes: tuple[Mistake, ...] = ()
) -> Attempt:
    return Attempt(
        UUID(int=n),
        problem.slug,
        Round.CODING,
        outcome,
        at,
        minutes=30,
        mistakes=mistakes if outcome is not Outcome.SOLVED else (),
        culprit_skill=problem.skills[0],
    )


def _recording(life: Life, problem: Problem) -> Callable[[], object]:
    attempt = _attempt(len(life.evidence), problem, Outcome.GAVE_UP, life.at)
    return lambda: practise(life.standing, attempt, problem)


def _reporting(life: Life, graph: SkillGraph) -> Callable[[], object]:
    return lambda: weakness_report(life.standing.learner, graph, life.evidence, life.at)
