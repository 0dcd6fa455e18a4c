"""Interviews as they are answered: what each side may see, kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from maang_mcp.content.rounds import round_spec, rubric
from maang_mcp.domain.interview import (
    Abandoned,
    Event,
    Finished,
    HintRequested,
    Interview,
    Paused,
    PhaseMoved,
    Resumed,
    TurnsAppended,
    possible,
)
from maang_mcp.domain.pacing import Clock, clock
from maang_mcp.domain.question import Question
from maang_mcp.domain.rubric import FinalScore, Signals, hint_cost
from maang_mcp.domain.scrubbing import fence
from maang_mcp.domain.substance import substance
from maang_mcp.domain.transcript import Turn
from maang_mcp.domain.verdict import Verdict

from .answers.interview import (
    Brief,
    ClockShown,
    DimensionResult,
    InterviewFinished,
    InterviewShown,
    InterviewStarted,
    InterviewStepped,
    OnsiteShown,
    SignalsSeen,
)
from .guiding import guide_of
from .onsite import closing_words, company_shown, opening_words

if TYPE_CHECKING:
    from .hints_given import HintGiven
    from .questions import Choice
    from .recording import Recorded
    from .shelf import Asked

LONGEST_RECALLED = 200
"""Characters of a turn that are read back; the resource of the interview has all of them."""

LONGEST_CODE = 1_200
"""Characters of the code last checked that are read back."""

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
    hints: Sequence[str] = (),
    last_code: str | None = None,
    onsite: OnsiteShown | None = None,
    news: str = "",
) -> InterviewStarted:
    """An interview that was opened or taken up again; `news` is what else there is to say of
    onsite loops."""
    spec = round_spec(interview.round, interview.minutes)
    asked = choice.asked
    time = clock(interview, now, spec)
    verb = "Resumed" if resumed else "Started"
    said = [
        f"{verb} a {interview.minutes}-minute {interview.round.replace('_', ' ')} interview at "
        f"{interview.level} level: {asked.problem.title}.",
        "" if onsite is None else opening_words(onsite, interview.company),
        news,
        time.advice,
    ]
    return InterviewStarted(
        status=" ".join(part for part in said if part),
        interview_id=str(interview.id),
        resumed=resumed,
        round=interview.round.value,
        level=interview.level.value,
        company=company_shown(interview.company),
        question=asked.slug,
        chosen_because=choice.reason,
        candidate_brief=brief_of(asked),
        interviewer_guide=guide_of(interview, spec, asked, anew=True),
        dimensions=list(rubric(interview.round).names),
        phase=interview.phase,
        phases={
            phase.name: round(phase.share_of_time * interview.minutes, 1) for phase in spec.phases
        },
        clock=clock_shown(time),
        hints=list(hints),
        last_turns=[_line(turn, LONGEST_RECALLED) for turn in turns],
        last_code=None if last_code is None else fence(last_code[:LONGEST_CODE]),
        onsite=onsite,
        next_actions=["interview_step", "finish_interview"],
    )


def stepped_answer(
    interview: Interview,
    now: datetime,
    *,
    before: Interview,
    hint: str | None,
    asked: Asked | None,
) -> InterviewStepped:
    """Where the interview stands after a step.

    The guide comes with each new phase, for which `asked` is its question, and the brief with each
    new question.
    """
    spec = round_spec(interview.round, interview.minutes)
    phase = spec.phase(interview.phase)
    another = phase.part != spec.phase(before.phase).part
    time = clock(interview, now, spec)
    open_to = [ACTIONS[event] for event in possible(interview, spec)]
    return InterviewStepped(
        status=time.advice
        if hint is None
        else f"Hint {interview.hints_given} of {spec.hints}, to pass on word for word.",
        interview_id=str(interview.id),
        state=interview.status.value,
        phase=interview.phase,
        clock=clock_shown(time),
        turns=interview.turns,
        hint=hint,
        hint_cost=None
        if hint is None
        else hint_cost(interview.hints_given, rubric(interview.round)),
        hints_given=interview.hints_given,
        hints_left=spec.hints - interview.hints_given,
        guide=None if asked is None else guide_of(interview, spec, asked, anew=another),
        candidate_brief=brief_of(asked) if asked is not None and another else None,
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
    *,
    question: Question | None,
    onsite: OnsiteShown | None,
) -> InterviewFinished:
    """The verdict with what it rests on; the server's own signals stand beside the scores."""
    lowered = [final for final in finals if final.ceiling]
    said = signals.said or substance(())
    status = f"{verdict.label.capitalize()}, average {verdict.average} of 4, in one session."
    if lowered:
        status += f" Lowered by ceilings: {', '.join(final.dimension for final in lowered)}."
    if onsite is not None:
        status += f" {closing_words(onsite, interview.company)}"
    return InterviewFinished(
        status=status,
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
            verified=signals.verified,
            over_time=signals.over_time,
            minutes=round(signals.minutes or 0.0, 1),
            words=said.words,
            figures=said.figures,
            terms_only=said.terms_only,
        ),
        reference_solution=_solution(question),
        onsite=onsite,
        attempt_id=str(recorded.consequence.attempt.id),
        next_review=recorded.review.due.date(),
        repeated=False,
        next_actions=["start_interview"]
        if onsite is not None and onsite.packet is None
        else ["weakness_report", "next_problem"],
    )


def shown(
    interview: Interview,
    turns: Sequence[Turn],
    hints: Sequence[HintGiven],
    verdict: str | None,
) -> InterviewShown:
    """An interview to read again; never its guide or hints that were not given."""
    lines = [(turn.position, 0, _line(turn)) for turn in turns]
    lines += [(hint.after, hint.level, f"hint {hint.level}: {hint.text}") for hint in hints]
    return InterviewShown(
        interview_id=str(interview.id),
        round=interview.round.value,
        question=interview.question,
        level=interview.level.value,
        company=company_shown(interview.company),
        state=interview.status.value,
        phase=interview.phase,
        started=interview.started_at.replace(microsecond=0),
        turns=[line for *_, line in sorted(lines)],
        verdict=verdict,
    )


def brief_of(asked: Asked) -> Brief:
    """What the candidate may see of a question, as text; nothing of its guide or tests."""
    if asked.question is None:
        return Brief(asked.problem.title, "", asked.problem.url)
    brief, code = asked.question.brief, asked.question.code
    parts = [brief.statement.strip()]
    if brief.examples:
        parts.append("Examples:")
    for example in brief.examples:
        why = f" ({example.why})" if example.why else ""
        parts.append(f"{example.input} -> {example.output}{why}")
    if brief.constraints:
        parts += ["Constraints:", *brief.constraints]
    parts += [f"File {file.path}:\n{file.text.rstrip()}" for file in brief.files]
    if code is not None and not brief.files:
        parts.append(f"Start from:\n{code.starter.strip()}")
    return Brief(asked.question.title, "\n".join(parts), asked.problem.url)


def _solution(question: Question | None) -> str | None:
    """The expected solution, for a round that is over."""
    if question is None or question.code is None:
        return None
    expected = question.code.solutions[0]
    return f"# time {expected.time}, space {expected.space}\n{expected.code.strip()}"


def clock_shown(time: Clock) -> ClockShown:
    """The clock as it is answered."""
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
