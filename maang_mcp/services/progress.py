"""How preparation is going: readiness by round, habits of practice, confidence, mock interviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING

from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.grade_inflation import grade_inflation
from maang_mcp.domain.level import Level
from maang_mcp.domain.mastery import Belief, LearnerState
from maang_mcp.domain.overconfidence import Overconfidence, Rated, overconfidence
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.progress import (
    BASELINE_AGE,
    BASELINE_ATTEMPTS,
    BASELINE_SPAN,
    Mock,
    OutcomeCount,
    RoundReadiness,
    round_readiness,
    rubric_history,
)
from maang_mcp.domain.readiness import Result
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.streaks import day_of, streak, weeks, weeks_begin

from .answers.progress import Progress
from .dates import zone_of
from .plan_progress import PlanInForce
from .progress_views import (
    dimension_shown,
    grade_inflation_shown,
    mock_shown,
    next_actions,
    note,
    overconfidence_shown,
    plan_adherence,
    readiness_shown,
    real_interview_shown,
    status_line,
    streak_shown,
    week_shown,
)
from .real_interviews import ASSUMED_LEVEL, RealInterviews
from .record import SCORES_WINDOW
from .remembering import Answers
from .stories import standing

if TYPE_CHECKING:
    from db import Store, UnitOfWork

DIMENSIONS_SHOWN = 4
MOCKS_SHOWN = 3
REAL_SHOWN = 2


class ProgressReports:
    """The use-case that looks back over the whole preparation; it writes nothing."""

    def __init__(
        self,
        store: Store,
        answers: Answers,
        graph: SkillGraph,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._answers = answers
        self._graph = graph
        self._clock = clock
        self._real_interviews = RealInterviews(graph)

    async def report(self, learner: Learner, round: Round | None = None) -> Progress:
        """The progress so far. `round` narrows readiness, confidence and mock interviews to one
        kind; streak and weeks are of everything practised."""
        now = self._clock()
        return await self._answers.remembered(
            learner,
            Progress,
            lambda: self._report(learner, round, now),
            "progress_report",
            round,
            # Days begin on a quarter of an hour, wherever the learner lives.
            f"{now:%Y-%m-%dT%H}:{now.minute // 15}",
        )

    async def _report(self, learner: Learner, round: Round | None, now: datetime) -> Progress:
        wanted = {round} if round else set(Round)
        async with self._store.reading(learner.id) as uow:
            profile = await uow.learner.profile()
            planned = await PlanInForce.read_throughout(uow, profile, now)
            zone = zone_of(profile)
            today = day_of(now, zone)
            days = {day_of(moment, zone) for moment in await uow.progress.moments()}
            monday = datetime.combine(weeks_begin(days, today), time(), zone)
            practice = await uow.progress.practice(since=monday)
            state = await uow.practice.learner_state()
            counts = await uow.progress.outcome_counts()
            mocks = [mock for mock in await uow.progress.mocks() if mock.round in wanted]
            scores = await uow.progress.rubric_scores(SCORES_WINDOW)
            attempts = Counter[Round]()
            for count in counts:
                attempts[count.round] += count.attempts
            reals = await uow.real_interviews.all()
            results = await self._real_interviews.results(uow, reals)
            touched = wanted & (set(attempts) | {mock.round for mock in mocks} | set(results))
            stories = await standing(uow, profile, round)
            baseline = await self._baseline(uow, [r for r in Round if r in touched], attempts, now)
        level = profile.level or ASSUMED_LEVEL
        shown = touched or {round or Round.CODING}
        found = [
            self._readiness(state, one, level, now, attempts[one], mocks, baseline, results)
            for one in Round
            if one in shown
        ]
        run = streak(days, today)
        total = attempts.total()
        scores = [score for score in scores if score.round in wanted]
        dimensions, inflation = rubric_history(scores), grade_inflation(scores)
        told = [real for real in reals if real.round is None or real.round in wanted]
        confidence = _overconfidence([count for count in counts if count.round in wanted])
        return Progress(
            status=status_line(found, run, total, planned),
            level=level,
            attempts=total,
            readiness=[readiness_shown(one) for one in found],
            streak=streak_shown(run),
            weeks=[week_shown(week) for week in weeks(practice, days, today, zone)],
            overconfidence=overconfidence_shown(confidence) if confidence else None,
            rubric=[dimension_shown(entry, zone) for entry in dimensions[:DIMENSIONS_SHOWN]],
            mocks=[mock_shown(mock, zone) for mock in mocks[: -MOCKS_SHOWN - 1 : -1]],
            grade_inflation=grade_inflation_shown(inflation) if inflation else None,
            real_interviews=[
                real_interview_shown(real, zone) for real in told[: -REAL_SHOWN - 1 : -1]
            ],
            plan=plan_adherence(planned) if planned else None,
            note=note(
                profile.level is None, len(mocks), len(dimensions) > DIMENSIONS_SHOWN, inflation
            ),
            next_actions=next_actions(found, len(mocks), total, planned=planned is not None),
            stories=stories,
        )

    async def _baseline(
        self, uow: UnitOfWork, rounds: Sequence[Round], attempts: Counter[Round], now: datetime
    ) -> dict[str, Belief]:
        """Where skills stood a month ago; those of a round that was begun since, ten attempts
        ago."""
        then = now - BASELINE_AGE
        levels = await uow.progress.levels(then - BASELINE_SPAN, then)
        known = {self._graph[skill].round for skill in levels if skill in self._graph}
        for round in rounds:
            if round not in known and attempts[round] > BASELINE_ATTEMPTS:
                levels |= await uow.progress.levels(then, now, round=round, skip=BASELINE_ATTEMPTS)
        return levels

    def _readiness(
        self,
        state: LearnerState,
        round: Round,
        level: Level,
        now: datetime,
        attempts: int,
        mocks: Sequence[Mock],
        baseline: dict[str, Belief],
        results: Mapping[Round, Sequence[Result]],
    ) -> RoundReadiness:
        return round_readiness(
            state,
            round,
            self._graph.of_round(round),
            level,
            now,
            attempts=attempts,
            mocks=[mock for mock in mocks if mock.round is round],
            baseline=baseline,
            results=results.get(round, ()),
        )


def _overconfidence(counts: Sequence[OutcomeCount]) -> Overconfidence | None:
    return overconfidence(
        Rated(
            count.confidence,
            count.attempts,
            count.attempts if count.outcome is Outcome.SOLVED else 0,
        )
        for count in counts
        if count.confidence is not None
    )
