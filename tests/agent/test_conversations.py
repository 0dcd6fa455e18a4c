"""Whole conversations: the real model client, the real MCP server over stdio, real Postgres.

Only Gemini is played, over its own wire protocol. What it "says" is taken from the results it was
handed, so every assertion on an answer is one on what reached the model.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from google.adk.sessions.sqlite_session_service import SqliteSessionService

from agent.interview_coach.agent import build_app
from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import INTERVIEW_TOOLS, toolset
from tests.agent.candidate import COST, IDEA, QUESTION
from tests.agent.conftest import StartGemini
from tests.agent.conversation import Conversation, converse
from tests.agent.fake_gemini import call, text
from tests.agent.scripts import begin, finish, give_the_brief, hand_over, leave, repeat, step
from tests.agent.test_prompts import CONTRACT, FIELDS, INTERVIEWERS, NAMED
from tests.agent.trajectory import assert_trajectory, called, trajectory


@asynccontextmanager
async def coached(
    server_settings: dict[str, str], sessions: str | None = None
) -> AsyncIterator[Conversation]:
    """A conversation with the agents as they are shipped, and servers they start themselves."""
    app = build_app(AgentConfig(), partial(toolset, AgentConfig(), server_settings))
    service = SqliteSessionService(sessions) if sessions else None
    async with converse(app, service) as conversation:
        yield conversation


async def test_hi_is_one_briefing_and_one_proposal(
    gemini: StartGemini, server_settings: dict[str, str]
) -> None:
    fake = gemini([call("get_briefing")], repeat("get_briefing", "proposal"))
    async with coached(server_settings) as conversation:
        answer = await conversation.say("hi")
    briefing = fake.requests[1].results["get_briefing"]
    assert briefing["attempts"] == 0
    assert answer.text == briefing["proposal"]
    assert [name for name, _ in answer.calls] == ["get_briefing"]
    assert answer.error_codes == []
    offered = fake.requests[0].declarations.keys()
    led = {*INTERVIEWERS, *INTERVIEW_TOOLS}
    assert NAMED - FIELDS - led <= offered, "the coach is told of what the server offers"
    assert offered - led <= CONTRACT


async def test_reported_practice_is_on_record_for_the_next_conversation(
    gemini: StartGemini, server_settings: dict[str, str]
) -> None:
    attempt = {
        "problem": "3sum",
        "minutes": 25,
        "mistakes": ["edge_case"],
        "culprit_skill": "two-pointers",
    }
    fake = gemini(
        [call("record_attempt", **attempt, outcome="messed up")],
        [call("record_attempt", **attempt, outcome="solved")],
        repeat("record_attempt", "next_review"),
        [call("get_briefing")],
        repeat("get_briefing", "attempts"),
    )
    async with coached(server_settings) as conversation:
        reported = await conversation.say("I did 3sum in 25 min, messed up duplicates")
    refused = fake.requests[1].results["record_attempt"]
    recorded = fake.requests[2].results["record_attempt"]
    assert refused.keys() == {"error"}
    assert "outcome" in refused["error"]
    assert recorded["problem"] == "3sum"
    assert UUID(recorded["attempt_id"]).version == 5
    assert "two-pointers" in {moved["skill"] for moved in recorded["skills"]}
    assert reported.text == recorded["next_review"]
    async with coached(server_settings) as conversation:
        answer = await conversation.say("hi, how many have I done?")
    assert answer.text == "1"


async def test_an_interview_survives_a_restart_of_agent_and_server(
    gemini: StartGemini, server_settings: dict[str, str], tmp_path: Path
) -> None:
    stuck = "I would couple two chains, and I am stuck on where the second one ends."
    fake = gemini(
        hand_over("coding", question=QUESTION),
        begin("coding", question=QUESTION),
        give_the_brief,
        step(IDEA, "How would you start?"),
        [text("And where does the second chain end?")],
        step(stuck, "And where does the second chain end?", action="hint"),
        repeat("interview_step", "hint"),
        step(COST, "What does it cost?"),
        finish("I proved it by induction."),
        finish([IDEA[:60], stuck], outcome="solved_with_hints"),
        leave("An approach with a hint, not coded."),
        repeat("coding_interviewer", "verdict"),
    )
    sessions = str(tmp_path / "sessions.db")
    async with coached(server_settings, sessions) as conversation:
        opened = await conversation.say("Mock me for a coding round")
        await conversation.say(IDEA)
    async with coached(server_settings, sessions) as conversation:
        helped = await conversation.say(stuck)
        closed = await conversation.say(COST)
    assert fake.exhausted
    assert_trajectory(
        trajectory(conversation.events),
        called("coding_interviewer", "interview_step", action="hint"),
        called("coding_interviewer", "interview_step", candidate=COST),
        called("coding_interviewer", "finish_interview"),
        called("coding_interviewer", "finish_interview", outcome="solved_with_hints"),
        called("coding_interviewer", "finish_task"),
    )
    started = fake.requests[2].results["start_interview"]
    assert opened.text == started["candidate_brief"]["text"]
    assert helped.text == fake.requests[6].results["interview_step"]["hint"]
    refused = fake.requests[9].results["finish_interview"]
    assert refused.keys() == {"error"}, "a verdict cannot rest on words nobody said"
    card = fake.requests[-1].results["coding_interviewer"]
    assert closed.text == card["verdict"]
    assert card["interview_id"] == started["interview_id"]
    assert card["hints_given"] == 1
