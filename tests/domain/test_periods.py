"""Time words as periods: taken where they clearly are, left alone where they are not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.periods import named_days, read_period

NOW = datetime(2026, 11, 20, 18, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("query", "words", "since", "until"),
    [
        ("what did I write yesterday about heaps", "yesterday", "2026-11-19", "2026-11-20"),
        ("what went wrong last night", "last night", "2026-11-19", "2026-11-20"),
        ("what did I write last week about heaps", "last week", "2026-11-09", "2026-11-16"),
        ("last weekend", "last weekend", "2026-11-14", "2026-11-16"),
        ("mistakes in the last week", "in the last week", "2026-11-13", "2026-11-21"),
        ("over the past 3 days", "over the past 3 days", "2026-11-17", "2026-11-21"),
        ("last month's mistakes", "last month's", "2026-10-01", "2026-11-01"),
        ("what did I fail last year", "last year", "2025-01-01", "2026-01-01"),
        ("notes from two weeks ago", "from two weeks ago", "2026-11-03", "2026-11-10"),
        ("3 days ago", "3 days ago", "2026-11-17", "2026-11-18"),
        ("since two weeks ago", "since two weeks ago", "2026-11-06", None),
        ("graphs since Monday", "since Monday", "2026-11-16", None),
        ("since Friday", "since Friday", "2026-11-20", None),
        ("last Friday", "last Friday", "2026-11-13", "2026-11-14"),
        ("what did I solve on Monday", "on Monday", "2026-11-16", "2026-11-17"),
        ("what did I learn today", "today", "2026-11-20", "2026-11-21"),
        ("my mistakes this week", "this week", "2026-11-16", "2026-11-23"),
        ("what did I practise in March", "in March", "2026-03-01", "2026-04-01"),
        ("what did I practise in December", "in December", "2025-12-01", "2026-01-01"),
        ("heaps in March 2025", "in March 2025", "2025-03-01", "2025-04-01"),
        ("heaps in May", "in May", "2026-05-01", "2026-06-01"),
        ("what I noted before October", "before October", None, "2026-10-01"),
        ("what I noted until October", "until October", None, "2026-11-01"),
        ("what I noted after October", "after October", "2026-11-01", None),
        ("what did I solve on March 5th", "on March 5th", "2026-03-05", "2026-03-06"),
        ("notes of 5 December", "of 5 December", "2025-12-05", "2025-12-06"),
        ("notes since 2026-03-05", "since 2026-03-05", "2026-03-05", None),
        ("my attempts in 2025", "in 2025", "2025-01-01", "2026-01-01"),
        ("what happened on November 20", "on November 20", "2026-11-20", "2026-11-21"),
        ("what went wrong with heaps in October", "in October", "2026-10-01", "2026-11-01"),
        ("Anything else went badly this week?", "this week", "2026-11-16", "2026-11-23"),
        (
            "what I wrote the day  before yesterday",
            *("the day  before yesterday", "2026-11-18", "2026-11-19"),
        ),
        ("before the day before yesterday", "before the day before yesterday", None, "2026-11-18"),
        ("before yesterday", "before yesterday", None, "2026-11-19"),
        (
            "what did I get wrong today and yesterday",
            *("today and yesterday", "2026-11-19", "2026-11-21"),
        ),
        ("Yesterday and today", "Yesterday and today", "2026-11-19", "2026-11-21"),
    ],
)
def test_time_words_are_the_period_they_mean(
    query: str, words: str, since: str | None, until: str | None
) -> None:
    period = read_period(query, NOW)
    assert period is not None
    assert period.words == words
    assert [moment and moment.date().isoformat() for moment in (period.since, period.until)] == [
        since,
        until,
    ]


@pytest.mark.parametrize(
    "query",
    [
        "week view problem",
        "last day where you can still cross",
        "last stone weight",
        "the last week of the course",
        "what should I practise today",
        "what will I do this week",
        "my onsite is on Monday",
        "may I see my notes",
        "What did Maria donate in December 2023?",
        "What did Mel paint on 5 July 2023?",
        "What happened to Maria in December 2023?",
        "What went wrong for Mel on 5 July 2023?",
        "march through the matrix",
        "notes on 31 June",
        "sunday-school scheduling",
        "notes since 2999-01-01",
        "0000-00-00 since 9999-99-99",
        "",
    ],
)
def test_words_that_need_not_be_a_period_are_none(query: str) -> None:
    assert read_period(query, NOW) is None


def test_days_begin_where_the_learner_lives() -> None:
    tokyo = ZoneInfo("Asia/Tokyo")  # where it is Saturday already
    period = read_period("yesterday", NOW, tokyo)
    assert period is not None
    assert period.since == datetime(2026, 11, 20, tzinfo=tokyo)
    assert period.until == datetime(2026, 11, 21, tzinfo=tokyo)


@given(
    query=st.lists(
        st.sampled_from(
            (
                *("since", "before", "last", "this", "the", "past", "3", "999", "days", "weeks"),
                *("month", "year", "ago", "a", "on", "in", "march", "monday", "31", "february"),
                *("2024-02-30", "2026", "today", "i", "did", "notes", "yesterday's", "of"),
            )
        ),
        max_size=8,
    ).map(" ".join),
    now=st.datetimes(min_value=datetime(1, 1, 2), timezones=st.just(UTC)),  # noqa: DTZ001 - the strategy adds the zone
)
def test_whatever_is_asked_a_period_begins_before_it_ends_and_not_ahead(
    query: str, now: datetime
) -> None:
    period = read_period(query, now)
    if period is None:
        return
    assert period.words in query
    assert period.since is None or period.since <= now
    assert period.since is None or period.until is None or period.since < period.until
    assert (period.since or period.until) is not None


def test_a_week_is_seven_days_on_every_day_of_the_year() -> None:
    for day in range(366):
        now = NOW + timedelta(days=day)
        period = read_period("last week", now)
        assert period is not None
        assert period.since is not None
        assert period.until is not None
        assert period.until - period.since == timedelta(days=7)
        assert period.until.date() == now.date() - timedelta(days=now.weekday())
        assert period.since.date() != date.min


@pytest.mark.parametrize(
    ("words", "first", "end"),
    [
        ("last  week", "2026-11-09", "2026-11-16"),
        ("2 weeks ago", "2026-11-06", "2026-11-07"),
        ("Monday", "2026-11-16", "2026-11-17"),
        ("march", "2026-03-01", "2026-04-01"),
        ("the day before yesterday", "2026-11-18", "2026-11-19"),
    ],
)
def test_words_that_name_days_by_themselves_are_those_days(
    words: str, first: str, end: str
) -> None:
    found = named_days(words, NOW.date())
    assert found == (date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize("words", ["", "recently", "heaps last week", "next week", "31 June"])
def test_words_that_name_more_or_less_than_days_are_none(words: str) -> None:
    assert named_days(words, NOW.date()) is None
