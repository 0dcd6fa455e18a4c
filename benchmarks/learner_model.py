"""What the learner model costs and how well it predicts.

    python -m benchmarks.learner_model [--data DIR] [--passes 3]

The first table is processor time per operation. The second, printed when the data is there, is
next-step prediction on held-out learners of ASSISTments 2009-10: every answer is predicted before
the model sees it, one row per answer. The model runs with its standard parameters in the binary
form (an answer is solved or not), in three regimes of what is known of an item: the base rate, one
of three labels, or a difficulty estimated from training learners. The baselines run on the same
rows.

The data may not be redistributed. The "skill builder" set of 2009-10 comes from the ASSISTments
project, the split into training and test learners from Gervet, Koedinger, Schneider & Mitchell
(JEDM 2020, github.com/theophilegervet/learner-performance-prediction, `prepare_data.py`). Write it
as DIR/assist09.csv.gz with the columns user_id, order, item_id, skills (joined by ";"), correct
(0 or 1) and split (train or test), each learner's rows in order.
"""

from __future__ import annotations

import argparse
import math
import os
import platform
import random
import time
import timeit
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np

from maang_mcp.domain.attempt import Attempt, Grade, Outcome, Rating
from maang_mcp.domain.diagnosis import weakness_report
from maang_mcp.domain.mastery import Item, LearnerState, observe, predict
from maang_mcp.domain.parameters import STANDARD, Parameters
from maang_mcp.domain.planning import next_best
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem
from maang_mcp.domain.readiness import readiness, target_profile
from maang_mcp.domain.response import loadings_of, sigmoid
from maang_mcp.domain.scheduling import review
from maang_mcp.domain.skills import Round, Skill, SkillGraph
from maang_mcp.domain.weakness import AttemptEvidence

from .next_step import Answer, Histories, Predictor, elo, item_mean, load, running_mean, score

DATA = Path(__file__).parents[2] / "shared" / "data" / "learner"
START = datetime(2026, 1, 1, tzinfo=UTC)
BINARY = Parameters(step_weight=0.0)  # silences the questions below "solved"
ITEM_VARIANCE, GROUP_VARIANCE = 0.6, 0.5
UNSEEN_VARIANCE = 1.0

Difficulties = Mapping[int, tuple[float, float]]


def estimate_difficulties(
    training: Histories, testing: Histories, passes: int
) -> tuple[Difficulties, float]:
    """Item difficulties from training learners alone, and the average answer's difficulty.

    Alternates between running the filter with the difficulties so far and a maximum a posteriori
    estimate per item, shrunk towards the items with the same skills. An item that only occurs
    among test learners gets the mean of those.
    """
    skills_of = {a.item: a.skills for history in (*training, *testing) for a in history}
    known: Difficulties = {}
    overall = -1.0
    for _ in range(passes):
        by_item: dict[int, list[tuple[float, float, bool]]] = defaultdict(list)
        by_skills: dict[tuple[str, ...], list[tuple[float, float, bool]]] = defaultdict(list)
        for history in training:
            state = LearnerState.new(BINARY)
            for answer in history:
                margin = (*_margin(state, answer.skills), answer.correct)
                by_item[answer.item].append(margin)
                by_skills[answer.skills].append(margin)
                state = _observe(state, answer, known, overall)
        sample = [margin for margins in by_item.values() for margin in margins]
        overall, _ = _estimate(sample[::10], overall, 100.0)
        of_skills = {
            skills: _estimate(margins, overall, GROUP_VARIANCE)[0]
            for skills, margins in by_skills.items()
        }
        known = {
            item: _estimate(by_item.get(item, ()), of_skills.get(skills, overall), ITEM_VARIANCE)
            for item, skills in skills_of.items()
        }
    return known, overall


def _margin(state: LearnerState, skills: Sequence[str]) -> tuple[float, float]:
    """Mean and variance of what a learner brings to an item, before its difficulty."""
    mean = state.ability.mean + state.form.mean
    variance = state.ability.variance + state.form.variance
    for name, loading in loadings_of(skills).items():
        skill = state.skill(name, START, BINARY)
        mean += loading * (skill.mean + skill.practice_gain)
        variance += loading**2 * skill.variance
    return mean, variance


def _estimate(
    margins: Sequence[tuple[float, float, bool]], prior: float, prior_variance: float
) -> tuple[float, float]:
    """Difficulty given the answers to an item: Newton's method, and the Laplace variance."""
    difficulty = prior
    for _ in range(8):
        gradient = (prior - difficulty) / prior_variance
        precision = 1.0 / prior_variance
        for mean, variance, correct in margins:
            slope = STANDARD.discrimination / math.sqrt(1.0 + math.pi * variance / 8.0)
            p = sigmoid(slope * (mean - difficulty))
            gradient += slope * (p - correct)
            precision += slope * slope * p * (1.0 - p)
        difficulty += gradient / precision
    return difficulty, 1.0 / precision


def _observe(
    state: LearnerState, answer: Answer, known: Difficulties, otherwise: float
) -> LearnerState:
    item = Item(answer.skills, *known.get(answer.item, (otherwise, UNSEEN_VARIANCE)))
    grade = Grade.SOLVED if answer.correct else Grade.GAVE_UP
    return observe(state, item, grade, START, parameters=BINARY).state


def three_labels(known: Difficulties) -> Difficulties:
    """Each difficulty blurred to the mean of its third: what an easy/medium/hard label says."""
    means = np.array([mean for mean, _ in known.values()])
    third = np.searchsorted(np.quantile(means, [1 / 3, 2 / 3]), means)
    variance = ItemDifficulty.from_label(Difficulty.MEDIUM).variance
    label = [float(means[third == index].mean()) for index in range(3)]
    return {item: (label[index], variance) for item, index in zip(known, third, strict=True)}


def ours(known: Difficulties, otherwise: float) -> Predictor:
    """The product's model."""

    def run(history: Sequence[Answer]) -> Iterator[float]:
        state = LearnerState.new(BINARY)
        for answer in history:
            item = Item(answer.skills, *known.get(answer.item, (otherwise, UNSEEN_VARIANCE)))
            yield predict(state, item, START, parameters=BINARY)
            state = _observe(state, answer, known, otherwise)

    return run


def accuracy(path: Path, passes: int) -> None:
    """The second table."""
    training, testing = load(path)
    answers = [answer for history in training for answer in history]
    base = sum(answer.correct for answer in answers) / len(answers)
    print(
        f"\nnext step on {path.name}: {len(training):,} training learners ({len(answers):,}"
        f" answers), {len(testing):,} test learners ({sum(map(len, testing)):,} answers)"
    )
    print(f"{'':<38}{'AUC':>8}{'LL':>8}{'ECE-15':>8}  |{'AUC':>8}{'LL':>8}  first ten answers")
    score("learner's running mean", running_mean(base, per_skill=False), testing)
    score("learner x skill running mean", running_mean(base, per_skill=True), testing)
    score("item mean", item_mean(training, base), testing)
    score("Elo: learner + skill + item", elo(training, base), testing)
    known, overall = estimate_difficulties(training, testing, passes)
    score("ours, only the base rate known", ours({}, overall), testing)
    score("ours, three labels", ours(three_labels(known), overall), testing)
    score("ours, difficulties from training", ours(known, overall), testing)


def speed() -> None:
    """The first table."""
    dice = random.Random(7)
    skills = [
        Skill(f"s{n}", f"Skill {n}", f"family {n // 6}", Round.CODING, (n % 9 + 1) / 10)
        for n in range(60)
    ]
    graph = SkillGraph(skills)
    problems = []
    for n in range(1_000):
        label = dice.choice(list(Difficulty))
        tags = tuple(dict.fromkeys(dice.choice(skills).id for _ in range(1 + n % 3)))
        difficulty = ItemDifficulty.from_label(label)
        problems.append(Problem(f"p{n}", f"Problem {n}", label, tags, minutes=35, item=difficulty))
    state, history, at = LearnerState.new(), [], START
    for n in range(200):
        at, problem = START + timedelta(days=n / 2), dice.choice(problems)
        outcome = dice.choice(list(Outcome))
        seen = observe(state, Item.of(problem), Grade(outcome), at, culprit=problem.skills[0])
        attempt = Attempt(UUID(int=n), problem.slug, Round.CODING, outcome, at, minutes=30)
        evidence = AttemptEvidence(
            attempt, seen.expected, seen.skill_changes, seen.skill_levels, problem.minutes
        )
        history.append(evidence)
        state = seen.state
    item = Item(("s1", "s2", "s3"), 0.2, 0.36)
    items = [Item.of(problem) for problem in problems]
    profile = target_profile(skills[:24])
    memory, _ = review(None, "p1", Rating.GOOD, START)
    operations: dict[str, Callable[[], object]] = {
        "predict": lambda: predict(state, item, at),
        "observe (gave up, 3 skills, culprit)": lambda: observe(
            state, item, Grade.GAVE_UP, at, culprit="s1"
        ),
        "weakness report (60 skills, 200 attempts)": lambda: weakness_report(
            state, graph, history, at
        ),
        "predict 1,000 candidates": lambda: [predict(state, item, at) for item in items],
        "next problem among 1,000": lambda: next_best(
            state, graph, problems, at, draw=dice.gauss, uniform=dice.random
        ),
        "readiness (48-row profile)": lambda: readiness(state, profile, at, attempts=200),
        "review (FSRS)": lambda: review(memory, "p1", Rating.GOOD, at),
    }
    print("microseconds of processor time per operation, best of twenty")
    for name, operation in operations.items():
        timer = timeit.Timer(operation, timer=time.process_time)
        number = max(timer.autorange()[0] // 10, 1)
        best = min(timer.repeat(repeat=20, number=number)) / number
        print(f"{name:<44}{1e6 * best:>10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the learner model.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of assist09.csv.gz")
    parser.add_argument("--passes", type=int, default=3, help="over the training learners")
    arguments = parser.parse_args()
    print(f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}")
    speed()
    path = arguments.data / "assist09.csv.gz"
    if path.exists():
        accuracy(path, arguments.passes)
    else:
        print(f"\nno {path.name} in {arguments.data}: see the head of this file for the data.")


if __name__ == "__main__":
    main()
