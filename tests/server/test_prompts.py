"""The prompts: the coach's persona, and conversations to begin with one click."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastmcp import Client, FastMCP
from mcp import MCPError
from mcp.types import INVALID_PARAMS, PromptReference, TextContent

from maang_mcp.server.build import TOOLS
from maang_mcp.server.prompts import PERSONA

from .conftest import Era

PROMPTS = {
    "coach": (),
    "daily_practice": ("minutes",),
    "mock_interview": ("round", "company", "level", "minutes", "focus", "onsite"),
    "debrief": ("interview_id",),
    "study_plan": ("until", "hours_per_week"),
    "behavioral_story": ("topic",),
}
FIELDS = {"candidate_brief", "interviewer_guide", "culprit_skill"}
"""Words of the persona that look like tools and are fields of theirs."""


async def test_the_prompts_are_these_and_no_others(shared_server: FastMCP, era: Era) -> None:
    async with Client(shared_server, mode=era) as client:
        prompts = await client.list_prompts()
    assert {p.name: tuple(a.name for a in p.arguments or ()) for p in prompts} == PROMPTS
    for prompt in prompts:
        assert prompt.title
        assert prompt.description
        assert not any(argument.required for argument in prompt.arguments or ())


@pytest.mark.parametrize("name", PROMPTS)
async def test_each_begins_without_arguments(shared_server: FastMCP, era: Era, name: str) -> None:
    async with Client(shared_server, mode=era) as client:
        assert (await said(client, name)).startswith(PERSONA)


@pytest.mark.parametrize(("name", "arguments"), [(n, a) for n, a in PROMPTS.items() if a])
async def test_what_the_learner_wishes_is_passed_on(
    shared_server: FastMCP, era: Era, name: str, arguments: tuple[str, ...]
) -> None:
    wishes = {argument: f"my-{argument}" for argument in arguments if argument != "onsite"}
    async with Client(shared_server, mode=era) as client:
        text = await said(client, name, wishes)
    assert all(wish in text for wish in wishes.values())


@pytest.mark.parametrize(("typed", "wanted"), [("yes", True), ("", False), ("No", False)])
async def test_a_mock_interview_is_a_round_of_a_loop_if_wished(
    shared_server: FastMCP, era: Era, typed: str, wanted: bool
) -> None:
    async with Client(shared_server, mode=era) as client:
        text = await said(client, "mock_interview", {"onsite": typed})
    assert ("as the next round of my onsite loop" in text) == wanted


@pytest.mark.parametrize("word", sorted(set(re.findall(r"\b[a-z]+_[a-z_]+\b", PERSONA)) - FIELDS))
def test_the_persona_names_tools_that_exist(word: str) -> None:
    assert word in {function.__name__ for function in TOOLS}


async def test_a_prompt_nobody_knows_is_an_invalid_parameter(
    shared_server: FastMCP, era: Era, complaints: list[str]
) -> None:
    async with Client(shared_server, mode=era) as client:
        with pytest.raises(MCPError) as refused:
            await client.get_prompt("no_such_prompt")
    assert refused.value.code == INVALID_PARAMS
    assert complaints == []


@pytest.mark.parametrize(
    ("argument", "typed", "first"), [("level", "sen", "senior"), ("focus", "heap", "heap")]
)
async def test_a_prompts_arguments_are_completed(
    shared_server: FastMCP, era: Era, argument: str, typed: str, first: str
) -> None:
    reference = PromptReference(type="ref/prompt", name="mock_interview")
    async with Client(shared_server, mode=era) as client:
        found = await client.complete(reference, {"name": argument, "value": typed})
    assert found.values[0] == first


async def said(client: Client[Any], name: str, arguments: dict[str, str] | None = None) -> str:
    (message,) = (await client.get_prompt(name, arguments)).messages
    assert message.role == "user"
    assert isinstance(message.content, TextContent)
    return message.content.text
