"""What the server makes of a scorecard: quotes checked, its own signals taken, ceilings applied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.evidence import verify_quotes
from maang_mcp.domain.interview import Interview, active_seconds_at
from maang_mcp.domain.pacing import clock
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.question import Question
from maang_mcp.domain.rubric import FAR_OVER, FinalScore, Signals, apply_ceilings
from maang_mcp.domain.skills import Round
from maang_mcp.domain.solution_check import SolutionCheck
from maang_mcp.domain.substance import said_by_candidate, substance
from maang_mcp.domain.transcript import Speaker, Turn
from maang_mcp.domain.verdict import Verdict, outcome_of, verdict

from .interview_views import brief_of
from .requests import Scorecard

if TYPE_CHECKING:
    from .shelf import Asked

SHORTEST_TIMED: Final = 0.1
"""Minutes: an interview over in no time took at least this."""

TESTING_PHASES: Final = frozenset({"test", "verify"})
"""The phases in which candidates are seen testing, in rounds that have one."""

ROUNDS_WITH_CODE: Final = frozenset({Round.CODING, Round.AI_ASSISTED})
"""Where code is an answer; elsewhere it counts like any other words."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the server makes of a scorecard."""

    finals: tuple[FinalScore, ...]
    signals: Signals
    verdict: Verdict
    outcome: Outcome


def told(asked: Asked, hints_given: int = 0) -> tuple[str, ...]:
    """What the candidate was told with a question: reading it back says nothing of their own."""
    return (brief_of(asked).text, *asked.hints[:hints_given])


def solving_minutes(interview: Interview, problem: Problem) -> float:
    """The time that counts against the problem's limit.

    An interview has a limit of its own, and its minutes hold much besides solving: within it the
    problem was solved in time, and beyond it by how much the interview was overrun.
    """
    taken = interview.active_seconds / 60
    overrun = taken - interview.minutes
    counted = problem.minutes + overrun if overrun > 0 else min(taken, problem.minutes)
    return max(round(counted, 1), SHORTEST_TIMED)


def judge(
    interview: Interview,
    card: Scorecard,
    transcript: Sequence[Turn],
    now: datetime,
    *,
    question: Question | None,
    check: SolutionCheck | None,
    told: Sequence[str] = (),
) -> Judgement:
    """The verdict on a scorecard; `check` is the last run of the candidate's code, `told` what the
    candidate was given to read.

    Raises EvidenceNotFound for a quote nobody said and InvalidInput for an incomplete scorecard.
    """
    standard = rubric(interview.round)
    spec = round_spec(interview.round, interview.minutes)
    verify_quotes(card.scores, transcript, told)
    testing = TESTING_PHASES & set(spec.names)
    tested = (
        any(turn.phase in testing and turn.speaker is Speaker.CANDIDATE for turn in transcript)
        if testing
        else None
    )
    verified, failed = _run(question, check)
    minutes = active_seconds_at(interview, now) / 60
    signals = Signals(
        hints_given=interview.hints_given,
        tests_failed=card.tests_failed if failed is None else failed,
        over_time=clock(interview, now, spec).over_time,
        far_over_time=minutes >= FAR_OVER * interview.minutes,
        tested=tested,
        verified=verified,
        minutes=minutes,
        said=substance(
            said_by_candidate(transcript, told), has_code=interview.round in ROUNDS_WITH_CODE
        ),
    )
    finals = apply_ceilings(card.scores, signals, standard)
    return Judgement(
        finals,
        signals,
        verdict(finals, interview.level, standard),
        outcome_of(card.outcome, finals, signals, standard),
    )


def _run(question: Question | None, check: SolutionCheck | None) -> tuple[bool | None, int | None]:
    """Whether a run has verified the code, and how many tests failed in it; None: unknown.

    Code that could not be verified stands like code that nobody ran: whoever writes it chooses
    whether it can be.
    """
    if question is None or question.code is None:
        return None, None
    return (False, None) if check is None or not check.verified else (True, check.failed)
