"""Every write carries a key, so that a repeat changes nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.mcp_tool import McpTool
from google.adk.tools.mcp_tool.mcp_session_manager import MCPSessionManager
from google.adk.tools.tool_context import ToolContext
from mcp_types import Tool

from agent.interview_coach.plugins import IdempotencyKeys
from agent.interview_coach.plugins.idempotency import ID_PARAMETERS
from tests.agent.conftest import StartGemini
from tests.agent.fake_gemini import call, text
from tests.agent.practice_server import practise


async def test_an_attempt_reaches_the_server_with_a_key_the_model_never_sees(
    gemini: StartGemini,
) -> None:
    fake = gemini([call("record_attempt", problem="3sum")], [text("Recorded.")])
    async with practise() as (conversation, server):
        answer = await conversation.say("I did 3sum")
    (key,) = server.attempt_ids
    assert UUID(key).version == 5
    assert answer.calls == [("record_attempt", {"problem": "3sum"})]
    assert str(key) not in str(fake.requests[1].body)


async def test_two_attempts_reported_at_once_have_two_keys(gemini: StartGemini) -> None:
    attempt = call("record_attempt", problem="two-sum")
    gemini([attempt, attempt], [text("Recorded both.")])
    async with practise() as (conversation, server):
        await conversation.say("I did two sum twice")
    assert len(set(server.attempt_ids)) == 2


async def test_a_key_the_model_gave_is_kept(gemini: StartGemini) -> None:
    gemini([call("record_attempt", problem="3sum", attempt_id="mine")], [text("Recorded.")])
    async with practise() as (conversation, server):
        await conversation.say("I did 3sum")
    assert server.attempt_ids == ["mine"]


def _tool(name: str, *parameters: str) -> BaseTool:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in parameters}}
    described = Tool(name=name, input_schema=schema)
    return McpTool(mcp_tool=described, mcp_session_manager=cast(MCPSessionManager, None))


def _context(**differences: str) -> ToolContext:
    session = {"app_name": "interview_coach", "user_id": "ada", "id": "s1"}
    rest = {"invocation_id": "i1", "function_call_id": "call_0"}
    session.update({key: value for key, value in differences.items() if key in session})
    rest.update({key: value for key, value in differences.items() if key in rest})
    return cast(ToolContext, SimpleNamespace(session=SimpleNamespace(**session), **rest))


async def _arguments(tool: BaseTool, context: ToolContext, **given: Any) -> dict[str, Any]:
    await IdempotencyKeys().before_tool_callback(tool=tool, tool_args=given, tool_context=context)
    return given


@pytest.mark.parametrize(("name", "parameter"), ID_PARAMETERS.items())
async def test_the_same_call_delivered_twice_has_the_same_key(name: str, parameter: str) -> None:
    tool = _tool(name, parameter)
    first = await _arguments(tool, _context(), real_result="passed")
    second = await _arguments(tool, _context(), real_result="passed")
    assert first[parameter] == second[parameter]


@pytest.mark.parametrize(
    "difference",
    [
        {"user_id": "grace"},
        {"id": "s2"},
        {"invocation_id": "i2"},
        {"function_call_id": "call_1"},
    ],
)
async def test_another_call_has_another_key(difference: dict[str, str]) -> None:
    tool = _tool("record_attempt", "attempt_id")
    here = await _arguments(tool, _context(), problem="3sum")
    there = await _arguments(tool, _context(**difference), problem="3sum")
    assert here["attempt_id"] != there["attempt_id"]


async def test_a_model_that_reuses_its_call_ids_cannot_lose_an_attempt() -> None:
    tool = _tool("record_attempt", "attempt_id")
    first = await _arguments(tool, _context(), problem="3sum")
    second = await _arguments(tool, _context(), problem="two-sum")
    assert first["attempt_id"] != second["attempt_id"]


async def test_a_server_without_the_parameter_is_not_sent_one() -> None:
    assert await _arguments(_tool("record_attempt"), _context(), problem="x") == {"problem": "x"}


async def test_a_tool_that_only_reads_gets_no_key() -> None:
    assert await _arguments(_tool("weakness_report", "attempt_id"), _context()) == {}


async def test_a_profile_that_tells_of_no_real_interview_names_none() -> None:
    tool = _tool("update_profile", "real_id")
    for told in ({"name": "Ada"}, {"real_result": None}):
        assert await _arguments(tool, _context(), **told) == told
    named = await _arguments(tool, _context(), real_result="rejected")
    assert UUID(named["real_id"]).version == 5
