"""Learners, attempts and skills for the tests of the learner model."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from maang_mcp.domain.attempt import Attempt, Grade, Mistake, Outcome
from maang_mcp.domain.mastery import Item, LearnerState, Observation, observe
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem
from maang_mcp.domain.skills import Round, Skill, SkillGraph
from maang_mcp.domain.weakness import AttemptEvidence

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parent / "golden_mastery.json").read_text(encoding="utf-8")
)


def after(days: float) -> datetime:
    """A moment, in days from the start."""
    return START + timedelta(days=days)


def skill(
    id: str, family: str = "family", frequency: float = 0.5, prerequisites: tuple[str, ...] = ()
) -> Skill:
    return Skill(id, id.title(), family, Round.CODING, frequency, prerequisites)


def graph(*skills: Skill) -> SkillGraph:
    return SkillGraph(skills)


def problem(
    slug: str, *skills: str, difficulty: Difficulty = Difficulty.MEDIUM, minutes: int = 35
) -> Problem:
    item = ItemDifficulty.from_label(difficulty)
    return Problem(slug, slug.title(), difficulty, skills, minutes=minutes, item=item)


def history(
    *attempts: tuple[str, Outcome], every: float = 1.0
) -> tuple[LearnerState, list[AttemptEvidence]]:
    """A learner who attempted one medium problem of a skill after the other."""
    state, recorded = LearnerState.new(), []
    for n, (name, outcome) in enumerate(attempts):
        at = after(n * every)
        seen = observe(state, Item((name,), 0.2, 0.36), Grade(outcome), at)
        state = seen.state
        recorded.append(evidence(n, outcome, at, seen=seen))
    return state, recorded


def evidence(
    n: int,
    outcome: Outcome = Outcome.FAILED,
    at: datetime | None = None,
    *,
    seen: Observation | None = None,
    minutes: float | None = None,
    mistakes: tuple[Mistake, ...] = (),
    round: Round = Round.CODING,
) -> AttemptEvidence:
    """A recorded attempt; without an observation it moved nothing."""
    attempt = Attempt(
        UUID(int=n), f"problem-{n}", round, outcome, at or after(n), minutes, mistakes=mistakes
    )
    if seen is None:
        return AttemptEvidence(attempt, 0.5, {}, {}, 35)
    return AttemptEvidence(attempt, seen.expected, seen.skill_changes, seen.skill_levels, 35)


def golden_learner() -> tuple[LearnerState, list[Observation], datetime]:
    """The golden attempts digested: the state, every observation, and the last moment."""
    state, seen, at = LearnerState.new(), [], START
    for days, skills, mean, variance, grade, culprit, *_ in GOLDEN["attempts"]:
        at = after(days)
        item = Item(tuple(skills), mean, variance)
        seen.append(observe(state, item, Grade(grade), at, culprit=culprit))
        state = seen[-1].state
    return state, seen, at
