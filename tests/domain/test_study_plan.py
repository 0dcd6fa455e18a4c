"""Study plans of a thousand candidates: what holds for every one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from maang_mcp.domain.mock_rhythm import FINAL_STRETCH, MOCK_EVERY, MOCK_EVERY_AT_THE_END
from maang_mcp.domain.parameters import HARD_REFERENCE
from maang_mcp.domain.planning import REVIEW_SHARE
from maang_mcp.domain.practice_days import (
    LIGHT_SESSION,
    LONGEST_SESSION,
    Goal,
    frames,
    longest_slot,
)
from maang_mcp.domain.review_load import expected_rating, review_minutes
from maang_mcp.domain.scheduling import Review, review
from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import ItemKind, PlanItem, StudyPlan
from maang_mcp.domain.study_planning import HOUR_STEP
from maang_mcp.domain.syllabus import Step, Syllabus

from .candidates import Candidate, candidate, problems

BATCH = 50
CANDIDATES = 1_000
TRIED_AGAIN = 10
"""Of so many plans one is looked at closely; where its goal does not fit, what would is planned."""
BY_SLUG = {problem.slug: problem for problem in problems()}
A_DAY = timedelta(days=1)


@pytest.mark.parametrize("first", range(0, CANDIDATES, BATCH))
def test_a_thousand_plans_keep_every_promise(first: int) -> None:
    for number in range(first, first + BATCH):
        who = candidate(number)
        plan = who.plan()
        keeps_to_the_calendar(who, plan)
        adds_up_to_the_minute(who, plan)
        teaches_prerequisites_first(who, plan)
        closely = number % TRIED_AGAIN == 0
        repeats_only_what_is_due(who, plan, closely=closely)
        spaces_mocks_and_ends_lightly(who, plan)
        declares_what_does_not_fit(who, plan, try_it=closely)


def test_the_same_candidate_gets_the_same_plan() -> None:
    for number in range(0, CANDIDATES, 100):
        assert candidate(number).plan() == candidate(number).plan()


@pytest.mark.parametrize("spent", [1, 25, 300])
def test_time_spent_today_is_not_planned_again(spent: int) -> None:
    shortened = 0
    for number in range(0, CANDIDATES, 40):
        fresh = candidate(number)
        begun = replace(fresh, preparation=replace(fresh.preparation, spent=spent))
        slots = frames(fresh.goal, fresh.today)[0].slots
        today = slots[0] if slots and slots[0].day == fresh.today else None
        used = min(spent, today.minutes) if today else 0
        whole, rest = fresh.plan(), begun.plan()
        assert rest.weeks[0].available == whole.weeks[0].available - used
        assert [week.available for week in rest.weeks[1:]] == [
            week.available for week in whole.weeks[1:]
        ]
        if today:
            session = rest.session_on(fresh.today)
            assert session is None or session.minutes <= today.minutes - used
            shortened += 1
        assert all(week.minutes <= week.available for week in rest.weeks)
        assert all(bool(week.reasons) == (week.minutes < week.available) for week in rest.weeks)
        keeps_to_the_calendar(begun, rest)
        teaches_prerequisites_first(begun, rest)
        repeats_only_what_is_due(begun, rest, closely=False)
        spaces_mocks_and_ends_lightly(begun, rest)
        declares_what_does_not_fit(begun, rest, try_it=False)
    assert shortened > 5


def test_a_higher_level_asks_more_of_the_same_record() -> None:
    more = 0
    for number in range(0, CANDIDATES, 50):
        who = candidate(number)
        harder = replace(who.preparation, reference=HARD_REFERENCE)
        usual, staff = _required(who), _required(replace(who, preparation=harder))
        assert len(staff) >= len(usual)
        more += len(staff) > len(usual)
    assert more > CANDIDATES / 50 / 2


def keeps_to_the_calendar(who: Candidate, plan: StudyPlan) -> None:
    """One session a day, none outside the period, none on a day of rest; whole weeks between."""
    days = [session.day for session in plan.sessions]
    assert days == sorted(set(days))
    assert all(who.today <= day < who.goal.until for day in days)
    assert not {day.weekday() for day in days} & who.goal.rest_days
    for before, week in pairwise(plan.weeks):
        assert week.starts_on == before.ends_on + A_DAY
        assert week.starts_on.weekday() == 0
    assert plan.weeks[0].starts_on == who.today
    assert plan.weeks[-1].ends_on == who.goal.until - A_DAY
    for week in plan.weeks:
        assert all(week.starts_on <= session.day <= week.ends_on for session in week.sessions)


def adds_up_to_the_minute(who: Candidate, plan: StudyPlan) -> None:
    """Items, sessions, weeks and the whole; never beyond the time there is, and free time has its
    reasons."""
    assert plan.minutes == sum(item.minutes for _, item in items(plan))
    practised_days = 7 - len(who.goal.rest_days)
    for week in plan.weeks:
        span = (week.starts_on + n * A_DAY for n in range((week.ends_on - week.starts_on).days + 1))
        practised = sum(day.weekday() not in who.goal.rest_days for day in span)
        assert week.available == who.goal.minutes_per_week * practised // practised_days
        assert week.minutes == sum(session.minutes for session in week.sessions)
        assert week.minutes <= week.available
        assert bool(week.reasons) == (week.minutes < week.available)
    for session in plan.sessions:
        assert all(isinstance(item.minutes, int) and item.minutes > 0 for item in session.items)
        assert 0 < session.minutes <= LONGEST_SESSION


def teaches_prerequisites_first(who: Candidate, plan: StudyPlan) -> None:
    """What a problem's skills rest on was tested or planned before it. Where no problem of a round
    trains a skill alone, it may come in one problem with what it rests on, or be waived by name;
    never in coding rounds."""
    graph, waived = who.preparation.graph, set(plan.feasibility.waived)
    met = set(who.preparation.state.skills)
    for _, item in items(plan):
        if item.kind is ItemKind.NEW:
            tags = set(BY_SLUG[item.problem or ""].skills)
            needed = set().union(*(graph.ancestors(tag) for tag in tags)) - waived
            assert item.skill in tags
            assert needed <= met | tags
            assert item.round is not Round.CODING or needed <= met
            met |= tags
    assert waived.isdisjoint(skill.id for skill in graph.of_round(Round.CODING))


def repeats_only_what_is_due(who: Candidate, plan: StudyPlan, *, closely: bool) -> None:
    """FSRS, followed card by card beside the plan: a problem comes back only as a due review, and
    those that wait are counted. `closely`, their time is measured, too.

    Reviews keep to their share while something required is left, but for minutes that would be
    lost, and for the light day at the end. Then they have all the time there is, and nothing new
    comes while one waits.
    """
    cards = {card.problem: card for card in who.preparation.cards}
    required = _required(who) if closely else set()
    left = set(required)
    for week, frame in zip(
        plan.weeks, frames(who.goal, who.today, who.preparation.spent), strict=True
    ):
        shorter = all(slot.minutes <= LONGEST_SESSION // 2 for slot in frame.slots)
        reviewed, passed_on = 0, {a.day for a, b in pairwise(frame.slots) if not b.light}
        for session in week.sessions:
            noon = datetime.combine(session.day, time(12), UTC)
            for item in session.items:
                if item.kind is ItemKind.MOCK:
                    assert (item.problem, item.skill, item.expected) == (None, None, None)
                    continue
                assert item.problem is not None
                assert item.expected is not None
                held = cards.get(item.problem)
                assert (item.kind is ItemKind.REVIEW) == (held is not None)
                assert held is None or held.due.date() <= session.day
                rating = expected_rating(item.expected)
                cards[item.problem] = review(held, item.problem, rating, noon)[0]
                reviewed += item.minutes if item.kind is ItemKind.REVIEW else 0
                left.discard(item.problem)
            if closely:
                waiting = _waiting(who, cards, session.day)
                new = {item.problem for item in session.items if item.kind is ItemKind.NEW}
                assert new <= required or not waiting
                room = sum(slot.minutes for slot in frame.slots if slot.day <= session.day)
                if shorter and left and session.day in passed_on:
                    assert reviewed <= REVIEW_SHARE * room
                if shorter and session.day == frame.slots[-1].day and not frame.slots[-1].light:
                    free = room - week.minutes
                    assert all(review_minutes(BY_SLUG[slug]) > free for slug in waiting)
        assert week.reviews_waiting == len(_waiting(who, cards, week.ends_on))


def _required(who: Candidate) -> set[str]:
    """The new problems that the goal takes and some session can hold."""
    weeks = frames(who.goal, who.today, who.preparation.spent)
    longest = longest_slot(weeks)
    lengths = [one.minutes for one in who.preparation.unseen if one.minutes <= longest]
    steps = Syllabus(who.preparation.material, who.goal.rounds, max(lengths, default=0)).required
    held = list[Step]()
    for step in steps:
        brought = set().union(*(one.problem.skills for one in held))
        if step.problem.minutes <= longest and step.needs <= brought:
            held.append(step)
    return {step.problem.slug for step in held}


def _waiting(who: Candidate, cards: Mapping[str, Review], day: date) -> list[str]:
    """The problems whose reviews are due by the end of a day."""
    return [
        slug
        for slug, card in cards.items()
        if card.due.date() <= day and BY_SLUG[slug].round in who.goal.rounds
    ]


def spaces_mocks_and_ends_lightly(who: Candidate, plan: StudyPlan) -> None:
    """A week between mocks, days in the last fortnight, none at the very end."""
    mocks = [day for day, item in items(plan) if item.kind is ItemKind.MOCK]
    for before, day in pairwise(mocks):
        in_final = day >= who.goal.until - FINAL_STRETCH
        assert day - before >= (MOCK_EVERY_AT_THE_END if in_final else MOCK_EVERY)
    last = who.goal.until - A_DAY
    assert last not in mocks
    assert all(session.minutes <= LIGHT_SESSION for session in plan.sessions if session.day == last)


def declares_what_does_not_fit(who: Candidate, plan: StudyPlan, *, try_it: bool) -> None:
    """Either every skill of the goal is met, or the plan says what is left out and what would
    fit; and that does, while a step less does not."""
    verdict = plan.feasibility
    assert verdict.available == plan.available
    assert verdict.fits == (not verdict.left_out)
    nothing_would_do = not verdict.fits and not (verdict.hours_needed or verdict.fits_by)
    assert (verdict.required is None) == nothing_would_do
    if verdict.fits:
        assert verdict.required is not None
        assert verdict.required <= plan.minutes
        assert not try_it or verdict.required == _until_covered(who, plan)
        new = [item.problem for _, item in items(plan) if item.kind is ItemKind.NEW]
        met = {tag for slug in new for tag in BY_SLUG[slug or ""].skills}
        met |= who.preparation.state.skills.keys() | set(verdict.unreachable)
        assert set(plan.aimed_at) <= met
        assert (verdict.hours_needed, verdict.fits_by) == (None, None)
        return
    assert verdict.hours_needed is None or verdict.hours_needed > who.goal.hours_per_week
    assert verdict.fits_by is None or verdict.fits_by > who.goal.until
    if try_it:
        fitting = [
            (replace(who, goal=goal).plan().feasibility, replace(who, goal=less).plan().feasibility)
            for goal, less in _said_to_fit(who, plan)
        ]
        assert all(enough.fits and not too_little.fits for enough, too_little in fitting)
        assert not fitting or verdict.required == fitting[0][0].required


def _until_covered(who: Candidate, plan: StudyPlan) -> int:
    """Minutes of everything planned up to the last problem that is required."""
    required, minutes, covered = _required(who), 0, 0
    for _, item in items(plan):
        minutes += item.minutes
        if item.kind is ItemKind.NEW and item.problem in required:
            covered = minutes
    return covered


def items(plan: StudyPlan) -> Iterator[tuple[date, PlanItem]]:
    """Every item with its day."""
    return ((session.day, item) for session in plan.sessions for item in session.items)


def _said_to_fit(who: Candidate, plan: StudyPlan) -> Iterator[tuple[Goal, Goal]]:
    """Each goal that would fit, with the one a step short of it."""
    verdict, goal = plan.feasibility, who.goal
    if hours := verdict.hours_needed:
        less = max(goal.hours_per_week, hours - HOUR_STEP)
        yield replace(goal, hours_per_week=hours), replace(goal, hours_per_week=less)
    if by := verdict.fits_by:
        yield replace(goal, until=by), replace(goal, until=max(goal.until, by - 7 * A_DAY))
