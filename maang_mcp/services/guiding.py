"""What the interviewer is handed with each phase: how to lead it, and what to know in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maang_mcp.content.rounds import rubric
from maang_mcp.domain.agenda import RoundSpec
from maang_mcp.domain.guides import Notes
from maang_mcp.domain.interview import Interview
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.rubric import BAR

from .answers.interview import PhaseGuide

if TYPE_CHECKING:
    from .shelf import Asked


def guide_of(interview: Interview, spec: RoundSpec, asked: Asked, *, anew: bool) -> PhaseGuide:
    """The guide of the phase at hand, whole; `anew` for an interviewer who holds nothing of the
    question yet."""
    phase, question = spec.phase(interview.phase), asked.question
    notes: Notes = {}
    if question is not None:
        notes = question.guide.notes(phase.kind, interview.level)
        if anew:
            notes = {**question.guide.if_asked, **notes}
    elif anew:
        notes = {"statement": (_told(asked.problem),)}
    return PhaseGuide(
        do=list(phase.interviewer_does),
        never_say=list(phase.must_not_say),
        move_on_when=list(phase.exit_when),
        notes={name: list(entries) for name, entries in notes.items()},
        bar=None if spec.ahead_of(interview.phase) else _bar(interview),
    )


def _told(problem: Problem) -> str:
    """How the candidate learns of a problem whose text we do not have."""
    if problem.custom:
        return f"Have the candidate paste or retell '{problem.title}'."
    return (
        f"Tell the well-known problem '{problem.title}' in your own words, with one small example "
        "and its constraints."
    )


def _bar(interview: Interview) -> dict[str, str]:
    return {
        one.name: one.anchor(interview.level, BAR) for one in rubric(interview.round).dimensions
    }
