"""Grade inflation: over the latest interviews, with its n, in words only when it is large."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.grade_inflation import (
    ENOUGH_GRADED,
    NOTABLE,
    GradeInflation,
    grade_inflation,
)
from maang_mcp.domain.habits import RECENT_SCORES
from maang_mcp.domain.progress import RubricScore
from maang_mcp.domain.skills import Round

from .learners import after


def graded(n: int, **lowered: int) -> list[RubricScore]:
    """An interview in which each dimension was given 4 and lowered by so many points."""
    return [
        RubricScore(Round.CODING, dimension, 4 - points, after(n), 4, UUID(int=n))
        for dimension, points in lowered.items()
    ]


def test_before_the_first_graded_interview_there_is_none() -> None:
    assert grade_inflation([]) is None


def test_scores_within_the_ceilings_are_no_inflation() -> None:
    found = grade_inflation(graded(1, communication=0, testing=0))
    assert found == GradeInflation(0.0, 1, None)
    assert not found.notable


def test_the_excess_is_the_mean_over_all_scores_and_names_where_most() -> None:
    scores = [*graded(1, communication=0, testing=1), *graded(2, communication=1, testing=2)]
    assert grade_inflation(reversed(scores)) == GradeInflation(1.0, 2, "testing")


def test_it_is_of_the_latest_interviews() -> None:
    old = [score for n in range(5) for score in graded(n, testing=3)]
    new = [score for n in range(5, 5 + RECENT_SCORES) for score in graded(n, testing=0)]
    assert grade_inflation(old + new) == GradeInflation(0.0, RECENT_SCORES, None)


@pytest.mark.parametrize(
    ("excess", "interviews", "told"),
    [
        (NOTABLE, ENOUGH_GRADED, False),
        (NOTABLE + 0.01, ENOUGH_GRADED, True),
        (3.0, ENOUGH_GRADED - 1, False),
    ],
)
def test_it_is_notable_above_half_a_point_over_three_interviews(
    excess: float, interviews: int, told: bool
) -> None:
    assert GradeInflation(excess, interviews, "testing").notable is told


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
def test_it_is_never_negative_and_never_more_than_the_scale(points: list[int]) -> None:
    found = grade_inflation(s for n, p in enumerate(points) for s in graded(n, testing=p))
    assert found is not None
    assert 0 <= found.excess <= 3
    assert (found.dimension is None) == (found.excess == 0)
    assert found.interviews == min(len(points), RECENT_SCORES)
