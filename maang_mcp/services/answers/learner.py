"""Answers about the learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Due:
    """A problem whose review is due; `retrievability` is P(the solution is still remembered)."""

    problem: str
    overdue_days: int
    retrievability: float


@dataclass(frozen=True, slots=True)
class WeakSpot:
    """A weakness in one line: `severity` 0-10, `confidence` 0-1, `n` observations."""

    name: str
    severity: float
    confidence: float
    n: int


@dataclass(frozen=True, slots=True)
class OpenInterview:
    """An interview that waits to be taken up again."""

    interview_id: str
    question: str
    phase: str
    paused: bool
    minutes_left: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """Where the learner stands today, and one thing to do next; `plan` is what the study plan
    says for today and the next two sessions, and how far it was kept, in at most three lines."""

    status: str
    name: str | None
    days_to_interview: int | None
    attempts: int
    practised_days_ago: int | None
    unfinished_interview: OpenInterview | None
    reviews_due: int
    due: list[Due]
    weaknesses: list[WeakSpot]
    plan: list[str]
    proposal: str
    coach_style: str | None
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class ProfileShown:
    """The profile as it now is; the id is that of the real interview that was told with it."""

    status: str
    name: str | None
    target_companies: list[str]
    target_level: str | None
    interview_date: date | None
    days_to_interview: int | None
    hours_per_week: float | None
    language: str | None
    coach_style: str | None
    custom_instructions: str | None
    timezone: str | None
    real_interview_id: str | None
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased."""

    status: str
    erased: str
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class RoadmapSkill:
    """One skill of the curriculum: `mastery` as P(solving a medium problem of it), `n` attempts."""

    skill: str
    name: str
    family: str
    round: str
    prerequisites: list[str]
    mastery: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The curriculum in learning order."""

    skills: list[RoadmapSkill]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Stats:
    """How much is on record."""

    attempts: int
    problems: int
    skills_practised: int
    memories: int
    interviews: int
    open_weaknesses: int
