"""Interviews as they are answered: what each side may see, kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.agenda import PhaseSpec
from maang_mcp.domain.hints import MOST
from maang_mcp.domain.interview import (
    Abandoned,
    Event,
    Finished,
    HintRequested,
    Interview,
    Paused,
    PhaseMoved,
    Resumed,
    Turn,
    TurnsAppended,
    possible,
)
from maang_mcp.domain.pacing import Clock, clock
from maang_mcp.domain.question import Question
from maang_mcp.domain.rubric import FinalScore, Signals, hint_cost
from maang_mcp.domain.scrubbing import fence
from maang_mcp.domain.verdict import Verdict

from .answers.interview import (
    Brief,
    ClockShown,
    DimensionResult,
    InterviewerGuide,
    InterviewFinished,
    InterviewShown,
    InterviewStarted,
    InterviewStepped,
    PhaseGuide,
    SignalsSeen,
)

if TYPE_CHECKING:
    from .questions import Asked, Choice
    from .recording import Recorded

SHOWN = 3
"""Entries of each part of the interviewer's guide that fit a default answer."""

LONGEST_RECALLED = 300
"""Characters of a turn that are read back; the resource of the interview has all of them."""

ACTIONS: dict[type[Event], str] = {
    TurnsAppended: "continue",
    HintRequested: "hint",
    PhaseMoved: "next_phase",
    Paused: "pause",
    Resumed: "resume",
    Abandoned: "abandon",
    Finished: "finish_interview",
}


def started_answer(
    interview: Interview,
    choice: Choice,
    now: datetime,
    *,
    resumed: bool = False,
    turns: Sequence[Turn] = (),
) -> InterviewStarted:
    """An interview that was opened or taken up again."""
    spec = round_spec(interview.round)
    asked = choice.asked
    time = clock(interview, now, spec)
    verb = "Resumed" if resumed else "Started"
    return InterviewStarted(
        status=f"{verb} a {interview.minutes}-minute {interview.round.replace('_', ' ')} "
        f"interview at {interview.level} level: {asked.problem.title}. {time.advice}",
        interview_id=str(interview.id),
        resumed=resumed,
        round=interview.round.value,
        level=interview.level.value,
        company=_company(interview),
        question=asked.slug,
        chosen_because=choice.reason,
        candidate_brief=_brief(asked),
        interviewer_guide=_guide(asked.question, spec.phase(interview.phase)),
        phase=interview.phase,
        phases={
            phase.name: round(phase.share_of_time * interview.minutes, 1) for phase in spec.phases
        },
        clock=_clock(time),
        hints_given=interview.hints_given,
        last_turns=[_line(turn, LONGEST_RECALLED) for turn in turns],
        next_actions=["interview_step", "finish_interview"],
    )


def stepped_answer(
    interview: Interview, now: datetime, *, before: Interview, hint: str | None
) -> InterviewStepped:
    """Where the interview stands after a step; the guide comes with each new phase."""
    spec = round_spec(interview.round)
    time = clock(interview, now, spec)
    open_to = [ACTIONS[event] for event in possible(interview, spec)]
    return InterviewStepped(
        status=time.advice
        if hint is None
        else f"Hint {interview.hints_given} of {MOST}, to pass on word for word.",
        interview_id=str(interview.id),
        state=interview.status.value,
        phase=interview.phase,
        clock=_clock(time),
        turns=interview.turns,
        hint=hint,
        hint_cost=None
        if hint is None
        else hint_cost(interview.hints_given, rubric(interview.round)),
        hints_given=interview.hints_given,
        hints_left=MOST - interview.hints_given,
        guide=None if interview.phase == before.phase else _phase(spec.phase(interview.phase)),
        possible=open_to,
        repeated=False,
        next_actions=[] if interview.status.is_final else ["interview_step", "finish_interview"],
    )


def finished_answer(
    interview: Interview,
    verdict: Verdict,
    finals: Sequence[FinalScore],
    signals: Signals,
    recorded: Recorded,
) -> InterviewFinished:
    """The verdict with what it rests on; the server's own signals stand beside the scores."""
    lowered = [final for final in finals if final.ceiling]
    status = f"{verdict.label.capitalize()}, average {verdict.average} of 4."
    if lowered:
        status += f" Lowered by ceilings: {', '.join(final.dimension for final in lowered)}."
    return InterviewFinished(
        status=f"{status} {verdict.uncertainty}",
        interview_id=str(interview.id),
        verdict=verdict.label.value,
        average=verdict.average,
        scores=[
            DimensionResult(final.dimension, final.given, final.score, final.ceiling)
            for final in finals
        ],
        would_have_raised_it=[
            f"{step.dimension} {step.score} to {step.to}: {step.by}"
            for step in verdict.would_have_raised_it
        ],
        uncertainty=verdict.uncertainty,
        signals=SignalsSeen(
            hints_given=signals.hints_given,
            tests_failed=signals.tests_failed,
            tested=signals.tested,
            over_time=signals.over_time,
            minutes=round(signals.minutes or 0.0, 1),
        ),
        attempt_id=str(recorded.consequence.attempt.id),
        next_review=recorded.review.due.date(),
        repeated=False,
        next_actions=["weakness_report", "next_problem"],
    )


def shown(interview: Interview, turns: Sequence[Turn], verdict: str | None) -> InterviewShown:
    """An interview to read again; never its guide or hints that were not given."""
    return InterviewShown(
        interview_id=str(interview.id),
        round=interview.round.value,
        question=interview.question,
        level=interview.level.value,
        company=_company(interview),
        state=interview.status.value,
        phase=interview.phase,
        started=interview.started_at.replace(microsecond=0),
        turns=[_line(turn) for turn in turns],
        verdict=verdict,
    )


def _company(interview: Interview) -> str | None:
    """The company's name as it stands between the fence's marks: in a field too short for them,
    nothing may imitate them either."""
    if not interview.company:
        return None
    return fence(interview.company).split("\n")[1]


def _brief(asked: Asked) -> Brief:
    if asked.question is None:
        text = (
            f"Have the candidate paste or retell '{asked.problem.title}'."
            if asked.problem.custom
            else f"Read out the well-known problem '{asked.problem.title}' in your own words, with "
            "one small example and its constraints."
        )
        return Brief(asked.problem.title, text, asked.problem.url)
    brief = asked.question.brief
    examples = [
        f"{example.input} -> {example.output}" + (f" ({example.why})" if example.why else "")
        for example in brief.examples
    ]
    text = "\n".join((brief.statement, "Examples:", *examples, "Constraints:", *brief.constraints))
    return Brief(asked.question.title, text, None)


def _guide(question: Question | None, phase: PhaseSpec) -> InterviewerGuide:
    if question is None:
        return InterviewerGuide(_phase(phase), [], [], [], [], None)
    guide = question.guide
    return InterviewerGuide(
        phase=_phase(phase),
        if_asked=[f"{entry.asked} {entry.answer}" for entry in guide.clarifications[:SHOWN]],
        look_for=list(guide.look_for[:SHOWN]),
        common_mistakes=[
            f"{entry.mistake}: {entry.shows_as}" for entry in guide.common_mistakes[:SHOWN]
        ],
        follow_ups=list(guide.follow_ups[:SHOWN]),
        complexity=f"time {guide.expected_time}, space {guide.expected_space}",
    )


def _phase(phase: PhaseSpec) -> PhaseGuide:
    return PhaseGuide(
        do=list(phase.interviewer_does),
        never_say=list(phase.must_not_say),
        move_on_when=list(phase.exit_when),
    )


def _clock(time: Clock) -> ClockShown:
    return ClockShown(
        elapsed=round(time.elapsed_minutes, 1),
        left=round(time.remaining_minutes, 1),
        phase_left=round(time.phase_remaining, 1),
        move_on=time.move_on,
    )


def _line(turn: Turn, longest: int | None = None) -> str:
    text = turn.text[:longest]
    cut = "..." if len(text) < len(turn.text) else ""
    return f"{turn.speaker}: {fence(text + cut)}"
