"""Whole conversations: the real model client, the real MCP server over stdio, real Postgres.

Only Gemini is played, over its own wire protocol. What it "says" is taken from the results it was
handed, so every assertion on an answer is one on what reached the model.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from agent.interview_coach.agent import build_app
from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import coach_toolset
from tests.agent.conftest import StartGemini
from tests.agent.conversation import Conversation, converse
from tests.agent.fake_gemini import Body, Part, call, results_in, text
from tests.agent.test_prompts import CONTRACT, FIELDS, NAMED

DIMENSIONS = ("communication", "problem_solving", "technical_competency", "testing")


@asynccontextmanager
async def coached(server_settings: dict[str, str]) -> AsyncIterator[Conversation]:
    """A conversation with the agent as it is shipped, and a server it starts itself."""
    config = AgentConfig()
    async with converse(build_app(config, coach_toolset(config, server_settings))) as conversation:
        yield conversation


def say(tool: str, field: str) -> Any:
    """A model that repeats one field of what `tool` returned."""
    return lambda body: [text(str(results_in(body)[tool][field]))]


def step(*, candidate: str, interviewer: str = "", **more: str) -> Any:
    """A model that records one exchange of the interview it has started."""

    def act(body: Body) -> list[Part]:
        interview_id = results_in(body)["start_interview"]["interview_id"]
        return [
            call(
                "interview_step",
                interview_id=interview_id,
                candidate=candidate,
                interviewer=interviewer,
                **more,
            )
        ]

    return act


def grade(quotes: dict[str, str]) -> Any:
    """A model that finishes its interview with top scores, each resting on a quote."""

    def act(body: Body) -> list[Part]:
        scores = [
            {"dimension": dimension, "score": 4, "evidence": [quote]}
            for dimension, quote in quotes.items()
        ]
        interview_id = results_in(body)["start_interview"]["interview_id"]
        return [
            call(
                "finish_interview",
                interview_id=interview_id,
                scores=scores,
                outcome="solved_with_hints",
                culprit_skill="hash-map",
            )
        ]

    return act


async def test_hi_is_one_briefing_and_one_proposal(
    gemini: StartGemini, server_settings: dict[str, str]
) -> None:
    fake = gemini([call("get_briefing")], say("get_briefing", "proposal"))
    async with coached(server_settings) as conversation:
        answer = await conversation.say("hi")
    briefing = fake.requests[1].results["get_briefing"]
    assert briefing["attempts"] == 0
    assert answer.text == briefing["proposal"]
    assert [name for name, _ in answer.calls] == ["get_briefing"]
    assert answer.error_codes == []
    offered = fake.requests[0].declarations.keys()
    assert NAMED - FIELDS <= offered <= CONTRACT, "the coach is told of what the server offers"


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
        say("record_attempt", "next_review"),
        [call("get_briefing")],
        say("get_briefing", "attempts"),
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


async def test_a_short_interview_from_its_question_to_the_verdict(
    gemini: StartGemini, server_settings: dict[str, str]
) -> None:
    idea = "I keep a hash map from value to index and look up the complement, so it is linear."
    stuck = "I would store every index first. I am stuck on using one element twice."
    done = "I test two equal numbers and an empty list, then it works for duplicates."

    quotes = dict(zip(DIMENSIONS, (idea, idea, stuck, done), strict=True))
    invented = dict.fromkeys(DIMENSIONS, "I proved it by induction.")
    fake = gemini(
        [
            call(
                "start_interview",
                company="Google",
                level="L5",
                minutes=30,
                question="two-sum",
            )
        ],
        lambda body: [text(results_in(body)["start_interview"]["candidate_brief"]["text"])],
        step(interviewer="How would you start?", candidate=idea),
        [text("What about the same element twice?")],
        step(interviewer="And the same element twice?", candidate=stuck, action="hint"),
        say("interview_step", "hint"),
        step(candidate=done, action="next_phase"),
        [text("Good. Anything else?")],
        grade(invented),
        grade(quotes),
        say("finish_interview", "verdict"),
    )
    async with coached(server_settings) as conversation:
        opened = await conversation.say("Mock me for a Google L5 coding round, 30 minutes")
        await conversation.say(idea)
        helped = await conversation.say(stuck)
        await conversation.say(done)
        closed = await conversation.say("I am done")
    assert fake.exhausted
    started = fake.requests[1].results["start_interview"]
    assert started["question"] == "two-sum"
    assert opened.text == started["candidate_brief"]["text"]
    assert helped.text == fake.requests[5].results["interview_step"]["hint"]
    refused = fake.requests[9].results["finish_interview"]
    assert refused.keys() == {"error"}, "a verdict cannot rest on words nobody said"
    finished = fake.requests[10].results["finish_interview"]
    assert closed.text == finished["verdict"]
    assert finished["interview_id"] == started["interview_id"]
    assert finished["signals"]["hints_given"] == 1
    ceilings = {score["dimension"]: score for score in finished["scores"]}
    assert ceilings["problem_solving"]["score"] < 4
