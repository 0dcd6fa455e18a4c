"""The simulator of planted weaknesses: its truth, its dice and its scores."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random

import numpy as np
import pytest

from benchmarks.measures import calibration_error
from benchmarks.planted.baselines import elo, solve_rate
from benchmarks.planted.candidates import (
    DEEP,
    MISTAKES,
    PLANTED,
    SHALLOW,
    VARIANTS,
    Candidate,
    Variant,
)
from benchmarks.planted.policies import POLICIES, self_chosen
from benchmarks.planted.policy_comparison import lesson, trained, true_readiness
from benchmarks.planted.practice import history, practising
from benchmarks.planted.readings import diagnosed
from benchmarks.planted.scenarios import SCENARIOS, Scenario, lives
from benchmarks.planted.scores import (
    calibration,
    correlation,
    estimate,
    mean,
    misses,
    moments,
    precision,
    ratio,
    separation,
)
from benchmarks.planted.tables import tell
from benchmarks.planted.targets import NO_CULPRIT, targets
from benchmarks.planted.world import PROBLEMS, TOPICS, TrueItem, shipped, synthetic
from maang_mcp.domain.attempt import Grade, Mistake
from maang_mcp.domain.weakness import WeaknessKind

SEED = 5
TOPIC_NAMES = [*TOPICS]


def drawn(variant: str = "planted", name: str = "x", accuracy: float | None = None) -> Candidate:
    truth = VARIANTS[variant]
    return Candidate.draw(synthetic(SEED, truth.wrong_tags), truth, name, accuracy)


def told(variant: Variant, accuracy: float | None = None) -> Iterator[Candidate]:
    world = synthetic(SEED, variant.wrong_tags)
    return (Candidate.draw(world, variant, str(n), accuracy) for n in range(20))


def test_the_world_is_as_large_and_as_labelled_as_it_says() -> None:
    world = synthetic(SEED)
    assert (len(world.topics), len(world.problems)) == (24, PROBLEMS)
    several = [problem for problem in world.problems if len(problem.skills) > 1]
    assert 0.5 < len(several) / PROBLEMS < 0.75
    errors = [world.truth[p.slug].difficulty - p.item.mean for p in world.problems]
    assert np.mean(errors) == pytest.approx(0.0, abs=0.06)
    assert np.std(errors) == pytest.approx(0.6, abs=0.05)
    assert all(world.truth[p.slug].skills == p.skills for p in world.problems)


def test_wrong_tags_are_shown_and_not_needed() -> None:
    right, wrong = synthetic(SEED), synthetic(SEED, 0.15)
    assert right.truth == wrong.truth
    changed = sum(a.skills != b.skills for a, b in zip(right.problems, wrong.problems, strict=True))
    assert 0.15 < changed / PROBLEMS < 0.3


def test_the_products_own_world_holds_its_coding_problems() -> None:
    world = shipped(SEED)
    topics = {topic.id for topic in world.topics}
    assert len(topics) >= 24
    assert len(world.problems) > 500
    assert all(topics.issuperset(problem.skills) for problem in world.problems)


@pytest.mark.parametrize(("variant", "depth"), [("planted", SHALLOW), ("deep", DEEP)])
def test_three_topics_are_as_weak_as_the_variant_says(variant: str, depth: float) -> None:
    candidate = drawn(variant)
    assert len(candidate.planted) == PLANTED
    for topic in candidate.planted:
        assert 1.2 * depth <= candidate.deviations[topic] <= 0.8 * depth


def test_a_flat_candidate_is_as_good_at_everything() -> None:
    assert set(drawn("flat").deviations.values()) == {0.0}
    assert drawn("flat").planted == drawn("none").planted == frozenset()


def test_candidates_of_one_name_differ_only_in_what_their_variant_says() -> None:
    planted, linked, judged = drawn(), drawn("weakest-link"), drawn(accuracy=0.8)
    assert planted.deviations == linked.deviations == judged.deviations
    assert planted.ability == linked.ability == judged.ability
    assert drawn(name="y").deviations != planted.deviations


def test_skills_make_up_for_each_other_unless_the_weakest_decides() -> None:
    candidate, linked = drawn(), drawn("weakest-link")
    item = TrueItem(("arrays", "graphs"), 0.5)
    levels = [candidate.deviations[skill] for skill in item.skills]
    assert candidate.margin(item) == pytest.approx(candidate.ability + sum(levels) / 2**0.5 - 0.5)
    assert linked.margin(item) == pytest.approx(candidate.ability + min(levels) - 0.5)


def test_outcomes_come_as_often_as_the_truth_says() -> None:
    expected, solved = [], []
    for candidate in told(VARIANTS["planted"]):
        for one in islice(practising(candidate, self_chosen, "often"), 60):
            expected.append(candidate.solves(candidate.world.truth[one.problem.slug]))
            solved.append(one.grade is Grade.SOLVED)
    assert np.mean(solved) == pytest.approx(0.97 * np.mean(expected), abs=0.03)


@pytest.mark.parametrize("accuracy", [0.8, 0.6])
def test_the_culprit_named_is_right_as_often_as_told(accuracy: float) -> None:
    right = []
    for candidate in told(VARIANTS["planted"], accuracy):
        levels = dict(candidate.deviations)
        for one in history(candidate, self_chosen, 60, "culprits"):
            if one.grade is Grade.SOLVED:
                assert one.attempt.culprit_skill is None
            elif len(one.problem.skills) > 1:
                truly = min(one.problem.skills, key=levels.__getitem__)
                right.append(one.attempt.culprit_skill == truly)
    assert np.mean(right) == pytest.approx(accuracy, abs=0.06)


def test_a_habit_is_what_goes_wrong_most() -> None:
    for candidate in told(VARIANTS["habits"]):
        made = [m for one in history(candidate, self_chosen, 60, "h") for m in one.attempt.mistakes]
        counts = {mistake: made.count(mistake) for mistake in Mistake}
        assert max(counts, key=counts.__getitem__) is candidate.habit
        assert {mistake for mistake, n in counts.items() if n} <= set(MISTAKES)


def test_whoever_avoids_weak_topics_tries_fewer_of_their_problems() -> None:
    def weak(variant: str) -> int:
        return sum(
            one.problem.skills[0] in candidate.planted
            for candidate in told(VARIANTS[variant])
            for one in history(candidate, self_chosen, 60, "avoid")
        )

    assert weak("avoidance") < 0.7 * weak("planted")


@pytest.mark.parametrize("policy", POLICIES)
def test_no_policy_gives_a_problem_twice_unless_it_is_due(policy: str) -> None:
    practised = history(drawn(), POLICIES[policy], 25, "policy")
    seen: dict[str, int] = {}
    for n, one in enumerate(practised):
        if (before := seen.get(one.problem.slug)) is not None:
            assert policy == "ours with reviews"
            assert practised[before].review.due <= one.attempt.at
        seen[one.problem.slug] = n


def test_a_life_is_the_same_whoever_lives_it() -> None:
    scenario = Scenario(accuracy=0.8)
    alone = lives(scenario, [SEED], 3, checkpoints=(6, 12))
    assert lives(scenario, [SEED], 3, checkpoints=(6, 12), workers=2) == alone
    assert lives(scenario, [SEED + 1], 3, checkpoints=(6, 12)) != alone


def test_a_diagnosis_on_the_way_is_the_one_of_a_shorter_life() -> None:
    [long] = lives(NO_CULPRIT, [SEED], 1, checkpoints=(10, 20))
    [short] = lives(NO_CULPRIT, [SEED], 1, checkpoints=(10,))
    assert long.readings[10] == short.readings[10]


def test_what_was_never_tried_is_neither_weak_nor_counted() -> None:
    candidate = drawn()
    practised = history(candidate, self_chosen, 8, "few")
    tried = {skill for one in practised for skill in one.problem.skills}
    reading = diagnosed(candidate, practised, "few")
    assert reading.untested_named == 0
    assert len(reading.severities) == len(reading.confidences) == len(tried) < len(TOPICS)
    assert reading.tried == len(tried & candidate.planted) / PLANTED


def test_precision_counts_planted_topics_among_the_three_lowest() -> None:
    planted = frozenset("abc")
    scores = {"a": -2.0, "x": -1.0, "b": -0.5, "c": 0.0}
    assert precision(scores, [*scores], planted) == pytest.approx(2 / 3)
    assert precision({"a": -1.0}, ["a", "b"], planted) == pytest.approx(1 / 3)
    tied = dict.fromkeys("xyabc", 0.0)
    assert precision(tied, ["a", "b", "c", "x", "y"], planted) == 1.0
    assert precision(tied, ["x", "y", "a", "b", "c"], planted) == pytest.approx(1 / 3)


def test_a_topic_without_a_score_ranks_as_an_average_one() -> None:
    topics, planted = ["a", "b", "c"], frozenset("b")
    assert separation({"a": 1.0, "c": 1.0}, topics, planted) == 1.0
    assert separation({"a": -1.0, "c": -1.0}, topics, planted) == 0.0
    assert separation({}, topics, planted) == 0.5


def test_a_mean_has_the_standard_error_of_its_sample() -> None:
    values = [Random(n).gauss(3.0, 2.0) for n in range(400)]
    found = mean(values)
    assert found.value == pytest.approx(np.mean(values))
    assert found.error == pytest.approx(np.std(values) / 20.0, rel=0.2)


def test_nothing_counted_is_no_figure() -> None:
    nothing = estimate([(0.0, 0.0)] * 3, ratio)
    assert np.isnan(nothing.value)
    assert "-" in str(nothing)


def test_pooled_scores_are_those_of_all_pairs_together() -> None:
    dice = Random(3)
    learners = [[(p := dice.random(), dice.random() < p) for _ in range(30)] for _ in range(20)]
    p, y = np.array([pair for learner in learners for pair in learner], dtype=float).T
    together = estimate([moments(learner) for learner in learners], correlation)
    assert together.value == pytest.approx(np.corrcoef(p, y)[0, 1])
    ece = estimate([misses(learner) for learner in learners], calibration)
    assert ece.value == pytest.approx(calibration_error(p, y))


def test_baselines_put_what_was_never_solved_lowest() -> None:
    practised = history(drawn(), self_chosen, 60, "rates")
    topics = {skill for one in practised for skill in one.problem.skills}
    solved = {s for one in practised if one.grade is Grade.SOLVED for s in one.problem.skills}
    rates = solve_rate(practised)
    assert rates.keys() == elo(practised).keys() == topics
    never = topics - solved
    assert never
    assert {rates[topic] for topic in never} == {min(rates.values())}


def test_targets_are_judged_only_where_they_were_measured() -> None:
    found = {NO_CULPRIT: lives(NO_CULPRIT, [SEED], 2, checkpoints=(30,))}
    [target] = targets(found)
    assert target.name.endswith("n=30")
    assert target.kept is (target.measured.value >= target.bound)
    assert list(targets({})) == []


def test_a_table_tells_of_habits_and_of_nothing_planted(capsys: pytest.CaptureFixture[str]) -> None:
    scenario = Scenario("habits")
    assert scenario in SCENARIOS
    found = lives(scenario, [SEED], 2, checkpoints=(30,))
    tell(scenario, found)
    printed = capsys.readouterr().out
    assert "habits: 2 learners; n = 30" in printed
    assert "planted mistake found" in printed
    assert "precision@3" not in printed
    assert found[0].readings[30].flags.keys() == {
        (kind, sure) for kind in WeaknessKind for sure in (0.8, 0.9)
    }


def test_most_is_learned_from_what_could_go_either_way() -> None:
    assert lesson(0.5) > lesson(0.7) > lesson(0.99) > 0.0
    assert lesson(0.3) == pytest.approx(lesson(0.7))


def test_practice_raises_true_readiness_alike_for_one_policy_and_candidate() -> None:
    once, again = (trained("self-chosen", SEED, 1, 40) for _ in range(2))
    assert once == again
    assert 0.0 < once.before < once.after < 1.0
    able, weak = (drawn(name=name) for name in "yx")
    able.ability, weak.ability = 2.0, -2.0
    assert true_readiness(able) > true_readiness(weak)
