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
    """For the interviewer alone, never to be shown or told: how to lead the phase at hand, and
    what to know about the question in it. With the last phase comes the `bar`, what a 3 takes in
    each dimension."""

    do: list[str]
    never_say: list[str]
    move_on_when: list[str]
    notes: dict[str, list[str]]
    bar: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Brief:
    """What the candidate may see: read it out. The text is empty where the interviewer tells the
    problem, or is given it."""

    title: str
    text: str
    url: str | None


@dataclass(frozen=True, slots=True)
class OnsiteShown:
    """Where an onsite loop stands: its rounds in order with the verdict on each, and on all."""

    round: int
    rounds: list[str]
    verdicts: list[str | None]
    packet: str | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class InterviewStarted:
    """An interview that is now running; `phases` are the minutes planned for each, `dimensions`
    what is scored at the end, `hints` those that were given so far."""

    status: str
    interview_id: str
    resumed: bool
    round: str
    level: str
    company: str | None
    question: str
    chosen_because: str
    candidate_brief: Brief
    interviewer_guide: PhaseGuide
    dimensions: list[str]
    phase: str
    phases: dict[str, float]
    clock: ClockShown
    hints: list[str]
    last_turns: list[str]
    last_code: str | None
    onsite: OnsiteShown | None
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class InterviewStepped:
    """Where the interview stands after the step; `guide` comes with a new phase,
    `candidate_brief` with a new question."""

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
    candidate_brief: Brief | None
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
    verified: bool | None
    over_time: bool
    minutes: float
    words: int
    figures: int
    terms_only: bool


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
    reference_solution: str | None
    onsite: OnsiteShown | None
    attempt_id: str
    next_review: date
    repeated: bool
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class InterviewShown:
    """An interview to read again, with the hints that were given between its turns."""

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


@dataclass(frozen=True, slots=True)
class VisibleTest:
    """A test that the candidate may see."""

    result: str
    given: str
    expected: str
    answer: str | None
    error: str | None
    output: str | None


@dataclass(frozen=True, slots=True)
class SolutionChecked:
    """What running the candidate's code has shown; of hidden tests only how many of which kind
    failed. `verified` is false when the sandbox cannot run it, for the reason in the status;
    `clock` is that of the interview it was run for."""

    status: str
    question: str
    verified: bool
    passed: int
    failed: int
    not_run: int
    visible: list[VisibleTest]
    hidden_failed: dict[str, int]
    clock: ClockShown | None
    next_actions: list[str]
