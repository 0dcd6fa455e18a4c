"""What the server offers: names, hints, parameters, and what they cost a conversation."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastmcp import Client, FastMCP
from mcp.types import Tool

from maang_mcp.server.build import INSTRUCTIONS, TOOLS

from .conftest import Era

READS = (True, False, True, False)
WRITES = (False, False, False, False)
WRITES_ONCE = (False, False, True, False)
ERASES = (False, True, True, False)

CATALOGUE: dict[str, tuple[str, tuple[bool, ...], str]] = {
    "record_attempt": (
        "Record an attempt",
        WRITES_ONCE,
        "problem* outcome* minutes hints mistakes culprit_skill confidence approach code note when "
        "round difficulty skills companies attempt_id",
    ),
    "retrieve_context": (
        "Retrieve context",
        READS,
        "query* k kinds tags problem since until topic conversation budget explain",
    ),
    "start_interview": (
        "Start an interview",
        WRITES,
        "round company level minutes focus question fresh onsite",
    ),
    "weakness_report": ("Weakness report", READS, "skill round since limit"),
    "get_briefing": ("Briefing", READS, ""),
    "next_problem": (
        "Next problem",
        READS,
        "skill difficulty max_minutes list_name round company kind",
    ),
    "interview_step": (
        "Interview step",
        WRITES_ONCE,
        "interview_id* interviewer candidate action phase step_id",
    ),
    "finish_interview": (
        "Finish an interview",
        WRITES_ONCE,
        "interview_id* scores* outcome* mistakes culprit_skill tests_failed summary",
    ),
    "check_solution": ("Check a solution", WRITES_ONCE, "code* interview_id question"),
    "remember": (
        "Remember",
        WRITES_ONCE,
        "content kind title tags problem when conversation speaker turns supersedes memory_id",
    ),
    "update_profile": (
        "Update profile",
        WRITES_ONCE,
        "name target_companies target_level interview_date hours_per_week language coach_style "
        "custom_instructions timezone real_result real_round real_company real_when real_id",
    ),
    "make_plan": (
        "Make a study plan",
        WRITES_ONCE,
        "until hours_per_week rest_days rounds plan_id",
    ),
    "search_problems": (
        "Search problems",
        READS,
        "query skill difficulty list_name max_minutes round company status limit",
    ),
    "progress_report": ("Progress report", READS, "round"),
    "forget": ("Forget", ERASES, "what* id confirm"),
}


async def listed(server: FastMCP, era: Era) -> list[Tool]:
    async with Client(server, mode=era) as client:
        tools: list[Tool] = await client.list_tools()
        return tools


def hints(tool: Tool) -> tuple[bool | None, ...]:
    notes = tool.annotations
    assert notes is not None
    return (
        notes.read_only_hint,
        notes.destructive_hint,
        notes.idempotent_hint,
        notes.open_world_hint,
    )


def parameters(tool: Tool) -> str:
    """The names in order, each required one with a star."""
    required = tool.input_schema.get("required", [])
    return " ".join(
        f"{name}*" if name in required else name for name in tool.input_schema["properties"]
    )


async def test_the_tools_are_these_and_no_others(shared_server: FastMCP, era: Era) -> None:
    tools = await listed(shared_server, era)
    assert {t.name: (t.title, hints(t), parameters(t)) for t in tools} == CATALOGUE


async def test_the_list_comes_in_the_order_of_the_catalogue(
    shared_server: FastMCP, era: Era
) -> None:
    names = [tool.name for tool in await listed(shared_server, era)]
    assert names == [function.__name__ for function in TOOLS]


async def test_no_tool_asks_whose_preparation_it_is(shared_server: FastMCP, era: Era) -> None:
    names = {
        name
        for tool in await listed(shared_server, era)
        for name in tool.input_schema["properties"]
    }
    whose = re.compile("learner|user|subject|account|tenant|token|password|secret|api_?key")
    assert not [name for name in names if whose.search(name)]


async def test_schemas_stand_alone(shared_server: FastMCP, era: Era) -> None:
    for tool in await listed(shared_server, era):
        for schema in (tool.input_schema, tool.output_schema):
            text = json.dumps(schema)
            assert schema is not None
            assert schema["type"] == "object"
            assert "$ref" not in text
            assert "$defs" not in text


async def test_the_listing_leaves_a_conversation_its_tokens(
    shared_server: FastMCP, era: Era
) -> None:
    tools = [wire(tool) for tool in await listed(shared_server, era)]
    seen = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in tools]
    assert tokens(tools) <= 4_800  # of 5,000 for sixteen tools
    assert tokens(seen) <= 2_380  # of 2,500


async def test_the_server_introduces_itself(shared_server: FastMCP, era: Era) -> None:
    async with Client(shared_server, mode=era) as client:
        assert client.server_info is not None
        assert client.server_info.name == "maang"
        assert client.instructions == INSTRUCTIONS


@pytest.mark.parametrize("word", sorted(set(re.findall(r"\b[a-z]+_[a-z_]+\b", INSTRUCTIONS))))
def test_the_instructions_name_tools_that_exist(word: str) -> None:
    assert word in CATALOGUE


def wire(tool: Tool) -> dict[str, Any]:
    return tool.model_dump(mode="json", by_alias=True, exclude_none=True)


def tokens(value: object) -> float:
    """Bytes / 4 of the JSON as Python writes it, which has more blanks than the wire."""
    return len(json.dumps(value, ensure_ascii=False).encode()) / 4
