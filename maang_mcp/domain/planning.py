"""The next best practice: due reviews, then what is untested, then the weakest within reach.

Nothing here rolls dice: `draw(mean, standard_deviation)` and `uniform()` come from the caller.
Weaknesses are sampled (Thompson 1933) rather than sorted, because always practising the one that
looks weakest never finds out about the others; untested skills are tried first for the same reason.
Problems are chosen where success is about two in three: below the 85 % that two-choice tasks learn
fastest at (Wilson et al. 2019), because a problem of half an hour must also teach when it fails.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from .attempt import Outcome
from .mastery import Item, LearnerState, expected_on_repeat, mastery, predict
from .problem import Difficulty, Problem
from .scheduling import A_DAY, Review, retrievability
from .skills import Round, Skill, SkillGraph
from .weakness import is_weak

TARGET = 0.65
"""P(solve) at which a problem teaches most."""
BAND = 0.10
"""Distance from the target within which problems count as equally well chosen."""
REVIEW_SHARE = 0.35
"""Share of the recommendations of a session that may be reviews."""
EXPLORE_SHARE = 0.6
"""Probability of turning to an untested skill while there is one within reach."""
FREQUENCY_WEIGHT = 0.25
"""Logits by which a skill asked e times as often looks weaker to the sampler."""
SINGLE_SKILL_ATTEMPTS = 2
"""First attempts at a skill, which prefer problems that test nothing else."""

Draw = Callable[[float, float], float]
Uniform = Callable[[], float]


class Practice(StrEnum):
    """Why a problem is recommended."""

    REVIEW = "review"
    EXPLORE = "explore"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the learner asked for; None (or no skills) leaves that open.

    `skills` are ids, so that a topic can stand for its whole family; a problem passes with any of
    them, and likewise with any of `rounds`. `minutes` is the most time a problem may take. `kind`
    asks for reviews alone, for untested skills alone (explore), or for anything that is no review
    (new).
    """

    skills: Collection[str] = ()
    difficulty: Difficulty | None = None
    minutes: float | None = None
    rounds: Collection[Round] = ()
    kind: Practice | None = None

    def admit(self, problem: Problem) -> bool:
        """Whether the problem is one of those asked for."""
        return (
            (not self.skills or not set(self.skills).isdisjoint(problem.skills))
            and (self.difficulty is None or problem.difficulty is self.difficulty)
            and (self.minutes is None or problem.minutes <= self.minutes)
            and (not self.rounds or problem.round in self.rounds)
        )


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One problem to practise now, the skill it is for, and the sentence that says why."""

    problem: Problem
    kind: Practice
    skill: str | None
    expected: float
    reason: str


def next_best(
    state: LearnerState,
    graph: SkillGraph,
    candidates: Sequence[Problem],
    at: datetime,
    *,
    draw: Draw,
    uniform: Uniform,
    reviews: Sequence[Review] = (),
    last_outcomes: Mapping[str, Outcome] = MappingProxyType({}),
    recent: Sequence[Practice] = (),
    filters: Filters = NO_FILTERS,
) -> Recommendation | None:
    """What to practise now, or None when no candidate is left that passes the filters.

    `last_outcomes` holds every problem ever attempted: those come back only as `reviews` that are
    due. `recent` are the kinds recommended so far in this session. Among equals the order of
    `candidates` decides. `draw` samples a normal variable, `uniform` one from [0, 1).
    """
    admitted = {problem.slug: problem for problem in candidates if filters.admit(problem)}
    due = [review for review in reviews if review.due <= at and review.problem in admitted]
    if filters.kind not in (None, Practice.REVIEW):
        due = []
    reviewed = sum(kind is Practice.REVIEW for kind in recent)
    rationed = reviewed >= math.ceil(REVIEW_SHARE * (len(recent) + 1))
    if due and (filters.kind is Practice.REVIEW or not rationed):
        return _review(state, admitted, due, last_outcomes, at)
    if filters.kind is Practice.REVIEW:
        return None

    known = {review.problem for review in reviews} | last_outcomes.keys()
    unseen = [problem for slug, problem in admitted.items() if slug not in known]
    tagged: dict[str, list[Problem]] = {}
    for problem in unseen:
        for skill in problem.skills:
            if skill not in graph or (filters.skills and skill not in filters.skills):
                continue
            if filters.kind is not Practice.EXPLORE or skill not in state.skills:
                tagged.setdefault(skill, []).append(problem)
    if not tagged:
        return _review(state, admitted, due, last_outcomes, at) if due else None

    ready = {skill for skill in state.skills if not is_weak(state.skill(skill, at))}
    open_skills = {
        skill for skill in graph if all(needed.id in ready for needed in graph.prerequisites(skill))
    }
    targets = [graph[skill] for skill in tagged if skill in open_skills]
    targets = targets or [graph[skill] for skill in tagged]
    untested = [skill for skill in targets if skill.id not in state.skills]
    tested = [skill for skill in targets if skill.id in state.skills]
    if untested and (not tested or uniform() < EXPLORE_SHARE):
        kind, target = Practice.EXPLORE, _by_frequency(untested, uniform())
    else:
        kind, target = Practice.NEW, _by_sampled_weakness(state, tested, at, draw)
    problem, expected = _at_the_edge(state, graph, tagged[target.id], target.id, ready, at)
    reason = _reason(state, target, kind, expected, at)
    return Recommendation(problem, kind, target.id, expected, reason)


def _review(
    state: LearnerState,
    problems: Mapping[str, Problem],
    due: Sequence[Review],
    last_outcomes: Mapping[str, Outcome],
    at: datetime,
) -> Recommendation:
    """The due problem that is most likely forgotten."""
    review = min(due, key=lambda review: retrievability(review, at))
    problem, recalled = problems[review.problem], retrievability(review, at)
    expected = predict(state, Item.of(problem), at)
    if last_outcomes.get(problem.slug) is Outcome.SOLVED:
        expected = expected_on_repeat(expected, recalled)
    days = (at - review.last_review) / A_DAY
    reason = (
        f"Due for review: last practised {days:.0f} days ago, remembered with a probability of"
        f" {_percent(recalled)}; expected to be solved in time: {_percent(expected)}."
    )
    skill = problem.skills[0] if problem.skills else None
    return Recommendation(problem, Practice.REVIEW, skill, expected, reason)


def _by_frequency(skills: Sequence[Skill], chance: float) -> Skill:
    """One of the skills, each as probable as it is frequent in interviews."""
    left = chance * sum(skill.frequency for skill in skills)
    for skill in skills[:-1]:
        left -= skill.frequency
        if left < 0.0:
            return skill
    return skills[-1]


def _by_sampled_weakness(
    state: LearnerState, skills: Sequence[Skill], at: datetime, draw: Draw
) -> Skill:
    """Thompson sampling: the skill whose sampled deviation is lowest, frequent skills favoured."""

    def sampled(skill: Skill) -> float:
        believed = state.skill(skill.id, at)
        deviation = draw(believed.mean, math.sqrt(believed.variance))
        return deviation - FREQUENCY_WEIGHT * math.log(skill.frequency)

    return min(skills, key=sampled)


def _at_the_edge(
    state: LearnerState,
    graph: SkillGraph,
    problems: Sequence[Problem],
    skill: str,
    ready: Collection[str],
    at: datetime,
) -> tuple[Problem, float]:
    """The problem for a skill that should be solved about two times in three, among those that
    lack the least of what comes before them; `ready` is what was tried and is not known weak."""
    beginning = state.skill(skill, at).attempts < SINGLE_SKILL_ATTEMPTS
    expected = {problem.slug: predict(state, Item.of(problem), at) for problem in problems}
    tags = {tag for problem in problems for tag in problem.skills if tag in graph}
    missing = {tag: graph.ancestors(tag).difference(ready) for tag in tags}

    def cost(problem: Problem) -> tuple[float, ...]:
        lacking = set[str]().union(*(missing.get(tag, ()) for tag in problem.skills))
        return misfit(
            problem, skill, expected[problem.slug], missing=len(lacking), beginning=beginning
        )

    best = min(problems, key=cost)
    return best, expected[best.slug]


def misfit(
    problem: Problem, skill: str, expected: float, *, missing: int, beginning: bool
) -> tuple[float, ...]:
    """How badly a problem suits practice of a skill; the smallest is the one to take.

    First comes `missing`, how many skills should have come before and did not: what is too early
    cannot be chosen by how likely it succeeds. Then how far `expected`, P(solve), lies outside the
    band. Within it all are as good, and other things decide: that this skill is the primary one,
    for a beginning with the skill the only one, and that everybody can open the problem.
    """
    distance = abs(expected - TARGET)
    return (
        missing,
        max(0.0, distance - BAND),
        problem.skills[0] != skill,
        beginning and len(problem.skills) > 1,
        problem.subscriber_only,
        distance,
    )


def _reason(
    state: LearnerState, skill: Skill, kind: Practice, expected: float, at: datetime
) -> str:
    chance = f"chance to solve it in time: {_percent(expected)}"
    if kind is Practice.EXPLORE:
        asked = f"about {_percent(skill.frequency)} of {skill.round.replace('_', ' ')} rounds"
        guess = "a guess from other skills" if state.skills else "a guess, nothing is on record"
        return f"{skill.name} is untested and needed in {asked}; {chance}, {guess}."
    solved = _percent(mastery(state, skill.id, at))
    attempts = state.skill(skill.id, at).attempts
    tried = f"{attempts} attempt{'s' * (attempts != 1)}"
    return f"{skill.name}: {solved} at a medium problem, from {tried}; {chance}."


def _percent(probability: float) -> str:
    return f"{probability:.0%}"
