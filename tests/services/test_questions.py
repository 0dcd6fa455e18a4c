"""Which question is asked: of the right round, and not the same again."""

from __future__ import annotations

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.domain.errors import InvalidInput, UnknownProblem
from maang_mcp.domain.level import Level
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
from maang_mcp.services.questions import OPENERS
from maang_mcp.services.requests import Plan
from tests.factories import SteppingClock, report

FOCUS = "sliding-window"
SHARED = "heap"
"""A skill that several of our own questions need."""


async def test_a_question_of_another_round_is_refused(coach: Coach, learner: Learner) -> None:
    with pytest.raises(InvalidInput, match="system design interviews") as refusal:
        await coach.interviews.start(learner, Plan(question="design-rate-limiter"))
    assert "Name a question of the coding round" in refusal.value.explain()
    assert (await coach.learners.stats(learner)).interviews == 0


async def test_an_unknown_question_is_refused_with_near_ones_of_its_round_and_a_way_on(
    coach: Coach, learner: Learner
) -> None:
    with pytest.raises(UnknownProblem, match="near it: ") as refusal:
        await coach.interviews.start(learner, Plan(question="design twitter clone limiter"))
    said = refusal.value.explain()
    near = said.split("near it: ")[1].split(".")[0].split(", ")
    found = [catalogue().get(slug) for slug in near]
    assert all(one is not None and one.round is Round.CODING for one in found)
    assert "record an attempt at it once" in said


async def test_a_question_of_ones_own_is_asked_once_it_is_on_record(
    coach: Coach, learner: Learner
) -> None:
    await coach.practice.record_attempt(learner, report("Acme phone screen: bin sorter"))
    started = await coach.interviews.start(learner, Plan(question="Acme phone screen: bin sorter"))
    assert started.question == "acme-phone-screen-bin-sorter"


async def test_a_question_does_not_come_again_while_there_are_others_on_the_skill(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    ours = [one.slug for one in questions().values() if FOCUS in one.skills]
    asked = []
    for _ in range(len(ours) + 3):
        clock.forward(hours=1)
        started = await coach.interviews.start(learner, Plan(focus=FOCUS, level="mid", fresh=True))
        asked.append(started)
    slugs = [one.question for one in asked]
    assert sorted(slugs[: len(ours)]) == sorted(ours)
    assert len(set(slugs)) == len(slugs)
    for later in asked[len(ours) :]:
        known = catalogue().get(later.question)
        assert known is not None
        assert (known.skills[0], known.round) == (FOCUS, Round.CODING)
        assert known.difficulty == "medium"
        assert "this well-known one is on Sliding window" in later.chosen_because


async def test_when_everything_was_asked_lately_the_longest_ago_comes_again(
    coach: Coach, learner: Learner, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coach.interviews._questions, "_catalogue", ())
    ours = [one.slug for one in questions().values() if SHARED in one.skills]
    assert len(ours) > 1
    asked = []
    for _ in range(2 * len(ours)):
        clock.forward(hours=1)
        started = await coach.interviews.start(learner, Plan(focus=SHARED, level="mid", fresh=True))
        asked.append(started.question)
    assert asked[: len(ours)] == asked[len(ours) :]


async def test_when_all_of_ours_on_a_focus_were_asked_the_catalogue_is_met(
    coach: Coach, learner: Learner
) -> None:
    ours = [slug for slug, one in questions().items() if "tries" in one.skills]
    for _ in ours:
        started = await coach.interviews.start(learner, Plan(focus="tries", fresh=True))
        assert started.question in ours
    started = await coach.interviews.start(learner, Plan(focus="tries", fresh=True))
    known = catalogue().get(started.question)
    assert known is not None
    assert known.skills[0] == "tries"


@pytest.mark.parametrize("level", Level)
async def test_a_question_that_the_interview_has_time_for_is_preferred(
    coach: Coach, learner: Learner, clock: SteppingClock, level: Level
) -> None:
    fitting = {
        slug
        for slug, one in questions().items()
        if one.round is Round.CODING and one.minutes[level] <= 30
    }
    assert fitting
    for _ in range(min(6, len(fitting))):
        clock.forward(hours=1)
        started = await coach.interviews.start(learner, Plan(level=level, minutes=30, fresh=True))
        assert started.question in fitting
        assert "only a part" not in started.chosen_because


async def test_when_no_question_fits_the_shortest_is_asked_in_part(
    coach: Coach, learner: Learner
) -> None:
    designs = [one for one in questions().values() if one.round is Round.SYSTEM_DESIGN]
    shortest = min(one.minutes[Level.MID] for one in designs)
    started = await coach.interviews.start(
        learner, Plan(round=Round.SYSTEM_DESIGN, level="mid", minutes=30)
    )
    assert questions()[started.question].minutes[Level.MID] == shortest
    assert started.chosen_because.endswith(
        f"It takes {shortest} minutes: in 30, only a part of it is expected."
    )


async def test_a_question_that_was_named_may_be_too_long_and_that_is_said(
    coach: Coach, learner: Learner
) -> None:
    named = Plan(question="quiet-carriage", level="mid", minutes=15)
    started = await coach.interviews.start(learner, named)
    assert "It was asked for. It takes 30 minutes: in 15, only a part" in started.chosen_because


async def test_why_this_company_is_never_all_of_a_round(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    whole = Plan(round=Round.BEHAVIORAL, level="entry", minutes=15, fresh=True)
    first = set()
    others = [
        one
        for one in questions().values()
        if one.round is Round.BEHAVIORAL and one.skills[0] not in OPENERS
    ]
    for _ in range(16):
        clock.forward(hours=1)
        first.add((await coach.interviews.start(learner, whole)).question)
    assert first <= {one.slug for one in others}
    asked_for = await coach.interviews.start(
        learner, Plan(round=Round.BEHAVIORAL, minutes=15, focus="motivation", fresh=True)
    )
    assert questions()[asked_for.question].skills[0] in OPENERS


async def test_an_opener_is_only_the_first_of_several(
    coach: Coach, learner: Learner, store: Store
) -> None:
    plan = Plan(round=Round.BEHAVIORAL, level="entry", minutes=60, question="proudest-achievement")
    started = await coach.interviews.start(learner, plan)
    async with store.reading(learner.id) as uow:
        (interview,) = await uow.interview.open_ones()
    first, *further = interview.questions
    assert first == started.question == "proudest-achievement"
    assert len(further) == 3
    assert not OPENERS & {questions()[slug].skills[0] for slug in further}


async def test_the_focus_holds_for_every_question_of_a_round(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await coach.interviews.start(
        learner, Plan(round=Round.BEHAVIORAL, minutes=60, focus="conflict")
    )
    async with store.reading(learner.id) as uow:
        (interview,) = await uow.interview.open_ones()
    assert len(set(interview.questions)) == 4
    assert all("conflict" in questions()[slug].skills for slug in interview.questions)


async def test_where_a_focus_has_too_few_questions_others_follow(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await coach.interviews.start(
        learner, Plan(round=Round.BEHAVIORAL, minutes=60, focus="learning")
    )
    on_focus = [one.slug for one in questions().values() if "learning" in one.skills]
    async with store.reading(learner.id) as uow:
        (interview,) = await uow.interview.open_ones()
    assert len(set(interview.questions)) == 4
    assert set(interview.questions) <= set(on_focus)
