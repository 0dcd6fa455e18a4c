"""Questions of the bank by any of their names, in every room of the product."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.domain.level import Level
from maang_mcp.domain.planning import Practice
from maang_mcp.domain.problem import custom_problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.domain.study_plan import ItemKind, PlanItem
from maang_mcp.services.plan_views import item_line
from maang_mcp.services.recording import completed
from maang_mcp.services.requests import Plan, Wanted
from maang_mcp.services.shelf import ours_named
from tests.factories import NOW, SteppingClock, report

SLUG, TITLE = "quiet-carriage", "The quiet carriage"
QUESTION = questions()[SLUG]
NAMES = pytest.mark.parametrize("name", [SLUG, TITLE, "quiet carriage"])
CALL = f"start_interview question={SLUG}"


def private() -> list[str]:
    """What nobody but the interviewer and the server may see."""
    code = QUESTION.code
    assert code is not None
    return [
        *QUESTION.hints,
        *(solution.code for solution in code.solutions),
        *(test.given for test in code.tests if not test.visible),
    ]


@NAMES
async def test_a_question_of_the_bank_is_asked_by_any_of_its_names(
    coach: Coach, learner: Learner, name: str
) -> None:
    started = await coach.interviews.start(learner, Plan(question=name))
    assert started.question == SLUG
    assert QUESTION.brief.statement.strip() in started.candidate_brief.text
    assert ours_named(name) is QUESTION


def test_what_is_not_of_the_bank_is_no_question_of_ours() -> None:
    assert ours_named("two-sum") is None
    assert ours_named("The quietest carriage of all") is None


async def test_an_attempt_at_a_question_of_the_bank_is_what_the_bank_says_of_it(
    coach: Coach, learner: Learner
) -> None:
    recorded = await coach.practice.record_attempt(learner, report(TITLE))
    assert (recorded.problem, recorded.title, recorded.custom) == (SLUG, TITLE, False)
    assert "your own problem" not in recorded.status
    assert "forget" not in recorded.next_actions
    assert {moved.skill for moved in recorded.skills} == set(QUESTION.skills)
    shown = await coach.library.problem(learner, TITLE)
    assert (shown.problem, shown.title, shown.difficulty) == (SLUG, TITLE, QUESTION.difficulty)
    assert shown.minutes == QUESTION.minutes[Level.MID]


async def test_slug_title_and_interview_make_one_history(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    for name in (SLUG, TITLE, "the Quiet Carriage"):
        clock.forward(hours=1)
        recorded = await coach.practice.record_attempt(learner, report(name))
        assert (recorded.title, recorded.custom) == (TITLE, False)
    assert (await coach.learners.stats(learner)).problems == 1
    started = await coach.interviews.start(learner, Plan(question=TITLE))
    assert QUESTION.brief.statement.strip() in started.candidate_brief.text


async def test_the_bank_comes_before_a_problem_of_ones_own_of_that_name(
    coach: Coach, learner: Learner, store: Store
) -> None:
    shadow = custom_problem(TITLE)
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.practice.add_custom_problem(shadow, NOW)
    started = await coach.interviews.start(learner, Plan(question=TITLE))
    assert started.question == SLUG
    assert (await coach.practice.record_attempt(learner, report(TITLE))).problem == SLUG


async def test_a_bare_problem_of_that_slug_becomes_the_question_and_is_learnt_from(
    coach: Coach, learner: Learner, store: Store
) -> None:
    async with store.writing(learner.id, learner.subject) as uow:
        await uow.practice.add_custom_problem(custom_problem(SLUG), NOW)
    recorded = await coach.practice.record_attempt(learner, report(SLUG))
    assert {moved.skill for moved in recorded.skills} == set(QUESTION.skills)
    async with store.reading(learner.id) as uow:
        (kept,) = await uow.practice.custom_problems()
    assert (kept.title, kept.skills, kept.minutes) == (
        TITLE,
        QUESTION.skills,
        QUESTION.minutes[Level.MID],
    )
    known = catalogue().get(SLUG)
    assert known is not None
    assert completed(kept, known) is known


async def test_a_search_lists_questions_of_the_bank_and_says_how_they_are_asked(
    coach: Coach, learner: Learner
) -> None:
    found = await coach.library.search_problems(learner, Wanted(query=TITLE))
    assert found.problems[0].problem == SLUG
    assert found.problems[0].asked_with == CALL
    assert not any(text in str(asdict(found)) for text in private())
    topics = await coach.library.search_problems(learner, Wanted(round=Round.AI_ASSISTED), limit=99)
    ours = {slug for slug, one in questions().items() if one.round is Round.AI_ASSISTED}
    assert ours <= {one.problem for one in topics.problems}
    assert all("round=ai_assisted question=" in (one.asked_with or "") for one in topics.problems)
    (known,) = (await coach.library.search_problems(learner, Wanted(query="two-sum"))).problems[:1]
    assert known.asked_with is None


async def test_a_practised_question_is_listed_once(coach: Coach, learner: Learner) -> None:
    await coach.practice.record_attempt(learner, report(SLUG))
    found = await coach.library.search_problems(learner, Wanted(), status="attempted")
    assert [(one.problem, one.attempts) for one in found.problems] == [(SLUG, 1)]


async def test_a_question_is_shown_with_its_brief_and_nothing_of_the_interviewers(
    coach: Coach, learner: Learner
) -> None:
    shown = await coach.library.problem(learner, SLUG)
    assert shown.asked_with == CALL
    assert QUESTION.brief.statement.strip() in (shown.brief or "")
    assert not any(text in str(asdict(shown)) for text in private())
    guide = [text for part in QUESTION.guide.notes("clarify", Level.MID).values() for text in part]
    assert not any(text in str(asdict(shown)) for text in guide)
    assert (await coach.library.problem(learner, "two-sum")).brief is None


@NAMES
async def test_code_is_checked_for_a_question_by_any_of_its_names(
    coach: Coach, learner: Learner, name: str
) -> None:
    assert QUESTION.code is not None
    checked = await coach.checking.check(learner, QUESTION.code.solutions[0].code, None, name)
    assert (checked.question, checked.failed) == (SLUG, 0)
    assert checked.passed == len(QUESTION.code.tests)


async def test_the_review_of_a_question_says_which_call_asks_it(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await coach.practice.record_attempt(learner, report(TITLE))
    clock.forward(days=30)
    found = await coach.coaching.next_problem(learner, Wanted(kind=Practice.REVIEW))
    assert found.problem is not None
    assert (found.problem.problem, found.problem.asked_with) == (SLUG, CALL)
    assert found.status.endswith(f"It is asked with {CALL}.")
    assert found.next_actions[0] == "start_interview"


async def test_the_briefing_says_which_call_asks_the_question_it_proposes(
    coach: Coach, learner: Learner, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await coach.practice.record_attempt(learner, report(TITLE))
    clock.forward(days=30)
    monkeypatch.setattr("maang_mcp.domain.planning.REVIEW_SHARE", 1.0)
    briefing = await coach.learners.briefing(learner)
    assert TITLE in briefing.proposal
    assert briefing.proposal.endswith(f"It is asked with {CALL}.")
    assert briefing.next_actions[0] == "start_interview"


def test_a_plan_says_which_items_an_interview_asks() -> None:
    def line(slug: str) -> str:
        return item_line(PlanItem(ItemKind.REVIEW, 18, Round.CODING, slug))

    assert line(SLUG) == f"review {SLUG} 18 with start_interview"
    assert line("two-sum") == "review two-sum 18"
