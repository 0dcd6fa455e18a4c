"""What a diagnosis says of a candidate at one moment, beside the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from maang_mcp.domain.diagnosis import BAR, weakness_report
from maang_mcp.domain.mastery import mastery
from maang_mcp.domain.parameters import MEDIUM_REFERENCE
from maang_mcp.domain.standing import Consequence
from maang_mcp.domain.weakness import NOTABLE, WeaknessKind, confidence_of, surest_first

from .baselines import Scores, baselines
from .candidates import Candidate
from .practice import BETWEEN
from .scores import NAMED, precision, separation
from .world import TrueItem

SURE = (0.8, 0.9)
"""Confidences from which a finding counts as a flag."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One diagnosis.

    `precision` is precision@3 and `separation` the AUC of planted topics against the others (none
    planted: absent), by what ranks them. `severities` holds (said, true), and `confidences` (said,
    truly at least notable, planted), of every topic tried. `flags` counts findings by kind and
    confidence, `habits_found` the planted mistake among them. `tried` is the share of planted
    topics with an attempt; `untested_named` must be zero.
    """

    precision: Mapping[str, float]
    separation: Mapping[str, float]
    severities: Sequence[tuple[float, float]]
    confidences: Sequence[tuple[float, bool, bool]]
    flags: Mapping[tuple[WeaknessKind, float], int]
    habits_found: int
    tried: float
    untested_named: int


def diagnosed(candidate: Candidate, history: Sequence[Consequence], name: str) -> Reading:
    """The diagnosis when the next attempt would be made; `name` fixes how ties are broken.

    To be made while the candidate has learned no more than `history` tells.
    """
    at = history[-1].attempt.at + BETWEEN
    state = history[-1].standing.learner
    report = weakness_report(state, candidate.world.graph, [one.evidence for one in history], at)
    planted, topics = candidate.planted, [topic.id for topic in candidate.world.topics]
    Random(f"ties:{name}").shuffle(topics)
    tried = {topic: state.skill(topic, at) for topic in topics if topic in state.skills}
    found = surest_first(report.weaknesses)
    told = [weakness.name for weakness in found if weakness.kind is WeaknessKind.SKILL]
    rankings: dict[str, Scores] = {
        "deviation": {topic: skill.mean for topic, skill in tried.items()},
        "as told": _places(told),
        "first three lines": _places([w.name for w in found[:NAMED] if w.name in tried]),
        **baselines(history),
    }
    findings = [(w.kind, w.name, w.confidence) for w in report.weaknesses]
    return Reading(
        {by: precision(scores, topics, planted) for by, scores in rankings.items() if planted},
        {by: separation(scores, topics, planted) for by, scores in rankings.items() if planted},
        [
            (
                _severity(mastery(state, topic, at)),
                _severity(candidate.solves(TrueItem((topic,), MEDIUM_REFERENCE))),
            )
            for topic in tried
        ],
        [
            (confidence_of(skill), candidate.deviations[topic] < -NOTABLE, topic in planted)
            for topic, skill in tried.items()
        ],
        {
            (wanted, sure): sum(kind is wanted and said >= sure for kind, _, said in findings)
            for wanted in WeaknessKind
            for sure in SURE
        },
        sum(name == candidate.habit and said >= SURE[0] for _, name, said in findings),
        len(tried.keys() & planted) / max(len(planted), 1),
        sum(topic not in tried for topic in told),
    )


def _places(told: Sequence[str]) -> Scores:
    return {topic: float(place - len(told)) for place, topic in enumerate(told)}


def _severity(solving: float) -> float:
    return 10.0 * max(0.0, 1.0 - solving / BAR)
