"""Breaks, ends, restarts and outages in the middle of a round."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.adk.sessions.sqlite_session_service import SqliteSessionService

from agent.interview_coach.plugins.required_tools import MCP_UNAVAILABLE
from tests.agent.candidate import COST, IDEA, QUESTION
from tests.agent.conftest import EnterRoom, StartGemini
from tests.agent.fake_gemini import Failure, call, text
from tests.agent.scripts import (
    begin,
    finish,
    give_the_brief,
    hand_over,
    leave,
    of_coach,
    repeat,
    step,
)
from tests.agent.trajectory import assert_trajectory, called

CODER = "coding_interviewer"
OPENING = (
    hand_over("coding", question=QUESTION),
    begin("coding", question=QUESTION),
    give_the_brief,
)


async def test_giving_up_is_no_verdict_and_nothing_is_scored(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step("I want to stop, this is not my day.", "How would you begin?", action="abandon"),
        leave("Given up at the start."),
        repeat(CODER, "verdict"),
        [call("get_briefing")],
        repeat("get_briefing", "attempts"),
    )
    async with enter() as room:
        await room.say("Mock me")
        closed = await room.say("I want to stop, this is not my day.")
        counted = await room.say("What is on record?")
    assert fake.exhausted
    assert closed.text == "abandoned"
    card = fake.requests[5].results[CODER]
    assert card["scores"] == []
    assert "average" not in card
    assert counted.text == "0"
    assert "unfinished_interview" not in fake.requests[-1].results["get_briefing"]


async def test_a_paused_interview_goes_on_the_next_day_in_another_conversation(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?", action="next_phase"),
        [text("And the cost?")],
        step("I have to go, can we pause?", "And the cost?", action="pause"),
        leave("Paused in the approach."),
        repeat(CODER, "verdict"),
        [call("get_briefing")],
        repeat("get_briefing", "proposal"),
        hand_over("coding"),
        begin("coding", minutes=45),
        [text("We had come to your approach. What does it cost?")],
        step(COST, "What does it cost?"),
        finish([IDEA[:60], COST], score=2, outcome="failed", culprit_skill="linked-list"),
        leave("An approach, no code."),
        repeat(CODER, "verdict"),
    )
    async with enter() as room:
        await room.say("Mock me")
        await room.say(IDEA)
        paused = await room.say("I have to go, can we pause?")
    room.clock.forward(days=1)
    async with enter() as room:
        greeted = await room.say("hi")
        await room.say("Let us go on with it")
        closed = await room.say(COST)
    assert fake.exhausted
    assert paused.text == "paused"
    assert "interview" in greeted.text.casefold()
    resumed = fake.requests[12].results["start_interview"]
    assert (resumed["resumed"], resumed["phase"]) == (True, "approach")
    assert resumed["question"] == QUESTION
    assert resumed["clock"]["elapsed"] == 4.0, "a day of pause is not a day of interview"
    assert any(IDEA[:60] in turn for turn in resumed["last_turns"])
    assert closed.text == "leaning no hire"


async def test_a_restart_in_the_middle_of_a_round_is_not_noticed(
    gemini: StartGemini, enter: EnterRoom, tmp_path: Path
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?", action="next_phase"),
        [text("And the cost?")],
        step(COST, "And the cost?"),
        finish([IDEA[:60], COST], score=2, outcome="failed", culprit_skill="linked-list"),
        leave("An approach, no code."),
        repeat(CODER, "verdict"),
    )
    log = str(tmp_path / "sessions.db")
    async with enter(sessions=SqliteSessionService(log)) as room:
        await room.say("Mock me")
        await room.say(IDEA)
    async with enter(sessions=SqliteSessionService(log)) as room:
        closed = await room.say(COST)
    assert fake.exhausted
    assert_trajectory(
        room.calls,
        called(CODER, "interview_step", candidate=COST),
        called(CODER, "finish_interview"),
        called(CODER, "finish_task"),
    )
    assert closed.text == "leaning no hire"
    assert not any(of_coach(request) for request in fake.requests[1:-1])
    card = fake.requests[-1].results[CODER]
    assert card["interview_id"] == fake.requests[2].results["start_interview"]["interview_id"]


async def test_the_guard_remembers_the_guide_across_a_restart(
    gemini: StartGemini, enter: EnterRoom, tmp_path: Path
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?", action="next_phase"),
        [text("And the cost?")],
        [text("Look for two chains with their ends remembered, joined at the end.")],
    )
    log = str(tmp_path / "sessions.db")
    async with enter(sessions=SqliteSessionService(log)) as room:
        await room.say("Mock me")
        await room.say(IDEA)
    async with enter(sessions=SqliteSessionService(log)) as room:
        answer = await room.say("What are you looking for?")
    assert fake.exhausted
    assert "two chains" not in answer.text


async def test_an_outage_in_the_middle_loses_nothing(gemini: StartGemini, enter: EnterRoom) -> None:
    told = "I cannot reach your record at the moment; what we have is kept. Shall I try again?"
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?", action="next_phase"),
        [text(told)],
        step(IDEA, "How would you begin?", action="next_phase"),
        [text("And the cost?")],
    )
    async with enter() as room:
        await room.say("Mock me")
        room.server.away = True
        answer = await room.say(IDEA)
        room.server.away = False
        await room.say("Yes, please")
    assert fake.exhausted
    assert answer.text == told
    assert fake.requests[4].results["interview_step"].keys() == {"error"}
    stepped = fake.requests[-1].results["interview_step"]
    assert (stepped["phase"], stepped["turns"]) == ("approach", 2), "recorded once"


async def test_a_model_that_fails_in_the_middle_leaves_the_round_open(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        Failure(400, "quota"),
        step(IDEA, "How would you begin?"),
        [text("And the cost?")],
    )
    async with enter() as room:
        await room.say("Mock me")
        with pytest.raises(Exception, match="quota"):
            await room.say("Let me think.")
        answer = await room.say(IDEA)
    assert fake.exhausted
    assert answer.text == "And the cost?"
    assert answer.events[-1].author == CODER


async def test_a_server_that_is_away_when_the_interviewer_comes_is_waited_for(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        [text("Shall we?")],
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("hi")
        room.server.away = True
        refused = await room.say("Mock me")
        room.server.away = False
        opened = await room.say("Now?")
    assert fake.exhausted
    assert refused.error_codes == [MCP_UNAVAILABLE]
    assert "Nothing was recorded" in refused.text
    assert "goods train" in opened.text


async def test_after_an_outage_the_candidate_may_leave_and_resume_later(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step("Let us stop.", "How would you begin?", action="pause"),
        leave("The record could not be reached."),
        [text("It stays open; say when you want to go on.")],
        hand_over("coding"),
        begin("coding", minutes=45),
        give_the_brief,
    )
    async with enter() as room:
        await room.say("Mock me")
        room.server.away = True
        left = await room.say("Let us stop.")
        room.server.away = False
        await room.say("Go on")
    assert fake.exhausted
    assert left.text == "It stays open; say when you want to go on."
    assert fake.requests[5].results[CODER]["verdict"] == "no verdict"
    assert fake.requests[-1].results["start_interview"]["resumed"]


async def test_an_interview_nobody_came_back_to_is_over_and_says_so(
    gemini: StartGemini, enter: EnterRoom
) -> None:
    fake = gemini(
        *OPENING,
        step(IDEA, "How would you begin?"),
        leave("Left alone for two days, so it expired."),
        [text("That one has expired, without a verdict. Shall we begin another?")],
    )
    async with enter() as room:
        await room.say("Mock me")
        room.clock.forward(days=2)
        answer = await room.say(IDEA)
    assert fake.exhausted
    assert answer.text.startswith("That one has expired")
    assert "expired" in fake.requests[4].results["interview_step"]["error"]
    assert fake.requests[-1].results[CODER]["verdict"] == "no verdict"
