"""The constants of the learner model, in one place and by the names of their equations."""

from __future__ import annotations

from dataclasses import dataclass

from .level import Level
from .problem import Difficulty, ItemDifficulty

MEDIUM_REFERENCE = ItemDifficulty.from_label(Difficulty.MEDIUM).mean
"""Difficulty of the reference problem at which mastery is shown, in logits."""
HARD_REFERENCE = ItemDifficulty.from_label(Difficulty.HARD).mean
"""The same for a level whose interviews ask hard problems."""


def reference_of(level: Level | None) -> float:
    """The difficulty of the problem that a level is measured by: hard at staff level, where hard
    questions are the usual ones, and medium below, or where no level is known."""
    return HARD_REFERENCE if level is Level.STAFF else MEDIUM_REFERENCE


@dataclass(frozen=True, slots=True)
class Parameters:
    """The constants of the model, with the symbols of its equations.

    Means and variances are in logits, times in days. The defaults hold for every learner and every
    skill; they were not fitted to interview preparation, of which no public data exists.
    """

    ability_mean: float = -0.2
    """Prior mean of the overall ability g (theta)."""
    ability_variance: float = 0.9
    """Prior variance of g, and the bound it never exceeds."""
    ability_drift: float = 0.002
    """Process noise of g per attempt, q_g."""
    skill_variance: float = 0.4
    """Prior variance of a skill's deviation s_k from g, and its bound."""
    skill_drift: float = 0.02
    """Process noise of s_k per attempt at k, q_s."""
    form_variance: float = 0.4
    """Stationary variance of recent form f, v_f."""
    form_persistence: float = 0.85
    """AR(1) coefficient of f from one attempt to the next, rho."""
    form_days: float = 1.0
    """Time constant with which f fades, tau_f."""
    gain: float = 0.12
    """Practice gain of the first attempt at a skill, lambda."""
    gain_saturation: float = 0.36
    """How fast further attempts gain less: lambda / (1 + this (n - 1))."""
    forgetting_days: float = 60.0
    """Time constant with which gains (never weaknesses) are forgotten, tau."""
    doubt_days: float = 180.0
    """Time constant with which a skill's variance returns to its prior, tau_v."""
    step_means: tuple[float, float, float] = (0.3, 0.2, -0.3)
    """Prior means of the step offsets c_1..c_3: late, with hints, a real attempt."""
    step_variance: float = 0.6
    """Prior variance of each step offset."""
    step_weight: float = 0.4
    """Evidence weight of the steps below "solved"."""
    culprit_share: float = 0.8
    """Share of a failure that goes to the named culprit skill."""
    discrimination: float = 1.15
    """Slope a of the prediction."""


STANDARD = Parameters()
