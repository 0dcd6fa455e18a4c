"""Days as people say them, wherever they live."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from maang_mcp.domain.errors import InvalidInput
from maang_mcp.services.dates import parse_day_ahead, parse_past, parse_since, parse_until

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


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("yesterday", 19),
        ("3 days ago", 17),
        ("two weeks ago", 6),
        ("Monday", 16),
        ("last friday", 13),
        ("November 5th", 5),
    ],
)
def test_a_day_in_words_is_its_noon(said: str, day: int) -> None:
    assert parse_past(said, EVENING) == datetime(2026, 11, day, 12, tzinfo=UTC)


@pytest.mark.parametrize("said", ["last week", "this month", "in a while", "2 weeks"])
def test_words_for_no_single_day_are_no_moment(said: str) -> None:
    with pytest.raises(InvalidInput, match="not a date"):
        parse_past(said, EVENING)


@pytest.mark.parametrize(
    ("said", "since", "until"),
    [
        ("last week", "2026-11-09", "2026-11-16"),
        ("2 weeks ago", "2026-11-06", "2026-11-07"),
        ("yesterday", "2026-11-19", "2026-11-20"),
        ("the past 3 days", "2026-11-17", "2026-11-21"),
        ("March", "2026-03-01", "2026-04-01"),
        ("2026-11-09", "2026-11-09", "2026-11-10"),
    ],
)
def test_words_for_days_are_a_period_with_its_first_and_its_last(
    said: str, since: str, until: str
) -> None:
    assert parse_since(said, EVENING) == datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert parse_until(said, EVENING) == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_a_day_ahead_may_be_said_in_words() -> None:
    today = EVENING.date()
    assert parse_day_ahead("tomorrow", today) == date(2026, 11, 21)
    assert parse_day_ahead("2 years", today) == date(2028, 11, 19)
    with pytest.raises(InvalidInput, match="not a date"):
        parse_day_ahead("recently", today)
