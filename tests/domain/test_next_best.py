"""Whoever practises whatever: what every recommendation has to keep to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Attempt, Outcome
from maang_mcp.domain.mastery import Item, predict
from maang_mcp.domain.planning import (
    BAND,
    TARGET,
    Filters,
    Practice,
    Recommendation,
    next_best,
)
from maang_mcp.domain.problem import Difficulty, Problem
from maang_mcp.domain.skills import Round, SkillGraph
from maang_mcp.domain.standing import Standing, practise
from maang_mcp.domain.weakness import is_weak

from .learners import after, graph, problem, skill

SITTING = 20


@dataclass
class Life:
    """A random curriculum, and a learner somewhere on the way through it."""

    dice: Random
    skills: SkillGraph
    problems: list[Problem]
    standing: Standing
    at: datetime

    def attempt(self, chosen: Problem, outcome: Outcome) -> None:
        attempt = Attempt(
            UUID(int=self.dice.getrandbits(128)), chosen.slug, Round.CODING, outcome, self.at
        )
        self.standing = practise(self.standing, attempt, chosen).standing

    def next(
        self, recent: tuple[Practice, ...] = (), kind: Practice | None = None, seed: int = 7
    ) -> Recommendation | None:
        dice = Random(seed)
        return next_best(
            self.standing.learner,
            self.skills,
            self.problems,
            self.at,
            draw=dice.gauss,
            uniform=dice.random,
            reviews=[history.review for history in self.standing.problems.values()],
            last_outcomes={
                slug: history.last_outcome for slug, history in self.standing.problems.items()
            },
            recent=recent,
            filters=Filters(kind=kind),
        )

    @property
    def due(self) -> set[str]:
        histories = self.standing.problems.items()
        return {slug for slug, history in histories if history.review.due <= self.at}

    @property
    def unseen(self) -> list[Problem]:
        return [one for one in self.problems if one.slug not in self.standing.problems]

    def missing(self, one: Problem) -> int:
        """How many skills should have come before a problem and did not."""
        state = self.standing.learner
        return sum(
            name not in state.skills or is_weak(state.skill(name, self.at))
            for name in set[str]().union(*map(self.skills.ancestors, one.skills))
        )

    def is_reachable(self, name: str) -> bool:
        state = self.standing.learner
        return all(
            required.id in state.skills and not is_weak(state.skill(required.id, self.at))
            for required in self.skills.prerequisites(name)
        )


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Eight skills, forty problems, and up to forty attempts over two months."""
    dice = Random(draw(st.integers(0, 2**32)))
    names = [f"skill-{n}" for n in range(8)]
    skills = graph(
        *(
            skill(
                name,
                frequency=dice.uniform(0.01, 1.0),
                prerequisites=tuple(dice.sample(names[:n], min(n, dice.randrange(3)))),
            )
            for n, name in enumerate(names)
        )
    )
    problems = [
        problem(
            f"problem-{n}",
            *dice.sample(names, dice.choice([1, 1, 2, 3])),
            difficulty=dice.choice(list(Difficulty)),
        )
        for n in range(40)
    ]
    life = Life(dice, skills, problems, Standing(), after(0))
    for _ in range(draw(st.integers(0, 40))):
        life.at += timedelta(hours=dice.uniform(0.5, 70))
        life.attempt(dice.choice(problems), dice.choice(list(Outcome)))
    life.at += timedelta(hours=draw(st.sampled_from([0, 1, 30, 400])))
    return life


@given(lives(), st.sampled_from([None, *Practice]))
def test_what_was_attempted_comes_back_when_it_is_due_and_not_before(
    life: Life, kind: Practice | None
) -> None:
    got = life.next(kind=kind)
    if got is not None and got.problem.slug in life.standing.problems:
        assert got.kind is Practice.REVIEW
        assert got.problem.slug in life.due


@given(lives())
def test_no_skill_is_practised_before_what_it_rests_on_while_another_is_within_reach(
    life: Life,
) -> None:
    got = life.next()
    if got is None or got.kind is Practice.REVIEW:
        return
    assert got.skill is not None
    reachable = {name for one in life.unseen for name in one.skills if life.is_reachable(name)}
    assert got.skill in reachable or not reachable


@given(lives())
def test_success_is_about_two_in_three_wherever_the_skill_has_such_a_problem(life: Life) -> None:
    got = life.next()
    if got is None or got.kind is Practice.REVIEW:
        return
    least = life.missing(got.problem)
    assert least == min(life.missing(one) for one in life.unseen if got.skill in one.skills)
    distances = [
        abs(predict(life.standing.learner, Item.of(one), life.at) - TARGET)
        for one in life.unseen
        if got.skill in one.skills and life.missing(one) == least
    ]
    assert abs(got.expected - TARGET) <= max(BAND, min(distances))


@settings(max_examples=40)
@given(lives())
def test_a_sitting_is_no_more_than_four_tenths_reviews(life: Life) -> None:
    recent: tuple[Practice, ...] = ()
    while len(recent) < SITTING and life.unseen:
        got = life.next(recent, seed=len(recent))
        assert got is not None
        recent += (got.kind,)
        life.attempt(got.problem, life.dice.choice(list(Outcome)))
        life.at += timedelta(minutes=30)
    if len(recent) == SITTING:
        assert recent.count(Practice.REVIEW) <= 0.4 * SITTING


@given(lives(), st.integers())
def test_the_same_dice_give_the_same_recommendation(life: Life, seed: int) -> None:
    assert life.next(seed=seed) == life.next(seed=seed)


@given(lives(), st.sampled_from(Practice))
def test_only_the_kind_that_was_asked_for_is_recommended(life: Life, kind: Practice) -> None:
    got = life.next(recent=(Practice.REVIEW,) * 3, kind=kind)
    if kind is Practice.REVIEW:
        assert (got is None) == (not life.due)
    if got is not None and kind is Practice.NEW:
        assert got.kind is not Practice.REVIEW
    elif got is not None:
        assert got.kind is kind


@given(lives())
def test_an_untested_skill_is_explored_whenever_that_is_asked_for(life: Life) -> None:
    untested = {
        name
        for one in life.unseen
        for name in one.skills
        if name not in life.standing.learner.skills
    }
    got = life.next(kind=Practice.EXPLORE)
    assert (got is None) == (not untested)
    assert got is None or got.skill in untested
