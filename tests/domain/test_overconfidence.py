"""Overconfidence: what was said against what came of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.overconfidence import (
    ENOUGH_RATED,
    Rated,
    Tendency,
    overconfidence,
    share_of,
)

GROUPS = st.builds(
    lambda confidence, attempts, missed: Rated(confidence, attempts, max(attempts - missed, 0)),
    st.integers(1, 5),
    st.integers(1, 40),
    st.integers(0, 40),
)


def test_guessing_is_nought_certain_is_one_and_the_rest_lies_between() -> None:
    assert [share_of(confidence) for confidence in range(1, 6)] == [0, 0.25, 0.5, 0.75, 1]


def test_the_difference_is_mean_confidence_less_success_rate() -> None:
    found = overconfidence([Rated(5, 10, 4), Rated(3, 10, 6)])
    assert found is not None
    assert (found.confidence, found.success, found.n) == (0.75, 0.5, 20)
    assert found.difference == 0.25
    error = (0.5 * 0.5 / 24) ** 0.5  # 12 of 24 after adding two of each
    assert (found.low, found.high) == pytest.approx((0.25 - 1.2816 * error, 0.25 + 1.2816 * error))
    assert found.tendency is Tendency.OVERCONFIDENT


@pytest.mark.parametrize(
    ("rated", "tendency"),
    [
        (Rated(5, 20, 10), Tendency.OVERCONFIDENT),
        (Rated(1, 20, 10), Tendency.UNDERCONFIDENT),
        (Rated(3, 20, 10), Tendency.ABOUT_RIGHT),
        (Rated(5, 10, 9), Tendency.ABOUT_RIGHT),
    ],
)
def test_a_word_needs_an_interval_without_zero(rated: Rated, tendency: Tendency) -> None:
    found = overconfidence([rated])
    assert found is not None
    assert found.tendency is tendency


def test_equal_results_leave_a_doubt() -> None:
    found = overconfidence([Rated(5, 12, 12)])
    assert found is not None
    assert found.difference == 0
    assert found.low < 0 < found.high


@given(st.lists(GROUPS, max_size=8))
def test_below_ten_rated_attempts_nothing_is_said_and_above_all_within_bounds(
    rated: list[Rated],
) -> None:
    found = overconfidence(rated)
    n = sum(group.attempts for group in rated)
    assert (found is None) == (n < ENOUGH_RATED)
    if found is not None:
        assert found.n == n
        assert -1 <= found.low <= found.difference <= found.high <= 1
        assert found.low < found.high
