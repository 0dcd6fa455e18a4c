"""P(solve) of many problems while practice goes on, as far as that can be foreseen.

What an attempt will prove is not known beforehand: on average a belief stays where it is. What is
known is that practice adds its gain, which moves the mean of the prediction and leaves its
variance alone. So each problem is predicted once, and only the gains are added after that.
"""

from __future__ import annotations

from datetime import datetime

from .mastery import LearnerState, SkillState
from .parameters import STANDARD
from .problem import Problem
from .response import expected_probability, loadings_of


class Outlook:
    """The learner as of `at`, with practice planned after it.

    Agrees with `mastery.predict` for a learner whose recent form has faded: today's says nothing
    about next month.
    """

    def __init__(self, state: LearnerState, at: datetime) -> None:
        self._state = state
        self._at = at
        self._skills: dict[str, SkillState] = {}
        self._gained: dict[str, float] = {}
        self._margins: dict[str, tuple[float, float, tuple[tuple[str, float], ...]]] = {}
        self._known: dict[str, float] = {}
        self._touching: dict[str, list[str]] = {}
        self.planned: dict[str, int] = {}

    def expected(self, problem: Problem) -> float:
        """P(solving the problem alone and in time) after the practice planned so far."""
        known = self._known.get(problem.slug)
        if known is not None:
            return known
        margin = self._margins.get(problem.slug)
        if margin is None:
            margin = self._margins[problem.slug] = self._margin(problem)
            for skill in problem.skills:
                self._touching.setdefault(skill, []).append(problem.slug)
        mean, variance, loadings = margin
        gained = self._gained
        for skill, loading in loadings:
            if skill in gained:
                mean += loading * gained[skill]
        expected = expected_probability(mean, variance, STANDARD.discrimination)
        self._known[problem.slug] = expected
        return expected

    def attempts(self, skill: str) -> int:
        """Attempts at a skill, those planned included."""
        return self._skill(skill).attempts + self.planned.get(skill, 0)

    def practise(self, skill: str) -> None:
        """Plans one more attempt at a skill."""
        gain = STANDARD.gain / (1.0 + STANDARD.gain_saturation * self.attempts(skill))
        self._gained[skill] = self._gained.get(skill, 0.0) + gain
        self.planned[skill] = self.planned.get(skill, 0) + 1
        for slug in self._touching.get(skill, ()):
            self._known.pop(slug, None)

    def _skill(self, skill: str) -> SkillState:
        known = self._skills.get(skill)
        if known is None:
            known = self._skills[skill] = self._state.skill(skill, self._at)
        return known

    def _margin(self, problem: Problem) -> tuple[float, float, tuple[tuple[str, float], ...]]:
        """Mean and variance of ability minus difficulty, and how each skill enters it."""
        loadings = tuple(loadings_of(tuple(dict.fromkeys(problem.skills))).items())
        mean = self._state.ability.mean - problem.item.mean
        variance = self._state.ability.variance + STANDARD.form_variance + problem.item.variance
        for skill, loading in loadings:
            read = self._skill(skill)
            mean += loading * (read.mean + read.practice_gain)
            variance += loading * loading * read.variance
        return mean, variance, loadings
