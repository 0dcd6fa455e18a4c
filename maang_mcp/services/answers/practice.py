"""Answers about practising."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.problem import Difficulty
from maang_mcp.domain.weakness import Label, Trend, WeaknessKind


@dataclass(frozen=True, slots=True)
class SkillMoved:
    """How far an attempt moved a skill: `change` in logits, `mastery` as P(solving a medium
    problem of it) after `n` attempts."""

    skill: str
    change: float
    mastery: float
    n: int


@dataclass(frozen=True, slots=True)
class AttemptRecorded:
    """One attempt on record, and what it changed."""

    status: str
    attempt_id: str
    problem: str
    title: str
    custom: bool
    rating: str
    predicted: float
    skills: list[SkillMoved]
    next_review: date
    opened: list[str]
    resolved: list[str]
    repeated: bool
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class Citation:
    """An attempt or interview that speaks for a finding."""

    uri: str
    problem: str
    when: date
    outcome: Outcome | None
    predicted: float | None


@dataclass(frozen=True, slots=True)
class WeaknessFound:
    """One weakness: `severity` 0-10, `confidence` 0-1, resting on `n` observations."""

    kind: WeaknessKind
    name: str
    severity: float
    confidence: float
    label: Label
    n: int
    trend: Trend
    evidence: list[Citation]
    recommendation: str
    opened: date | None
    resolved: date | None


@dataclass(frozen=True, slots=True)
class StrengthFound:
    """A skill that stands out: `mastery` as P(solving a medium problem of it)."""

    skill: str
    mastery: float
    n: int


@dataclass(frozen=True, slots=True)
class Weaknesses:
    """What costs this learner interviews, as far as the evidence goes."""

    status: str
    attempts: int
    enough_evidence: bool
    weaknesses: list[WeaknessFound]
    strengths: list[StrengthFound]
    untested: list[str]
    resolved: list[WeaknessFound]
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class ProblemFound:
    """One problem as it is listed; `last` is the latest outcome of this learner."""

    problem: str
    title: str
    difficulty: Difficulty
    skills: list[str]
    minutes: int
    url: str | None
    attempts: int
    last: Outcome | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Problems:
    """What a search in the catalogue found."""

    status: str
    total: int
    problems: list[ProblemFound]
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class NextProblem:
    """What to practise now, and why."""

    status: str
    problem: ProblemFound | None
    reason: str
    skill: str | None
    success_probability: float | None
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class AttemptShown:
    """One attempt, whole."""

    attempt_id: str
    problem: str
    outcome: Outcome
    when: datetime
    minutes: float | None
    hints: int
    mistakes: list[str]
    culprit_skill: str | None
    confidence: int | None
    approach: str
    code: str
    note: str
