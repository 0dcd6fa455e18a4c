"""Answers in the course of a mock interview."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class ClockShown:
    """The server's clock, in minutes."""

    elapsed: float
    left: float
    phase_left: float
    move_on: bool


@dataclass(frozen=True, slots=True)
class PhaseGuide:
    """How the interviewer leads the phase at hand."""

    do: list[str]
    never_say: list[str]
    move_on_when: list[str]


@dataclass(frozen=True, slots=True)
class Brief:
    """What the candidate may see: read it out."""

    title: str
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class InterviewerGuide:
    """For the interviewer alone; never to be shown or told to the candidate."""

    phase: PhaseGuide
    if_asked: list[str]
    look_for: list[str]
    common_mistakes: list[str]
    follow_ups: list[str]
    complexity: str | None


@dataclass(frozen=True, slots=True)
class InterviewStarted:
    """An interview that is now running; `phases` are the minutes planned for each."""

    status: str
    interview_id: str
    resumed: bool
    round: str
    level: str
    company: str | None
    question: str
    chosen_because: str
    candidate_brief: Brief
    interviewer_guide: InterviewerGuide
    phase: str
    phases: dict[str, float]
    clock: ClockShown
    hints_given: int
    last_turns: list[str]
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class InterviewStepped:
    """Where the interview stands after the step."""

    status: str
    interview_id: str
    state: str
    phase: str
    clock: ClockShown
    turns: int
    hint: str | None
    hint_cost: str | None
    hints_given: int
    hints_left: int
    guide: PhaseGuide | None
    possible: list[str]
    repeated: bool
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """One dimension: what the grader gave, what it counts after the ceilings, and why."""

    dimension: str
    given: int
    score: int
    ceiling: str | None


@dataclass(frozen=True, slots=True)
class SignalsSeen:
    """What the server itself observed; None where it could not."""

    hints_given: int
    tests_failed: int | None
    tested: bool | None
    over_time: bool
    minutes: float


@dataclass(frozen=True, slots=True)
class InterviewFinished:
    """The verdict, with what it rests on."""

    status: str
    interview_id: str
    verdict: str
    average: float
    scores: list[DimensionResult]
    would_have_raised_it: list[str]
    uncertainty: str
    signals: SignalsSeen
    attempt_id: str
    next_review: date
    repeated: bool
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class InterviewShown:
    """An interview to read again."""

    interview_id: str
    round: str
    question: str
    level: str
    company: str | None
    state: str
    phase: str
    started: datetime
    turns: list[str]
    verdict: str | None
