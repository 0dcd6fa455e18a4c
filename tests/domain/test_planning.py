"""What to practise next, with dice that always fall the same way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Outcome, Rating
from maang_mcp.domain.mastery import Belief, Item, LearnerState, SkillState, predict
from maang_mcp.domain.planning import Filters, Practice, Recommendation, next_best
from maang_mcp.domain.problem import Difficulty, Problem
from maang_mcp.domain.scheduling import Review, review
from maang_mcp.domain.skills import Round, SkillGraph

from .learners import START, after, graph, problem, skill

SKILLS = graph(
    skill("arrays", frequency=0.9),
    skill("trees", frequency=0.3, prerequisites=("arrays",)),
    skill("graphs", frequency=0.6, prerequisites=("trees",)),
    skill("heaps", frequency=0.1),
)
LOCKED = skill("graphs", prerequisites=("z",))
NOW = after(30)


def learner(**means: float) -> LearnerState:
    """A good learner who has practised these skills six times, with deviations this sure."""
    skills = {name: SkillState(name, mean, 0.1, 0.0, 6, NOW) for name, mean in means.items()}
    return replace(LearnerState.new(), ability=Belief(0.8, 0.1), skills=skills, last_attempt=NOW)


def mean_draw(mean: float, deviation: float) -> float:
    return mean


def always(value: float) -> Callable[[], float]:
    return lambda: value


def card(slug: str, rating: Rating, days_ago: float) -> Review:
    return review(None, slug, rating, after(30 - days_ago))[0]


def choose(
    state: LearnerState,
    *problems: Problem,
    uniform: float = 0.99,
    skills: SkillGraph = SKILLS,
    reviews: tuple[Review, ...] = (),
    last_outcomes: dict[str, Outcome] | None = None,
    recent: tuple[Practice, ...] = (),
    filters: Filters | None = None,
) -> Recommendation | None:
    return next_best(
        state,
        skills,
        problems,
        NOW,
        draw=mean_draw,
        uniform=always(uniform),
        reviews=reviews,
        last_outcomes=last_outcomes or {},
        recent=recent,
        filters=filters or Filters(),
    )


def test_without_candidates_there_is_no_recommendation() -> None:
    assert choose(LearnerState.new()) is None
    assert choose(LearnerState.new(), problem("untagged")) is None


def test_the_due_review_most_likely_forgotten_comes_first() -> None:
    problems = (problem("a", "arrays"), problem("b", "arrays"), problem("c", "arrays"))
    reviews = (card("a", Rating.GOOD, 5), card("b", Rating.GOOD, 9), card("c", Rating.EASY, 5))
    got = choose(learner(arrays=0.0), *problems, reviews=reviews)
    assert got is not None
    assert (got.kind, got.problem.slug, got.skill) == (Practice.REVIEW, "b", "arrays")
    assert got.reason.startswith("Due for review: last practised 9 days ago, remembered with")


def test_a_review_of_a_solved_problem_expects_memory_to_help() -> None:
    state, due = learner(arrays=0.0), (card("a", Rating.GOOD, 9),)
    solved = choose(state, problem("a", "arrays"), reviews=due, last_outcomes={"a": Outcome.SOLVED})
    failed = choose(state, problem("a", "arrays"), reviews=due, last_outcomes={"a": Outcome.FAILED})
    assert solved is not None
    assert failed is not None
    assert failed.expected == predict(state, Item.of(problem("a", "arrays")), NOW)
    assert solved.expected > failed.expected


def test_reviews_are_at_most_four_of_ten_recommendations() -> None:
    problems = [problem(f"old-{n}", "arrays") for n in range(20)]
    problems += [problem(f"new-{n}", "arrays") for n in range(20)]
    reviews = tuple(card(f"old-{n}", Rating.GOOD, 9) for n in range(20))
    recent: tuple[Practice, ...] = ()
    for _ in range(10):
        got = choose(learner(arrays=0.0), *problems, reviews=reviews, recent=recent)
        assert got is not None
        recent += (got.kind,)
    assert recent[0] is Practice.REVIEW
    assert recent.count(Practice.REVIEW) == 4


def test_reviews_fill_the_session_when_nothing_new_is_left() -> None:
    got = choose(
        learner(arrays=0.0),
        problem("a", "arrays"),
        reviews=(card("a", Rating.GOOD, 9),),
        recent=(Practice.REVIEW,) * 5,
    )
    assert got is not None
    assert got.kind is Practice.REVIEW


def test_a_problem_already_attempted_does_not_come_back_until_it_is_due() -> None:
    state = learner(arrays=0.0)
    assert choose(state, problem("a", "arrays"), reviews=(card("a", Rating.GOOD, 1),)) is None
    assert choose(state, problem("a", "arrays"), last_outcomes={"a": Outcome.FAILED}) is None


def test_untested_skills_within_reach_are_explored_by_frequency() -> None:
    problems = (problem("a", "arrays"), problem("h", "heaps"), problem("g", "graphs"))
    seen = {}
    for chance in (0.0, 0.5, 0.89, 0.91, 0.99):
        got = choose(LearnerState.new(), *problems, uniform=chance)
        assert got is not None
        assert got.kind is Practice.EXPLORE
        seen[chance] = got.skill
    assert seen == {0.0: "arrays", 0.5: "arrays", 0.89: "arrays", 0.91: "heaps", 0.99: "heaps"}


def test_exploring_alternates_with_practice_of_what_is_known() -> None:
    problems = (problem("a", "arrays"), problem("h", "heaps"))
    explore = choose(learner(arrays=0.0), *problems, uniform=0.59)
    practise = choose(learner(arrays=0.0), *problems, uniform=0.61)
    assert explore is not None
    assert practise is not None
    assert (explore.kind, explore.skill) == (Practice.EXPLORE, "heaps")
    assert (practise.kind, practise.skill) == (Practice.NEW, "arrays")
    assert explore.reason.startswith("Heaps is untested and needed in about 10% of coding rounds;")
    assert explore.reason.endswith("%, a guess from other skills.")
    assert "from 6 attempts; chance to solve it in time: " in practise.reason


def test_a_skill_waits_for_an_untested_or_weak_prerequisite() -> None:
    problems = (problem("a", "arrays"), problem("t", "trees"))
    for state in (LearnerState.new(), learner(arrays=-2.0)):
        got = choose(state, *problems, uniform=0.0)
        assert got is not None
        assert got.skill == "arrays"
    got = choose(learner(arrays=0.0), *problems, uniform=0.0)
    assert got is not None
    assert got.skill == "trees"


def test_a_skill_out_of_reach_is_better_than_nothing() -> None:
    got = choose(LearnerState.new(), problem("g", "graphs"))
    assert got is not None
    assert (got.kind, got.skill) == (Practice.EXPLORE, "graphs")


def test_the_skill_that_samples_lowest_is_practised_and_frequent_ones_weigh_more() -> None:
    skills = graph(skill("rare", frequency=0.05), skill("usual", frequency=0.5))
    problems = (problem("r", "rare"), problem("u", "usual"))
    much_weaker = choose(learner(rare=-1.0, usual=0.0), *problems, skills=skills)
    little_weaker = choose(learner(rare=-0.3, usual=0.0), *problems, skills=skills)
    assert much_weaker is not None
    assert little_weaker is not None
    assert much_weaker.skill == "rare"
    assert little_weaker.skill == "usual"


def test_weaknesses_are_sampled_with_their_uncertainty() -> None:
    asked: list[tuple[float, float]] = []

    def draw(mean: float, deviation: float) -> float:
        asked.append((mean, deviation))
        return mean

    next_best(
        learner(arrays=-0.2, heaps=0.4),
        SKILLS,
        [problem("a", "arrays"), problem("h", "heaps")],
        NOW,
        draw=draw,
        uniform=always(0.99),
    )
    deviation = 0.1**0.5
    assert sorted(asked) == [(-0.2, deviation), (0.4, deviation)]


def test_the_problem_nearest_to_two_in_three_is_chosen() -> None:
    problems = [problem(label.value, "arrays", difficulty=label) for label in Difficulty]
    able, weak = learner(arrays=0.0), learner(arrays=-1.4)
    assert [round(predict(able, Item.of(p), NOW), 2) for p in problems] == [0.88, 0.64, 0.31]
    for state, expected in ((able, "medium"), (weak, "easy")):
        got = choose(state, *problems)
        assert got is not None
        assert got.problem.slug == expected


@pytest.mark.parametrize("other", [("trees", "arrays"), ("arrays", "graphs")])
def test_within_the_band_reach_and_primary_skill_decide(other: tuple[str, ...]) -> None:
    state = learner(arrays=0.0, trees=0.0, heaps=-0.3)
    skills = graph(skill("arrays"), skill("trees"), skill("heaps"), skill("z"), LOCKED)
    nearer, chosen = problem("nearer", *other), problem("chosen", "arrays", "heaps")
    near, far = (predict(state, Item.of(p), NOW) for p in (nearer, chosen))
    assert abs(near - 0.65) < abs(far - 0.65) < 0.1
    got = choose(
        state, nearer, chosen, skills=skills, filters=Filters(skills=("arrays",)), uniform=0.99
    )
    assert got is not None
    assert got.problem.slug == "chosen"


def test_what_comes_too_early_is_not_chosen_for_its_odds() -> None:
    """One that lacks two skills lies in the band, one that lacks none far above it."""
    skills = graph(
        skill("arrays"),
        skill("y"),
        skill("z", prerequisites=("y",)),
        skill("q", prerequisites=("z",)),
    )
    state = learner(arrays=-1.4)
    early = problem("early", "arrays", "q", difficulty=Difficulty.EASY)
    ready = problem("ready", "arrays", difficulty=Difficulty.HARD)
    near, far = (abs(predict(state, Item.of(one), NOW) - 0.65) for one in (early, ready))
    assert near < 0.1 < far
    got = choose(state, early, ready, skills=skills, filters=Filters(skills=("arrays",)))
    assert got is not None
    assert got.problem.slug == "ready"


def test_a_problem_that_lacks_less_comes_before_one_that_lacks_more() -> None:
    """The ancestors of what a problem needs count, not the first of them alone."""
    skills = graph(
        skill("arrays"),
        skill("y"),
        skill("z", prerequisites=("y",)),
        skill("deep", prerequisites=("z",)),
        skill("shallow", prerequisites=("y",)),
    )
    offered = (problem("a", "arrays", "deep"), problem("b", "arrays", "shallow"))
    got = choose(LearnerState.new(), *offered, skills=skills, filters=Filters(skills=("arrays",)))
    assert got is not None
    assert got.problem.slug == "b"
    assert got.reason.endswith("%, a guess, nothing is on record.")


def test_among_equals_a_problem_that_everybody_can_open_is_chosen() -> None:
    paid = replace(problem("paid", "arrays"), subscriber_only=True)
    free = problem("free", "arrays")
    for offered in ((paid, free), (free, paid)):
        got = choose(learner(arrays=0.0), *offered)
        assert got is not None
        assert got.problem.slug == "free"
    alone = choose(learner(arrays=0.0), paid)
    assert alone is not None
    assert alone.problem.slug == "paid"


def test_first_attempts_at_a_skill_prefer_problems_that_test_nothing_else() -> None:
    pair, single = problem("pair", "arrays", "heaps"), problem("single", "arrays")
    beginner = choose(LearnerState.new(), pair, single, filters=Filters(skills=("arrays",)))
    assert beginner is not None
    assert beginner.problem.slug == "single"


@pytest.mark.parametrize(
    ("filters", "slug"),
    [
        (Filters(difficulty=Difficulty.HARD), "hard"),
        (Filters(minutes=15), "short"),
        (Filters(skills=("heaps",)), "heap"),
        (Filters(rounds=(Round.BEHAVIORAL,)), "story"),
    ],
)
def test_only_what_was_asked_for_is_recommended(filters: Filters, slug: str) -> None:
    candidates = (
        problem("plain", "arrays"),
        problem("hard", "arrays", difficulty=Difficulty.HARD),
        problem("short", "arrays", minutes=15),
        problem("heap", "heaps"),
        replace(problem("story", "arrays"), round=Round.BEHAVIORAL),
    )
    got = choose(learner(arrays=0.0), *candidates, filters=filters)
    assert got is not None
    assert got.problem.slug == slug


@given(
    means=st.dictionaries(
        st.sampled_from(["arrays", "trees", "graphs", "heaps"]), st.floats(-3, 3)
    ),
    chance=st.floats(0, 1, exclude_max=True),
    seen=st.sets(st.integers(0, 11)),
    recent=st.lists(st.sampled_from(Practice), max_size=6).map(tuple),
)
def test_a_recommendation_is_always_a_candidate_that_may_be_shown(
    means: dict[str, float], chance: float, seen: set[int], recent: tuple[Practice, ...]
) -> None:
    names = ("arrays", "trees", "graphs", "heaps")
    problems = [
        problem(f"p{n}", names[n % 4], difficulty=list(Difficulty)[n // 4]) for n in range(12)
    ]
    reviews = tuple(card(f"p{n}", Rating.GOOD, n) for n in seen)
    got = choose(learner(**means), *problems, uniform=chance, reviews=reviews, recent=recent)
    if got is None:
        assert len(seen) == 12
        assert all(held.due > NOW for held in reviews)
        return
    number = int(got.problem.slug[1:])
    due = {held.problem for held in reviews if held.due <= NOW}
    assert (got.kind is Practice.REVIEW) == (number in seen)
    assert got.kind is not Practice.REVIEW or got.problem.slug in due
    assert got.skill in got.problem.skills
    assert 0 < got.expected < 1
    assert "%" in got.reason


def test_a_new_learner_starts_where_the_graph_starts() -> None:
    problems = [problem(f"p-{name}", name) for name in SKILLS]
    got = choose(LearnerState.new(), *problems, uniform=0.0)
    assert got is not None
    assert got.skill == "arrays"
    assert START < NOW
