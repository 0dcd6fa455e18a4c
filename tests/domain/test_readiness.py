"""Readiness: the golden figure, and what an honest probability has to obey."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maang_mcp.domain.mastery import Belief, LearnerState
from maang_mcp.domain.readiness import UNCALIBRATED, readiness, target_profile

from .learners import GOLDEN, START, golden_learner, skill

PROFILE = target_profile([skill("arrays"), skill("graphs", frequency=0.2)])


def able(mean: float, variance: float = 0.2) -> LearnerState:
    return replace(LearnerState.new(), ability=Belief(mean, variance))


def test_the_golden_learners_readiness_is_reproduced() -> None:
    state, seen, at = golden_learner()
    profile = target_profile([skill(name) for name in GOLDEN["report"]])
    got = readiness(state, profile, at, attempts=len(seen))
    assert (got.probability, got.low, got.high) == pytest.approx(GOLDEN["readiness"], abs=1e-9)
    assert got.enough_evidence


def test_a_profile_weighs_skills_by_frequency_and_difficulties_by_share() -> None:
    weights = [(demand.item.skills, demand.item.mean, demand.weight) for demand in PROFILE]
    assert weights == [
        (("arrays",), 0.2, 0.25),
        (("arrays",), 1.6, 0.25),
        (("graphs",), 0.2, 0.1),
        (("graphs",), 1.6, 0.1),
    ]
    assert {demand.item.mean for demand in target_profile([skill("arrays")], 0.0)} == {0.2}


@pytest.mark.parametrize(("attempts", "enough"), [(0, False), (9, False), (10, True)])
def test_below_ten_attempts_there_is_not_enough_evidence(attempts: int, enough: bool) -> None:
    got = readiness(LearnerState.new(), PROFILE, START, attempts=attempts)
    assert got.enough_evidence is enough
    assert got.attempts == attempts


@given(st.floats(-5, 5), st.floats(0.01, 0.9), st.integers(1, 6))
@example(4.0, 0.5, 1)
@example(-4.0, 0.5, 6)
def test_readiness_is_a_probability_inside_its_interval(
    mean: float, variance: float, needed: int
) -> None:
    got = readiness(able(mean, variance), PROFILE, START, attempts=20, problems=6, needed=needed)
    assert 0 <= got.low <= got.probability <= got.high <= 1


@given(st.floats(-4, 4), st.floats(0.05, 2))
def test_a_more_able_learner_is_readier_and_a_longer_loop_is_harder(
    mean: float, more: float
) -> None:
    here = readiness(able(mean), PROFILE, START, attempts=20)
    assert readiness(able(mean + more), PROFILE, START, attempts=20).probability > here.probability
    strict = readiness(able(mean), PROFILE, START, attempts=20, needed=4)
    assert strict.probability < here.probability


def test_doubt_about_the_ability_widens_the_interval() -> None:
    sure, unsure = (readiness(able(0.5, v), PROFILE, START, attempts=20) for v in (0.05, 0.8))
    assert unsure.high - unsure.low > sure.high - sure.low


def test_an_empty_profile_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one demand"):
        readiness(LearnerState.new(), [], START, attempts=20)


@given(st.floats(1e-5, 1 - 1e-5))
def test_without_mock_interviews_the_calibration_changes_nothing(p: float) -> None:
    assert UNCALIBRATED.apply(p) == pytest.approx(p, abs=1e-9)


def test_a_result_predicted_at_even_odds_says_nothing_about_the_slope() -> None:
    learned = UNCALIBRATED.learn(0.5, passed=False)
    assert learned.slope == UNCALIBRATED.slope
    assert learned.intercept.mean < 0


def test_mock_interviews_correct_the_estimate_in_their_direction() -> None:
    failed = UNCALIBRATED
    for _ in range(4):
        failed = failed.learn(0.7, passed=False)
    passed = UNCALIBRATED.learn(0.7, passed=True)
    assert failed.apply(0.7) < 0.5 < 0.7 < passed.apply(0.7)
    state = able(1.0)
    plain = readiness(state, PROFILE, START, attempts=20)
    corrected = readiness(state, PROFILE, START, attempts=20, calibration=failed)
    assert corrected.low <= corrected.probability < plain.probability


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=30), st.floats(0, 1))
def test_no_mock_results_lead_out_of_the_unit_interval(
    mocks: list[tuple[float, bool]], p: float
) -> None:
    calibration = UNCALIBRATED
    for predicted, passed in mocks:
        calibration = calibration.learn(predicted, passed)
    assert 0 < calibration.apply(p) < 1
    assert calibration.apply(0.2) <= calibration.apply(0.8)
    assert calibration.intercept.variance > 0
    assert calibration.slope.variance > 0
