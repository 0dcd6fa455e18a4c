"""How a candidate comes by the next problem."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from maang_mcp.domain.mastery import Item, LearnerState, predict
from maang_mcp.domain.planning import TARGET, Practice, next_best
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.standing import Standing

from .candidates import AVOIDANCE, Candidate
from .world import World

SHELF = 200
"""Unseen problems, drawn anew each time, among which a rule looks for the best."""
SITTING = 2
"""Attempts of one day, over which reviews are rationed."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known when a problem is chosen. `kinds` is what was recommended so far."""

    world: World
    candidate: Candidate
    standing: Standing
    at: datetime
    dice: Random
    kinds: list[Practice]

    @property
    def state(self) -> LearnerState:
        return self.standing.learner

    def unseen(self, problem: Problem) -> bool:
        """Whether there was no attempt at it yet."""
        return problem.slug not in self.standing.problems

    def any_unseen(self) -> Problem:
        """One of the problems that were not attempted yet, each as likely."""
        if len(self.standing.problems) >= len(self.world.problems):
            raise ValueError(f"all {len(self.world.problems)} problems were attempted")
        while not self.unseen(problem := self.dice.choice(self.world.problems)):
            pass
        return problem

    def shelf(self) -> list[Problem]:
        """Some of those."""
        problems, tried = self.world.problems, len(self.standing.problems)
        drawn = self.dice.sample(problems, min(SHELF + tried, len(problems)))
        return [problem for problem in drawn if self.unseen(problem)][:SHELF]


Policy = Callable[[Moment], Problem]


def self_chosen(moment: Moment) -> Problem:
    """Any unseen problem: there are as many of a topic as interviews ask. Who avoids weak topics
    puts most of their problems back."""
    problem = moment.any_unseen()
    if moment.candidate.variant.avoids:
        weak = moment.candidate.planted
        while problem.skills[0] in weak and moment.dice.random() >= AVOIDANCE:
            problem = moment.any_unseen()
    return problem


def by_topic(moment: Moment) -> Problem:
    """A topic at random, each as likely, then one of its problems."""
    topics = _tagged(moment.shelf())
    return topics[moment.dice.choice(sorted(topics))][0]


def weakest_first(moment: Moment) -> Problem:
    """Always the topic that looks weakest, at the edge of ability."""
    topics = _tagged(moment.shelf())
    weakest = min(
        sorted(topics), key=lambda topic: (moment.state.skill(topic, moment.at).mean, topic)
    )
    return _nearest(moment, topics[weakest])


def any_topic(moment: Moment) -> Problem:
    """The edge of ability, whatever the topic."""
    return _nearest(moment, moment.shelf())


def most_informative(moment: Moment) -> Problem:
    """The problem whose outcome says most: the Fisher information about its margin, times how
    unsure the margin is."""

    def information(problem: Problem) -> float:
        p = predict(moment.state, Item.of(problem), moment.at)
        unsure = sum(moment.state.skill(s, moment.at).variance for s in problem.skills)
        return p * (1.0 - p) * (moment.state.ability.variance + unsure / len(problem.skills))

    return max(moment.shelf(), key=information)


def ours(moment: Moment) -> Problem:
    """The product's rule, among new problems."""
    return _recommended(moment, reviews=False)


def ours_with_reviews(moment: Moment) -> Problem:
    """The product's rule as it is, due reviews first."""
    return _recommended(moment, reviews=True)


POLICIES: Mapping[str, Policy] = {
    "self-chosen": self_chosen,
    "random topic": by_topic,
    "weakest first": weakest_first,
    "any topic at 65 %": any_topic,
    "most informative": most_informative,
    "ours": ours,
    "ours with reviews": ours_with_reviews,
}


def _recommended(moment: Moment, *, reviews: bool) -> Problem:
    known = moment.standing.problems
    seen = [problem for problem in moment.world.problems if problem.slug in known]
    found = next_best(
        moment.state,
        moment.world.graph,
        [*moment.shelf(), *seen],
        moment.at,
        draw=moment.dice.gauss,
        uniform=moment.dice.random,
        reviews=[history.review for history in known.values()] if reviews else (),
        last_outcomes={slug: history.last_outcome for slug, history in known.items()},
        recent=moment.kinds[len(moment.kinds) - len(moment.kinds) % SITTING :],
    )
    if found is None:
        raise ValueError("the world has run out of problems")
    moment.kinds.append(found.kind)
    return found.problem


def _tagged(problems: Collection[Problem]) -> dict[str, list[Problem]]:
    """Problems by their primary topic."""
    topics: dict[str, list[Problem]] = {}
    for problem in problems:
        topics.setdefault(problem.skills[0], []).append(problem)
    return topics


def _nearest(moment: Moment, problems: Collection[Problem]) -> Problem:
    def distance(problem: Problem) -> float:
        return math.fabs(predict(moment.state, Item.of(problem), moment.at) - TARGET)

    return min(problems, key=distance)
