"""Knowledge tracing: how an attempt changes what is believed about a learner.

A multi-skill dynamic Rasch model (one-parameter item response theory), tracked by an
assumed-density filter: every quantity is a Gaussian in logits, and an attempt is a scalar Laplace
update shared out over the components that explain it. Relatives: Glicko (Glickman 1999), dynamic
IRT (Wang, Berger & Burdick 2013), T-SKIRT (arXiv 1702.04282); graded outcomes: Tutz (1990).

Reading is not writing: a state holds each skill as it stood at its last practice, and `predict`,
`mastery` and `LearnerState.skill` apply the time that has passed since.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .attempt import Grade
from .parameters import MEDIUM_REFERENCE, STANDARD, Parameters
from .problem import Problem
from .response import Revision, expected_probability, laplace_step, loadings_of

_LADDER = (Grade.SOLVED, Grade.SOLVED_LATE, Grade.SOLVED_WITH_HINTS, Grade.FAILED)


@dataclass(frozen=True, slots=True)
class Belief:
    """A Gaussian belief about one quantity, in logits."""

    mean: float
    variance: float


@dataclass(frozen=True, slots=True)
class SkillState:
    """One skill of one learner: its deviation from the overall ability, and what practice added.

    `mean` and `variance` are of the deviation s_k, `practice_gain` is the deterministic l_k.
    """

    skill: str
    mean: float
    variance: float
    practice_gain: float
    attempts: int
    last_practised: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """A problem as the response model sees it: the skills it needs and its difficulty in logits.

    Raises ValueError when a skill is named twice or the difficulty is not a finite belief.
    """

    skills: tuple[str, ...]
    mean: float
    variance: float

    def __post_init__(self) -> None:
        if len(set(self.skills)) != len(self.skills):
            raise ValueError(f"a skill is named twice: {self.skills}")
        if not (math.isfinite(self.mean) and 0 <= self.variance < math.inf):
            raise ValueError(f"not a difficulty: N({self.mean}, {self.variance})")

    @classmethod
    def of(cls, problem: Problem) -> Item:
        """The item behind a catalogue or custom problem."""
        return cls(tuple(dict.fromkeys(problem.skills)), problem.item.mean, problem.item.variance)


@dataclass(frozen=True, slots=True)
class LearnerState:
    """Everything believed about one learner; derived from the attempts and rebuilt by replay.

    `skills` holds practised skills only; `last_attempt` is the time form has faded since.
    """

    ability: Belief
    form: Belief
    step_offsets: tuple[Belief, Belief, Belief]
    skills: Mapping[str, SkillState] = field(default_factory=dict)
    last_attempt: datetime | None = None

    @classmethod
    def new(cls, parameters: Parameters = STANDARD) -> LearnerState:
        """A learner of whom nothing is known yet."""
        late, hinted, real = (Belief(m, parameters.step_variance) for m in parameters.step_means)
        return cls(
            ability=Belief(parameters.ability_mean, parameters.ability_variance),
            form=Belief(0.0, parameters.form_variance),
            step_offsets=(late, hinted, real),
        )

    def skill(self, skill: str, at: datetime, parameters: Parameters = STANDARD) -> SkillState:
        """The skill as it stands at `at`: gains partly forgotten, certainty partly lost.

        Only what was gained is forgotten: a weakness does not heal by waiting. A time before the
        last practice counts as no time at all.
        """
        stored = self.skills.get(skill)
        if stored is None:
            return SkillState(skill, 0.0, parameters.skill_variance, 0.0, 0, None)
        days = _days_between(stored.last_practised, at)
        kept = math.exp(-days / parameters.forgetting_days)
        known = math.exp(-2.0 * days / parameters.doubt_days)
        return SkillState(
            skill,
            stored.mean * kept if stored.mean > 0 else stored.mean,
            known * stored.variance + (1.0 - known) * parameters.skill_variance,
            stored.practice_gain * kept,
            stored.attempts,
            stored.last_practised,
        )

    def form_at(self, at: datetime, parameters: Parameters = STANDARD) -> Belief:
        """Recent form, faded by the time since the last attempt."""
        kept = math.exp(-_days_between(self.last_attempt, at) / parameters.form_days)
        return Belief(
            self.form.mean * kept,
            kept * kept * self.form.variance + (1.0 - kept * kept) * parameters.form_variance,
        )


def _days_between(then: datetime | None, at: datetime) -> float:
    return 0.0 if then is None else max(0.0, (at - then) / timedelta(days=1))


def predict(
    state: LearnerState, item: Item, at: datetime, *, parameters: Parameters = STANDARD
) -> float:
    """P(the learner solves the item alone and in time at `at`).

    Several skills compensate for each other with weight 1 / sqrt(number of skills).
    """
    form = state.form_at(at, parameters)
    mean = state.ability.mean + form.mean - item.mean
    variance = state.ability.variance + form.variance + item.variance
    for name, loading in loadings_of(item.skills).items():
        skill = state.skill(name, at, parameters)
        mean += loading * (skill.mean + skill.practice_gain)
        variance += loading * loading * skill.variance
    return expected_probability(mean, variance, parameters.discrimination)


def mastery(
    state: LearnerState,
    skill: str,
    at: datetime,
    reference: float = MEDIUM_REFERENCE,
    *,
    parameters: Parameters = STANDARD,
) -> float:
    """P(solving the skill's reference problem alone in time): the mastery that learners are shown.

    The reference problem needs this one skill and has exactly the difficulty `reference`; recent
    form, which says nothing about next month, is left out.
    """
    read = state.skill(skill, at, parameters)
    return expected_probability(
        state.ability.mean + read.mean + read.practice_gain - reference,
        state.ability.variance + read.variance,
        parameters.discrimination,
    )


def expected_on_repeat(probability: float, retrievability: float) -> float:
    """P(solving again what was solved last time): R/2 + (1 - R/2) P; the half is a judgement."""
    remembered = retrievability / 2.0
    return remembered + (1.0 - remembered) * probability


def repeat_weight(retrievability: float) -> float:
    """The evidence weight of such a repeat, 1 - R/2: what is remembered proves less."""
    return 1.0 - retrievability / 2.0


@dataclass(frozen=True, slots=True)
class Observation:
    """What one graded attempt changed, in logits: the state after it and its own explanation.

    `expected` is the probability predicted before it. `skill_changes` are the contributions of
    the evidence alone, without what time or practice did; `skill_levels` are the same skills right
    after it: level (ability + deviation + gain), with the variance of the deviation.
    """

    state: LearnerState
    grade: Grade
    expected: float
    skill_changes: Mapping[str, float]
    skill_levels: Mapping[str, Belief]
    ability_change: float
    form_change: float


def observe(
    state: LearnerState,
    item: Item,
    grade: Grade,
    at: datetime,
    *,
    culprit: str | None = None,
    weight: float = 1.0,
    parameters: Parameters = STANDARD,
) -> Observation:
    """Digest one graded attempt: a sequence of scalar Laplace updates down the ladder of grades.

    Solved or not is the strict Rasch item, and the only question that moves ability and form.
    Each further question (late? with hints? a real attempt?) has an offset of its own, learned
    per learner, counts less and moves skills only. The first yes ends the ladder.

    A failure goes mostly to the `culprit`, even when the item was not tagged with that skill.
    `weight` in [0, 1] is the weight of the evidence (`repeat_weight`); ValueError outside.
    """
    if not 0.0 <= weight <= 1.0:
        raise ValueError(f"an evidence weight lies between 0 and 1, not at {weight}")
    usual = loadings_of(item.skills)
    culprit = None if grade is Grade.SOLVED else culprit
    blamed = loadings_of(item.skills, culprit, parameters.culprit_share)
    before = {name: state.skill(name, at, parameters) for name in blamed}
    form_before = state.form_at(at, parameters)
    ability = Revision(state.ability.mean, state.ability.variance)
    form = Revision(form_before.mean, form_before.variance)
    skills = {name: Revision(skill.mean, skill.variance) for name, skill in before.items()}
    offsets = [Revision(offset.mean, offset.variance) for offset in state.step_offsets]

    for question, offset in zip(_LADDER, (None, *offsets), strict=True):
        success = grade is question
        loadings = usual if success else blamed
        mean = ability.mean + form.mean - item.mean
        variance = ability.variance + form.variance + item.variance
        for name, loading in loadings.items():
            mean += loading * (skills[name].mean + before[name].practice_gain)
            variance += loading * loading * skills[name].variance
        moving = [(skills[name], loading) for name, loading in loadings.items()]
        if offset is None:
            step = laplace_step(mean, variance, success, weight)
            moving += [(ability, 1.0), (form, 1.0)]
        else:
            mean, variance = mean - offset.mean, variance + offset.variance
            step = laplace_step(mean, variance, success, weight * parameters.step_weight)
            moving.append((offset, -1.0))
        for component, loading in moving:
            component.revise(loading, *step)
        if success:
            break

    practised = {
        name: _practised(skill, skills[name], at, parameters) for name, skill in before.items()
    }
    late, hinted, real = (Belief(offset.mean, offset.variance) for offset in offsets)
    rho = parameters.form_persistence
    drifted = min(ability.variance + parameters.ability_drift, parameters.ability_variance)
    faded = rho * rho * form.variance + (1.0 - rho * rho) * parameters.form_variance
    after = LearnerState(
        Belief(ability.mean, drifted),
        Belief(rho * form.mean, faded),
        (late, hinted, real),
        {**state.skills, **practised},
        at if state.last_attempt is None else max(at, state.last_attempt),
    )
    return Observation(
        after,
        grade,
        predict(state, item, at, parameters=parameters),
        {name: skills[name].mean - skill.mean for name, skill in before.items()},
        {
            name: Belief(after.ability.mean + skill.mean + skill.practice_gain, skill.variance)
            for name, skill in practised.items()
        },
        ability.mean - state.ability.mean,
        form.mean - form_before.mean,
    )


def _practised(
    before: SkillState, revised: Revision, at: datetime, parameters: Parameters
) -> SkillState:
    """The skill after the attempt: revised, less certain again, one practice richer."""
    gain = parameters.gain / (1.0 + parameters.gain_saturation * before.attempts)
    return SkillState(
        before.skill,
        revised.mean,
        min(revised.variance + parameters.skill_drift, parameters.skill_variance),
        before.practice_gain + gain,
        before.attempts + 1,
        at if before.last_practised is None else max(at, before.last_practised),
    )
