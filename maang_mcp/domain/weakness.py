"""Weaknesses: what they are, what they rest on, and when one opens or closes.

`diagnosis.weakness_report` finds them; this module holds the values and the hysteresis that keeps
a weakness from opening and closing with every attempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from .attempt import Attempt, Outcome
from .mastery import Belief, SkillState
from .response import probability_below
from .skills import Round

NOTABLE = 0.3
"""Logits (about seven points) that a skill must lie off the own level to be a finding."""
LIKELY = 0.6
"""Confidence from which a weakness is called likely."""
ESTABLISHED = 0.8
"""Confidence from which a weakness is called established."""
ENOUGH = 3
"""Observations of one thing below which it is only watched, whatever the confidence."""
OPENING_SEVERITY = 2.0
"""Severity from which a weakness is worth opening."""
CLOSING_CONFIDENCE = 0.4
"""Confidence below which an open weakness is resolved; the gap to LIKELY is the hysteresis."""
CLOSING_SEVERITY = 1.0
"""Severity below which an open weakness is resolved."""


class WeaknessKind(StrEnum):
    """What a weakness is a weakness of."""

    SKILL = "skill"
    PATTERN = "pattern"
    MISTAKE = "mistake"
    DIMENSION = "dimension"
    PACE = "pace"


class Label(StrEnum):
    """How sure the coach is, in a word."""

    ESTABLISHED = "established"
    LIKELY = "likely"
    WATCH = "watch"


class Trend(StrEnum):
    """Where it is going."""

    IMPROVING = "improving"
    STEADY = "steady"
    DECLINING = "declining"
    UNKNOWN = "not enough data"


@dataclass(frozen=True, slots=True)
class AttemptEvidence:
    """An attempt with what was believed before it and what it moved, as recorded at the time.

    `expected` is the predicted probability of solving it alone in time, `skill_changes` the logits
    by which it moved each skill, `skill_levels` where each stood right after (for trends),
    `limit` the problem's time limit in minutes (None: pace is not judged).
    """

    attempt: Attempt
    expected: float
    skill_changes: Mapping[str, float]
    skill_levels: Mapping[str, Belief] = field(default_factory=dict)
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """One rubric score (1-4) of one finished interview of that round."""

    round: Round
    dimension: str
    score: float
    at: datetime
    interview_id: UUID
    problem: str


class Evidence(NamedTuple):
    """One citation: what was expected, what happened, and how much it counts (logits, or points
    of a rubric below the bar). An interview's score cites the interview and has no outcome."""

    # A tuple, because a report makes hundreds and a frozen dataclass takes three times as long.

    attempt_id: UUID | None
    problem: str
    at: datetime
    outcome: Outcome | None
    expected: float | None
    contribution: float
    interview_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something that costs the learner interviews, with how sure that is.

    `severity` goes from 0 (at the bar) to 10, `confidence` from 0 to 1, `n` counts the
    observations both rest on. `name` is the id of the skill, family, mistake or round (pace), of a
    dimension with its round before it ("coding: communication"), for in another round it is another
    one; `expected`, of skills and patterns, is P(solve) at the reference problem.
    """

    kind: WeaknessKind
    name: str
    severity: float
    confidence: float
    label: Label
    n: int
    trend: Trend
    evidence: tuple[Evidence, ...]
    recommendation: str
    opened_at: datetime | None = None
    resolved_at: datetime | None = None
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Strength:
    """A skill that stands out above the learner's own level."""

    skill: str
    expected: float
    confidence: float
    n: int


@dataclass(frozen=True, slots=True)
class WeaknessReport:
    """Everything found, worst first within each kind; `untested` skills are in no other list.

    `enough_evidence` is False while there are too few attempts to name anything; `note` says so,
    or says what the report cannot tell yet.
    """

    weaknesses: tuple[Weakness, ...]
    strengths: tuple[Strength, ...]
    untested: tuple[str, ...]
    attempts: int
    enough_evidence: bool
    note: str


def cite(recorded: AttemptEvidence, contribution: float) -> Evidence:
    """An attempt as a citation for a finding to which it contributed that much."""
    attempt = recorded.attempt
    return Evidence(
        attempt.id,
        attempt.problem,
        attempt.at,
        attempt.outcome,
        recorded.expected,
        contribution,
        attempt.interview_id,
    )


def confidence_of(skill: SkillState) -> float:
    """P(the skill lies at least `NOTABLE` below the learner's own level), for a skill read now."""
    return probability_below(-NOTABLE, skill.mean, skill.variance)


def is_weak(skill: SkillState) -> bool:
    """Whether a skill is at least likely to be weak."""
    return label(confidence_of(skill), skill.attempts) is not Label.WATCH


def label(confidence: float, n: int) -> Label:
    """The word for a confidence that rests on n observations."""
    if n < ENOUGH or confidence < LIKELY:
        return Label.WATCH
    return Label.ESTABLISHED if confidence >= ESTABLISHED else Label.LIKELY


def surest_first(weaknesses: Iterable[Weakness]) -> list[Weakness]:
    """The order in which weaknesses are told: by label, then by severity times confidence.

    Of one label, patterns come last: a skill can be practised, and what a pattern says is already
    in its skills. Told in among them, patterns crowd weak skills out of a short answer.
    """
    rank = {label: place for place, label in enumerate(Label)}
    return sorted(
        weaknesses,
        key=lambda weakness: (
            rank[weakness.label],
            weakness.kind is WeaknessKind.PATTERN,
            -weakness.severity * weakness.confidence,
        ),
    )


def transitions(
    previous: Iterable[Weakness], report: WeaknessReport, at: datetime
) -> tuple[tuple[Weakness, ...], tuple[Weakness, ...]]:
    """What opened and what closed between the open weaknesses of before and a full report of now.

    A weakness opens when it is at least likely and severe enough to matter; it closes only when
    it has fallen well below either mark, or is not found any more. In between, an open one stays
    open and a closed one stays closed. A report without enough evidence changes nothing.
    """
    if not report.enough_evidence:
        return (), ()
    found = {(weakness.kind, weakness.name): weakness for weakness in report.weaknesses}
    before = {(weakness.kind, weakness.name): weakness for weakness in previous}
    opened = tuple(
        replace(weakness, opened_at=at, resolved_at=None)
        for key, weakness in found.items()
        if key not in before
        and weakness.label is not Label.WATCH
        and weakness.severity >= OPENING_SEVERITY
    )
    resolved = tuple(
        replace(
            found.get(key, weakness),
            opened_at=weakness.opened_at,
            resolved_at=at if weakness.opened_at is None else max(at, weakness.opened_at),
        )
        for key, weakness in before.items()
        if key not in found
        or found[key].confidence < CLOSING_CONFIDENCE
        or found[key].severity < CLOSING_SEVERITY
    )
    return opened, resolved
