"""Days in a row and weeks of practice, wherever the learner lives."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.streaks import (
    ACTIVE_WINDOW,
    WEEKS,
    Practised,
    Streak,
    day_of,
    streak,
    weeks,
)

TODAY = date(2026, 11, 20)  # a Friday
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
ZONES = st.sampled_from(
    ["UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Pacific/Pago_Pago"]
).map(ZoneInfo)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=3_650)).map(
    lambda since: datetime(2020, 1, 1, tzinfo=UTC) + since
)


def days(practice: list[Practised], zone: tzinfo = UTC) -> set[date]:
    return {day_of(one.at, zone) for one in practice}


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(days=n) for n in days]


@pytest.mark.parametrize(
    ("practised", "current", "longest"),
    [
        ([], 0, 0),
        (ago(0), 1, 1),
        (ago(1), 1, 1),
        (ago(2), 0, 1),
        (ago(0, 1, 2), 3, 3),
        (ago(1, 2, 3), 3, 3),
        (ago(0, 2, 3, 4), 1, 3),
        (ago(5, 6, 9), 0, 2),
        (ago(0, 0, 0, 1), 2, 2),
    ],
)
def test_a_streak_is_the_run_that_reached_yesterday(
    practised: list[date], current: int, longest: int
) -> None:
    found = streak(practised, TODAY)
    assert (found.current, found.longest) == (current, longest)


def test_active_days_are_counted_in_the_last_four_weeks() -> None:
    assert streak(ago(0, 0, 27, 28, 400), TODAY) == Streak(1, 2, 2)


@given(st.lists(DAYS, max_size=60), DAYS)
def test_a_streak_is_never_longer_than_the_longest_or_the_days_there_are(
    practised: list[date], today: date
) -> None:
    found = streak(practised, today)
    assert 0 <= found.current <= found.longest <= len(set(practised))
    assert 0 <= found.active_days <= min(ACTIVE_WINDOW, len(set(practised)))
    assert streak(practised[::-1] + practised, today) == found


@given(st.lists(DAYS, max_size=30), DAYS)
def test_practising_today_never_shortens_a_streak(practised: list[date], today: date) -> None:
    earlier = [day for day in practised if day <= today]
    before, after = streak(earlier, today), streak([*earlier, today], today)
    assert after.current >= max(before.current, 1)
    assert after.longest >= before.longest


@given(st.lists(DAYS, min_size=1, max_size=30), DAYS)
def test_a_clock_set_back_takes_no_streak_away(practised: list[date], today: date) -> None:
    latest = max(practised)
    if today < latest:
        assert streak(practised, today) == streak(practised, latest)
        assert weeks([], practised, today, UTC) == weeks([], practised, latest, UTC)


def test_one_moment_is_two_days_in_two_zones() -> None:
    moment = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert day_of(moment, ZoneInfo("America/New_York")) == date(2026, 11, 20)
    assert day_of(moment, ZoneInfo("Europe/Paris")) == date(2026, 11, 21)
    assert day_of(moment, ZoneInfo("Asia/Kathmandu")) == date(2026, 11, 21)


def test_the_night_the_clocks_change_is_one_day() -> None:
    paris = ZoneInfo("Europe/Paris")
    night = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # midnight in Paris, before 25 hours
    found = [day_of(night + timedelta(hours=n), paris) for n in range(26)]
    assert found == 25 * [date(2026, 10, 25)] + [date(2026, 10, 26)]


@pytest.mark.parametrize("offset", [-12, 14])
@pytest.mark.parametrize(
    "edge",
    [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)],
)
def test_the_ends_of_the_calendar_have_a_day(edge: datetime, offset: int) -> None:
    zone: tzinfo = timezone(timedelta(hours=offset))
    assert day_of(edge, zone).year in (1, 9999)


def test_weeks_begin_on_monday_and_empty_ones_between_are_shown() -> None:
    practice = [
        Practised(datetime(2026, 11, 1, 12, tzinfo=UTC), 30),  # a Sunday
        Practised(datetime(2026, 11, 16, 12, tzinfo=UTC), 20.5),
        Practised(datetime(2026, 11, 20, 12, tzinfo=UTC), None),
    ]
    found = weeks(practice, days(practice), TODAY, UTC)
    assert [(week.starts, week.attempts, week.timed, week.minutes) for week in found] == [
        (date(2026, 10, 26), 1, 1, 30),
        (date(2026, 11, 2), 0, 0, 0),
        (date(2026, 11, 9), 0, 0, 0),
        (date(2026, 11, 16), 2, 1, 20.5),
    ]


@given(
    st.lists(st.builds(Practised, MOMENTS, st.one_of(st.none(), st.floats(0.1, 600))), max_size=40),
    MOMENTS,
    ZONES,
)
def test_weeks_follow_each_other_and_lose_nothing_of_their_time(
    practice: list[Practised], now: datetime, zone: ZoneInfo
) -> None:
    today = day_of(now, zone)
    found = weeks(practice, days(practice, zone), today, zone)
    assert len(found) <= WEEKS
    assert bool(found) == bool(practice)
    for week in found:
        assert week.starts.weekday() == 0
        assert 0 <= week.timed <= week.attempts
        assert week.minutes >= 0
    for before, after in pairwise(found):
        assert after.starts - before.starts == timedelta(days=7)
    if found:
        shown = [one for one in practice if day_of(one.at, zone) >= found[0].starts]
        assert sum(week.attempts for week in found) == len(shown)
