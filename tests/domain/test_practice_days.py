"""The calendar of a plan: weeks, budgets to the minute, sessions worth beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.practice_days import (
    LIGHT_SESSION,
    LONGEST_SESSION,
    SHORTEST_SESSION,
    WEEKDAYS,
    Goal,
    frames,
    longest_slot,
)

MONDAY = date(2026, 1, 5)
GOAL = Goal(MONDAY + timedelta(days=28), 8.0)
WEEKEND = frozenset({5, 6})


def test_full_weeks_have_all_the_hours_and_partial_ones_their_part() -> None:
    found = frames(GOAL, MONDAY + timedelta(days=4))
    assert [week.available for week in found] == [205, 480, 480, 480]
    assert [(week.starts_on.weekday(), week.ends_on.weekday()) for week in found] == [
        (4, 6),
        (0, 6),
        (0, 6),
        (0, 6),
    ]


def test_who_rests_on_weekends_has_the_whole_week_in_five_days() -> None:
    goal = replace(GOAL, rest_days=WEEKEND, until=MONDAY + timedelta(days=5))
    (week,) = frames(goal, MONDAY)
    assert week.available == 480
    assert [slot.minutes for slot in week.slots] == [96, 96, 96, 96, LIGHT_SESSION]


@pytest.mark.parametrize(
    ("hours", "sessions"),
    [(0.25, []), (0.5, [30]), (1, [60]), (3, [60, 60, 60]), (7, [60] * 7), (40, [240] * 7)],
)
def test_time_is_gathered_into_sessions_before_there_are_more(
    hours: float, sessions: list[int]
) -> None:
    first, *_ = frames(replace(GOAL, hours_per_week=hours), MONDAY)
    assert [slot.minutes for slot in first.slots] == sessions
    assert first.unusable == first.available - sum(sessions)


@pytest.mark.parametrize(
    ("spent", "left"), [(0, 60), (25, 35), (59, 1), (60, 0), (200, 0)], ids=str
)
def test_what_was_practised_today_comes_off_todays_session_alone(spent: int, left: int) -> None:
    whole, begun = (frames(replace(GOAL, hours_per_week=7), MONDAY, n) for n in (0, spent))
    assert [slot.minutes for slot in begun[0].slots] == [left, *[60] * 6]
    assert begun[0].available == whole[0].available - (60 - left)
    assert begun[0].unusable == whole[0].unusable
    assert begun[1:] == whole[1:]


def test_practice_on_a_day_without_a_session_takes_nothing_from_the_others() -> None:
    goal = replace(GOAL, hours_per_week=2)
    assert frames(goal, MONDAY, 45) == frames(goal, MONDAY)


def test_sessions_are_spread_over_the_week() -> None:
    first, *_ = frames(replace(GOAL, hours_per_week=2), MONDAY)
    assert [slot.day.weekday() for slot in first.slots] == [1, 5]


def test_the_last_session_is_light_only_when_the_interview_is_close() -> None:
    *_, close = [slot for week in frames(GOAL, MONDAY) for slot in week.slots]
    assert (close.light, close.is_last, close.minutes) == (True, True, LIGHT_SESSION)
    *_, far = [
        slot for week in frames(replace(GOAL, hours_per_week=1), MONDAY) for slot in week.slots
    ]
    assert (far.light, far.is_last, far.minutes) == (False, True, 60)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"until": MONDAY}, "leaves no day"),
        ({"until": MONDAY - timedelta(days=3)}, "leaves no day"),
        ({"until": MONDAY + timedelta(days=400)}, "more than a year"),
        ({"hours_per_week": 0.0}, "0 hours"),
        ({"hours_per_week": -2.0}, "-2 hours"),
        ({"hours_per_week": float("nan")}, "nan hours"),
        ({"hours_per_week": float("inf")}, "inf hours"),
        ({"hours_per_week": 169.0}, "169 hours"),
        ({"hours_per_week": 0.3}, "less than one short session"),
        ({"rest_days": frozenset(range(7))}, "Every day"),
        ({"rest_days": frozenset({0}), "until": MONDAY + timedelta(days=1)}, "Only rest days"),
    ],
)
def test_a_goal_no_plan_can_begin_with_says_what_to_change(
    changed: dict[str, object], said: str
) -> None:
    with pytest.raises(InvalidInput, match=said) as refused:
        replace(GOAL, **changed).check(MONDAY)  # type: ignore[arg-type]  # the fields are the case's
    assert refused.value.next_step


@given(
    first=st.integers(0, 6),
    ahead=st.integers(1, 120),
    hours=st.floats(0.34, 60),
    rest=st.frozensets(st.integers(0, 6), max_size=6),
)
def test_slots_lie_on_practice_days_within_the_weeks_time(
    first: int, ahead: int, hours: float, rest: frozenset[int]
) -> None:
    start = MONDAY + timedelta(days=first)
    goal = Goal(start + timedelta(days=ahead), hours, rest)
    found = frames(goal, start)
    assert found[0].starts_on == start
    assert found[-1].ends_on == goal.until - timedelta(days=1)
    slots = [slot for week in found for slot in week.slots]
    days = [slot.day for slot in slots]
    assert days == sorted(set(days))
    assert not {day.weekday() for day in days} & rest
    assert sum(slot.is_last for slot in slots) == bool(slots)
    for week in found:
        assert 0 <= week.available <= goal.minutes_per_week
        assert 0 <= week.unusable <= week.available
        assert all(week.starts_on <= slot.day <= week.ends_on for slot in week.slots)
        for slot in week.slots:
            assert SHORTEST_SESSION <= slot.minutes <= LONGEST_SESSION
    assert longest_slot(found) == max((slot.minutes for slot in slots), default=0)


def test_weekdays_are_named_as_dates_count_them() -> None:
    for n, name in enumerate(WEEKDAYS):
        assert (MONDAY + timedelta(days=n)).strftime("%A").lower() == name
