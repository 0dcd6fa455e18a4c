"""Plans that replaced one another, held against what was done while each was in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.domain.adherence import Done, adherence
from maang_mcp.domain.study_plan import PlanItem, StudyPlan
from maang_mcp.domain.succession import adherence_throughout, replaced_by

from .learners import START
from .test_adherence import day, new, plan


def at(n: int, hour: int) -> datetime:
    return datetime.combine(day(n), time(hour), START.tzinfo)


def made(n: int, hour: int, sessions: dict[int, tuple[PlanItem, ...]], weeks: int = 2) -> StudyPlan:
    """A plan made on a day at that hour."""
    return replace(plan(sessions, weeks), made_at=at(n, hour), starts_on=day(n))


def done(n: int, hour: int, problem: str) -> Done:
    return Done(day(n), problem, 20, at=at(n, hour))


def told(
    plans: list[StudyPlan], work: list[Done], today: date
) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    found = adherence_throughout(plans[-1], plans[:-1], work, today)
    return tuple(
        (kept.planned_items, kept.done_items, kept.extra_items)
        for kept in (found.whole, found.this_week)
    )  # type: ignore[return-value]  # two of them


def test_asking_again_on_the_same_day_forgets_nothing() -> None:
    first = made(0, 8, {0: (new("a"), new("b")), 1: (new("c"),)})
    again = made(0, 10, {0: (new("b"),), 1: (new("c"),)})
    assert told([first, again], [done(0, 9, "a")], day(0))[0] == (1, 1, 0)
    both = [done(0, 9, "a"), done(0, 11, "b")]
    assert told([first, again], both, day(0))[0] == (2, 2, 0)
    assert told([first, again], both, day(2))[0] == (3, 2, 0)


def test_the_day_counts_once_however_often_plans_are_made_on_it() -> None:
    plans = [
        made(0, 8, {0: (new("a"), new("b"), new("c"))}),
        made(0, 9, {0: (new("a"), new("b"), new("c"))}),
        made(0, 11, {0: (new("b"), new("c"))}),
        made(0, 13, {0: (new("c"),)}),
    ]
    work = [done(0, 10, "a"), done(0, 12, "b"), done(0, 14, "c")]
    assert told(plans, work, day(0)) == ((3, 3, 0), (3, 3, 0))
    assert told(plans, work[:2], day(1))[0] == (3, 2, 0)


def test_what_an_old_plan_missed_stays_missed_and_what_it_had_ahead_does_not_count() -> None:
    first = made(0, 8, {0: (new("a"),), 1: (new("b"),), 2: (new("c"),), 9: (new("d"),)})
    second = made(2, 8, {2: (new("b"),), 3: (new("c"),), 10: (new("d"),)})
    work = [done(0, 9, "a"), done(2, 9, "b"), done(3, 9, "c")]
    whole, _ = told([first, second], work, day(4))
    assert whole == (4, 3, 0)
    found = adherence_throughout(second, [first], work, day(4))
    assert found.missed == ()
    assert (found.whole.planned_minutes, found.whole.done_minutes) == (80, 60)


def test_this_week_is_that_of_today_across_plans() -> None:
    first = made(0, 8, {0: (new("a"),), 7: (new("b"),)})
    second = made(8, 8, {8: (new("c"),)})
    work = [done(0, 9, "a"), done(7, 9, "b"), done(8, 9, "c"), done(8, 10, "x")]
    assert told([first, second], work, day(8)) == ((3, 3, 1), (2, 2, 1))
    third = made(14, 8, {14: (new("d"),)}, weeks=3)
    assert told([first, second, third], work, day(14)) == ((3, 3, 1), (0, 0, 0))


def test_a_plan_that_begins_before_the_one_it_replaces_takes_its_days() -> None:
    """A zone further west, or a clock set back: the day of either plan counts once."""
    east = made(1, 8, {1: (new("a"),), 2: (new("b"),)})
    west = replace(made(0, 9, {0: (new("a"),), 1: (new("b"),)}), made_at=at(1, 9))
    assert told([east, west], [], day(3))[0] == (2, 0, 0)
    oldest = made(0, 7, {0: (new("x"),), 1: (new("a"),)})
    assert told([oldest, east, west], [], day(3))[0] == (2, 0, 0)


def test_a_plan_that_begins_tomorrow_leaves_today_to_the_old_one() -> None:
    first = made(0, 8, {0: (new("a"),), 1: (new("b"),)})
    tomorrow = replace(made(1, 8, {1: (new("b"),)}), made_at=at(0, 10))
    assert told([first, tomorrow], [done(0, 9, "a")], day(0))[0] == (1, 1, 0)
    assert told([first, tomorrow], [done(0, 9, "a")], day(2))[0] == (2, 1, 0)


def test_a_preparation_that_was_over_is_another_one() -> None:
    spring, later = made(0, 8, {0: (new("a"),)}), made(14, 8, {14: (new("b"),)}, weeks=4)
    changed = made(15, 8, {15: (new("b"),)}, weeks=4)
    assert replaced_by(changed, [spring, later]) == [later]
    assert replaced_by(later, [spring]) == []
    assert replaced_by(made(13, 8, {}), [spring]) == [spring]


@given(
    st.lists(st.lists(st.booleans(), min_size=1, max_size=3), min_size=1, max_size=10),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 23)), max_size=6),
)
def test_planning_the_same_again_at_any_moment_changes_no_count(
    kept: list[list[bool]], moments: list[tuple[int, int]]
) -> None:
    """Whatever was done was done on its day; a plan made anew leaves out what was done before."""
    items = {n: [new(f"{n}-{place}") for place in range(len(day))] for n, day in enumerate(kept)}
    work = [
        done(n, 6 + 4 * place, f"{n}-{place}")
        for n, day in enumerate(kept)
        for place, was_done in enumerate(day)
        if was_done
    ]
    plans = [made(0, 0, {n: tuple(of_day) for n, of_day in items.items()})]
    for n, hour in sorted(moments):
        before = {one.problem for one in work if one.at is not None and one.at < at(n, hour)}
        left = {
            ahead: tuple(item for item in of_day if item.problem not in before)
            for ahead, of_day in items.items()
            if ahead >= n
        }
        plans.append(made(n, hour, {ahead: some for ahead, some in left.items() if some}))
    for today in (day(len(kept) - 1), day(12)):
        if plans[-1].starts_on > today:
            continue
        until_now = [one for one in work if one.day <= today]
        whole = adherence_throughout(plans[-1], plans[:-1], until_now, today).whole
        assert whole == adherence(plans[0], until_now, today).whole
