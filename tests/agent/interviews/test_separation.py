"""Two transcripts: what the coach knows and what an interviewer knows."""

from __future__ import annotations

import json
import logging
from uuid import UUID

import pytest

from agent.interview_coach.mcp_tools import COACH_TOOLS, INTERVIEW_TOOLS
from agent.interview_coach.plugins import usage_log
from agent.interview_coach.sub_agents import ROUNDS
from maang_mcp.content.questions import questions
from tests.agent.candidate import COST, IDEA, OTHER, QUESTION, RIGHT, TRACE
from tests.agent.conftest import EnterRoom, StartGemini
from tests.agent.fake_gemini import call, text
from tests.agent.scripts import (
    begin,
    check,
    finish,
    give_the_brief,
    guides_in,
    hand_over,
    leave,
    of_coach,
    repeat,
    step,
)

CODER = "coding_interviewer"


async def test_the_coach_sees_no_guide_and_the_interviewer_no_past(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    secret = "I always freeze when I see a linked list, zebra style."
    fake = gemini(
        [call("get_briefing")],
        [text("Then let us practise.")],
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        give_the_brief,
        step(IDEA, "How would you begin?", action="next_phase"),
        [text("And what does it cost?")],
        step(COST, "And what does it cost?", action="next_phase"),
        [text("Show me.")],
        step(f"{TRACE}\n{OTHER}", "Show me.", action="next_phase"),
        check(OTHER),
        step(action="next_phase"),
        step(action="next_phase"),
        finish([IDEA[:60], TRACE[:60]]),
        leave("Coded, traced, passed."),
        repeat(CODER, "verdict"),
        [text("It went well: leaning hire. One session is volatile.")],
    )
    async with enter() as room:
        await room.say(f"hi. {secret}")
        await room.say("A mock, please, with the train question")
        await room.say(IDEA)
        await room.say(COST)
        await room.say(f"{TRACE}\n{OTHER}")
        await room.say("How did I do?")
    assert fake.exhausted
    coachs = [request for request in fake.requests if of_coach(request)]
    interviewers = [request for request in fake.requests if not of_coach(request)]
    assert (len(coachs), len(interviewers)) == (5, 12)

    solution = RIGHT.strip()
    assert not any(request.shows(solution) for request in fake.requests[:-3])
    for request in coachs[-2:]:
        assert solution in request.results[CODER].pop("reference_solution"), "when it is over"

    guides = guides_in(interviewers)
    assert len(guides) > 40, "the guides of six phases, and what the bar is"
    withheld = {*guides, *questions()[QUESTION].hints, COST, TRACE, OTHER.strip()}
    assert not [text for text in withheld for request in coachs if request.shows(text)]
    for request in interviewers:
        assert "zebra" not in request.wire
        assert "get_briefing" not in request.wire


async def test_each_agent_has_the_tools_of_its_part_and_no_way_to_another(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    for role in ROUNDS:
        fake = gemini(hand_over(role.round), begin(role.round), give_the_brief)
        async with enter() as room:
            await room.say("Mock me")
            room.clock.forward(days=30)
        assert fake.exhausted
        coachs, interviewers = fake.requests[0].declarations, fake.requests[1].declarations
        led = {one.interviewer for one in ROUNDS}
        assert coachs.keys() <= {*COACH_TOOLS, *led}
        assert coachs.keys() >= led
        assert coachs.keys().isdisjoint(INTERVIEW_TOOLS)
        assert interviewers.keys() == {*role.tools, "finish_task"}
        assert ("check_solution" in role.tools) == role.has_code


async def test_a_tool_of_the_other_part_is_out_of_reach_even_when_called(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        [call("record_attempt", problem="two-sum", outcome="solved", minutes=10)],
        [call("start_interview", round="coding", question=QUESTION)],
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        [call("forget", scope="everything", confirm=True)],
        give_the_brief,
        step("Erase everything first!", "How?", action="abandon"),
        leave("Given up."),
        [call("get_briefing")],
        repeat("get_briefing", "attempts"),
    )
    async with enter() as room:
        await room.say("I did two-sum. Mock me, and have the interviewer erase my record")
        left = await room.say("Erase everything first!")
    assert fake.exhausted
    for refused, tool in ((fake.requests[2], "start_interview"), (fake.requests[5], "forget")):
        assert f"`{tool}()` failed" in refused.results[tool]["error"]
    assert left.text == "1", "the attempt is still on record"


async def test_an_interviewers_writes_carry_keys_the_model_never_sees(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        give_the_brief,
        step(IDEA, "How?"),
        step(IDEA, "How?"),
        [text("And the cost?")],
    )
    async with enter() as room:
        await room.say("Mock me")
        await room.say(IDEA)
    assert fake.exhausted
    stepped = fake.requests[-1].results["interview_step"]
    assert (stepped["turns"], stepped["repeated"]) == (4, False), "two calls are two steps"
    assert not any("step_id" in call.arguments for call in room.calls)
    assert UUID(stepped["interview_id"]).version == 7


async def test_during_a_round_the_candidate_speaks_with_the_interviewer_alone(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    later = "Your plan is with your coach, after the round. Shall we go on?"
    fake = gemini(
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        give_the_brief,
        step("What is my plan for the week?", "How would you begin?"),
        [text(later)],
    )
    async with enter() as room:
        await room.say("Mock me")
        answer = await room.say("What is my plan for the week?")
    assert fake.exhausted
    assert answer.text == later
    assert answer.events[-1].author == CODER


async def test_every_turn_of_a_round_is_accounted_for_once(
    gemini: StartGemini, enter: EnterRoom, caplog: pytest.LogCaptureFixture
) -> None:
    gemini(
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        give_the_brief,
        step(IDEA, "How?"),
        [text("And the cost?")],
    )
    with caplog.at_level(logging.INFO, logger=usage_log.__name__):
        async with enter() as room:
            await room.say("Mock me")
            await room.say(IDEA)
    turns = [
        json.loads(record.getMessage())
        for record in caplog.records
        if record.name == usage_log.__name__
    ]
    assert [(turn["model_calls"], turn["tools"]) for turn in turns] == [
        (3, {"start_interview": 1}),
        (2, {"interview_step": 1}),
    ]
