"""An attempt: what is refused, which rung it stands on, which rating it earns."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from maang_mcp.domain.attempt import Attempt, Grade, Mistake, Outcome, Rating, grade, rate
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.skills import Round

FACTS: dict[str, Any] = {
    "id": UUID(int=1),
    "problem": "two-sum",
    "round": Round.CODING,
    "outcome": Outcome.SOLVED,
    "at": datetime(2026, 1, 5, tzinfo=UTC),
}


def test_the_vocabulary_of_mistakes_is_the_products() -> None:
    words = """
        misread_problem wrong_pattern boundary edge_case complexity data_structure
        implementation_bug rigor testing time_management communication ai_dependency requirements
        estimation trade_offs bottleneck no_metrics no_result too_long
    """
    assert list(Mistake) == words.split()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0.0},
        {"minutes": -1.0},
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"hints": -1},
        {"confidence": 0},
        {"confidence": 6},
        {"at": datetime(2026, 1, 5)},  # noqa: DTZ001 - the missing zone is what is tested
    ],
)
def test_facts_that_make_no_sense_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        Attempt(**(FACTS | wrong))


@pytest.mark.parametrize(
    ("outcome", "minutes", "expected"),
    [
        (Outcome.SOLVED, 34.0, Grade.SOLVED),
        (Outcome.SOLVED, 35.0, Grade.SOLVED),
        (Outcome.SOLVED, 35.5, Grade.SOLVED_LATE),
        (Outcome.SOLVED, None, Grade.SOLVED),
        (Outcome.SOLVED_WITH_HINTS, 90.0, Grade.SOLVED_WITH_HINTS),
        (Outcome.FAILED, 10.0, Grade.FAILED),
        (Outcome.GAVE_UP, None, Grade.GAVE_UP),
    ],
)
def test_solving_over_the_limit_is_a_rung_of_its_own(
    outcome: Outcome, minutes: float | None, expected: Grade
) -> None:
    assert grade(outcome, minutes, 35) is expected


@pytest.mark.parametrize(
    ("graded", "minutes", "confidence", "expected"),
    [
        (Grade.GAVE_UP, 5.0, 5, Rating.AGAIN),
        (Grade.FAILED, 5.0, 5, Rating.AGAIN),
        (Grade.SOLVED_WITH_HINTS, 5.0, 5, Rating.HARD),
        (Grade.SOLVED_LATE, 50.0, 5, Rating.HARD),
        (Grade.SOLVED, 30.0, 5, Rating.GOOD),
        (Grade.SOLVED, 17.0, 3, Rating.GOOD),
        (Grade.SOLVED, 17.0, None, Rating.GOOD),
        (Grade.SOLVED, None, 5, Rating.GOOD),
        (Grade.SOLVED, 17.5, 5, Rating.GOOD),
        (Grade.SOLVED, 17.0, 4, Rating.EASY),
    ],
)
def test_easy_takes_both_pace_and_confidence(
    graded: Grade, minutes: float | None, confidence: int | None, expected: Rating
) -> None:
    assert rate(graded, minutes, 35, confidence) is expected
