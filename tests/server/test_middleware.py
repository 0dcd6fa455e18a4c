"""What surrounds a call: its figures, the words of its errors, the form of its answer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest
from fastmcp import Client, FastMCP
from fastmcp.tools import ToolResult
from mcp import MCPError
from mcp.types import ImageContent, TextContent

from maang_mcp.domain.profile import Learner
from maang_mcp.server.build import build_server
from maang_mcp.server.middleware import MOST_BYTES
from maang_mcp.server.opening import Opening
from maang_mcp.telemetry import CallDetails, CallKind, CallOutcome, learner_tag
from tests.factories import NOW, SteppingClock

from .conftest import Era

VERSIONS = {"auto": "2026-07-28", "legacy": "2025-11-25"}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the form that all of ours have."""

    status: str
    items: list[str]


@pytest.fixture
def calls() -> list[CallDetails]:
    """What the hooks were told."""
    return []


@pytest.fixture
def server(
    opening: Opening, learner: Learner, clock: SteppingClock, calls: list[CallDetails]
) -> FastMCP:
    """The product with some tools added that it does not have."""
    server = build_server(opening, learner=learner.subject, hooks=(calls.append,), clock=clock)

    @server.tool
    def breaks() -> str:
        raise RuntimeError("the password is hunter2")

    @server.tool
    async def lasts() -> str:
        await asyncio.Event().wait()
        return "never"

    @server.tool
    def tells(items: int) -> Told:
        return Told("Told.", ["ä" * 100] * items)

    @server.tool
    def paints() -> ImageContent:
        return ImageContent(type="image", data="aGk=", mime_type="image/png")

    @server.tool
    def counts() -> dict[str, int]:
        return {"count": 3}

    @server.tool
    def explains() -> ToolResult:
        return ToolResult("In its own words.", {"answer": 42}, meta={"of": "its own"})

    return server


async def test_hooks_are_told_of_every_call(
    server: FastMCP, era: Era, calls: list[CallDetails]
) -> None:
    async with Client(server, mode=era) as client:
        answer = await client.call_tool_mcp("get_briefing", {})
        await client.read_resource("maang://stats")
        await client.get_prompt("coach")
    tool, resource, prompt = calls
    assert (tool.kind, tool.name) == (CallKind.TOOL, "get_briefing")
    assert (resource.kind, resource.name) == (CallKind.RESOURCE, "maang://stats")
    assert (prompt.kind, prompt.name) == (CallKind.PROMPT, "coach")
    assert tool.result_bytes == len(compact(answer.structured_content))
    assert resource.result_bytes is prompt.result_bytes is None
    for call in calls:
        assert (call.outcome, call.error) == (CallOutcome.OK, None)
        assert call.learner == learner_tag("default")
        assert call.protocol == VERSIONS[era]
        assert call.started == NOW
        assert call.duration_ms > 0


async def test_what_a_caller_made_up_is_not_told(
    server: FastMCP, era: Era, calls: list[CallDetails]
) -> None:
    async with Client(server, mode=era) as client:
        await client.call_tool_mcp("my secret", {})
        for uri in ("maang://my-secret", "maang://problems/my-secret"):
            with pytest.raises(MCPError):
                await client.read_resource(uri)
        with pytest.raises(MCPError):
            await client.get_prompt("my secret")
    assert [call.name for call in calls] == [
        "unknown",
        "unknown",
        "maang://problems/{slug}",
        "unknown",
    ]
    assert {call.outcome for call in calls} == {CallOutcome.REFUSED}


@pytest.mark.parametrize(
    ("tool", "arguments", "error"),
    [
        ("forget", {"what": "attempt"}, "InvalidInput"),
        ("forget", {"what": "the world"}, "ValidationError"),
        ("forgive", {}, "NotFoundError"),
    ],
)
async def test_a_refusal_is_told_by_its_kind(
    server: FastMCP,
    era: Era,
    calls: list[CallDetails],
    tool: str,
    arguments: dict[str, Any],
    error: str,
) -> None:
    async with Client(server, mode=era) as client:
        await client.call_tool_mcp(tool, arguments)
    assert [(call.outcome, call.error) for call in calls] == [(CallOutcome.REFUSED, error)]


async def test_what_breaks_inside_stays_inside(
    server: FastMCP, era: Era, calls: list[CallDetails], complaints: list[str]
) -> None:
    async with Client(server, mode=era) as client:
        answer = await client.call_tool_mcp("breaks", {})
    assert answer.is_error
    assert answer.structured_content is None
    assert texts(answer.content) == ["Error calling tool 'breaks'"]
    assert [(call.outcome, call.error) for call in calls] == [(CallOutcome.FAILED, "RuntimeError")]
    assert complaints == ["Error calling tool 'breaks'"]


async def test_a_call_that_is_given_up_is_not_told_as_answered(
    server: FastMCP, era: Era, calls: list[CallDetails]
) -> None:
    async with Client(server, mode=era) as client:
        with pytest.raises(MCPError, match=r"[Tt]imed out"):
            await client.call_tool_mcp("lasts", {}, timeout=0.1)
    assert [(call.outcome, call.error) for call in calls] == [
        (CallOutcome.FAILED, "CancelledError")
    ]


async def test_an_answer_of_ours_is_told_twice_once_for_each_reader(
    server: FastMCP, era: Era
) -> None:
    async with Client(server, mode=era) as client:
        answer = await client.call_tool_mcp("tells", {"items": 1})
    assert texts(answer.content) == ["Told.", '{"items":["' + "ä" * 100 + '"]}']
    assert answer.structured_content == {"status": "Told.", "items": ["ä" * 100]}


async def test_an_answer_beyond_all_bounds_is_refused(
    server: FastMCP, era: Era, complaints: list[str]
) -> None:
    async with Client(server, mode=era) as client:
        fits = await client.call_tool_mcp("tells", {"items": MOST_BYTES // 210})
        bursts = await client.call_tool_mcp("tells", {"items": MOST_BYTES // 200})
    assert not fits.is_error
    assert bursts.is_error
    assert texts(bursts.content) == ["The answer would be too long. Ask for fewer items."]
    assert complaints == []


async def test_answers_that_are_not_ours_are_left_alone(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        painted = await client.call_tool_mcp("paints", {})
        counted = await client.call_tool_mcp("counts", {})
        explained = await client.call_tool_mcp("explains", {})
    assert isinstance(painted.content[0], ImageContent)
    assert texts(counted.content) == ['{"count":3}']
    assert texts(explained.content) == ["In its own words."]
    assert explained.structured_content == {"answer": 42}
    assert (explained.meta or {})["of"] == "its own"


def texts(content: list[Any]) -> list[str]:
    return [part.text for part in content if isinstance(part, TextContent)]


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
