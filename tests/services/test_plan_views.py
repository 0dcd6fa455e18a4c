"""Study plans in words: one and many, names for ids, what a verdict says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import Feasibility, StudyPlan
from maang_mcp.services.plan_views import WEEKS_SHOWN, fit_of, notes_of, status_of, week_lines
from tests.domain.candidates import TODAY, candidate


def _plan(**more: object) -> StudyPlan:
    """A plan of some weeks, with another verdict."""
    plan = candidate(2).plan()
    fits = Feasibility(fits=True, required=75, available=plan.available)
    return replace(plan, feasibility=replace(fits, **more))  # type: ignore[arg-type]  # the test's


def _waiting(plan: StudyPlan, reviews: int) -> StudyPlan:
    *weeks, last = plan.weeks
    return replace(plan, weeks=(*weeks, replace(last, reviews_waiting=reviews)))


@pytest.mark.parametrize(
    ("reviews", "status", "note"),
    [
        (0, "It fits: ", None),
        (1, "It fits, but 1 due review finds no room: ", "1 review due by the end finds no room."),
        (3, "It fits, but 3 due reviews find no room: ", "3 reviews due by the end find no room."),
    ],
)
def test_reviews_that_find_no_room_are_in_the_verdict(
    reviews: int, status: str, note: str | None
) -> None:
    plan = _waiting(_plan(), reviews)
    assert status_of(plan).startswith(status)
    assert [one for one in notes_of(plan) if "no room" in one] == ([note] if note else [])


def test_rounds_are_listed_as_they_are_spoken() -> None:
    plan = replace(_plan(), rounds=tuple(Round))
    said = "covering coding, system design, behavioral and ai assisted with reviews and mocks"
    assert f"{said} takes 1 h 15." in status_of(plan)


def test_skills_go_by_their_names() -> None:
    plan = _plan(waived=("storage",), unreachable=("arrays-hashing", "long-gone"))
    notes = "\n".join(notes_of(plan))
    assert "No unseen problem is left for Arrays and hashing and long-gone." in notes
    assert "read up on it first: Storage engines and databases." in notes
    left_out = _plan(fits=False, left_out=("arrays-hashing",), hours_needed=9)
    assert fit_of(left_out).left_out == ["Arrays and hashing"]
    assert " 1 skill gets too few problems or none." in status_of(left_out)


def test_time_in_pieces_too_short_is_said_to_be_so() -> None:
    short = _plan(fits=False, required=30, fits_by=date(2026, 12, 24), left_out=("dp-1d", "heap"))
    said = "takes 30 min, which sessions as short as these cannot hold; it would by 2026-12-24."
    assert said in status_of(short)
    assert " 2 skills get too few problems or none." in status_of(short)


def test_a_goal_that_nothing_is_missing_for_says_so() -> None:
    assert status_of(_waiting(_plan(required=0), 0)).startswith(
        "It fits: no new problem is required. "
    )


def test_the_weeks_there_is_no_room_for_are_one_line_with_their_minutes() -> None:
    plan = _plan()
    first = plan.weeks[0]
    weeks = [
        replace(first, starts_on=TODAY + n * timedelta(days=7)) for n in range(WEEKS_SHOWN + 1)
    ]
    lines = week_lines(replace(plan, weeks=tuple(weeks)))
    assert lines[-1] == f"1 more week: {first.minutes} of {first.available} min, in maang://plan"
    assert len(week_lines(replace(plan, weeks=tuple(weeks[:-1])))) == WEEKS_SHOWN
