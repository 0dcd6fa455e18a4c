"""Study plans end to end: from the profile and the record, kept, compared, made anew."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import Conflict, InvalidInput
from maang_mcp.domain.practice_days import Goal, frames
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import ItemKind, StudyPlan
from maang_mcp.services.answers.plan import PlanMade
from maang_mcp.services.erasure import ERASE_EVERYTHING
from maang_mcp.services.requests import StudyGoal
from tests.factories import NOW, SteppingClock, report
from tests.lives import interviewed

SIX_WEEKS = StudyGoal("6 weeks", 8)
TODAY = NOW.date()
SIX = Goal(TODAY + timedelta(weeks=6), 8)


def _tokens(answer: object) -> float:
    """Bytes / 4, as the product's budgets count."""
    return len(json.dumps(asdict(answer), default=str)) / 4  # type: ignore[call-overload]  # an answer


async def _in_force(coach: Coach, learner: Learner) -> StudyPlan:
    async with coach.store.reading(learner.id) as uow:
        plan = await uow.plans.latest()
    assert plan is not None
    return plan


# --- Making one.


async def test_a_plan_tells_whether_the_goal_fits_and_every_week(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.planning.make_plan(learner, SIX_WEEKS)
    verdict = answer.feasibility
    assert answer.status.startswith("It fits")
    assert verdict.fits
    assert verdict.required_minutes is not None
    assert verdict.required_minutes <= verdict.planned_minutes <= verdict.available_minutes
    assert answer.goal.until == TODAY + timedelta(days=42)
    assert (answer.goal.hours_per_week, answer.goal.rounds) == (8, ["coding"])
    assert len(answer.weeks) == 7
    assert all(" min; " in week and " new" in week for week in answer.weeks)
    assert answer.next_sessions[0].day == TODAY
    for session in answer.next_sessions:
        assert session.minutes == sum(int(item.split()[-1]) for item in session.items)
    assert answer.before is None
    assert answer.next_actions == ["next_problem", "start_interview"]


async def test_the_lines_of_the_weeks_add_up_to_the_whole(coach: Coach, learner: Learner) -> None:
    answer = await coach.planning.make_plan(learner, SIX_WEEKS)
    told = [week.split(": ")[1].split(" of ") for week in answer.weeks]
    assert sum(int(planned) for planned, _ in told) == answer.feasibility.planned_minutes
    available = sum(int(rest.split()[0]) for _, rest in told)
    assert available == answer.feasibility.available_minutes


async def test_a_goal_that_does_not_fit_is_refused_in_words_with_what_would(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.planning.make_plan(learner, StudyGoal("2 weeks", 3))
    verdict = answer.feasibility
    assert "does NOT fit" in answer.status
    assert not verdict.fits
    assert verdict.required_minutes is not None
    assert verdict.required_minutes > verdict.available_minutes
    assert verdict.skills_left_out >= len(verdict.left_out) > 0
    assert verdict.hours_needed is not None
    assert verdict.fits_by is not None
    assert f"with {verdict.hours_needed:g} hours per week" in answer.status
    assert f"by {verdict.fits_by.isoformat()}" in answer.status
    by = StudyGoal(verdict.fits_by.isoformat(), 3)
    assert (await coach.planning.make_plan(learner, by)).feasibility.fits
    more = StudyGoal("2 weeks", verdict.hours_needed)
    fitting = (await coach.planning.make_plan(learner, more)).feasibility
    assert (fitting.fits, fitting.required_minutes) == (True, verdict.required_minutes)


@pytest.mark.parametrize("hours", [1, 8, 40])
async def test_an_answer_of_twelve_weeks_stays_short(
    coach: Coach, learner: Learner, hours: float
) -> None:
    for _ in range(2):
        answer = await coach.planning.make_plan(learner, StudyGoal("12 weeks", hours))
        assert _tokens(answer) < 1_000
    shown = await coach.planning.show(learner)
    assert (len(shown.weeks), len(shown.later_weeks)) == (8, 5)


async def test_a_year_of_long_weeks_is_read_back_within_the_budget_of_an_answer(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.planning.make_plan(learner, StudyGoal("52 weeks", 28, rounds=tuple(Round)))
    assert _tokens(answer) < 1_000
    shown = await coach.planning.show(learner)
    assert _tokens(shown) < 10_000
    lines = [line.split(": ")[1].split(" of ") for line in (*answer.weeks, *shown.later_weeks)]
    counted = sum(int(planned) for planned, _ in lines[: len(answer.weeks)])
    assert counted == answer.feasibility.planned_minutes
    later = sum(int(planned) for planned, _ in lines[len(answer.weeks) :])
    days = sum(week.minutes for week in shown.weeks)
    assert days + later == answer.feasibility.planned_minutes
    assert re.match(r"40 more weeks: \d+ of \d+ min, in maang://plan", answer.weeks[-1])


async def test_a_plan_asks_more_of_a_higher_level(coach: Coach, learner: Learner) -> None:
    required = []
    for level in ("mid", "staff"):
        await coach.learners.update_profile(learner, {"target_level": level})
        answer = await coach.planning.make_plan(learner, StudyGoal("40 weeks", 10))
        required.append(answer.feasibility.required_minutes or 0)
    assert required[0] < required[1]


async def test_a_first_system_design_plan_begins_with_the_framing_and_waives_nothing(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.planning.make_plan(
        learner, StudyGoal("10 weeks", 8, rounds=(Round.SYSTEM_DESIGN,))
    )
    assert answer.next_sessions[0].items[0] == "new design-to-do-list 45"
    plan = await _in_force(coach, learner)
    assert plan.feasibility.waived == ()
    assert not any("read up" in note for note in answer.notes)


async def test_where_nothing_would_fit_the_time_it_takes_is_said_to_be_a_lower_bound(
    coach: Coach, learner: Learner
) -> None:
    await coach.learners.update_profile(learner, {"target_level": "staff"})
    answer = await coach.planning.make_plan(
        learner, StudyGoal("2026-11-23", 0.8, rounds=tuple(Round))
    )
    verdict = answer.feasibility
    assert (verdict.hours_needed, verdict.fits_by, verdict.required_minutes) == (None, None, None)
    rounds = "coding, system design, behavioral and ai assisted"
    assert f"covering {rounds} with reviews and mocks takes at least " in answer.status
    assert "neither more hours nor a date within a year would do" in answer.status


async def test_date_and_hours_come_from_the_profile(coach: Coach, learner: Learner) -> None:
    await coach.learners.update_profile(
        learner, {"interview_date": "2026-12-20", "hours_per_week": 6}
    )
    answer = await coach.planning.make_plan(learner, StudyGoal())
    assert (answer.goal.until, answer.goal.hours_per_week) == (date(2026, 12, 20), 6)
    longer = await coach.planning.make_plan(learner, StudyGoal("2027-01-10"))
    assert (longer.goal.until, longer.goal.hours_per_week) == (date(2027, 1, 10), 6)


async def test_what_is_not_said_again_is_as_in_the_plan_before(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    first = await coach.planning.make_plan(
        learner,
        StudyGoal("6 weeks", 8, ("sat", "Sundays"), (Round.CODING, Round.SYSTEM_DESIGN)),
    )
    assert first.goal.rest_days == ["saturday", "sunday"]
    clock.forward(days=7)
    second = await coach.planning.make_plan(learner, StudyGoal())
    assert second.goal == first.goal
    cleared = await coach.planning.make_plan(learner, StudyGoal(rest_days=()))
    assert cleared.goal.rest_days == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (StudyGoal(), "until .* and hours_per_week"),
        (StudyGoal(hours_per_week=8), "give until"),
        (StudyGoal(until="6 weeks"), "give hours_per_week"),
        (StudyGoal("2026-11-20", 8), "next_problem"),
        (StudyGoal("2026-11-01", 8), "leaves no day"),
        (StudyGoal("2031-01-01", 8), "more than a year"),
        (StudyGoal("soon", 8), "not a date"),
        (StudyGoal("6 weeks", 0), "0 hours"),
        (StudyGoal("6 weeks", -1), "-1 hours"),
        (StudyGoal("6 weeks", float("nan")), "nan hours"),
        (StudyGoal("6 weeks", 200), "200 hours per week: a week has 168"),
        (StudyGoal("6 weeks", 0.1), "less than one short session"),
        (
            StudyGoal("6 weeks", 8, ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
            "at least one",
        ),
        (StudyGoal("6 weeks", 8, ("caturday",)), "no weekday"),
        (StudyGoal("2026-11-21", 8, ("friday",)), "Only rest days"),
    ],
)
async def test_what_cannot_be_planned_says_what_to_do(
    coach: Coach, learner: Learner, asked: StudyGoal, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await coach.planning.make_plan(learner, asked)
    assert re.search(said, refused.value.explain())
    assert refused.value.next_step
    assert (await coach.planning.show(learner)).plan_id is None


async def test_a_past_date_of_the_profile_is_said_to_come_from_there(
    coach: Coach, learner: Learner
) -> None:
    await coach.learners.update_profile(learner, {"interview_date": str(TODAY)})
    with pytest.raises(InvalidInput) as refused:
        await coach.planning.make_plan(learner, StudyGoal(hours_per_week=8))
    assert "in the profile, 2026-11-20, leaves no day" in refused.value.message
    assert "`update_profile` (interview_date)" in refused.value.next_step
    assert (await coach.planning.make_plan(learner, StudyGoal("tomorrow", 8))).plan_id


async def test_days_are_those_where_the_learner_lives(coach: Coach, learner: Learner) -> None:
    await coach.learners.update_profile(learner, {"timezone": "Pacific/Auckland"})
    answer = await coach.planning.make_plan(learner, SIX_WEEKS)
    assert answer.next_sessions[0].day == TODAY + timedelta(days=1)


# --- Once.


async def test_the_same_request_under_the_same_id_is_answered_alike(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    id = uuid4()
    first = await coach.planning.make_plan(learner, SIX_WEEKS, id)
    clock.forward(days=2)
    await coach.practice.record_attempt(learner, report("3sum"))
    again = await coach.planning.make_plan(learner, SIX_WEEKS, id)
    assert (first.repeated, again.repeated) == (False, True)
    assert asdict(again) | {"repeated": False} == asdict(first)
    assert (await _in_force(coach, learner)).made_at == NOW
    with pytest.raises(Conflict):
        await coach.planning.make_plan(learner, StudyGoal("5 weeks", 8), id)


async def test_two_at_once_under_one_id_make_one_plan(coach: Coach, learner: Learner) -> None:
    id = uuid4()
    both = await asyncio.gather(
        *(coach.planning.make_plan(learner, SIX_WEEKS, id) for _ in range(2))
    )
    assert sorted(answer.repeated for answer in both) == [False, True]
    assert both[0].weeks == both[1].weeks


async def test_a_plan_is_read_back_as_it_was_made(coach: Coach, learner: Learner) -> None:
    assert (await coach.planning.show(learner)).status.startswith("There is no plan yet")
    answer = await coach.planning.make_plan(learner, SIX_WEEKS)
    shown = await coach.planning.show(learner)
    plan = await _in_force(coach, learner)
    assert (shown.plan_id, plan.id) == (answer.plan_id, UUID(answer.plan_id))
    assert (shown.goal, shown.status, shown.notes) == (answer.goal, answer.status, answer.notes)
    assert sum(week.minutes for week in shown.weeks) == answer.feasibility.planned_minutes
    assert shown.weeks[0].sessions[0] == answer.next_sessions[0]
    assert plan.minutes == answer.feasibility.planned_minutes


async def test_forgetting_an_attempt_leaves_the_plan_and_forgetting_all_takes_it(
    coach: Coach, learner: Learner
) -> None:
    attempt = await coach.practice.record_attempt(learner, report("3sum"))
    await coach.planning.make_plan(learner, SIX_WEEKS)
    await coach.erasure.forget(learner, "attempt", UUID(attempt.attempt_id), "")
    await _in_force(coach, learner)
    await coach.erasure.forget(learner, "everything", None, ERASE_EVERYTHING)
    assert (await coach.planning.show(learner)).plan_id is None


# --- Made anew.


async def test_what_was_attempted_is_no_new_problem_and_what_is_due_is_a_review(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report("two-sum", Outcome.FAILED))
    clock.forward(days=3)
    await coach.planning.make_plan(learner, SIX_WEEKS)
    plan = await _in_force(coach, learner)
    kinds = [
        item.kind
        for session in plan.sessions
        for item in session.items
        if item.problem == "two-sum"
    ]
    assert kinds[0] is ItemKind.REVIEW
    assert set(kinds) == {ItemKind.REVIEW}
    assert next(plan.sessions).items[0].problem == "two-sum"


async def test_planning_again_at_once_changes_next_to_nothing(
    coach: Coach, learner: Learner
) -> None:
    await coach.planning.make_plan(learner, SIX_WEEKS)
    before = await _in_force(coach, learner)
    again = await coach.planning.make_plan(learner, SIX_WEEKS)
    after = await _in_force(coach, learner)
    assert after.weeks[:5] == before.weeks[:5]
    assert again.before is not None
    items = sum(
        item.kind is not ItemKind.REVIEW for session in before.sessions for item in session.items
    )
    told = again.before
    assert told.kept + told.moved + told.dropped == items
    assert told.kept >= 0.95 * items
    assert (told.so_far.planned_items, told.so_far.done_items) == (0, 0)


async def test_planning_again_on_a_day_practised_on_plans_only_what_is_left_of_it(
    coach: Coach, learner: Learner
) -> None:
    await coach.planning.make_plan(learner, SIX_WEEKS)
    first = await _in_force(coach, learner)
    today = first.session_on(TODAY)
    assert today is not None
    problem = today.items[0].problem
    assert problem is not None
    await coach.practice.record_attempt(learner, report(problem, minutes=41))
    await coach.planning.make_plan(learner, SIX_WEEKS)
    second = await _in_force(coach, learner)
    assert second.weeks[0].available == first.weeks[0].available - 41
    assert second.weeks[1].available == first.weeks[1].available
    left = second.session_on(TODAY)
    (slot,) = (one for one in frames(SIX, TODAY)[0].slots if one.day == TODAY)
    assert left is None or left.minutes <= slot.minutes - 41


async def test_practice_before_the_first_plan_counts_for_today(
    coach: Coach, learner: Learner
) -> None:
    await coach.practice.record_attempt(learner, report("3sum", minutes=500))
    answer = await coach.planning.make_plan(learner, SIX_WEEKS)
    assert answer.next_sessions[0].day > TODAY


async def test_a_week_later_the_plan_says_what_was_kept_and_rolls_the_rest_forward(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.planning.make_plan(learner, SIX_WEEKS)
    first = await _in_force(coach, learner)
    week = [session for session in first.sessions if (session.day - TODAY).days < 7]
    done = [item for session in week[:3] for item in session.items]
    missed = {
        item.problem for session in week[3:] for item in session.items if item.kind is ItemKind.NEW
    }
    for n, item in enumerate(done):
        assert item.problem is not None
        outcome = Outcome.SOLVED if n % 3 else Outcome.FAILED
        await coach.practice.record_attempt(learner, report(item.problem, outcome, minutes=15))
    clock.forward(days=7)
    again = await coach.planning.make_plan(learner, StudyGoal())
    second = await _in_force(coach, learner)
    told = again.before
    assert told is not None
    planned = sum(len(session.items) for session in week)
    assert (told.so_far.planned_items, told.so_far.done_items) == (planned, len(done))
    assert told.so_far.planned_minutes == sum(session.minutes for session in week)
    assert told.so_far.done_minutes == 15 * len(done)
    assert told.moved > 0
    new = {
        item.problem
        for session in second.sessions
        for item in session.items
        if item.kind is ItemKind.NEW
    }
    assert not new & {item.problem for item in done}
    assert len(missed & new) >= 0.7 * len(missed)


async def test_a_mock_interview_does_the_planned_one(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.planning.make_plan(learner, SIX_WEEKS)
    plan = await _in_force(coach, learner)
    mock = next(
        session.day
        for session in plan.sessions
        for item in session.items
        if item.kind is ItemKind.MOCK
    )
    clock.forward(days=(mock - TODAY).days)
    await interviewed(coach, learner, clock)
    again = await coach.planning.make_plan(learner, StudyGoal())
    assert again.before is not None
    assert again.before.so_far.done_items == 1
    assert again.before.so_far.extra_items == 0


async def test_nothing_left_in_the_catalogue_is_said(coach: Coach, learner: Learner) -> None:
    for problem in catalogue():
        if problem.round is Round.AI_ASSISTED:
            await coach.practice.record_attempt(learner, report(problem.slug))
    answer = await coach.planning.make_plan(
        learner, StudyGoal("4 weeks", 8, rounds=(Round.AI_ASSISTED,))
    )
    assert any("no further new problem" in note for note in answer.notes)
    assert answer.feasibility.fits


# --- In the briefing.


async def test_a_greeting_tells_what_is_planned_for_today(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    assert (await coach.learners.briefing(learner)).plan == []
    made = await coach.planning.make_plan(learner, SIX_WEEKS)
    briefing = await coach.learners.briefing(learner)
    line, ahead = briefing.plan
    assert ahead.startswith("Then ")
    assert line.startswith(f"Planned for today, {made.next_sessions[0].minutes} minutes: new ")
    assert all(item in line for item in made.next_sessions[0].items)
    assert "make_plan" not in briefing.next_actions
    for item in made.next_sessions[0].items:
        await coach.practice.record_attempt(learner, report(item.split()[1]))
    done = len(made.next_sessions[0].items)
    assert (await coach.learners.briefing(learner)).plan == [
        "Nothing is left of today's plan.",
        ahead,
        f"{done} of {done} planned items done so far.",
    ]


async def test_an_old_or_badly_missed_plan_is_proposed_to_be_made_anew(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.planning.make_plan(learner, SIX_WEEKS)
    clock.forward(days=3)
    missed = await coach.learners.briefing(learner)
    assert "make_plan" in missed.next_actions
    assert "0 of " in missed.plan[-1]
    clock.forward(days=6)
    old = await coach.learners.briefing(learner)
    assert "9 days old" in old.plan[-1]
    assert len(old.plan) == 3
    assert _tokens(old) < 600
    clock.forward(days=40)
    over = await coach.learners.briefing(learner)
    assert over.plan == []
    assert "make_plan" not in over.next_actions


async def test_a_day_of_rest_is_one(coach: Coach, learner: Learner) -> None:
    made = await coach.planning.make_plan(learner, StudyGoal("6 weeks", 8, ("friday",)))
    assert isinstance(made, PlanMade)
    today, ahead = (await coach.learners.briefing(learner)).plan
    assert today == "Nothing is planned for today."
    assert ahead.startswith(f"Then {made.next_sessions[0].day.isoformat()}, ")
