"""Rows of practice as domain values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from maang_mcp.domain.attempt import Attempt, Mistake, Outcome
from maang_mcp.domain.mastery import Belief, LearnerState, SkillState
from maang_mcp.domain.problem import Difficulty, ItemDifficulty, Problem
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import Consequence, ProblemHistory
from maang_mcp.domain.weakness import (
    AttemptEvidence,
    Trend,
    Weakness,
    WeaknessKind,
    label,
)

Row = Mapping[Any, Any]

BRIEF = (
    "id",
    "problem",
    "round",
    "outcome",
    "attempted_at",
    "minutes",
    "hints",
    "mistakes",
    "culprit_skill",
    "confidence",
    "interview_id",
)
"""Columns of an attempt without its texts, which can be long; in the order they are read."""
SKILL_STATE = tuple(field.name for field in fields(SkillState))
REVIEW = tuple(field.name for field in fields(Review))
_OVERALL = ""
"""The key of ability, form and step offsets among beliefs by skill."""


def attempt_values(value: Attempt) -> dict[str, Any]:
    values = asdict(value)
    del values["problem"]
    return values | {
        "round": value.round.value,
        "outcome": value.outcome.value,
        "mistakes": [mistake.value for mistake in value.mistakes],
        "attempted_at": values.pop("at"),
    }


def attempt_of(row: Row) -> Attempt:
    return replace(
        brief_attempt_of([row[name] for name in BRIEF]),
        approach=row["approach"],
        code=row["code"],
        note=row["note"],
    )


def brief_attempt_of(row: Sequence[Any]) -> Attempt:
    # By place and not by name: a report reads hundreds of these.
    id, problem, round, outcome, at, minutes, hints, mistakes, culprit, confidence, interview = row
    return Attempt(
        id,
        problem,
        Round(round),
        Outcome(outcome),
        at,
        minutes,
        hints,
        tuple(map(Mistake, mistakes)),
        culprit,
        confidence,
        interview_id=interview,
    )


def evidence_values(consequence: Consequence) -> dict[str, Any]:
    return {
        "attempt_id": consequence.attempt.id,
        "expected": consequence.expected,
        "skill_changes": dict(consequence.observation.skill_changes),
        "skill_levels": {
            skill: [level.mean, level.variance]
            for skill, level in consequence.observation.skill_levels.items()
        },
        "beliefs": _beliefs(consequence),
    }


def _beliefs(consequence: Consequence) -> dict[str, Any]:
    state = consequence.observation.state
    overall = learner_state_values(state)
    del overall["last_attempt"]
    practised = (state.skills[name] for name in consequence.observation.skill_levels)
    return {
        _OVERALL: overall,
        **{s.skill: [s.mean, s.variance, s.practice_gain, s.attempts] for s in practised},
    }


def learner_state_then(beliefs: Mapping[str, tuple[Any, datetime]]) -> LearnerState:
    """The state that beliefs kept with attempts amount to, each the latest with its moment."""
    overall, last_attempt = beliefs[_OVERALL]
    return learner_state_of(
        overall | {"last_attempt": last_attempt},
        [
            dict(zip(SKILL_STATE, (name, *values, practised), strict=True))
            for name, (values, practised) in beliefs.items()
            if name != _OVERALL
        ],
    )


def evidence_of(row: Sequence[Any]) -> AttemptEvidence:
    *attempt, expected, changes, levels, limit = row
    known = {skill: Belief(*level) for skill, level in levels.items()}
    return AttemptEvidence(brief_attempt_of(attempt), expected, changes, known, limit)


def review_log_values(consequence: Consequence) -> dict[str, Any]:
    return asdict(consequence.log) | {
        "attempt_id": consequence.attempt.id,
        "rating": int(consequence.log.rating),
    }


def review_values(value: Review) -> dict[str, Any]:
    return asdict(value)


def review_of(row: Row) -> Review:
    return Review(**{name: row[name] for name in REVIEW})


def history_of(row: Row) -> ProblemHistory:
    return ProblemHistory(review_of(row), Outcome(row["last_outcome"]))


def learner_state_values(state: LearnerState) -> dict[str, Any]:
    return {
        "ability_mean": state.ability.mean,
        "ability_variance": state.ability.variance,
        "form_mean": state.form.mean,
        "form_variance": state.form.variance,
        "step_offsets": [[step.mean, step.variance] for step in state.step_offsets],
        "last_attempt": state.last_attempt,
    }


def skill_state_values(state: SkillState) -> dict[str, Any]:
    return asdict(state)


def learner_state_of(row: Row, skills: Sequence[Row]) -> LearnerState:
    late, hinted, real = (Belief(mean, variance) for mean, variance in row["step_offsets"])
    return LearnerState(
        ability=Belief(row["ability_mean"], row["ability_variance"]),
        form=Belief(row["form_mean"], row["form_variance"]),
        step_offsets=(late, hinted, real),
        skills={
            skill["skill"]: SkillState(**{name: skill[name] for name in SKILL_STATE})
            for skill in skills
        },
        last_attempt=row["last_attempt"],
    )


def custom_problem_values(value: Problem) -> dict[str, Any]:
    return {
        "slug": value.slug,
        "title": value.title,
        "difficulty": value.difficulty.value,
        "round": value.round.value,
        "url": value.url,
        "minutes": value.minutes,
        "item_mean": value.item.mean,
        "item_variance": value.item.variance,
        "item_source": value.item.source,
        "skills": list(value.skills),
    }


def custom_problem_of(row: Row) -> Problem:
    return Problem(
        slug=row["slug"],
        title=row["title"],
        difficulty=Difficulty(row["difficulty"]),
        skills=tuple(row["skills"]),
        url=row["url"],
        minutes=row["minutes"],
        item=ItemDifficulty(row["item_mean"], row["item_variance"], row["item_source"]),
        round=Round(row["round"]),
        custom=True,
    )


def weakness_values(value: Weakness) -> dict[str, Any]:
    return {
        "kind": value.kind.value,
        "name": value.name,
        "severity": value.severity,
        "confidence": value.confidence,
        "attempts": value.n,
        "opened_at": value.opened_at,
        "resolved_at": value.resolved_at,
    }


def weakness_of(row: Row) -> Weakness:
    return Weakness(
        kind=WeaknessKind(row["kind"]),
        name=row["name"],
        severity=row["severity"],
        confidence=row["confidence"],
        label=label(row["confidence"], row["attempts"]),
        n=row["attempts"],
        trend=Trend.UNKNOWN,
        evidence=(),
        recommendation="",
        opened_at=row["opened_at"],
        resolved_at=row["resolved_at"],
    )
