"""What is taught, in which order: worth, prerequisites, and problems at the edge of ability."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.mastery import Belief, Item, LearnerState, SkillState, mastery, predict
from maang_mcp.domain.outlook import Outlook
from maang_mcp.domain.parameters import HARD_REFERENCE, STANDARD
from maang_mcp.domain.planning import BAND, TARGET
from maang_mcp.domain.problem import Difficulty, Problem
from maang_mcp.domain.skills import Round
from maang_mcp.domain.syllabus import Material, Syllabus, problems_wanted

from .learners import after, graph, problem, skill

SKILLS = graph(
    skill("arrays", frequency=0.5),
    skill("trees", frequency=0.3, prerequisites=("arrays",)),
    skill("graphs", frequency=0.4, prerequisites=("trees",)),
    skill("heaps", frequency=0.2),
    skill("rare", frequency=0.01),
)
NOW = after(30)
CODING = (Round.CODING,)


def learner(**means: float) -> LearnerState:
    """A good learner who has practised these skills six times."""
    skills = {name: SkillState(name, mean, 0.1, 0.0, 6, NOW) for name, mean in means.items()}
    return replace(LearnerState.new(), ability=Belief(0.8, 0.1), skills=skills, last_attempt=NOW)


def shelf(*names: str, each: int = 6) -> list[Problem]:
    """Problems of one skill each, two of every difficulty."""
    return [
        problem(f"{name}-{n}", name, difficulty=list(Difficulty)[n % 3])
        for name in names
        for n in range(each)
    ]


def taught(state: LearnerState, unseen: list[Problem], **more: object) -> Syllabus:
    material = Material(state, SKILLS, unseen, NOW, **more)  # type: ignore[arg-type]  # the test's
    return Syllabus(material, CODING, 60)


def test_untested_skills_that_are_asked_often_come_first_after_what_they_rest_on() -> None:
    lessons = taught(LearnerState.new(), shelf("arrays", "trees", "graphs", "heaps"))
    first = list(dict.fromkeys(step.skill for step in lessons.required))
    assert first == ["arrays", "trees", "graphs", "heaps"]
    assert lessons.unreachable == ()
    assert "rare" not in lessons.aimed_at


def test_how_many_problems_a_skill_needs_follows_from_how_far_it_is_below_the_bar() -> None:
    wanted = problems_wanted(
        Material(learner(arrays=2.0, trees=-0.5, heaps=-3.0), SKILLS, (), NOW), CODING
    )
    assert "arrays" not in wanted
    assert wanted["graphs"] == 2
    assert 1 <= wanted["trees"] < wanted["heaps"] <= 4


def test_a_level_that_is_asked_harder_problems_needs_more_of_them() -> None:
    state = learner(arrays=0.6, trees=-0.5)
    usual = problems_wanted(Material(state, SKILLS, (), NOW), CODING)
    harder = Material(state, SKILLS, (), NOW, reference=HARD_REFERENCE)
    assert "arrays" not in usual
    assert problems_wanted(harder, CODING)["arrays"] >= 1
    assert problems_wanted(harder, CODING)["trees"] > usual["trees"]


def test_an_untested_prerequisite_is_taught_even_when_hardly_ever_asked() -> None:
    skills = graph(skill("seldom", frequency=0.01), skill("often", prerequisites=("seldom",)))
    material = Material(LearnerState.new(), skills, shelf("seldom", "often"), NOW)
    assert Syllabus(material, CODING, 60).required[0].skill == "seldom"


def test_problems_are_chosen_within_the_band_where_there_are_any() -> None:
    lessons = taught(learner(arrays=0.0, heaps=0.0, trees=0.0), shelf("arrays", "heaps", each=12))
    for step in lessons.required:
        assert abs(step.expected - TARGET) <= BAND


def test_a_problem_that_fits_the_sessions_is_preferred_and_a_long_one_better_than_none() -> None:
    long, short = problem("long", "arrays", minutes=50), problem("short", "arrays", minutes=20)
    material = Material(LearnerState.new(), SKILLS, [long, short], NOW)
    steps = Syllabus(material, CODING, 30).required
    assert [step.problem.slug for step in steps[:2]] == ["short", "long"]


def test_a_skill_may_come_together_with_what_it_rests_on_where_nothing_brings_that_first() -> None:
    unseen = [problem("both", "trees", "arrays"), problem("graph", "graphs", "trees")]
    lessons = taught(LearnerState.new(), unseen)
    assert [step.problem.slug for step in lessons.required] == ["both", "graph"]
    assert lessons.waived == ()


def test_what_brings_fewer_skills_too_early_comes_before_what_is_likelier_to_succeed() -> None:
    wide = problem("wide", "graphs", "trees", "arrays", difficulty=Difficulty.EASY)
    narrow = problem("narrow", "trees", "arrays", difficulty=Difficulty.HARD)
    lessons = taught(LearnerState.new(), [wide, narrow])
    steps = {step.problem.slug: step for step in lessons.required}
    assert list(steps) == ["narrow", "wide"]
    assert abs(steps["wide"].expected - TARGET) < abs(steps["narrow"].expected - TARGET)


def test_a_prerequisite_nothing_trains_is_waived_by_name() -> None:
    lessons = taught(LearnerState.new(), [problem("graph", "graphs")])
    assert [step.problem.slug for step in lessons.required] == ["graph"]
    assert lessons.waived == ("arrays", "trees")
    assert set(lessons.unreachable) == {"arrays", "trees", "graphs", "heaps"}


def test_problems_of_the_plan_before_stay_among_equals() -> None:
    unseen = shelf("arrays", each=12)
    first = taught(LearnerState.new(), unseen).required[0].problem.slug
    other = next(p.slug for p in unseen if p.slug != first and p.difficulty is Difficulty.EASY)
    again = taught(LearnerState.new(), unseen, kept={other: "arrays"})
    assert again.required[0].problem.slug == other


def test_practice_goes_on_after_what_is_required_until_nothing_is_left() -> None:
    unseen = shelf("arrays", "heaps")
    lessons = taught(LearnerState.new(), unseen)
    more = list(lessons.further())
    assert {step.required for step in more} == {False}
    slugs = [step.problem.slug for step in (*lessons.required, *more)]
    assert sorted(slugs) == sorted(p.slug for p in unseen)


@given(
    practised=st.lists(st.sampled_from(["arrays", "trees", "heaps"]), max_size=12),
    mean=st.floats(-2, 2),
)
def test_the_outlook_is_the_prediction_with_form_faded_and_practice_added(
    practised: list[str], mean: float
) -> None:
    state, asked = learner(arrays=mean, trees=-0.4), problem("p", "trees", "heaps", "arrays")
    outlook = Outlook(state, NOW)
    faded = replace(state, form=Belief(0.0, STANDARD.form_variance), last_attempt=None)
    assert outlook.expected(asked) == pytest.approx(predict(faded, Item.of(asked), NOW))
    skills = dict(state.skills)
    for name in practised:
        outlook.practise(name)
        before = replace(faded, skills=skills).skill(name, NOW)
        gain = STANDARD.gain / (1 + STANDARD.gain_saturation * before.attempts)
        skills[name] = replace(
            before,
            practice_gain=before.practice_gain + gain,
            attempts=before.attempts + 1,
            last_practised=NOW,
        )
    later = replace(faded, skills=skills)
    assert outlook.expected(asked) == pytest.approx(predict(later, Item.of(asked), NOW))
    assert outlook.attempts("heaps") == practised.count("heaps")
    assert mastery(later, "arrays", NOW) >= mastery(faded, "arrays", NOW)
