"""The measures against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.measures import (
    accuracy,
    at_least,
    auc,
    auc_difference,
    calibration_error,
    log_loss,
    squared_error,
)

answers = st.lists(
    st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]), st.booleans()), min_size=2, max_size=40
).filter(lambda rows: len({right for _, right in rows}) == 2)


@given(answers)
def test_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[float, bool]]) -> None:
    right = [p for p, correct in rows if correct]
    wrong = [p for p, correct in rows if not correct]
    pairs = [(a > b) + (a == b) / 2 for a in right for b in wrong]
    p = np.array([p for p, _ in rows])
    y = np.array([float(correct) for _, correct in rows])
    assert auc(p, y) == pytest.approx(sum(pairs) / len(pairs))


def test_answers_drawn_from_the_predictions_are_calibrated() -> None:
    dice = np.random.default_rng(1)
    p = dice.random(200_000)
    y = (dice.random(200_000) < p).astype(float)
    assert calibration_error(p, y) < 0.005
    assert calibration_error(p**2, y) > 0.1


def test_certain_and_right_is_calibrated_and_certain_and_wrong_is_not() -> None:
    y = np.array([0.0, 1.0, 1.0])
    assert calibration_error(y, y) == 0.0
    assert calibration_error(1.0 - y, y) == 1.0


def test_log_loss_squared_error_and_accuracy_by_hand() -> None:
    p, y = np.array([0.8, 0.4]), np.array([1.0, 1.0])
    assert log_loss(p, y) == pytest.approx(-(math.log(0.8) + math.log(0.4)) / 2)
    assert squared_error(p, y) == pytest.approx((0.04 + 0.36) / 2)
    assert accuracy(p, y) == 0.5


def test_a_model_differs_from_itself_by_nothing() -> None:
    dice = np.random.default_rng(2)
    p, y = dice.random(300), (dice.random(300) < 0.5).astype(float)
    assert auc_difference(p, p, y, np.repeat(np.arange(30), 10), rounds=20) == (0.0, 0.0)


def test_the_error_of_a_difference_shrinks_with_the_number_of_learners() -> None:
    dice = np.random.default_rng(3)

    def error(learners: int) -> float:
        p, q = dice.random((2, 10 * learners))
        y = (dice.random(10 * learners) < p).astype(float)
        return auc_difference(p, q, y, np.repeat(np.arange(learners), 10), rounds=60)[1]

    assert error(640) < error(40) / 2


def test_three_of_four_by_hand() -> None:
    assert at_least(3, 4, 0.5) == pytest.approx(5 / 16)
    assert at_least(0, 4, 0.3) == pytest.approx(1.0)
