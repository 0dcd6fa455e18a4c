"""Readiness where the truth is known: simulated learners who practise the wrong mix.

A learner practises forty problems from a mix that is mostly easy or mostly hard, and then meets a
loop of four problems, of which three must be solved: all of them medium, or each of them hard with
probability one half. The true probability of passing follows from the learner's hidden skills. The
baseline takes the solve rate so far for the probability of solving any problem of the loop.

The world knows more than the model: difficulties spread by 0.6 logits around their label, some
failures are slips, three skills are planted far below the learner's level, practice teaches.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import NamedTuple

import numpy as np

from maang_mcp.domain.attempt import Grade
from maang_mcp.domain.mastery import Item, LearnerState, observe
from maang_mcp.domain.problem import Difficulty, ItemDifficulty
from maang_mcp.domain.readiness import LOOP, NEEDED, Demand, readiness, target_profile
from maang_mcp.domain.response import loadings_of, sigmoid
from maang_mcp.domain.skills import Round, Skill

from .answers import START
from .measures import Array, at_least, calibration_error, squared_error

ATTEMPTS = 40
SLOPE = 1.15
LABEL_SPREAD = 0.6
SLIP = 0.03
LEARNED = 0.02
"""Logits by which an attempt at a skill raises it."""
BINS = 10
MIXES: Mapping[str, tuple[float, float, float]] = {
    "easy-heavy": (0.7, 0.25, 0.05),
    "hard-heavy": (0.05, 0.25, 0.7),
}
SKILLS = [
    Skill(f"s{n}", f"Skill {n}", f"family {n // 3}", Round.CODING, (n % 6 + 1) / 8)
    for n in range(24)
]
HARD_SHARES = (0.0, 0.5)
# The lowest margin of each grade, in the order they are asked for.
CUTS = (
    (Grade.SOLVED, 0.0),
    (Grade.SOLVED_LATE, -0.5),
    (Grade.SOLVED_WITH_HINTS, -1.2),
    (Grade.FAILED, -2.2),
)


class Learner:
    """A hidden ability and hidden skills, all in logits."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._ability = dice.gauss(0.0, 0.8)
        self._skills = {skill.id: dice.gauss(0.0, 0.35) for skill in SKILLS}
        for skill in dice.sample(SKILLS, 3):
            self._skills[skill.id] = -1.5 * dice.uniform(0.8, 1.2)

    def attempt(self, skills: Sequence[str], difficulty: float) -> Grade:
        """How an attempt ends; it teaches a little."""
        noise = self._dice.random()
        z = SLOPE * self._level(skills, difficulty) + math.log(noise / (1.0 - noise))
        for skill in skills:
            self._skills[skill] += LEARNED
        if self._dice.random() < SLIP:
            return Grade.GAVE_UP
        return next((grade for grade, cut in CUTS if z > cut), Grade.GAVE_UP)

    def passing(self, profile: Sequence[Demand]) -> float:
        """P(passing the loop): its problems are drawn from the profile one by one."""
        solve = total = 0.0
        steps = [(step - 3) / 1.5 for step in range(7)]
        density = [math.exp(-x * x / 2.0) for x in steps]
        for demand in profile:
            for x, share in zip(steps, density, strict=True):
                level = self._level(demand.item.skills, demand.item.mean + LABEL_SPREAD * x)
                solve += demand.weight * share * (1.0 - SLIP) * sigmoid(SLOPE * level)
                total += demand.weight * share
        return at_least(NEEDED, LOOP, solve / total)

    def _level(self, skills: Sequence[str], difficulty: float) -> float:
        loadings = loadings_of(skills).items()
        return self._ability + sum(w * self._skills[s] for s, w in loadings) - difficulty


class Estimate(NamedTuple):
    """What was said of one learner, and the truth."""

    ours: float
    low: float
    high: float
    solve_rate: float
    true: float
    passed: float


def estimate(dice: Random, mix: tuple[float, float, float], profile: Sequence[Demand]) -> Estimate:
    """One learner's practice, and the estimates after it."""
    learner, state, solved = Learner(dice), LearnerState.new(), 0
    at = START
    for n in range(ATTEMPTS):
        at = START + timedelta(days=n / 2)
        (label,) = dice.choices(list(Difficulty), mix)
        skills = {dice.choices(SKILLS, [s.frequency for s in SKILLS])[0].id}
        if dice.random() < 0.6:
            skills.add(dice.choice(SKILLS).id)
        known = ItemDifficulty.from_label(label)
        item = Item(tuple(sorted(skills)), known.mean, known.variance)
        grade = learner.attempt(item.skills, known.mean + dice.gauss(0.0, LABEL_SPREAD))
        state = observe(state, item, grade, at).state
        solved += grade is Grade.SOLVED
    ours = readiness(state, profile, at, attempts=ATTEMPTS)
    true = learner.passing(profile)
    return Estimate(
        ours.probability,
        ours.low,
        ours.high,
        at_least(NEEDED, LOOP, solved / ATTEMPTS),
        true,
        float(dice.random() < true),
    )


def tell(learners: int = 1000) -> dict[str, dict[str, float]]:
    """Prints the tables of both loops, over half as many learners of each mix, and returns them."""
    table = {}
    for share in HARD_SHARES:
        dice, profile = Random(40), target_profile(SKILLS, share)
        rows: Array = np.array(
            [
                estimate(dice, mix, profile)
                for mix in MIXES.values()
                for _ in range(learners // len(MIXES))
            ]
        )
        print(
            f"\nsimulated readiness: {NEEDED} of {LOOP}, {share:.0%} of them hard, after"
            f" {ATTEMPTS} attempts; {len(rows):,} learners ({' and '.join(MIXES)} practice),"
            f" {rows[:, -1].mean():.1%} pass"
        )
        for name, figures in _figures(rows):
            table[f"{name}, {share:.0%} hard"] = figures
    return table


def _figures(rows: Array) -> Iterator[tuple[str, dict[str, float]]]:
    """The table of one loop, printed row by row."""
    ours, low, high, solve_rate, true, passed = rows.T
    print(f"{'':<34}{'ECE-10':>8}{'Brier':>7}{'RMSE to the truth':>19}{'80 % interval covers':>22}")
    for name, p in (("ours", ours), ("binomial of the solve rate", solve_rate)):
        row = {
            "ece": calibration_error(p, passed, BINS),
            "brier": squared_error(p, passed),
            "rmse": math.sqrt(squared_error(p, true)),
        }
        covers = ""
        if p is ours:
            row["coverage"] = float(np.mean((low <= true) & (true <= high)))
            covers = f"{row['coverage']:.3f}"
        print(f"{name:<34}{row['ece']:>8.4f}{row['brier']:>7.4f}{row['rmse']:>19.3f}{covers:>22}")
        yield name, row
