"""The answer about progress: every number with what it rests on, or no number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from maang_mcp.domain.level import Level
from maang_mcp.domain.overconfidence import Tendency
from maang_mcp.domain.real_interview import RealResult
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label
from maang_mcp.domain.weakness import Trend

from .plan import PlanKept
from .stories import StoriesStanding


@dataclass(frozen=True, slots=True)
class ReadinessShown:
    """P(passing one round's part of a loop), with its 80 % interval, from `n` attempts at it and
    corrected by `mocks` mock interviews and `real` results of real ones; `uncorrected` is what it
    was corrected from. Below ten attempts there is no number. `means` says what the probability is
    of, or what is missing."""

    round: Round
    probability: float | None
    low: float | None
    high: float | None
    n: int
    enough_evidence: bool
    mocks: int
    real: int
    uncorrected: float | None
    trend: Trend
    means: str


@dataclass(frozen=True, slots=True)
class StreakShown:
    """Days of practice in a row, today or yesterday included; `active_days` of the last 28."""

    current: int
    longest: int
    active_days: int


@dataclass(frozen=True, slots=True)
class PracticeWeekShown:
    """One calendar week, from its Monday; `minutes` are those of the `timed` attempts."""

    starts: date
    attempts: int
    timed: int
    minutes: int


@dataclass(frozen=True, slots=True)
class OverconfidenceShown:
    """Mean self-rated confidence (1-5 as 0-1) less the share solved alone, of `n` attempts; `low`
    and `high` are the 80 % interval of the difference."""

    difference: float
    low: float
    high: float
    n: int
    tendency: Tendency


@dataclass(frozen=True, slots=True)
class DimensionShown:
    """One rubric dimension over the latest `n` mock interviews, with the 80 % interval of its mean
    as `low` and `high`; 3 is the bar. `last` are the latest scores, that of `latest` in the end."""

    round: Round
    dimension: str
    mean: float
    low: float
    high: float
    n: int
    last: list[int]
    latest: date


@dataclass(frozen=True, slots=True)
class MockShown:
    """One finished mock interview; `predicted` is P(solving its question alone in time) before."""

    uri: str
    on: date
    round: Round
    level: Level
    verdict: Label
    average: float
    predicted: float | None


@dataclass(frozen=True, slots=True)
class GradeInflationShown:
    """Points of 1-4 that were given beyond what the server's signals allow, as the mean over all
    scores of the latest `n` mock interviews; `most_in` is the dimension where most."""

    excess: float
    n: int
    most_in: str | None


@dataclass(frozen=True, slots=True)
class RealInterviewShown:
    """One real interview, or a whole loop without a `round`; `estimated` is the probability of
    passing it that was estimated for that day."""

    id: str
    on: date
    result: RealResult
    round: Round | None
    company: str | None
    estimated: float | None


@dataclass(frozen=True, slots=True)
class PlanAdherence:
    """How far the study plan was kept so far and in this calendar week: the one in force and those
    it replaced. `missed` are its latest items of earlier days that were not done."""

    until: date
    so_far: PlanKept
    this_week: PlanKept
    missed: list[str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How preparation is going."""

    status: str
    level: Level
    attempts: int
    readiness: list[ReadinessShown]
    streak: StreakShown
    weeks: list[PracticeWeekShown]
    overconfidence: OverconfidenceShown | None
    rubric: list[DimensionShown]
    mocks: list[MockShown]
    grade_inflation: GradeInflationShown | None
    real_interviews: list[RealInterviewShown]
    plan: PlanAdherence | None
    note: str
    next_actions: list[str]
    stories: StoriesStanding | None = None
