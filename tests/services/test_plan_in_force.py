"""The plan in force wherever it is spoken of: read without a write, kept across new plans, and one
with what is proposed."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import (
    Feasibility,
    ItemKind,
    PlanItem,
    PlanWeek,
    Session,
    StudyPlan,
)
from maang_mcp.services.erasure import ERASE_EVERYTHING
from maang_mcp.services.requests import Plan, StudyGoal, Wanted
from tests.factories import NOW, SteppingClock, report
from tests.lives import interviewed

SIX_WEEKS = StudyGoal("6 weeks", 8)
TODAY = NOW.date()


def _new(problem: str, skill: str = "two-pointers", minutes: int = 25) -> PlanItem:
    return PlanItem(ItemKind.NEW, minutes, Round.CODING, problem, skill, 0.6)


def _review(problem: str) -> PlanItem:
    return PlanItem(ItemKind.REVIEW, 10, Round.CODING, problem, "two-pointers", 0.8)


MOCK = PlanItem(ItemKind.MOCK, 45, Round.SYSTEM_DESIGN)


async def _planned(
    store: Store, learner: Learner, sessions: dict[int, tuple[PlanItem, ...]]
) -> None:
    """A plan of exactly these sessions, so many days from today, on record."""
    plan = StudyPlan(
        id=uuid4(),
        made_at=NOW,
        starts_on=TODAY,
        until=TODAY + timedelta(days=42),
        hours_per_week=6,
        rest_days=frozenset(),
        rounds=(Round.CODING,),
        weeks=tuple(
            PlanWeek(
                TODAY + timedelta(days=ahead),
                TODAY + timedelta(days=ahead),
                60,
                (Session(TODAY + timedelta(days=ahead), items),),
            )
            for ahead, items in sessions.items()
        ),
        feasibility=Feasibility(fits=True, required=0, available=0),
    )
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.plans.add(plan, request="", answer={})


def _tokens(answer: object) -> float:
    return len(json.dumps(asdict(answer), default=str)) / 4  # type: ignore[call-overload]  # an answer


# --- Read without a write.


async def test_a_greeting_tells_today_and_the_next_two_sessions(
    coach: Coach, learner: Learner
) -> None:
    made = await coach.planning.make_plan(learner, SIX_WEEKS)
    today, *ahead = made.next_sessions
    told = (await coach.learners.briefing(learner)).plan
    assert today.day == TODAY
    assert told[0].startswith(f"Planned for today, {today.minutes} minutes: ")
    assert told[1].startswith(f"Then {ahead[0].day.isoformat()}, {ahead[0].minutes} minutes: ")
    assert f"; {ahead[1].day.isoformat()}, {ahead[1].minutes} minutes: " in told[1]
    assert all(item in told[1] for item in ahead[0].items[:4])
    assert len(told) == 2
    assert (await coach.learners.briefing(learner)).plan == told


async def test_the_greeting_of_a_full_plan_stays_short(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for n, problem in enumerate(("two-sum", "3sum", "coin-change", "binary-search")):
        await coach.practice.record_attempt(learner, report(problem, Outcome.FAILED))
        clock.forward(hours=n)
    await coach.learners.update_profile(learner, {"interview_date": "2027-01-15"})
    await coach.planning.make_plan(learner, StudyGoal(hours_per_week=40.0))
    clock.forward(days=3)
    briefing = await coach.learners.briefing(learner)
    assert len(briefing.plan) == 3
    assert _tokens(briefing) < 600


# --- Kept across new plans.


async def test_asking_for_a_plan_again_does_not_wipe_what_was_kept(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    made = await coach.planning.make_plan(learner, SIX_WEEKS)
    first = made.next_sessions[0].items[0].split()[1]
    clock.forward(minutes=30)
    await coach.practice.record_attempt(learner, report(first, minutes=20))
    for _ in range(3):
        clock.forward(minutes=30)
        await coach.planning.make_plan(learner, SIX_WEEKS)
        told = (await coach.progress.report(learner)).plan
        assert told is not None
        assert (told.so_far.planned_items, told.so_far.done_items) == (1, 1)
        assert (told.this_week, told.so_far.extra_items) == (told.so_far, 0)


async def test_weeks_of_plans_made_anew_add_up(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    planned = done = 0
    for _ in range(3):
        made = await coach.planning.make_plan(learner, SIX_WEEKS)
        week = [s for s in made.next_sessions if (s.day - clock().date()).days < 2]
        clock.forward(minutes=10)
        for session in week:
            if session.day == clock().date():
                problem = session.items[0].split()[1]
                await coach.practice.record_attempt(learner, report(problem, minutes=20))
                done += 1
        planned += sum(len(session.items) for session in week)
        clock.forward(days=2, minutes=-10)
    told = (await coach.progress.report(learner)).plan
    assert told is not None
    assert (told.so_far.planned_items, told.so_far.done_items) == (planned, done)
    assert f"{done} of {planned} items" in (await coach.progress.report(learner)).status


async def test_who_was_forgotten_has_kept_nothing(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for _ in range(2):
        made = await coach.planning.make_plan(learner, SIX_WEEKS)
        clock.forward(minutes=10)
    await coach.practice.record_attempt(learner, report(made.next_sessions[0].items[0].split()[1]))
    await coach.erasure.forget(learner, "everything", None, ERASE_EVERYTHING)
    assert (await coach.progress.report(learner)).plan is None
    assert (await coach.learners.briefing(learner)).plan == []
    await coach.planning.make_plan(learner, SIX_WEEKS)
    told = (await coach.progress.report(learner)).plan
    assert told is not None
    assert (told.so_far.planned_items, told.so_far.extra_items) == (0, 0)


# --- One with what is proposed.


async def test_the_proposal_is_the_first_item_left_of_today(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    made = await coach.planning.make_plan(learner, SIX_WEEKS)
    left = [item.split()[1] for item in made.next_sessions[0].items]
    for problem in left:
        for _ in range(2):
            found = await coach.coaching.next_problem(learner, Wanted())
            briefing = await coach.learners.briefing(learner)
            assert found.problem is not None
            assert found.problem.problem == problem
            assert found.reason.startswith("Planned for today: new, ")
            assert briefing.proposal == f"Practise {found.problem.title}. {found.reason}"
        await coach.practice.record_attempt(learner, report(problem, minutes=20))
        clock.forward(minutes=20)
    found = await coach.coaching.next_problem(learner, Wanted())
    briefing = await coach.learners.briefing(learner)
    assert "Planned for today" not in found.reason
    assert briefing.plan[0] == "Nothing is left of today's plan."
    assert found.reason in briefing.proposal


async def test_a_planned_problem_is_proposed_with_its_numbers(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await _planned(store, learner, {0: (_new("3sum"),)})
    guessed = await coach.coaching.next_problem(learner, Wanted())
    assert guessed.success_probability is not None
    assert guessed.reason == (
        "Planned for today: new, 25 minutes for Two pointers; chance to solve it in time: "
        f"{guessed.success_probability:.0%}, a guess, nothing is on record."
    )
    assert (guessed.kind, guessed.skill, guessed.n) == (Practice.NEW, "two-pointers", 0)
    await coach.practice.record_attempt(learner, report("valid-palindrome"))
    known = await coach.coaching.next_problem(learner, Wanted())
    assert "from 1 attempt at the skill." in known.reason
    assert known.n == 1


async def test_a_planned_review_says_what_is_remembered(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    clock.forward(days=-4)
    await coach.practice.record_attempt(learner, report("two-sum"))
    clock.forward(days=4)
    await _planned(store, learner, {0: (_review("two-sum"), _new("3sum"))})
    found = await coach.coaching.next_problem(learner, Wanted())
    assert found.kind is Practice.REVIEW
    assert found.problem is not None
    assert (found.problem.problem, found.problem.attempts) == ("two-sum", 1)
    assert "review, 10 minutes; last practised 4 days ago, remembered with a pro" in found.reason


async def test_a_planned_mock_is_proposed_until_it_was_held(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await _planned(store, learner, {0: (MOCK,)})
    said = "Planned for today: a mock interview (system design), 45 minutes."
    found = await coach.coaching.next_problem(learner, Wanted())
    briefing = await coach.learners.briefing(learner)
    assert (found.status, found.problem, found.next_actions) == (said, None, ["start_interview"])
    assert (briefing.proposal, briefing.next_actions[0]) == (said, "start_interview")
    clock.forward(minutes=5)
    await interviewed(coach, learner, clock)
    assert (await coach.coaching.next_problem(learner, Wanted())).problem is not None


@pytest.mark.parametrize(
    "wanted",
    [Wanted(round=Round.CODING), Wanted(max_minutes=60), Wanted(kind=Practice.EXPLORE)],
    ids=["round", "minutes", "kind"],
)
async def test_who_asks_for_something_in_particular_does_not_get_the_plan(
    coach: Coach, learner: Learner, store: Store, wanted: Wanted
) -> None:
    await _planned(store, learner, {0: (_new("edit-distance"),)})
    found = await coach.coaching.next_problem(learner, wanted)
    assert "Planned for today" not in found.reason


async def test_an_unfinished_interview_comes_before_the_plan(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await _planned(store, learner, {0: (_new("3sum"),)})
    await coach.interviews.start(learner, Plan(question="3sum"))
    assert "again" in (await coach.learners.briefing(learner)).proposal


async def test_what_is_no_longer_shipped_is_passed_over(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await _planned(store, learner, {0: (_new("a-problem-of-old"), _new("3sum"))})
    found = await coach.coaching.next_problem(learner, Wanted())
    assert found.problem is not None
    assert found.problem.problem == "3sum"


async def test_a_plan_that_is_over_proposes_nothing(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await _planned(store, learner, {0: (_new("3sum"),)})
    clock.forward(days=42)
    assert "Planned" not in (await coach.coaching.next_problem(learner, Wanted())).reason
    assert (await coach.learners.briefing(learner)).plan == []


# --- Reviews of what was never attempted.


async def test_a_review_of_a_problem_never_attempted_is_not_told(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    """The problem was to be practised before; a review that follows it in the plan is told."""
    later = (_review("3sum"), _review("4sum"))
    await _planned(
        store, learner, {0: (_new("two-sum"),), 1: (_review("two-sum"), _new("3sum")), 3: later}
    )
    clock.forward(days=1)
    assert (await coach.learners.briefing(learner)).plan[:2] == [
        "Planned for today, 25 minutes: new 3sum 25.",
        f"Then {(TODAY + timedelta(days=3)).isoformat()}, 10 minutes: review 3sum 10.",
    ]
    await coach.practice.record_attempt(learner, report("3sum"))
    briefing = await coach.learners.briefing(learner)
    assert briefing.plan[0] == "Nothing is left of today's plan."
    assert "two-sum" not in briefing.proposal


# --- A goal completed from the plan before.


async def test_a_plan_that_is_over_still_tells_hours_days_and_rounds(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    first = await coach.planning.make_plan(
        learner, StudyGoal("2 weeks", 8, ("sunday",), (Round.CODING, Round.BEHAVIORAL))
    )
    clock.forward(days=30)
    again = await coach.planning.make_plan(learner, StudyGoal("5 weeks"))
    assert replace(again.goal, until=first.goal.until) == first.goal


# --- Days where the learner lives.


async def test_days_since_practice_are_counted_where_the_learner_lives(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    clock.at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    await coach.practice.record_attempt(learner, report("two-sum"))
    clock.at = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    assert (await coach.learners.briefing(learner)).practised_days_ago == 1
    await coach.learners.update_profile(learner, {"timezone": "America/New_York"})
    assert (await coach.learners.briefing(learner)).practised_days_ago == 0


async def test_what_is_due_is_the_same_in_the_briefing_and_in_a_search(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    """Also on the day on which a review falls due, before its moment has come."""
    for problem in ("two-sum", "3sum", "coin-change"):
        await coach.practice.record_attempt(learner, report(problem, Outcome.FAILED))
        clock.forward(hours=5)
    counts = set()
    for _ in range(16):
        clock.forward(hours=3)
        briefing = await coach.learners.briefing(learner)
        found = await coach.library.search_problems(learner, Wanted(), status="due")
        assert found.total == briefing.reviews_due
        counts.add(found.total)
    assert {0, 3} <= counts


async def test_a_review_is_dated_where_the_learner_lives(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    clock.at = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    await coach.practice.record_attempt(learner, report("two-sum"))
    there = (await coach.library.problem(learner, "two-sum")).due
    await coach.learners.update_profile(learner, {"timezone": "Asia/Tokyo"})
    here = (await coach.library.problem(learner, "two-sum")).due
    assert there is not None
    assert here == there + timedelta(days=1)


async def test_the_day_before_the_interview_is_one_of_the_learners(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    """In Auckland it begins while it is still the day before in UTC."""
    await coach.practice.record_attempt(learner, report("3sum", minutes=5, confidence=5))
    profile = {"interview_date": "2026-11-23", "timezone": "Pacific/Auckland"}
    await coach.learners.update_profile(learner, profile)
    clock.at = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)
    assert (await coach.learners.briefing(learner)).reviews_due == 0
    clock.at = datetime(2026, 11, 21, 11, 30, tzinfo=UTC)
    assert (await coach.learners.briefing(learner)).reviews_due == 1
    clock.at = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    assert (await coach.learners.briefing(learner)).reviews_due == 0
