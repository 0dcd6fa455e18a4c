"""A plan against what was done of it, and against the next one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.adherence import Done, adherence, spent_on, undone
from maang_mcp.domain.replanning import Changes, changes
from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import (
    Feasibility,
    ItemKind,
    PlanItem,
    PlanWeek,
    Session,
    StudyPlan,
)

from .learners import START

MONDAY = START.date()


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


def new(problem: str, minutes: int = 20) -> PlanItem:
    return PlanItem(ItemKind.NEW, minutes, Round.CODING, problem, "arrays", 0.6)


def again(problem: str) -> PlanItem:
    return PlanItem(ItemKind.REVIEW, 10, Round.CODING, problem, "arrays", 0.8)


REVIEW = ItemKind.REVIEW
MOCK = PlanItem(ItemKind.MOCK, 45, Round.CODING)


def plan(sessions: dict[int, tuple[PlanItem, ...]], weeks: int = 2) -> StudyPlan:
    """Sessions by day, in weeks from a Monday on."""
    return StudyPlan(
        id=UUID(int=1),
        made_at=START,
        starts_on=MONDAY,
        until=day(7 * weeks),
        hours_per_week=5,
        rest_days=frozenset(),
        rounds=(Round.CODING,),
        weeks=tuple(
            PlanWeek(
                day(7 * n),
                day(7 * n + 6),
                300,
                tuple(Session(day(d), kept) for d, kept in sessions.items() if d // 7 == n),
            )
            for n in range(weeks)
        ),
        feasibility=Feasibility(fits=True, required=0, available=600),
    )


PLAN = plan({0: (new("a"), new("b")), 2: (new("c", 35), MOCK), 7: (again("a"), new("d"))})


def test_nothing_is_missed_on_the_first_day() -> None:
    kept = adherence(PLAN, [], day(0))
    assert (kept.whole.planned_items, kept.whole.planned_minutes, kept.missed) == (0, 0, ())
    assert kept.whole.share is None


def test_what_is_planned_for_today_counts_once_it_is_done() -> None:
    kept = adherence(PLAN, [Done(day(0), "a", 25)], day(0))
    assert (kept.whole.planned_items, kept.whole.done_items, kept.whole.share) == (1, 1, 1.0)
    assert (kept.whole.planned_minutes, kept.whole.done_minutes) == (20, 25)


def test_missed_items_are_named_and_late_ones_count() -> None:
    done = [Done(day(1), "b", 30), Done(day(3), "x", 15), Done(day(3), "two-sum", 40, mock=True)]
    kept = adherence(PLAN, done, day(4))
    assert [item.problem for item in kept.missed] == ["a", "c"]
    assert kept.whole == kept.this_week
    assert (kept.whole.planned_items, kept.whole.done_items, kept.whole.extra_items) == (4, 2, 1)
    assert (kept.whole.planned_minutes, kept.whole.done_minutes) == (120, 85)
    assert kept.whole.share == 0.5


def test_an_untimed_attempt_counts_with_the_minutes_planned_for_it() -> None:
    kept = adherence(PLAN, [Done(day(0), "a"), Done(day(0), "x")], day(1))
    assert (kept.whole.done_minutes, kept.whole.extra_items) == (20, 1)


def test_this_week_is_the_calendar_week() -> None:
    done = [Done(day(0), "a", 20), Done(day(7), "a", 10), Done(day(8), "b", 20)]
    kept = adherence(PLAN, done, day(8))
    assert (kept.whole.planned_items, kept.whole.done_items) == (6, 3)
    week = kept.this_week
    assert (week.planned_items, week.done_items, week.planned_minutes) == (2, 1, 30)
    assert week.done_minutes == 30


def test_several_attempts_at_a_problem_on_one_day_do_one_item() -> None:
    done = [Done(day(0), "a", 20), Done(day(0), "a", 10)]
    kept = adherence(PLAN, done, day(0))
    assert (kept.whole.done_items, kept.whole.extra_items, kept.whole.done_minutes) == (1, 1, 30)
    left = [(when, item.problem) for when, item in undone(PLAN, done, day(0))]
    assert (day(7), "a") in left


def test_what_was_done_before_the_plan_or_lies_ahead_is_not_counted() -> None:
    done = [Done(day(-1), "a", 20), Done(day(5), "b", 20)]
    kept = adherence(PLAN, done, day(3))
    assert (kept.whole.done_items, kept.whole.extra_items, kept.whole.done_minutes) == (0, 0, 0)


def test_after_the_plan_the_week_is_empty_and_the_whole_stays() -> None:
    kept = adherence(PLAN, [Done(day(0), "a", 20)], day(30))
    assert (kept.whole.planned_items, kept.whole.done_items) == (6, 1)
    assert (kept.this_week.planned_items, kept.this_week.done_minutes) == (0, 0)


@given(
    st.lists(
        st.builds(
            Done,
            st.integers(-3, 16).map(day),
            st.sampled_from("abcdx"),
            st.none() | st.floats(1, 90),
            st.booleans(),
        ),
        max_size=12,
    ),
    st.integers(0, 16),
)
def test_every_attempt_does_one_item_or_is_extra(done: list[Done], today: int) -> None:
    kept = adherence(PLAN, done, day(today))
    left = undone(PLAN, done, day(today))
    items = sum(len(session.items) for session in PLAN.sessions)
    counted = [one for one in done if MONDAY <= one.day <= day(today)]
    assert items - len(left) + kept.whole.extra_items == len(counted)
    assert 0 <= kept.whole.done_items <= kept.whole.planned_items <= items
    assert kept.whole.planned_items - kept.whole.done_items == len(kept.missed)
    assert kept.this_week.planned_items <= kept.whole.planned_items
    assert kept.this_week.done_minutes <= kept.whole.done_minutes


# --- Against the next plan.


def test_a_new_plan_says_what_stayed_moved_fell_out_and_came() -> None:
    after = plan({1: (new("b"), new("e")), 2: (MOCK,), 7: (again("a"),), 9: (new("c"),)})
    done = [Done(day(0), "a", 20)]
    assert changes(PLAN, after, done, day(1)) == Changes(kept=1, moved=2, dropped=1, new=1)


def test_reviews_that_come_at_other_times_change_nothing() -> None:
    after = plan({0: (new("a"), new("b")), 2: (new("c", 35), MOCK), 7: (new("d"), again("b"))})
    assert changes(PLAN, after, [], day(0)) == Changes(kept=5, moved=0, dropped=0, new=0)


def test_the_same_plan_keeps_everything() -> None:
    assert changes(PLAN, PLAN, [], day(0)) == Changes(kept=5, moved=0, dropped=0, new=0)


days_of_items = st.dictionaries(
    st.integers(0, 13),
    st.lists(st.sampled_from([new("a"), new("b"), again("a"), MOCK]), max_size=3).map(tuple),
    max_size=5,
)


@given(days_of_items, days_of_items)
def test_every_new_problem_and_mock_is_told_once(
    one: dict[int, tuple[PlanItem, ...]], other: dict[int, tuple[PlanItem, ...]]
) -> None:
    before, after = plan(one), plan(other)
    told = changes(before, after, [], day(0))
    had, has = (
        Counter(item for items in some.values() for item in items if item.kind is not REVIEW)
        for some in (one, other)
    )
    assert told.kept + told.moved + told.dropped == had.total()
    assert told.kept + told.moved + told.new == has.total()
    assert told.kept + told.moved == (had & has).total()


def test_the_time_of_a_day_is_that_of_its_attempts_untimed_ones_as_planned() -> None:
    done = [
        Done(day(0), "a", 25),
        Done(day(2), "c"),
        Done(day(2), "x"),
        Done(day(2), "y", 12.4),
        Done(day(2), "two-sum", mock=True),
        Done(day(7), "d"),
    ]
    assert [spent_on(day(n), done, PLAN) for n in (0, 1, 2, 7)] == [25, 0, 35 + 12 + 45, 20]
    assert [spent_on(day(n), done, None) for n in (0, 2)] == [25, 12]
