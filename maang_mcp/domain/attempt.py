"""One attempt at one problem: what happened, in words from closed sets, and the rating it earns.

An attempt is a fact. It is written once and never changed; everything the coach believes about a
learner (mastery, review dates, weaknesses) is derived from attempts and can be rebuilt from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from uuid import UUID

from . import naming
from .errors import InvalidInput, UnknownSkill
from .skills import Round, SkillGraph


class Outcome(StrEnum):
    """How an attempt ended, as the learner reports it."""

    SOLVED = "solved"
    SOLVED_WITH_HINTS = "solved_with_hints"
    FAILED = "failed"
    GAVE_UP = "gave_up"


class Mistake(StrEnum):
    """What went wrong: the fixed vocabulary that makes mistakes countable across attempts."""

    MISREAD_PROBLEM = "misread_problem"
    WRONG_PATTERN = "wrong_pattern"
    BOUNDARY = "boundary"
    EDGE_CASE = "edge_case"
    COMPLEXITY = "complexity"
    DATA_STRUCTURE = "data_structure"
    IMPLEMENTATION_BUG = "implementation_bug"
    RIGOR = "rigor"
    TESTING = "testing"
    TIME_MANAGEMENT = "time_management"
    COMMUNICATION = "communication"
    AI_DEPENDENCY = "ai_dependency"
    REQUIREMENTS = "requirements"
    ESTIMATION = "estimation"
    TRADE_OFFS = "trade_offs"
    BOTTLENECK = "bottleneck"
    NO_METRICS = "no_metrics"
    NO_RESULT = "no_result"
    TOO_LONG = "too_long"


class Rating(IntEnum):
    """How well a problem was recalled, on the four-point scale that FSRS schedules by."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Grade(StrEnum):
    """The ladder of graded outcomes, best first: an outcome seen against the time limit.

    The order is the one in which the sequential response model of `mastery` asks its questions:
    solved? if not, solved late? if not, solved with hints? if not, was it a real attempt?
    """

    SOLVED = "solved"
    SOLVED_LATE = "solved_late"
    SOLVED_WITH_HINTS = "solved_with_hints"
    FAILED = "failed"
    GAVE_UP = "gave_up"


SWIFT = 0.5
"""Share of the time limit below which a confident solution counts as easy."""

CONFIDENT = 4
"""Self-rated confidence (1-5) from which a swift solution counts as easy."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A dated record of one attempt; `problem` is a slug, `minutes` is None when nobody kept time.

    `culprit_skill` names the one skill whose absence made the attempt fail, in the judgement of
    whoever coached it; `confidence` is the learner's own, from 1 (guessing) to 5 (certain).

    Raises InvalidInput for minutes that are not positive, for negative hints, for a confidence
    outside 1-5 and for a time without a zone.
    """

    id: UUID
    problem: str
    round: Round
    outcome: Outcome
    at: datetime
    minutes: float | None = None
    hints: int = 0
    mistakes: tuple[Mistake, ...] = ()
    culprit_skill: str | None = None
    confidence: int | None = None
    approach: str = ""
    code: str = ""
    note: str = ""
    interview_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise InvalidInput("The time of an attempt needs a time zone.")
        if self.minutes is not None and not 0 < self.minutes < float("inf"):
            raise InvalidInput(f"An attempt cannot take {self.minutes} minutes.")
        if self.hints < 0:
            raise InvalidInput(f"An attempt cannot use {self.hints} hints.")
        if self.confidence is not None and not 1 <= self.confidence <= 5:
            raise InvalidInput(f"Confidence goes from 1 to 5, not {self.confidence}.")


@dataclass(frozen=True, slots=True)
class LastAttempt:
    """The latest attempt at a problem, and how many there were."""

    at: datetime
    outcome: Outcome
    attempts: int


def grade(outcome: Outcome, minutes: float | None, limit: float) -> Grade:
    """The rung of the ladder an attempt stands on; `minutes` and `limit` in minutes.

    Solving alone but over the limit is a rung of its own: in an interview it would not have
    passed. An attempt nobody timed gets the benefit of the doubt.
    """
    if outcome is Outcome.SOLVED and minutes is not None and minutes > limit:
        return Grade.SOLVED_LATE
    return Grade(outcome.value)


def rate(grade: Grade, minutes: float | None, limit: float, confidence: int | None) -> Rating:
    """What FSRS is told about the attempt.

    Easy takes evidence on both counts, pace and confidence; a quick solution alone may be a
    remembered one.
    """
    match grade:
        case Grade.FAILED | Grade.GAVE_UP:
            return Rating.AGAIN
        case Grade.SOLVED_LATE | Grade.SOLVED_WITH_HINTS:
            return Rating.HARD
        case Grade.SOLVED:
            swift = minutes is not None and minutes < SWIFT * limit
            confident = confidence is not None and confidence >= CONFIDENT
            return Rating.EASY if swift and confident else Rating.GOOD


def culprit_of(name: str, graph: SkillGraph) -> str:
    """The id of the skill that is blamed for a failure.

    Raises UnknownSkill, whose hint says where the name belongs if it is a mistake's.
    """
    try:
        return graph.resolve(name).id
    except UnknownSkill:
        spelt = naming.key(naming.words(name))
        for mistake in Mistake:
            if naming.key(naming.words(mistake)) == spelt:
                raise UnknownSkill(
                    f"{name.strip()!r} is a mistake, not a skill.",
                    hint=f"Pass {mistake.value} in mistakes and leave culprit_skill out.",
                ) from None
        raise
