"""Simulated candidates: what they really can, and how an attempt of theirs turns out.

The truth is not the model's: difficulties differ from their labels, candidates learn, sometimes
slip, and in some variants their weakest skill decides or their tags are wrong. Every candidate has
dice of their own for every purpose, so that runs which differ in one thing differ in no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from maang_mcp.domain.attempt import Grade, Mistake, Outcome
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.response import logit, sigmoid

from .world import TrueItem, World

ABILITY_SPREAD, SKILL_SPREAD = 0.8, 0.35
PLANTED = 3
"""Topics in which a candidate is weak."""
SHALLOW, DEEP = -1.5, -2.5
"""Mean depth of a planted weakness in logits; the actual one varies by a fifth either way."""
SLOPE = 1.15
CUTS = ((0.0, Grade.SOLVED), (-0.5, Grade.SOLVED_LATE), (-1.2, Grade.SOLVED_WITH_HINTS))
REAL_ATTEMPT = -2.2
SLIP = 0.03
"""Probability of giving up for no reason that the model knows."""
SMALL_GAIN = 0.02
"""Logits that an attempt adds to each skill it takes."""
AVOIDANCE = 0.4
"""How often, relative to the others, a problem of a weak topic is chosen by who avoids those."""
SECOND_MISTAKE = 0.3
HABIT = 0.6
"""Share of the failures of a candidate with a habit in which that mistake is made."""
DAWDLING = 0.4
"""Share of the solutions of a slow candidate that come too late for no other reason."""

MISTAKES = (
    Mistake.MISREAD_PROBLEM,
    Mistake.WRONG_PATTERN,
    Mistake.BOUNDARY,
    Mistake.EDGE_CASE,
    Mistake.COMPLEXITY,
    Mistake.DATA_STRUCTURE,
    Mistake.IMPLEMENTATION_BUG,
    Mistake.TESTING,
)
"""What goes wrong in coding, each as likely as the next unless one is a habit."""

Gain = Callable[[float], float]
"""What an attempt adds to each of its skills, given the true probability of solving it."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One kind of truth. `planted` is the mean depth of three weak topics, None for no such."""

    name: str
    planted: float | None = SHALLOW
    spread: float = SKILL_SPREAD
    weakest_link: bool = False
    wrong_tags: float = 0.0
    avoids: bool = False
    habits: bool = False


VARIANTS: Mapping[str, Variant] = {
    variant.name: variant
    for variant in (
        Variant("planted"),
        Variant("weakest-link", weakest_link=True),
        Variant("wrong-tags", wrong_tags=0.15),
        Variant("deep", planted=DEEP),
        Variant("avoidance", avoids=True),
        Variant("none", planted=None),
        Variant("flat", planted=None, spread=0.0),
        Variant("habits", planted=None, habits=True),
    )
}


@dataclass(frozen=True, slots=True)
class Told:
    """An attempt as its candidate reports it."""

    outcome: Outcome
    minutes: float
    hints: int
    mistakes: tuple[Mistake, ...]
    culprit: str | None


@dataclass(slots=True)
class Candidate:
    """Somebody with a true ability and true deviations from it, growing with practice."""

    world: World
    variant: Variant
    ability: float
    deviations: Mapping[str, float]
    planted: frozenset[str]
    habit: Mistake | None
    dice: Random
    blame: Random
    accuracy: float | None
    gain: Gain
    gained: dict[str, float] = field(default_factory=dict)

    @classmethod
    def draw(
        cls,
        world: World,
        variant: Variant,
        name: str,
        accuracy: float | None = None,
        gain: Gain = lambda _: SMALL_GAIN,
    ) -> Candidate:
        """The candidate of that name, always the same; `accuracy` is how often the culprit named
        after a failure is the right one, None that none is named."""
        dice = Random(f"candidate:{name}")
        ability = dice.gauss(0.0, ABILITY_SPREAD)
        deviations = {topic.id: dice.gauss(0.0, variant.spread) for topic in world.topics}
        chosen = dice.sample([topic.id for topic in world.topics], PLANTED)
        planted = frozenset(chosen if variant.planted is not None else ())
        for topic in chosen:
            depth = dice.uniform(0.8, 1.2)
            if variant.planted is not None:
                deviations[topic] = variant.planted * depth
        habit = dice.choice(MISTAKES) if variant.habits else None
        return cls(
            world,
            variant,
            ability,
            deviations,
            planted,
            habit,
            Random(f"outcomes:{name}"),
            Random(f"blame:{name}"),
            accuracy,
            gain,
        )

    def margin(self, item: TrueItem) -> float:
        """What the candidate brings to an item, over what it asks, in logits."""
        levels = [self.deviations[skill] + self.gained.get(skill, 0.0) for skill in item.skills]
        together = min(levels) if self.variant.weakest_link else sum(levels) / len(levels) ** 0.5
        return self.ability + together - item.difficulty

    def solves(self, item: TrueItem) -> float:
        """The true probability of solving it alone and in time, slips left out."""
        return sigmoid(SLOPE * self.margin(item))

    def attempt(self, problem: Problem) -> Told:
        """One attempt, from which the candidate learns."""
        item = self.world.truth[problem.slug]
        p = self.solves(item)
        grade = self._grade(SLOPE * self.margin(item))
        culprit = None if grade is Grade.SOLVED else self._culprit(item, problem)
        for skill in item.skills:
            self.gained[skill] = self.gained.get(skill, 0.0) + self.gain(p)
        late = grade is Grade.SOLVED_LATE
        pace = self.dice.uniform(1.05, 1.5) if late else self.dice.uniform(0.5, 0.95)
        return Told(
            Outcome.SOLVED if late else Outcome(grade.value),
            max(1, round(pace * problem.minutes)) + late,
            int(grade is Grade.SOLVED_WITH_HINTS),
            self._mistakes(grade),
            culprit,
        )

    def _grade(self, mean: float) -> Grade:
        z = mean + logit(min(max(self.dice.random(), 1e-12), 1.0 - 1e-12))
        slipped = self.dice.random() < SLIP
        dawdled = self.variant.habits and self.dice.random() < DAWDLING
        if slipped:
            return Grade.GAVE_UP
        for cut, grade in CUTS:
            if z > cut:
                return Grade.SOLVED_LATE if dawdled and grade is Grade.SOLVED else grade
        return Grade.FAILED if z > REAL_ATTEMPT else Grade.GAVE_UP

    def _culprit(self, item: TrueItem, problem: Problem) -> str | None:
        """The skill that is truly lowest, or, when the judgement errs, another of the problem's."""
        right = min(item.skills, key=lambda s: self.deviations[s] + self.gained.get(s, 0.0))
        errs, others = self.blame.random(), [skill for skill in problem.skills if skill != right]
        instead = self.blame.choice(others) if others else right
        if self.accuracy is None:
            return None
        return right if errs < self.accuracy else instead

    def _mistakes(self, grade: Grade) -> tuple[Mistake, ...]:
        number = 1 + (self.dice.random() < SECOND_MISTAKE)
        made = self.dice.sample(MISTAKES, number)
        if self.habit is not None and self.dice.random() < HABIT:
            made = [self.habit, *(mistake for mistake in made if mistake is not self.habit)][
                :number
            ]
        return () if grade is Grade.SOLVED else tuple(made)
