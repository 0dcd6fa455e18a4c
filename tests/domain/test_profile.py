"""The level that a profile aims at, on the ladder of its company."""

from __future__ import annotations

import pytest

from maang_mcp.domain.level import Level
from maang_mcp.domain.parameters import HARD_REFERENCE, MEDIUM_REFERENCE, reference_of
from maang_mcp.domain.profile import Profile


@pytest.mark.parametrize(
    ("level", "companies", "expected"),
    [
        (None, ("Google",), None),
        ("L5", (), Level.SENIOR),
        ("L5", ("Google", "Amazon"), Level.SENIOR),
        ("L5", ("Amazon", "Google"), Level.MID),
        ("L3", ("Amazon",), Level.ENTRY),  # a rung that Amazon's ladder does not have
        ("staff engineer", ("Microsoft",), Level.STAFF),
    ],
)
def test_the_level_is_read_on_the_first_companys_ladder_if_it_has_the_rung(
    level: str | None, companies: tuple[str, ...], expected: Level | None
) -> None:
    assert Profile(target_level=level, target_companies=companies).level is expected


def test_only_staff_is_measured_by_a_hard_problem() -> None:
    assert {level: reference_of(level) for level in (None, *Level)} == {
        None: MEDIUM_REFERENCE,
        Level.ENTRY: MEDIUM_REFERENCE,
        Level.MID: MEDIUM_REFERENCE,
        Level.SENIOR: MEDIUM_REFERENCE,
        Level.STAFF: HARD_REFERENCE,
    }
