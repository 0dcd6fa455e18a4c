"""Which question is asked: of the right round, and not the same again."""

from __future__ import annotations

import pytest

from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.domain.errors import InvalidInput, UnknownProblem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.skills import Round
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
