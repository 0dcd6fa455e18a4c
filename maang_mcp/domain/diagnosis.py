"""From beliefs and evidence to a weakness report.

A skill is weak when it lies below the learner's *own* level, so that a beginner is not told to be
weak at everything; how far below the hiring bar it is, is its severity. Skills nobody has tried
are listed apart: no evidence is not evidence of weakness.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from .habits import dimensions, mistakes, pace
from .mastery import Belief, LearnerState, SkillState
from .parameters import MEDIUM_REFERENCE, STANDARD
from .response import expected_probability, probability_below
from .skills import SkillGraph
from .weakness import (
    NOTABLE,
    AttemptEvidence,
    DimensionScore,
    Evidence,
    Label,
    Strength,
    Trend,
    Weakness,
    WeaknessKind,
    WeaknessReport,
    cite,
    confidence_of,
    is_weak,
    label,
)

BAR = 0.75
"""P(solve) at the reference problem that counts as interview-ready: severity 0."""
FIRST_FINDINGS = 5
"""Attempts below which nothing is named at all."""
CITED = 3
"""Most attempts cited as evidence of one weakness."""
TREND_ATTEMPTS = 10
TREND_AGE = timedelta(days=30)
TREND_SIZE = 0.2
TREND_CONFIDENCE = 0.8


def weakness_report(
    state: LearnerState,
    graph: SkillGraph,
    history: Sequence[AttemptEvidence],
    at: datetime,
    *,
    scores: Sequence[DimensionScore] = (),
    reference: float = MEDIUM_REFERENCE,
) -> WeaknessReport:
    """Everything that can be said about the learner's weaknesses, with how sure it is.

    `history` is every attempt of the learner with its recorded evidence, `scores` every rubric
    score, both in any order. `reference` is the difficulty (logits) that the target level asks.
    """
    unseen = sorted(
        (skill for skill in graph.values() if skill.id not in state.skills),
        key=lambda skill: (-skill.frequency, skill.id),
    )
    untested = tuple(skill.id for skill in unseen)
    count = len(history)
    if count < FIRST_FINDINGS:
        note = f"Not enough evidence yet: {count} of at least {FIRST_FINDINGS} attempts."
        return WeaknessReport((), (), untested, count, enough_evidence=False, note=note)
    history = sorted(history, key=lambda evidence: evidence.attempt.at)
    skills = _SkillFindings(state, graph, history, at, reference)
    weaknesses = (
        *skills.weaknesses(),
        *skills.patterns(),
        *mistakes(history),
        *dimensions(scores),
        *pace(history),
    )
    note = f"Looked back on {count} attempts; {len(untested)} of {len(graph)} skills are untested."
    if all(weakness.label is Label.WATCH for weakness in weaknesses):
        note += " Nothing is certain enough to be called a weakness yet."
    return WeaknessReport(
        weaknesses, skills.strengths(), untested, count, enough_evidence=True, note=note
    )


def severity_of(expected: float) -> float:
    """How far P(solving the reference problem) lies below the bar: 0 at the bar, 10 for never."""
    return 10.0 * max(0.0, 1.0 - expected / BAR)


def trend_of(moved: float, variance: float) -> Trend:
    """The word for a level that moved by so much (logits), known up to that variance."""
    if probability_below(-TREND_SIZE, -moved, variance) > TREND_CONFIDENCE:
        return Trend.IMPROVING
    if probability_below(-TREND_SIZE, moved, variance) > TREND_CONFIDENCE:
        return Trend.DECLINING
    return Trend.STEADY


class _SkillFindings:
    """What the beliefs about tested skills amount to, alone and pooled by family."""

    def __init__(
        self,
        state: LearnerState,
        graph: SkillGraph,
        history: Sequence[AttemptEvidence],
        at: datetime,
        reference: float,
    ) -> None:
        self._ability = state.ability
        self._graph = graph
        self._history = history
        self._reference = reference
        tested = (state.skill(id, at) for id in graph if id in state.skills)
        self._tested = {skill.skill: skill for skill in sorted(tested, key=lambda s: s.mean)}
        self._attempts: dict[str, list[int]] = defaultdict(list)  # skill -> places in the history
        self._against: dict[str, dict[int, float]] = defaultdict(dict)  # what moved it down
        for index, recorded in enumerate(history):
            for skill, change in recorded.skill_changes.items():
                self._attempts[skill].append(index)
                if change < 0.0:
                    self._against[skill][index] = change
        self._baselines: dict[str, Belief | None] = {}
        self._aged = bisect_right(history, at - TREND_AGE, key=lambda one: one.attempt.at)

    def weaknesses(self) -> Iterator[Weakness]:
        """Skills below the learner's own level and below the bar, furthest below first.

        The order leaves the practice gain out: with it, whatever was practised least comes first.
        """
        for skill in self._tested.values():
            if weakness := self._finding(WeaknessKind.SKILL, skill, [skill]):
                yield weakness

    def patterns(self) -> list[Weakness]:
        """The same, pooled over each family of which at least two skills were tried."""
        families: dict[str, list[SkillState]] = defaultdict(list)
        for id, skill in self._tested.items():
            families[self._graph[id].family].append(skill)
        found = [
            self._finding(WeaknessKind.PATTERN, self._pooled(family, members), members)
            for family, members in families.items()
            if len(members) > 1
        ]
        return sorted(filter(None, found), key=lambda weakness: -weakness.confidence)

    def strengths(self) -> tuple[Strength, ...]:
        """Skills at least likely to lie above the learner's own level, the surest first."""
        found = []
        for id, skill in self._tested.items():
            confidence = probability_below(-NOTABLE, -skill.mean, skill.variance)
            if label(confidence, skill.attempts) is not Label.WATCH:
                found.append(Strength(id, self._expected(skill), confidence, skill.attempts))
        return tuple(sorted(found, key=lambda strength: -strength.confidence))

    def _finding(
        self, kind: WeaknessKind, subject: SkillState, members: Sequence[SkillState]
    ) -> Weakness | None:
        if subject.mean >= 0.0:
            return None
        expected = self._expected(subject)
        severity = severity_of(expected)
        if severity == 0.0:
            return None
        confidence = confidence_of(subject)
        return Weakness(
            kind,
            subject.skill,
            severity,
            confidence,
            label(confidence, subject.attempts),
            subject.attempts,
            self._trend(members),
            self._evidence(members),
            self._advice(members),
            expected=expected,
        )

    def _pooled(self, family: str, members: Sequence[SkillState]) -> SkillState:
        """A family as if it were one skill: the mean of its members, by attempts at each."""
        total = sum([skill.attempts for skill in members])
        mean = variance = practice_gain = 0.0
        for skill in members:
            share = skill.attempts / total
            mean += share * skill.mean
            variance += share * share * skill.variance
            practice_gain += share * skill.practice_gain
        attempts = set().union(*[self._attempts[skill.skill] for skill in members])
        return SkillState(family, mean, variance, practice_gain, len(attempts), None)

    def _expected(self, subject: SkillState) -> float:
        """P(solve) at the reference problem: form and the problem's own doubt left out."""
        return expected_probability(
            self._ability.mean + subject.mean + subject.practice_gain - self._reference,
            self._ability.variance + subject.variance,
            STANDARD.discrimination,
        )

    def _trend(self, members: Sequence[SkillState]) -> Trend:
        """P(the level moved by more than 0.2 logit) against what it was 10 attempts or 30 days ago.

        Only the skills' own variances count: the error of the shared ability is nearly the same
        at both times and cancels.
        """
        moved = variance = 0.0
        total = sum([skill.attempts for skill in members])
        for skill in members:
            if skill.skill not in self._baselines:
                self._baselines[skill.skill] = self._baseline(skill.skill)
            then = self._baselines[skill.skill]
            if then is None:
                return Trend.UNKNOWN
            share = skill.attempts / total
            now = self._ability.mean + skill.mean + skill.practice_gain
            moved += share * (now - then.mean)
            variance += share * share * (skill.variance + then.variance)
        return trend_of(moved, variance)

    def _baseline(self, skill: str) -> Belief | None:
        """The latest level that is at least ten attempts or thirty days old."""
        attempts = self._attempts[skill]
        place = max(bisect_left(attempts, self._aged), len(attempts) - TREND_ATTEMPTS) - 1
        return self._history[attempts[place]].skill_levels.get(skill) if place >= 0 else None

    def _evidence(self, members: Sequence[SkillState]) -> tuple[Evidence, ...]:
        """The attempts that spoke most strongly against these skills."""
        against = self._against[members[0].skill]
        if len(members) > 1:
            against = defaultdict(float, against)
            for skill in members[1:]:
                for index, change in self._against[skill.skill].items():
                    against[index] += change
        worst = sorted(against, key=against.__getitem__)[:CITED]
        return tuple([cite(self._history[index], against[index]) for index in worst])

    def _advice(self, members: Sequence[SkillState]) -> str:
        """The next-problem rule in a sentence: first what it rests on, then the edge of ability."""
        skill = self._graph[members[0].skill]
        for required in self._graph.prerequisites(skill.id):
            known = self._tested.get(required.id)
            if known is None:
                return f"Try {required.name} first: {skill.name} rests on it, and it is untested."
            if is_weak(known):
                return f"Begin with {required.name}, which {skill.name} rests on: it is weak too."
        return f"Practise {skill.name} on problems you would expect to solve two times in three."
