"""The coach refuses to work without its server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from google.adk.tools.mcp_tool import McpToolset, StdioConnectionParams
from mcp import StdioServerParameters

from agent.interview_coach.agent import build_app
from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import toolset
from agent.interview_coach.plugins.required_tools import MCP_UNAVAILABLE
from tests.agent.conftest import StartGemini
from tests.agent.conversation import converse
from tests.agent.fake_gemini import text
from tests.agent.in_process import REMOTE
from tests.agent.practice_server import practise


def _absent_server(_tools: Sequence[str]) -> McpToolset:
    server = StdioServerParameters(command="no-such-command-anywhere")
    return McpToolset(connection_params=StdioConnectionParams(server_params=server, timeout=5))


async def test_without_a_server_the_candidate_is_told_and_the_model_is_not_asked(
    gemini: StartGemini,
) -> None:
    fake = gemini()
    async with converse(build_app(AgentConfig(), _absent_server)) as conversation:
        answer = await conversation.say("I did 3sum in 25 min")
    assert "can't reach your practice record" in answer.text
    assert "Nothing was recorded" in answer.text
    assert answer.error_codes == [MCP_UNAVAILABLE]
    assert fake.requests == []


async def test_an_address_nobody_answers_at_is_told_too(gemini: StartGemini) -> None:
    fake = gemini()
    config = AgentConfig(mcp_url="http://127.0.0.1:9/mcp", mcp_token="s3cret")
    async with converse(build_app(config, partial(toolset, config, {}))) as conversation:
        answer = await conversation.say("hi")
    assert answer.error_codes == [MCP_UNAVAILABLE]
    assert fake.requests == []


async def test_a_server_that_lacks_a_required_tool_is_named_as_outdated(
    gemini: StartGemini, caplog: pytest.LogCaptureFixture
) -> None:
    fake = gemini()
    async with practise(without="retrieve_context") as (conversation, _):
        answer = await conversation.say("hi")
    assert "update the server" in answer.text
    assert answer.error_codes == [MCP_UNAVAILABLE]
    assert answer.events[-1].error_message == "Missing tools: retrieve_context"
    assert "offers no retrieve_context" in caplog.text
    assert fake.requests == []


async def test_with_every_required_tool_the_model_answers(gemini: StartGemini) -> None:
    gemini([text("Hello.")])
    async with practise() as (conversation, _):
        answer = await conversation.say("hi")
    assert (answer.text, answer.error_codes) == ("Hello.", [])


async def test_the_configured_token_opens_the_server(gemini: StartGemini) -> None:
    gemini([text("Hello.")])
    async with practise(replace(REMOTE, mcp_token="s3cret"), token="s3cret") as (conversation, _):
        answer = await conversation.say("hi")
    assert answer.text == "Hello."


@pytest.mark.parametrize("token", ["", "wrong"])
async def test_a_server_that_does_not_let_the_agent_in_is_told_too(
    gemini: StartGemini, token: str
) -> None:
    fake = gemini()
    async with practise(replace(REMOTE, mcp_token=token), token="s3cret") as (conversation, _):
        answer = await conversation.say("hi")
    assert answer.error_codes == [MCP_UNAVAILABLE]
    assert fake.requests == []
