"""Days to come, as people say them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.days_ahead import day_ahead

TODAY = date(2026, 11, 20)  # a Friday


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-20"),
        ("Tomorrow", "2026-11-21"),
        ("yesterday", "2026-11-19"),
        ("the day after tomorrow", "2026-11-22"),
        ("2027-01-31", "2027-01-31"),
        ("10 days", "2026-11-30"),
        ("one week", "2026-11-27"),
        ("in six weeks", "2027-01-01"),
        ("6 wks", "2027-01-01"),
        ("6w", "2027-01-01"),
        ("two weeks from now", "2026-12-04"),
        ("in two weeks' time", "2026-12-04"),
        ("a couple of months", "2027-01-19"),
        ("2 years", "2028-11-19"),
        ("Friday", "2026-11-27"),
        ("next  friday", "2026-11-27"),
        ("by Monday", "2026-11-23"),
        ("5 March", "2027-03-05"),
        ("December 1st", "2026-12-01"),
        ("nov 20", "2026-11-20"),
        ("Mar 5, 2028", "2028-03-05"),
        ("the 5th of March", "2027-03-05"),
    ],
)
def test_words_for_a_day_are_that_day(words: str, day: str) -> None:
    assert day_ahead(words, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "words", ["", "soon", "next week", "31 June", "2026-02-30", "6 fortnights", "weeks", "1 week 2"]
)
def test_other_words_name_no_day(words: str) -> None:
    assert day_ahead(words, TODAY) is None


@given(st.integers(0, 999), st.sampled_from([("day", 1), ("week", 7), ("month", 30)]))
def test_a_span_of_time_is_that_long(count: int, unit: tuple[str, int]) -> None:
    name, days = unit
    assert day_ahead(f"{count} {name}s", TODAY) == TODAY + timedelta(days=count * days)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(["tuesday", "tue"]))
def test_a_weekday_is_the_first_one_after_today(today: date, name: str) -> None:
    day = day_ahead(name, today)
    assert day is not None
    assert day.weekday() == 1
    assert timedelta(0) < day - today <= timedelta(days=7)
