"""The interviewer's guide: handed over phase by phase, in the end all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

import pytest

from maang_mcp.app import Coach
from maang_mcp.content.loader import catalogue
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import round_spec
from maang_mcp.domain.guides import PhaseSignals
from maang_mcp.domain.interview import PhaseMoved, advance, open_interview
from maang_mcp.domain.level import Level
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.question import Question
from maang_mcp.domain.skills import Round
from maang_mcp.services.answers.interview import PhaseGuide
from maang_mcp.services.guiding import guide_of
from maang_mcp.services.interview_views import started_answer
from maang_mcp.services.questions import Choice
from maang_mcp.services.receipts import stored
from maang_mcp.services.requests import Plan, Step
from maang_mcp.services.shelf import Shelf
from tests.factories import NOW, report
from tests.lives import SAID


def sentences(value: Any, level: Level) -> Iterator[str]:
    """Every text of a guide that is meant for that level."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, PhaseSignals):
        yield from (value.strong[level], value.weak[level])
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from sentences(entry, level)
    elif isinstance(value, tuple):
        for entry in value:
            yield from sentences(entry, level)
    elif is_dataclass(value):
        for field in fields(value):
            yield from sentences(getattr(value, field.name), level)


def guides(question: Question, level: Level) -> list[PhaseGuide]:
    """What is handed over from the first phase to the last, each begun in its turn."""
    spec = round_spec(question.round, 20)
    asked = Shelf(catalogue()).ours(question)
    interview = open_interview(
        UUID(int=1), spec, question=question.slug, level=level, minutes=20, at=NOW
    )
    handed = [guide_of(interview, spec, asked, anew=True)]
    while spec.ahead_of(interview.phase):
        interview = advance(interview, PhaseMoved(), NOW, spec)
        handed.append(guide_of(interview, spec, asked, anew=False))
    return handed


@pytest.mark.parametrize("round", list(Round))
@pytest.mark.parametrize("level", list(Level))
def test_nothing_of_a_guide_is_never_handed_over(round: Round, level: Level) -> None:
    for question in (one for one in questions().values() if one.round is round):
        handed = [
            entry
            for guide in guides(question, level)
            for entries in guide.notes.values()
            for entry in entries
        ]
        kept_back = [
            text
            for text in sentences(question.guide, level)
            if not any(text in entry for entry in handed)
        ]
        assert kept_back == [], question.slug


@pytest.mark.parametrize("question", questions().values(), ids=lambda one: one.slug)
def test_what_may_be_asked_for_is_handed_over_again_in_the_next_phase(question: Question) -> None:
    asked = question.guide.if_asked.get("if_asked", ())
    for guide in guides(question, Level.MID)[:2]:
        assert tuple(guide.notes.get("if_asked", ())) == asked


async def test_the_guide_of_an_interview_taken_up_holds_what_may_be_asked_for_in_any_phase(
    coach: Coach, learner: Learner
) -> None:
    plan = Plan(question="design-chat-system", round=Round.SYSTEM_DESIGN)
    started = await coach.interviews.start(learner, plan)
    at_first = started.interviewer_guide.notes["if_asked"]
    onwards = Step(UUID(started.interview_id), action="next_phase", phase="deep_dives")
    await coach.interviews.step(learner, onwards)
    resumed = await coach.interviews.start(learner, Plan())
    assert resumed.interviewer_guide.notes["if_asked"] == at_first
    assert resumed.interviewer_guide.notes["menu"]
    assert len(at_first) > 5


async def test_the_bar_comes_with_the_last_phase_and_when_it_is_taken_up(
    coach: Coach, learner: Learner
) -> None:
    started = await coach.interviews.start(learner, Plan())
    assert started.interviewer_guide.bar is None
    last = Step(UUID(started.interview_id), action="next_phase", phase=[*started.phases][-1])
    moved = await coach.interviews.step(learner, last)
    assert moved.guide is not None
    assert set(moved.guide.bar or ()) == set(started.dimensions)
    resumed = await coach.interviews.start(learner, Plan())
    assert resumed.interviewer_guide.bar == moved.guide.bar


@pytest.mark.parametrize("question", ["container-with-most-water", "The lost lift"])
async def test_how_to_tell_a_problem_without_a_text_of_ours_is_said_to_the_interviewer_alone(
    coach: Coach, learner: Learner, question: str
) -> None:
    await coach.practice.record_attempt(learner, report("The lost lift"))
    started = await coach.interviews.start(learner, Plan(question=question))
    brief = started.candidate_brief
    (how,) = started.interviewer_guide.notes["statement"]
    assert brief.title in how
    assert brief.text == ""
    assert (brief.url is None) == (question == "The lost lift")
    moved = await coach.interviews.step(
        learner, Step(UUID(started.interview_id), candidate=SAID, action="next_phase")
    )
    assert moved.guide is not None
    assert moved.guide.notes == {}


@pytest.mark.parametrize("round", [Round.CODING, Round.SYSTEM_DESIGN, Round.BEHAVIORAL])
def test_with_its_whole_guide_a_start_costs_less_than_a_thousand_tokens(round: Round) -> None:
    for question in (one for one in questions().values() if one.round is round):
        interview = open_interview(
            UUID(int=1),
            round_spec(round, 45),
            question=question.slug,
            level=Level.SENIOR,
            minutes=45,
            at=NOW,
        )
        choice = Choice(Shelf(catalogue()).ours(question), "It was asked for.")
        answer = stored(started_answer(interview, choice, NOW))
        assert len(json.dumps(answer, ensure_ascii=False).encode()) / 4 < 1_000, question.slug
