"""Progress: how ready for each round, by which mocks and real results that is corrected, where it
is going, and what the rubric scores were.

Three choices here are judgements, for no data of real interviews exists to fit them to: how hard
the questions of a level are, how many of them a round asks, and what a mock interview proves.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, pstdev
from uuid import UUID

from .attempt import Outcome
from .diagnosis import TREND_AGE, TREND_ATTEMPTS, trend_of
from .habits import RECENT_SCORES, SCORE_PRIOR, SCORE_SPREAD
from .level import Level
from .mastery import Belief, LearnerState
from .readiness import (
    ENOUGH_ATTEMPTS,
    INTERVAL,
    LOOP,
    NEEDED,
    UNCALIBRATED,
    Calibration,
    Readiness,
    Result,
    readiness,
    target_profile,
)
from .rubric import HIGHEST, LOWEST
from .skills import Round, Skill
from .verdict import Label
from .weakness import Trend

BASELINE_AGE: timedelta = TREND_AGE
"""How long ago the level lies that today's is compared with."""
BASELINE_SPAN = timedelta(days=60)
"""How much older a level may be to count as that of then: gains are forgotten at that rate."""
BASELINE_ATTEMPTS = TREND_ATTEMPTS
"""Attempts back that it lies instead, for who began more recently."""

HARD_SHARE: Mapping[Level, float] = {
    Level.ENTRY: 0.0,
    Level.MID: 0.25,
    Level.SENIOR: 0.5,
    Level.STAFF: 0.75,
}
"""Share of hard questions among those a level is asked; the others are medium. A judgement."""

QUESTIONS: Mapping[Round, tuple[int, int]] = {
    Round.CODING: (LOOP, NEEDED),
    Round.SYSTEM_DESIGN: (1, 1),
    Round.BEHAVIORAL: (LOOP, NEEDED),
    Round.AI_ASSISTED: (1, 1),
}
"""Questions a loop asks in each round, and how many must go well. A judgement: four coding
problems over two interviews, one design, four stories in one conversation, one build with an
assistant."""

MOCKS_PER_RESULT = 1 + SCORE_PRIOR
"""Mock interviews that are as much evidence as one real result, which is what readiness speaks of.
What is known of a rubric score beforehand is worth `SCORE_PRIOR` sessions, so that of what a
session's score varies by, one part in this many is the candidate and the rest is the session."""

HIRES = frozenset({Label.STRONG_HIRE, Label.LEANING_HIRE})
"""Verdicts on the hire side: the mock was passed."""


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """How many attempts of a round ended so, with that self-rated confidence."""

    round: Round
    outcome: Outcome
    confidence: int | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Mock:
    """A finished mock interview: its verdict, the mean score it rests on, and `expected`, the
    probability believed right before it of solving its question alone in time (None: the attempt
    it was recorded as has been erased)."""

    interview_id: UUID
    round: Round
    level: Level
    question: str
    at: datetime
    verdict: Label
    average: float
    expected: float | None

    @property
    def passed(self) -> bool:
        """Whether the verdict was on the hire side."""
        return self.verdict in HIRES


@dataclass(frozen=True, slots=True)
class RoundReadiness:
    """How ready somebody is for one round, from `attempts` at it, corrected by `mocks` of it and by
    real `results`; `readiness` is None while the attempts are too few for any number, `practice`
    is the one before any correction."""

    round: Round
    attempts: int
    mocks: int
    results: int
    readiness: Readiness | None
    practice: Readiness | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class RubricScore:
    """One score (1-4) of one finished interview, and what the grader had `given`."""

    round: Round
    dimension: str
    score: int
    at: datetime
    given: int
    interview_id: UUID


@dataclass(frozen=True, slots=True)
class DimensionHistory:
    """The latest scores of one dimension in one round, oldest first: their mean and its error."""

    round: Round
    dimension: str
    scores: tuple[RubricScore, ...]
    mean: float
    standard_error: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 80 % interval of the level behind the scores, no wider than their scale."""
        reach = INTERVAL * self.standard_error
        return max(self.mean - reach, float(LOWEST)), min(self.mean + reach, float(HIGHEST))


def calibration_by(mocks: Iterable[Mock], results: Sequence[Result] = ()) -> Calibration:
    """What the mocks of one round, in the order they happened, and then its real results correct
    in its readiness.

    What a mock tests is one question, so its result is held against what was expected of that very
    question. The evidence of its attempt keeps that prediction, and a replay derives it anew: the
    correction is never the only copy of anything. A loop asks several questions, which makes its
    logit steeper than that of one; applying the same correction to it errs on the side of too
    little.
    """
    calibration = UNCALIBRATED
    for mock in sorted(mocks, key=lambda mock: (mock.at, mock.interview_id)):
        if mock.expected is not None:
            calibration = calibration.learn(mock.expected, mock.passed, 1.0 / MOCKS_PER_RESULT)
    return calibration.settle(results)


def estimate(
    state: LearnerState,
    round: Round,
    skills: Sequence[Skill],
    level: Level,
    at: datetime,
    *,
    attempts: int,
    calibration: Calibration = UNCALIBRATED,
) -> Readiness:
    """The probability of passing that round's part of a loop, as the state at `at` has it.

    `skills` are the round's own, `attempts` those at it that the state rests on.
    """
    asked, needed = QUESTIONS[round]
    return readiness(
        state,
        target_profile(skills, HARD_SHARE[level]),
        at,
        attempts=attempts,
        problems=asked,
        needed=needed,
        calibration=calibration,
    )


def round_readiness(
    state: LearnerState,
    round: Round,
    skills: Sequence[Skill],
    level: Level,
    at: datetime,
    *,
    attempts: int,
    mocks: Sequence[Mock],
    baseline: Mapping[str, Belief],
    results: Sequence[Result] = (),
) -> RoundReadiness:
    """The readiness for one round of that level at `at`, from `attempts` at it.

    `skills` are the round's own, `mocks` its mock interviews, `results` what real ones say of it,
    `baseline` the levels of its skills some time ago. Outside of coding, "solved alone in time" is
    a question answered to the bar without help within its minutes, as the learner or the rubric of
    a mock judged it. The overall ability is shared by all rounds, which is why a round's own
    attempts are asked for.
    """
    counted = [mock for mock in mocks if mock.expected is not None]
    if attempts < ENOUGH_ATTEMPTS:
        return RoundReadiness(
            round, attempts, len(counted), len(results), None, None, Trend.UNKNOWN
        )
    calibration = calibration_by(counted, results)
    return RoundReadiness(
        round,
        attempts,
        len(counted),
        len(results),
        estimate(state, round, skills, level, at, attempts=attempts, calibration=calibration),
        estimate(state, round, skills, level, at, attempts=attempts),
        trend(state, skills, baseline, at),
    )


def trend(
    state: LearnerState, skills: Iterable[Skill], baseline: Mapping[str, Belief], at: datetime
) -> Trend:
    """Whether a round's level moved since the baseline, by the rule for single skills.

    The level is the mean over the skills that had one then, each as often as it is asked: what
    has only been tried since would compare something with nothing.
    """
    compared = [skill for skill in skills if skill.id in baseline and skill.id in state.skills]
    total = sum(skill.frequency for skill in compared)
    moved = variance = 0.0
    for skill in compared:
        now, then = state.skill(skill.id, at), baseline[skill.id]
        share = skill.frequency / total
        moved += share * (state.ability.mean + now.mean + now.practice_gain - then.mean)
        variance += share * share * (now.variance + then.variance)
    return trend_of(moved, variance) if compared else Trend.UNKNOWN


def rubric_history(scores: Iterable[RubricScore]) -> tuple[DimensionHistory, ...]:
    """Every dimension's latest scores, the lowest mean first.

    A few sessions happen to agree more often than the truth behind them does: the error takes
    one session's spread as no smaller than is usual.
    """
    grouped: dict[tuple[Round, str], list[RubricScore]] = defaultdict(list)
    for score in sorted(scores, key=lambda score: score.at):
        grouped[score.round, score.dimension].append(score)
    found = []
    for (round, dimension), all_scores in grouped.items():
        recent = all_scores[-RECENT_SCORES:]
        values = [float(score.score) for score in recent]
        spread = max(pstdev(values), SCORE_SPREAD)
        found.append(
            DimensionHistory(
                round, dimension, tuple(recent), fmean(values), spread / math.sqrt(len(values))
            )
        )
    return tuple(sorted(found, key=lambda entry: (entry.mean, entry.round, entry.dimension)))
