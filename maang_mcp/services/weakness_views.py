"""Weaknesses as they are answered: rounded, cited, and honest about thin evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.weakness import (
    LIKELY,
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
    """The rounds a finding is about: by its own name, or by the attempts it occurred in."""
    match weakness.kind:
        case WeaknessKind.SKILL | WeaknessKind.PATTERN:
            return {
                skill.round for skill in graph.values() if weakness.name in (skill.id, skill.family)
            }
        case WeaknessKind.PACE:
            return {Round(weakness.name)}
        case WeaknessKind.MISTAKE:
            return {
                entry.attempt.round for entry in evidence if weakness.name in entry.attempt.mistakes
            }
        case WeaknessKind.DIMENSION:
            return {round for round in Round if weakness.name.startswith(f"{round}: ")}


def named(weakness: Weakness, graph: SkillGraph) -> str:
    """What a weakness is called in a sentence."""
    match weakness.kind:
        case WeaknessKind.SKILL:
            return graph[weakness.name].name if weakness.name in graph else weakness.name
        case WeaknessKind.PATTERN:
            return f"the {weakness.name} family"
        case WeaknessKind.PACE:
            return f"pace in {weakness.name.replace('_', ' ')}"
        case WeaknessKind.DIMENSION:
            round, _, dimension = weakness.name.replace("_", " ").partition(": ")
            return f"{dimension} in {round}" if dimension else round
        case WeaknessKind.MISTAKE:
            return weakness.name.replace("_", " ")


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
    round: Round | None,
    state: LearnerState,
    graph: SkillGraph,
    evidence: Sequence[AttemptEvidence],
) -> str:
    """The answer in a sentence; `wanted` are the skills that were asked about, by id, `round` the
    kind of interview."""
    if not report.enough_evidence:
        return report.note
    if wanted is not None and not any(name in state.skills for name in wanted):
        return "Not enough evidence yet: nothing on record needs that skill."
    if round and round not in _rounds_on_record(state, graph, evidence):
        return f"Not enough evidence yet: no {round.replace('_', ' ')} attempt is on record."
    found = list(chosen)
    sure = [w for w in found if w.label is not Label.WATCH]
    if not sure and wanted is not None:
        return _of_named(report, wanted, graph, evidence)
    if not sure:
        return _suspected(report, found, graph)
    worst = ", ".join(
        f"{named(w, graph)} ({w.label}, severity {w.severity:.1f}, n {w.n})" for w in sure[:3]
    )
    what = "1 weakness stands out" if len(sure) == 1 else f"{len(sure)} weaknesses stand out"
    return f"{what}: {worst}."


def _suspected(report: WeaknessReport, found: Sequence[Weakness], graph: SkillGraph) -> str:
    """What is told where there is evidence, and nothing that it makes sure."""
    of = f"{report.attempts} attempt{'s' * (report.attempts != 1)}"
    line = f"Nothing is sure enough to be called a weakness yet ({of})"
    if not found:
        return f"{line}."
    first = found[0]
    how_sure = f"n {first.n}, confidence {first.confidence:.2f}"
    return f"{line}; most suspected: {named(first, graph)}, {how_sure}."


def _rounds_on_record(
    state: LearnerState, graph: SkillGraph, evidence: Sequence[AttemptEvidence]
) -> set[Round]:
    tried = {graph[name].round for name in state.skills if name in graph}
    return tried | {entry.attempt.round for entry in evidence}


def _of_named(
    report: WeaknessReport,
    wanted: set[str],
    graph: SkillGraph,
    evidence: Sequence[AttemptEvidence],
) -> str:
    """What the record says of skills that are not known to be weak."""
    outcomes = [
        entry.attempt.outcome for entry in evidence if not wanted.isdisjoint(entry.skill_changes)
    ]
    if not outcomes:
        return _suspected(report, [], graph)
    several = len(outcomes) > 1
    unsolved = sum(outcome in (Outcome.FAILED, Outcome.GAVE_UP) for outcome in outcomes)
    ended = f"{unsolved} {'of them ' * several}not solved" if unsolved else "all solved"
    about, names = _subject(wanted, graph)
    line = f"{about}: {len(outcomes)} attempt{'s' * several}, {ended}"
    found = [weakness for weakness in report.weaknesses if weakness.name in names]
    if not found:
        return f"{line}; that is at your own level or above the bar."
    surest = max(found, key=lambda weakness: weakness.confidence)
    if surest.label is not Label.WATCH:
        return f"{line}; the findings about it lie outside the round or time asked for."
    if surest.confidence >= LIKELY:
        return f"{line}; that is too few to call it a weakness yet."
    return f"{line}; confidence {surest.confidence:.2f} is too little to call it a weakness yet."


def _subject(wanted: set[str], graph: SkillGraph) -> tuple[str, set[str]]:
    """What skills are called together, and the names that findings about them go by."""
    if len(wanted) == 1:
        (id,) = wanted
        return graph[id].name, wanted
    families = {graph[id].family for id in wanted}
    return (*families,)[0] if len(families) == 1 else "These skills", wanted | families
