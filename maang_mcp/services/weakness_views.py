"""Weaknesses as they are answered: rounded, cited, and honest about thin evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.weakness import (
    AttemptEvidence,
    Label,
    Weakness,
    WeaknessKind,
    WeaknessReport,
)

from .answers.practice import Citation, WeaknessFound

CITED = 3
"""Attempts cited for each weakness; the resource of the attempt tells the rest."""


def round_(value: float) -> float:
    """Two digits: more would pretend to a precision that is not there."""
    return round(value, 2)


def practised_rounds(state: LearnerState, graph: SkillGraph) -> set[Round]:
    """The rounds somebody practises for; coding as long as nothing is known."""
    return {graph[name].round for name in state.skills if name in graph} or {Round.CODING}


def rounds_of(
    weakness: Weakness, graph: SkillGraph, evidence: Sequence[AttemptEvidence]
) -> set[Round]:
    """The rounds a finding is about: by its own name, or by what it cites."""
    match weakness.kind:
        case WeaknessKind.SKILL | WeaknessKind.PATTERN:
            return {
                skill.round for skill in graph.values() if weakness.name in (skill.id, skill.family)
            }
        case WeaknessKind.PACE:
            return {Round(weakness.name)}
        case WeaknessKind.MISTAKE | WeaknessKind.DIMENSION:
            cited = {entry.attempt_id or entry.interview_id for entry in weakness.evidence}
            return {
                entry.attempt.round
                for entry in evidence
                if not cited.isdisjoint((entry.attempt.id, entry.attempt.interview_id))
            }


def shown(weakness: Weakness, known: Weakness | None) -> WeaknessFound:
    return WeaknessFound(
        kind=weakness.kind,
        name=weakness.name,
        severity=round(weakness.severity, 1),
        confidence=round_(weakness.confidence),
        label=weakness.label,
        n=weakness.n,
        trend=weakness.trend,
        evidence=[
            Citation(
                uri=f"maang://attempts/{cited.attempt_id}"
                if cited.attempt_id
                else f"maang://interviews/{cited.interview_id}",
                problem=cited.problem,
                when=cited.at.date(),
                outcome=cited.outcome,
                predicted=cited.expected and round_(cited.expected),
            )
            for cited in weakness.evidence[:CITED]
        ],
        recommendation=weakness.recommendation,
        opened=known.opened_at.date() if known and known.opened_at else None,
        resolved=known.resolved_at.date() if known and known.resolved_at else None,
    )


def status_line(
    report: WeaknessReport,
    chosen: Iterable[Weakness],
    wanted: set[str] | None,
    state: LearnerState,
) -> str:
    if not report.enough_evidence:
        return report.note
    if wanted is not None and not any(name in state.skills for name in wanted):
        return "Not enough evidence yet: nothing on record needs that skill."
    named = [w for w in chosen if w.label is not Label.WATCH]
    if not named:
        return f"Not enough evidence yet to name a weakness. {report.note}"
    worst = ", ".join(
        f"{w.name} ({w.label}, severity {w.severity:.1f}, n {w.n})" for w in named[:3]
    )
    what = "1 weakness stands out" if len(named) == 1 else f"{len(named)} weaknesses stand out"
    return f"{what}: {worst}."
