"""Who asked a problem: the learner's own account, kept, searched and erased with it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.company import company
from maang_mcp.domain.errors import InvalidInput
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.profile import Learner
from maang_mcp.services.requests import Question, Wanted
from tests.factories import NOW, SteppingClock, report

ACME = Wanted(company="acme inc")


async def test_problems_are_found_by_the_company_that_asked_them(
    coach: Coach, learner: Learner
) -> None:
    await coach.practice.record_attempt(learner, report("3sum", companies=("Acme", "Hooli")))
    await coach.practice.record_attempt(
        learner, report("Acme elevators", companies=("ACME, Inc.",))
    )
    await coach.practice.record_attempt(learner, report("two-sum"))
    found = await coach.library.search_problems(learner, ACME)
    assert {problem.problem for problem in found.problems} == {"3sum", "acme-elevators"}
    narrower = await coach.library.search_problems(learner, Wanted("3sum", company="hooli"))
    assert [problem.problem for problem in narrower.problems] == ["3sum"]


async def test_the_next_problem_of_a_company_is_one_it_asked_once_that_is_due(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for slug in ("two-sum", "coin-change"):
        await coach.practice.record_attempt(learner, report(slug, Outcome.FAILED))
    await coach.practice.record_attempt(
        learner, report("3sum", Outcome.FAILED, companies=("Acme",))
    )
    early = await coach.coaching.next_problem(learner, ACME)
    assert early.problem is None
    clock.forward(days=30)
    due = await coach.coaching.next_problem(learner, ACME)
    assert due.problem is not None
    assert (due.problem.problem, due.kind) == ("3sum", Practice.REVIEW)


async def test_a_company_without_problems_is_said_to_have_none_and_how_it_gets_some(
    coach: Coach, learner: Learner
) -> None:
    await coach.practice.record_attempt(learner, report("3sum", companies=("Hooli",)))
    searched = await coach.library.search_problems(learner, ACME)
    proposed = await coach.coaching.next_problem(learner, ACME)
    for answer in (searched, proposed):
        assert answer.status == (
            "No problem of yours is tagged 'acme inc'; tagged are Hooli. Tags are your own: "
            "name who asked a problem in companies of `record_attempt`."
        )
        assert answer.next_actions == ["record_attempt"]
    assert (searched.total, proposed.problem) == (0, None)


async def test_the_tags_of_others_are_nobodys_business(coach: Coach, learner: Learner) -> None:
    other = Learner.of(f"other-{uuid4()}")
    await coach.practice.record_attempt(other, report("3sum", companies=("Acme",)))
    answer = await coach.library.search_problems(learner, ACME)
    assert answer.total == 0
    assert answer.status.startswith("No problem of yours is tagged 'acme inc'. Tags")


async def test_a_retry_tags_nothing_twice_and_more_companies_add_up(
    coach: Coach, learner: Learner, store: Store
) -> None:
    attempt_id = uuid4()
    for _ in range(2):
        await coach.practice.record_attempt(
            learner, report("3sum", companies=("Acme", "ACME LLC")), attempt_id
        )
    await coach.practice.record_attempt(learner, report("3sum", companies=("Hooli", "Acme")))
    async with store.reading(learner.id) as uow:
        assert await uow.tags.companies() == ["Acme", "Hooli"]
        assert await uow.tags.problems_of(company("Acme")) == {"3sum"}


async def test_a_name_that_is_no_company_is_refused_and_nothing_is_written(
    coach: Coach, learner: Learner, store: Store
) -> None:
    with pytest.raises(InvalidInput):
        await coach.practice.record_attempt(learner, report("3sum", companies=("Acme", "?!")))
    async with store.reading(learner.id) as uow:
        assert await uow.practice.count_attempts() == 0
        assert await uow.tags.companies() == []


async def test_tags_go_with_the_last_attempt_at_their_problem(
    coach: Coach, learner: Learner, store: Store
) -> None:
    first, second = [
        await coach.practice.record_attempt(learner, report("3sum", companies=names))
        for names in (("Acme",), ())
    ]
    await coach.practice.record_attempt(learner, report("two-sum", companies=("Hooli",)))
    known = []
    for answer in (first, second):
        await coach.erasure.forget(learner, "attempt", UUID(answer.attempt_id), "")
        async with store.reading(learner.id) as uow:
            known.append(await uow.tags.companies())
    assert known == [["Acme", "Hooli"], ["Hooli"]]


async def test_what_a_company_asked_is_found_in_memory(coach: Coach, learner: Learner) -> None:
    await coach.practice.record_attempt(learner, report("3sum", companies=("Hooli",)))
    await coach.practice.record_attempt(learner, report("two-sum"))
    found = await coach.memories.retrieve_context(learner, Question("hooli"))
    assert found.passages
    assert found.passages[0].title == "3Sum"


async def test_the_kind_of_practice_can_be_chosen(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    nothing = await coach.coaching.next_problem(learner, Wanted(kind=Practice.REVIEW))
    assert nothing.status == "No review that fits is due now. Ask for another kind."
    answer = await coach.practice.record_attempt(learner, report("two-sum", Outcome.FAILED))
    waiting = await coach.coaching.next_problem(learner, Wanted(kind=Practice.REVIEW))
    assert f"The next review is due on {answer.next_review}." in waiting.status
    clock.forward(days=10)
    due = await coach.coaching.next_problem(learner, Wanted(kind=Practice.REVIEW))
    fresh = await coach.coaching.next_problem(learner, Wanted(kind=Practice.NEW))
    explored = await coach.coaching.next_problem(learner, Wanted(kind=Practice.EXPLORE))
    assert due.problem is not None
    assert due.problem.problem == "two-sum"
    assert [due.kind, explored.kind] == [Practice.REVIEW, Practice.EXPLORE]
    assert fresh.kind is not Practice.REVIEW


async def test_an_update_is_explained_with_what_was_expected_and_what_moved(
    coach: Coach, learner: Learner
) -> None:
    answer = await coach.practice.record_attempt(
        learner, report("two-sum", minutes=60, when=(NOW - timedelta(hours=1)).isoformat())
    )
    assert answer.grade == "solved_late"
    assert answer.overall_change is not None
    assert answer.overall_change < 0
    graph = skill_graph()
    skills = ", ".join(f"{graph[m.skill].name} {m.change:+.2f}" for m in answer.skills)
    assert (
        f"predicted {100 * answer.predicted:.0f} %, solved late: {skills}, "
        f"overall {answer.overall_change:+.2f} (the prediction was a guess). Rated 'hard'."
        in answer.status
    )


async def test_a_repeat_is_explained_with_what_memory_was_expected_to_add(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report("two-sum", minutes=15))
    clock.forward(days=3)
    again = await coach.practice.record_attempt(learner, report("two-sum", minutes=15))
    assert f"predicted {100 * again.predicted:.0f} %" in again.status
