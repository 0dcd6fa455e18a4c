"""Progress as it is answered: rounded, with its n, and in one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from maang_mcp.domain.grade_inflation import GradeInflation
from maang_mcp.domain.overconfidence import Overconfidence
from maang_mcp.domain.progress import QUESTIONS, DimensionHistory, Mock, RoundReadiness
from maang_mcp.domain.readiness import ENOUGH_ATTEMPTS
from maang_mcp.domain.real_interview import RealInterview
from maang_mcp.domain.skills import Round
from maang_mcp.domain.streaks import PracticeWeek, Streak, day_of
from maang_mcp.domain.weakness import Trend

from .answers.progress import (
    DimensionShown,
    GradeInflationShown,
    MockShown,
    OverconfidenceShown,
    PlanAdherence,
    PracticeWeekShown,
    ReadinessShown,
    RealInterviewShown,
    StreakShown,
)
from .plan_progress import PlanInForce
from .plan_views import item_line, kept_shown
from .weakness_views import round_

SCORES_SHOWN = 5
MISSED_SHOWN = 3
CERTAIN = 0.01
"""How near to 0 or 1 a probability is told as a bound."""

_ASKED = {
    Round.CODING: ("problem", "solved alone in time"),
    Round.SYSTEM_DESIGN: ("design", "answered to the bar alone in time"),
    Round.BEHAVIORAL: ("question", "answered to the bar in time"),
    Round.AI_ASSISTED: ("task", "solved in time"),
}


def readiness_shown(found: RoundReadiness) -> ReadinessShown:
    """The probability, or the words for why there is none."""
    ready = found.readiness
    corrected = found.mocks + found.results > 0
    return ReadinessShown(
        round=found.round,
        probability=round_(ready.probability) if ready else None,
        low=round_(ready.low) if ready else None,
        high=round_(ready.high) if ready else None,
        n=found.attempts,
        enough_evidence=ready is not None,
        mocks=found.mocks,
        real=found.results,
        uncorrected=round_(found.practice.probability) if corrected and found.practice else None,
        trend=found.trend,
        means=f"P({_passing(found.round)})" if ready else _insufficient(found),
    )


def streak_shown(found: Streak) -> StreakShown:
    return StreakShown(found.current, found.longest, found.active_days)


def week_shown(week: PracticeWeek) -> PracticeWeekShown:
    return PracticeWeekShown(week.starts, week.attempts, week.timed, round(week.minutes))


def overconfidence_shown(found: Overconfidence) -> OverconfidenceShown:
    return OverconfidenceShown(
        round_(found.difference), round_(found.low), round_(found.high), found.n, found.tendency
    )


def dimension_shown(entry: DimensionHistory, zone: tzinfo) -> DimensionShown:
    low, high = entry.interval
    return DimensionShown(
        round=entry.round,
        dimension=entry.dimension,
        mean=round_(entry.mean),
        low=round_(low),
        high=round_(high),
        n=len(entry.scores),
        last=[score.score for score in entry.scores[-SCORES_SHOWN:]],
        latest=day_of(entry.scores[-1].at, zone),
    )


def mock_shown(mock: Mock, zone: tzinfo) -> MockShown:
    return MockShown(
        uri=f"maang://interviews/{mock.interview_id}",
        on=day_of(mock.at, zone),
        round=mock.round,
        level=mock.level,
        verdict=mock.verdict,
        average=mock.average,
        predicted=None if mock.expected is None else round_(mock.expected),
    )


def grade_inflation_shown(found: GradeInflation) -> GradeInflationShown:
    return GradeInflationShown(round_(found.excess), found.interviews, found.dimension)


def real_interview_shown(real: RealInterview, zone: tzinfo) -> RealInterviewShown:
    return RealInterviewShown(
        id=str(real.id),
        on=day_of(real.at, zone),
        result=real.result,
        round=real.round,
        company=real.company,
        estimated=None if real.readiness is None else round_(real.readiness),
    )


def plan_adherence(planned: PlanInForce) -> PlanAdherence:
    """The plan against what was done."""
    found = planned.adherence
    return PlanAdherence(
        until=planned.plan.until,
        so_far=kept_shown(found.whole),
        this_week=kept_shown(found.this_week),
        missed=[item_line(item) for item in found.missed[-MISSED_SHOWN:]],
    )


def status_line(
    found: Sequence[RoundReadiness], run: Streak, attempts: int, planned: PlanInForce | None
) -> str:
    """Where things stand, in a sentence."""
    if attempts == 0:
        return "Nothing is on record yet: insufficient evidence for any round."
    parts = [_said(one) for one in found]
    days = f"{run.current} day{'s' * (run.current != 1)} in a row"
    parts.append(f"practised {days}" if run.current else "no streak at the moment")
    if planned is not None and planned.adherence.whole.planned_items:
        kept = planned.adherence.whole
        parts.append(f"{kept.done_items} of {kept.planned_items} items of the plan done so far")
    line = "; ".join(parts)
    return f"{line[0].upper()}{line[1:]}."


def note(
    level_assumed: bool, mocks: int, left_out: bool, inflation: GradeInflation | None = None
) -> str:
    """What a reader of the numbers should know about them."""
    said = []
    if level_assumed:
        said.append("No target level is known: mid is assumed.")
    if mocks:
        said.append("One session is volatile: trust the mean over several.")
    if inflation is not None and inflation.notable:
        most = f", most in {inflation.dimension.replace('_', ' ')}" if inflation.dimension else ""
        said.append(
            f"Graders gave {inflation.excess:.1f} points more than the server's signals allow, on "
            f"average over {inflation.interviews} mocks{most}: be stricter."
        )
    if left_out:
        said.append("Rubric dimensions with the lowest means are shown; a round filter shows more.")
    return " ".join(said)


def next_actions(
    found: Sequence[RoundReadiness], mocks: int, attempts: int, *, planned: bool
) -> list[str]:
    """What helps most: a record, then evidence, then a mock to hold the estimate against."""
    if attempts == 0:
        return ["record_attempt", "next_problem"]
    wants_mock = mocks == 0 and any(one.readiness for one in found)
    actions = ["start_interview" if wants_mock else "next_problem", "weakness_report"]
    return actions if planned else [*actions, "make_plan"]


def _passing(round: Round) -> str:
    asked, needed = QUESTIONS[round]
    what, done = _ASKED[round]
    if asked == 1:
        return f"one {what} {done}"
    return f"at least {needed} of {asked} {what}s {done}"


def _said(found: RoundReadiness) -> str:
    name = found.round.replace("_", " ")
    ready = found.readiness
    if ready is None:
        return f"{name}: {_insufficient(found)}"
    trend = "" if found.trend is Trend.UNKNOWN else f", {found.trend}"
    return (
        f"{name} readiness {percent(ready.probability)} (80 % interval {percent(ready.low)} to "
        f"{percent(ready.high)}, n = {found.attempts} attempts){trend}"
    )


def percent(probability: float) -> str:
    """A probability in words, never as "0 %" or "100 %": nobody is that sure."""
    if probability < CERTAIN:
        return f"under {CERTAIN * 100:g} %"
    if probability > 1 - CERTAIN:
        return f"over {100 - CERTAIN * 100:g} %"
    return f"{probability * 100:.0f} %"


def _insufficient(found: RoundReadiness) -> str:
    return f"insufficient evidence: {found.attempts} of {ENOUGH_ATTEMPTS} attempts"
