"""Real interviews: what they say of readiness, by round, and by how much."""

from __future__ import annotations

import math
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maang_mcp.domain.level import Level
from maang_mcp.domain.mastery import Belief
from maang_mcp.domain.progress import MOCKS_PER_RESULT, Mock, calibration_by
from maang_mcp.domain.readiness import UNCALIBRATED, Calibration, Readiness, Result
from maang_mcp.domain.real_interview import RealInterview, RealResult, estimated, results_of
from maang_mcp.domain.response import Seen, logit, posterior_mode, sigmoid
from maang_mcp.domain.skills import Round
from maang_mcp.domain.verdict import Label

from .learners import after

LABEL = {True: Label.STRONG_HIRE, False: Label.STRONG_NO_HIRE}
CHANCES = st.floats(0, 1)
WEIGHTS = st.floats(0, 1)
RESULTS = st.lists(st.builds(Result, CHANCES, st.booleans(), WEIGHTS), max_size=8)
MOCKS = st.lists(st.tuples(CHANCES, st.booleans()), max_size=8)


def calibrated(mocks: list[tuple[float, bool]], results: list[Result]) -> Calibration:
    return calibration_by(
        [
            Mock(UUID(int=n), Round.CODING, Level.MID, "q", after(n), LABEL[passed], 3.0, expected)
            for n, (expected, passed) in enumerate(mocks)
        ],
        results,
    )


def ready(probability: float, attempts: int = 12) -> Readiness:
    return Readiness(probability, probability / 2, probability, attempts, attempts >= 10)


def real(result: RealResult = RealResult.REJECTED, round: Round | None = None) -> RealInterview:
    return RealInterview(UUID(int=1), result, after(0), after(1), round)


@given(MOCKS, RESULTS, CHANCES, WEIGHTS, CHANCES)
def test_a_rejection_never_raises_a_readiness_and_a_pass_never_lowers_one(
    mocks: list[tuple[float, bool]],
    results: list[Result],
    predicted: float,
    weight: float,
    now: float,
) -> None:
    before = calibrated(mocks, results).apply(now)
    rejected = calibrated(mocks, [*results, Result(predicted, passed=False, weight=weight)])
    passed = calibrated(mocks, [*results, Result(predicted, passed=True, weight=weight)])
    assert rejected.apply(now) <= before + 1e-9
    assert passed.apply(now) >= before - 1e-9


@given(MOCKS, st.lists(st.builds(Result, CHANCES, st.booleans(), WEIGHTS), max_size=4))
def test_the_order_of_real_results_does_not_matter(
    mocks: list[tuple[float, bool]], results: list[Result]
) -> None:
    found = [calibrated(mocks, list(order)) for order in permutations(results)]
    for other in found:
        assert other.intercept.mean == pytest.approx(found[0].intercept.mean, abs=1e-9)
        assert other.intercept.variance == pytest.approx(found[0].intercept.variance)
        assert other.slope == found[0].slope


@given(RESULTS, st.floats(0.01, 0.98), st.floats(0.005, 0.01))
def test_real_results_never_collapse_an_interval(
    results: list[Result], low: float, width: float
) -> None:
    calibration = calibrated([], results)
    told = logit(calibration.apply(low + width)) - logit(calibration.apply(low))
    assert told == pytest.approx(logit(low + width) - logit(low), rel=1e-6)
    assert 0 < calibration.intercept.variance <= UNCALIBRATED.intercept.variance


@given(st.floats(0.1, 0.9), st.booleans())
def test_a_real_result_moves_an_estimate_further_than_a_mock_does(
    predicted: float, passed: bool
) -> None:
    mock = calibrated([(predicted, passed)], []).apply(predicted)
    result = calibrated([], [Result(predicted, passed)]).apply(predicted)
    assert abs(result - predicted) > abs(mock - predicted) > 0
    assert (result > predicted) == (mock > predicted) == passed


@given(CHANCES, st.booleans())
def test_one_mock_leaves_an_interval_too(predicted: float, passed: bool) -> None:
    assert calibrated([(predicted, passed)], []).slope.mean > 0.1


def test_one_result_corrects_and_does_not_decide() -> None:
    assert MOCKS_PER_RESULT == 3
    calibration = calibrated([], [Result(0.6, passed=False)])
    assert 0.4 < calibration.apply(0.6) < 0.55
    many = calibrated([], 8 * [Result(0.6, passed=False)])
    assert many.apply(0.6) < 0.25
    assert many.intercept.variance < calibration.intercept.variance


def test_a_result_without_weight_and_no_result_say_nothing() -> None:
    assert UNCALIBRATED.settle([]) is UNCALIBRATED
    weightless = UNCALIBRATED.settle([Result(0.9, passed=False, weight=0.0)])
    assert weightless.intercept == Belief(0.0, 1.0)


@given(
    st.floats(-3, 3),
    st.floats(0.05, 2),
    st.lists(st.builds(Seen, st.floats(-9, 9), st.booleans(), WEIGHTS), max_size=9),
)
def test_the_mode_is_where_prior_and_observations_balance(
    mean: float, variance: float, seen: list[Seen]
) -> None:
    mode = posterior_mode(mean, variance, seen)
    pull = sum(one.weight * (one.success - sigmoid(mode + one.offset)) for one in seen)
    assert (mode - mean) / variance == pytest.approx(pull, abs=1e-9)


@pytest.mark.parametrize("round", Round)
@pytest.mark.parametrize("result", RealResult)
def test_the_result_of_one_round_is_one_observation_of_it(round: Round, result: RealResult) -> None:
    found = results_of(real(result, round), {round: ready(0.7)})
    assert found == {round: Result(0.7, result is RealResult.PASSED, 1.0)}


def test_a_loop_that_was_passed_passed_each_of_its_rounds() -> None:
    expected = {Round.CODING: ready(0.7), Round.BEHAVIORAL: ready(0.4)}
    assert results_of(real(RealResult.PASSED), expected) == {
        Round.CODING: Result(0.7, passed=True),
        Round.BEHAVIORAL: Result(0.4, passed=True),
    }


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_rejected_loop_counts_against_a_round_by_the_slope_of_its_likelihood(
    coding: float, design: float, behavioral: float
) -> None:
    expected = {
        Round.CODING: ready(coding),
        Round.SYSTEM_DESIGN: ready(design),
        Round.BEHAVIORAL: ready(behavioral),
    }
    weight = results_of(real(), expected)[Round.CODING].weight
    assert 0 < weight < 1
    margin, step = logit(coding), 1e-5
    rise = [math.log(1 - sigmoid(margin + d) * design * behavioral) for d in (step, -step)]
    alone = [math.log(1 - sigmoid(margin + d)) for d in (step, -step)]
    assert weight == pytest.approx((rise[0] - rise[1]) / (alone[0] - alone[1]), rel=1e-3, abs=1e-5)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_likelier_the_other_rounds_failed_the_less_a_rejection_counts_against_one(
    chance: float, one: float, other: float
) -> None:
    assume(one < other)
    weights = [
        results_of(real(), {Round.CODING: ready(chance), Round.BEHAVIORAL: ready(p)})[
            Round.CODING
        ].weight
        for p in (one, other)
    ]
    assert 0 <= weights[0] <= weights[1] <= 1


def test_a_round_without_enough_evidence_is_not_corrected_but_may_be_what_failed() -> None:
    expected = {Round.CODING: ready(0.7), Round.SYSTEM_DESIGN: ready(0.2, attempts=9)}
    found = results_of(real(), expected)
    assert found.keys() == {Round.CODING}
    assert found[Round.CODING].weight == pytest.approx(0.2 * 0.3 / (1 - 0.14))


def test_a_loop_is_estimated_only_with_evidence_on_every_round() -> None:
    plain = dict.fromkeys(Round, UNCALIBRATED)
    both = {Round.CODING: ready(0.5), Round.BEHAVIORAL: ready(0.4)}
    assert estimated(both, plain) == pytest.approx(0.2)
    assert estimated({**both, Round.SYSTEM_DESIGN: ready(0.9, attempts=9)}, plain) is None
    assert estimated({}, {}) is None
    corrected = {**plain, Round.CODING: calibrated([], [Result(0.5, passed=True)])}
    assert (estimated(both, corrected) or 0) > 0.2
