"""Rows of practice as domain values, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from maang_mcp.domain.attempt import Attempt, LastAttempt, Mistake, Outcome
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

SKILL_STATE_FIELDS = ("mean", "variance", "practice_gain", "attempts", "last_practised")
REVIEW_FIELDS = ("stability", "difficulty", "due", "last_review", "reviews", "lapses")
_REVIEW = tuple(field.name for field in fields(Review))
_SKILL_STATE = tuple(field.name for field in fields(SkillState))


def last_attempt_of(row: Sequence[Any]) -> LastAttempt:
    return LastAttempt(row[0], Outcome(row[1]), row[2])


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
    return Attempt(
        id=row["id"],
        problem=row["problem"],
        round=Round(row["round"]),
        outcome=Outcome(row["outcome"]),
        at=row["attempted_at"],
        minutes=row["minutes"],
        hints=row["hints"],
        mistakes=tuple(map(Mistake, row["mistakes"])),
        culprit_skill=row["culprit_skill"],
        confidence=row["confidence"],
        approach=row["approach"],
        code=row["code"],
        note=row["note"],
        interview_id=row["interview_id"],
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
    }


def evidence_of(row: Row) -> AttemptEvidence:
    return AttemptEvidence(
        attempt_of(row),
        row["expected"],
        row["skill_changes"],
        {skill: Belief(*level) for skill, level in row["skill_levels"].items()},
        row["minutes_limit"],
    )


def review_log_values(consequence: Consequence) -> dict[str, Any]:
    return asdict(consequence.log) | {
        "attempt_id": consequence.attempt.id,
        "rating": int(consequence.log.rating),
    }


def review_values(value: Review) -> dict[str, Any]:
    return asdict(value)


def review_of(row: Row) -> Review:
    return Review(**{name: row[name] for name in _REVIEW})


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
            skill["skill"]: SkillState(**{name: skill[name] for name in _SKILL_STATE})
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
