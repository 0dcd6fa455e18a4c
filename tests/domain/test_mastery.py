"""Knowledge tracing: the golden learner, and what must hold for every learner."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.attempt import Grade
from maang_mcp.domain.mastery import (
    Item,
    LearnerState,
    expected_on_repeat,
    mastery,
    observe,
    predict,
    repeat_weight,
)
from maang_mcp.domain.parameters import HARD_REFERENCE, MEDIUM_REFERENCE, STANDARD
from maang_mcp.domain.response import laplace_step, logit, normal_cdf, sigmoid

from .learners import GOLDEN, START, after, golden_learner, problem

MEDIUM = Item(("arrays",), 0.2, 0.36)
PAIR = Item(("arrays", "graphs"), 0.2, 0.36)
NAMES = ("arrays", "graphs", "trees", "heaps")


class Event(NamedTuple):
    """One attempt of a generated history; a negative gap is a clock that ran backwards."""

    item: Item
    grade: Grade
    gap: float
    culprit: str | None
    weight: float


events = st.builds(
    Event,
    item=st.builds(
        Item,
        skills=st.lists(st.sampled_from(NAMES), unique=True, max_size=4).map(tuple),
        mean=st.floats(-8, 8),
        variance=st.floats(0, 4),
    ),
    grade=st.sampled_from(Grade),
    gap=st.one_of(st.just(0.0), st.floats(-400, 400), st.just(10_000.0), st.just(-10_000.0)),
    culprit=st.none() | st.sampled_from(NAMES),
    weight=st.floats(0, 1),
)


def digest(history: list[Event]) -> tuple[LearnerState, datetime]:
    state, at = LearnerState.new(), after(100_000)
    for event in history:
        at = after((at - START).days + event.gap)
        state = observe(
            state, event.item, event.grade, at, culprit=event.culprit, weight=event.weight
        ).state
    return state, at


def test_the_golden_learner_is_reproduced_after_every_attempt() -> None:
    _, seen, _ = golden_learner()
    for observation, row in zip(seen, GOLDEN["attempts"], strict=True):
        state = observation.state
        got = (
            observation.expected,
            state.ability.mean,
            state.ability.variance,
            state.form.mean,
            state.form.variance,
        )
        assert got == pytest.approx(row[6:], abs=1e-9)


def test_the_golden_learners_skills_and_thresholds_are_reproduced() -> None:
    state, _, _ = golden_learner()
    assert state.skills.keys() == GOLDEN["skills"].keys()
    for name, (mean, variance, gain, attempts, days) in GOLDEN["skills"].items():
        got = state.skills[name]
        assert (got.mean, got.variance, got.practice_gain) == pytest.approx(
            (mean, variance, gain), abs=1e-9
        )
        assert got.attempts == attempts
        assert got.last_practised == after(days)
    for offset, expected in zip(state.step_offsets, GOLDEN["step_offsets"], strict=True):
        assert (offset.mean, offset.variance) == pytest.approx(expected, abs=1e-9)


@given(st.lists(events, max_size=30))
def test_no_history_leads_out_of_bounds(history: list[Event]) -> None:
    state, at = digest(history)
    beliefs = [state.ability, state.form, *state.step_offsets]
    bounds = [STANDARD.ability_variance, STANDARD.form_variance, *3 * [STANDARD.step_variance]]
    for belief, bound in zip(beliefs, bounds, strict=True):
        assert math.isfinite(belief.mean)
        assert 0 < belief.variance <= bound + 1e-12
    for practised in state.skills.values():
        assert math.isfinite(practised.mean)
        assert 0 < practised.variance <= STANDARD.skill_variance + 1e-12
        assert 0 <= practised.practice_gain < 10
    for moment in (at, after(0), after(1_000_000)):
        assert 0 < predict(state, PAIR, moment) < 1
        assert 0 < mastery(state, "arrays", moment) < 1


@given(st.lists(events, max_size=12))
def test_replaying_the_log_gives_the_same_state(history: list[Event]) -> None:
    assert digest(history) == digest(history)


@given(st.lists(events, max_size=6), events)
def test_an_attempt_touches_only_its_skills_and_its_culprit(
    history: list[Event], event: Event
) -> None:
    before, at = digest(history)
    seen = observe(before, event.item, event.grade, at, culprit=event.culprit)
    blamed = set() if event.grade is Grade.SOLVED else {event.culprit} - {None}
    assert seen.skill_changes.keys() == set(event.item.skills) | blamed
    for name in NAMES:
        if name not in seen.skill_changes:
            assert seen.state.skills.get(name) == before.skills.get(name)


@given(st.lists(events, max_size=6), st.sampled_from(Grade), st.sampled_from(Grade))
def test_counts_and_gains_of_different_skills_do_not_depend_on_the_order_of_a_moment(
    history: list[Event], first: Grade, second: Grade
) -> None:
    state, at = digest(history)
    steps = [(Item(("arrays",), 0.2, 0.36), first), (Item(("graphs",), 1.6, 0.36), second)]
    ends = []
    for order in (steps, steps[::-1]):
        end = state
        for item, grade in order:
            end = observe(end, item, grade, at).state
        ends.append(
            {n: (s.practice_gain, s.attempts, s.last_practised) for n, s in end.skills.items()}
        )
    assert ends[0] == ends[1]


@given(st.lists(events, max_size=6), events)
def test_solving_never_lowers_and_giving_up_never_raises_a_belief(
    history: list[Event], event: Event
) -> None:
    state, at = digest(history)
    up = observe(state, event.item, Grade.SOLVED, at, culprit=event.culprit)
    down = observe(state, event.item, Grade.GAVE_UP, at, culprit=event.culprit)
    assert all(change >= 0 for change in (*up.skill_changes.values(), up.ability_change))
    assert all(change <= 0 for change in (*down.skill_changes.values(), down.ability_change))


@given(st.lists(events, max_size=6), st.floats(-4, 4))
def test_a_better_grade_never_leaves_a_lower_belief(history: list[Event], mean: float) -> None:
    state, at = digest(history)
    item = Item(("arrays",), mean, 0.36)
    changes = [observe(state, item, grade, at).skill_changes["arrays"] for grade in Grade]
    assert changes == sorted(changes, reverse=True)


@given(st.lists(events, max_size=6), st.floats(0, 500), st.floats(0, 500))
def test_reading_a_skill_later_is_reading_it_twice(
    history: list[Event], first: float, second: float
) -> None:
    state, at = digest(history)
    base = (at - START).days
    for name, stored in state.skills.items():
        once = state.skill(name, after(base + first + second))
        midway = state.skill(name, after(base + first))
        kept = math.exp(-second / STANDARD.forgetting_days)
        known = math.exp(-2 * second / STANDARD.doubt_days)
        if stored.last_practised is None or stored.last_practised > after(base):
            continue
        expected_gain = midway.practice_gain * kept
        expected_variance = known * midway.variance + (1 - known) * STANDARD.skill_variance
        assert once.practice_gain == pytest.approx(expected_gain, abs=1e-9)
        assert once.variance == pytest.approx(expected_variance, abs=1e-9)


def test_weaknesses_do_not_heal_by_waiting_but_gains_are_forgotten() -> None:
    weak = observe(LearnerState.new(), MEDIUM, Grade.GAVE_UP, START).state
    strong = observe(LearnerState.new(), MEDIUM, Grade.SOLVED, START).state
    later = after(60)
    assert weak.skill("arrays", later).mean == weak.skills["arrays"].mean < 0
    assert strong.skill("arrays", later).mean == pytest.approx(
        strong.skills["arrays"].mean / math.e
    )
    assert strong.skill("arrays", later).practice_gain == pytest.approx(0.12 / math.e)
    assert strong.skill("arrays", later).variance > strong.skills["arrays"].variance


def test_form_fades_within_days() -> None:
    state = observe(LearnerState.new(), MEDIUM, Grade.SOLVED, START).state
    assert state.form_at(after(1)).mean == pytest.approx(state.form.mean / math.e)
    assert state.form_at(after(30)).mean == pytest.approx(0, abs=1e-9)
    assert state.form_at(after(30)).variance == pytest.approx(STANDARD.form_variance)


def test_a_clock_that_runs_backwards_counts_as_no_time() -> None:
    state = observe(LearnerState.new(), MEDIUM, Grade.SOLVED, after(10)).state
    assert state.skill("arrays", after(0)) == state.skill("arrays", after(10))
    assert predict(state, MEDIUM, after(0)) == predict(state, MEDIUM, after(10))
    earlier = observe(state, MEDIUM, Grade.SOLVED, after(5)).state
    assert earlier.last_attempt == earlier.skills["arrays"].last_practised == after(10)


def test_a_failure_goes_mostly_to_the_culprit() -> None:
    new = LearnerState.new()
    spread = observe(new, PAIR, Grade.GAVE_UP, START).skill_changes
    blamed = observe(new, PAIR, Grade.GAVE_UP, START, culprit="graphs").skill_changes
    assert spread["arrays"] == pytest.approx(spread["graphs"])
    assert blamed["graphs"] < spread["graphs"] < blamed["arrays"] < 0


def test_a_culprit_outside_the_problems_tags_joins_them_for_the_failure_only() -> None:
    failed = observe(LearnerState.new(), MEDIUM, Grade.GAVE_UP, START, culprit="heaps")
    assert failed.skill_changes["heaps"] < failed.skill_changes["arrays"] < 0
    assert failed.state.skills["heaps"].attempts == 1
    solved = observe(LearnerState.new(), MEDIUM, Grade.SOLVED, START, culprit="heaps")
    assert solved.skill_changes.keys() == {"arrays"}


def test_hints_and_lateness_move_skills_but_not_the_overall_ability_further() -> None:
    late = observe(LearnerState.new(), MEDIUM, Grade.SOLVED_LATE, START)
    gave_up = observe(LearnerState.new(), MEDIUM, Grade.GAVE_UP, START)
    assert late.ability_change == gave_up.ability_change
    assert late.skill_changes["arrays"] > gave_up.skill_changes["arrays"]
    assert late.state.step_offsets[0].mean < STANDARD.step_means[0]
    assert late.state.step_offsets[1].mean == STANDARD.step_means[1]


def test_an_item_without_skills_still_moves_the_ability() -> None:
    seen = observe(LearnerState.new(), Item((), 0.2, 0.36), Grade.SOLVED, START)
    assert seen.skill_changes == {}
    assert seen.ability_change > 0


def test_evidence_of_weight_zero_moves_no_belief_but_counts_as_practice() -> None:
    seen = observe(LearnerState.new(), MEDIUM, Grade.FAILED, START, weight=0.0)
    assert seen.ability_change == seen.skill_changes["arrays"] == 0
    assert seen.state.skills["arrays"].attempts == 1


@pytest.mark.parametrize("weight", [-0.1, 1.1, math.nan])
def test_an_evidence_weight_outside_the_unit_interval_is_an_error(weight: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        observe(LearnerState.new(), MEDIUM, Grade.SOLVED, START, weight=weight)


@given(st.floats(0, 1), st.floats(0, 1))
def test_what_is_remembered_helps_and_proves_less(p: float, recalled: float) -> None:
    assert p <= expected_on_repeat(p, recalled) + 1e-12 <= 1 + 1e-12
    assert expected_on_repeat(p, 0.0) == p
    assert expected_on_repeat(p, 1.0) == pytest.approx((1 + p) / 2)
    assert repeat_weight(recalled) == 1 - recalled / 2


def test_mastery_is_shown_at_the_reference_problem_and_without_form() -> None:
    state = observe(LearnerState.new(), MEDIUM, Grade.SOLVED, START).state
    at_medium = mastery(state, "arrays", START)
    assert at_medium == mastery(state, "arrays", START, MEDIUM_REFERENCE)
    assert mastery(state, "arrays", START, HARD_REFERENCE) < at_medium
    assert at_medium < predict(state, MEDIUM, START)
    assert mastery(state, "heaps", START) < at_medium


def test_an_observation_says_where_each_skill_stands_after_it() -> None:
    seen = observe(LearnerState.new(), PAIR, Grade.FAILED, START, culprit="graphs")
    level = seen.skill_levels["graphs"]
    stored = seen.state.skills["graphs"]
    assert level.mean == seen.state.ability.mean + stored.mean + stored.practice_gain
    assert level.variance == stored.variance


def test_an_item_names_each_skill_once_and_has_a_finite_difficulty() -> None:
    with pytest.raises(ValueError, match="twice"):
        Item(("arrays", "arrays"), 0.0, 0.1)
    for mean, variance in ((math.nan, 0.1), (math.inf, 0.1), (0.0, -0.1), (0.0, math.inf)):
        with pytest.raises(ValueError, match="difficulty"):
            Item(("arrays",), mean, variance)
    assert Item.of(problem("p", "arrays", "heaps", "arrays")) == Item(
        ("arrays", "heaps"), 0.2, 0.36
    )


@given(st.floats(-1e6, 1e6))
def test_the_response_functions_are_safe_everywhere(x: float) -> None:
    assert 0 <= sigmoid(x) <= 1
    assert 0 <= normal_cdf(x) <= 1
    if abs(x) < 30:
        assert logit(sigmoid(x)) == pytest.approx(x, abs=1e-2)


@given(st.floats(-20, 20), st.floats(0.01, 5), st.booleans(), st.floats(0, 1))
def test_one_observation_finds_its_mode_and_never_exhausts_a_variance(
    mean: float, variance: float, success: bool, weight: float
) -> None:
    shift, shrinkage = laplace_step(mean, variance, success, weight)
    mode = mean + shift * variance
    gradient = weight * ((1.0 if success else 0.0) - sigmoid(mode))
    assert shift == pytest.approx(gradient, abs=1e-9)
    assert 0 <= shrinkage < 1 / variance
