"""Days as people say them, wherever they live."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from maang_mcp.domain.errors import InvalidInput
from maang_mcp.services.dates import parse_past

EVENING = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("said", ["2026-11-20", "2026-11-21", "today", "now", "", None])
def test_a_day_that_has_begun_somewhere_on_earth_is_now(said: str | None) -> None:
    assert parse_past(said, EVENING) == EVENING


@pytest.mark.parametrize(("said", "now"), [("2026-11-22", EVENING), ("2026-11-21", MORNING)])
def test_a_day_that_has_begun_nowhere_lies_in_the_future(said: str, now: datetime) -> None:
    with pytest.raises(InvalidInput, match="lies in the future"):
        parse_past(said, now)


def test_a_day_that_is_over_is_its_noon() -> None:
    assert parse_past("2026-11-19", EVENING) == datetime(2026, 11, 19, 12, 0, tzinfo=UTC)


def test_a_time_is_taken_at_its_word() -> None:
    assert parse_past("2026-11-21T02:30:00+09:00", EVENING) == EVENING - timedelta(minutes=30)
    with pytest.raises(InvalidInput):
        parse_past("2026-11-20T18:30:00", EVENING)
