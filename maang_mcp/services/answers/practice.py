"""Answers about practising."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from maang_mcp.domain.attempt import Grade, Outcome
from maang_mcp.domain.planning import Practice
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
    """One attempt on record, and what it changed: `grade` is the outcome against the time limit,
    `overall_change` the change of ability in logits (None where an older release answered)."""

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
    grade: Grade | None = None
    overall_change: float | None = None


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
    """One weakness: `severity` 0-10 (0: at the bar of the target level), `confidence` 0-1, resting
    on `n` observations; of a resolved one all three are as they were when it opened."""

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
    """A skill above the learner's own level, with that confidence (0-1): `mastery` as P(solving
    the problem of it that the target level asks)."""

    skill: str
    mastery: float
    confidence: float
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
    """One problem as it is listed; `last` is the latest outcome of this learner, `asked_with` the
    call that asks it where it stands on no site."""

    problem: str
    title: str
    difficulty: Difficulty
    skills: list[str]
    minutes: int
    url: str | None
    attempts: int
    last: Outcome | None
    due: date | None
    asked_with: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class ProblemShown(ProblemFound):
    """One problem whole; `item_difficulty` and its variance are in logits, `brief` is what a
    candidate may see of a question of ours."""

    number: int | None
    lists: list[str]
    item_difficulty: float
    item_variance: float
    item_source: str
    subscriber_only: bool
    brief: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Problems:
    """What a search in the catalogue found."""

    status: str
    total: int
    problems: list[ProblemFound]
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class NextProblem:
    """What to practise now, and why; `kind` is review, explore (an untested skill) or new. The
    probability rests on `n` attempts at the skill."""

    status: str
    kind: Practice | None
    problem: ProblemFound | None
    reason: str
    skill: str | None
    success_probability: float | None
    n: int | None
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
