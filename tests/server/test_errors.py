"""What goes wrong: a clear error, nothing written, and no traceback anywhere."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from fastmcp import Client, FastMCP
from mcp import MCPError
from mcp.types import INTERNAL_ERROR, CallToolResult, TextContent

from maang_mcp.app import Coach
from maang_mcp.domain.errors import StoreUnavailable
from maang_mcp.domain.scrubbing import FENCE_CLOSE, FENCE_OPEN
from maang_mcp.server.build import TOOLS, build_server
from maang_mcp.server.opening import Opening
from maang_mcp.server.params import LONGEST_TEXT

from .conftest import Era
from .conversation import scores

NOBODY = "01890000-0000-7000-8000-000000000000"
ATTEMPT = {"problem": "3sum", "outcome": "solved"}

WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "a tool there is none of": (
        "solve",
        {},
        "There is no tool 'solve'. Available: check_solution, finish_interview",
    ),
    "a missing field": ("record_attempt", {"problem": "3sum"}, "outcome"),
    "a text for a number": ("record_attempt", ATTEMPT | {"minutes": "long"}, "minutes"),
    "a number for a text": ("record_attempt", ATTEMPT | {"note": 5}, "note"),
    "an object for a list": ("remember", {"content": "x", "tags": {"a": 1}}, "tags"),
    "JSON text that is none": ("remember", {"content": "x", "tags": '["a"'}, "tags"),
    "a word nobody uses": ("record_attempt", ATTEMPT | {"outcome": "aced"}, "'solved'"),
    "a mistake nobody makes": ("record_attempt", ATTEMPT | {"mistakes": ["typo"]}, "mistakes.0"),
    "an argument there is none of": ("record_attempt", ATTEMPT | {"learner": "eve"}, "learner"),
    "negative minutes": ("record_attempt", ATTEMPT | {"minutes": -5}, "greater than 0"),
    "endless minutes": ("record_attempt", ATTEMPT | {"minutes": "inf"}, "minutes"),
    "no number of minutes": ("record_attempt", ATTEMPT | {"minutes": "nan"}, "minutes"),
    "half a hint": ("record_attempt", ATTEMPT | {"hints": 0.5}, "hints"),
    "more than certain": ("record_attempt", ATTEMPT | {"confidence": 6}, "confidence"),
    "a date to come": ("record_attempt", ATTEMPT | {"when": "2031-01-01"}, "future"),
    "a date there is none of": ("record_attempt", ATTEMPT | {"when": "2026-02-30"}, "not a date"),
    "an id that is none": ("record_attempt", ATTEMPT | {"attempt_id": "42"}, "attempt_id"),
    "a skill nobody knows": (
        "record_attempt",
        {"problem": "3sum", "outcome": "failed", "culprit_skill": "juggling"},
        "No skill is called 'juggling'",
    ),
    "a turn without text": ("remember", {"conversation": "c", "turns": [{"speaker": "A"}]}, "text"),
    "a turn that is none": ("remember", {"conversation": "c", "turns": "hello"}, "turns"),
    "turns of no conversation": ("remember", {"turns": {"text": "x"}}, "conversation"),
    "nothing to remember": ("remember", {"content": " "}, "empty"),
    "an attempt that was never made": ("remember", {"content": "x", "kind": "attempt"}, "kind"),
    "a memory to replace that is not there": (
        "remember",
        {"content": "x", "supersedes": NOBODY},
        "retrieve_context",
    ),
    "nothing to search for": ("retrieve_context", {"query": ""}, "query"),
    "too many passages": ("retrieve_context", {"query": "x", "k": 21}, "k: "),
    "too small a budget": ("retrieve_context", {"query": "x", "budget": 1}, "budget"),
    "a list nobody made": ("search_problems", {"list_name": "blind99"}, "blind75"),
    "a level there is none of": ("update_profile", {"target_level": "wizard"}, "names no level"),
    "a week without hours": ("update_profile", {"hours_per_week": 0}, "hours_per_week"),
    "a zone there is none of": ("update_profile", {"timezone": "Mars/Olympus"}, "time zone"),
    "a real interview without an end": (
        "update_profile",
        {"real_company": "Google"},
        "passed or rejected",
    ),
    "a real interview that ended otherwise": (
        "update_profile",
        {"real_result": "ghosted"},
        "real_result",
    ),
    "a real interview to come": (
        "update_profile",
        {"real_result": "passed", "real_when": "2031-01-01"},
        "future",
    ),
    "a plan to nowhere": ("make_plan", {}, "hours_per_week"),
    "a plan to the past": ("make_plan", {"until": "2001-01-01", "hours_per_week": 5}, "tomorrow"),
    "a plan of no hours": ("make_plan", {"until": "6 weeks", "hours_per_week": 0}, "No plan"),
    "a plan without a working day": (
        "make_plan",
        {
            "until": "6 weeks",
            "hours_per_week": 5,
            "rest_days": "mon, tue, wed, thu, fri, sat, sun",
        },
        "at least one day",
    ),
    "a plan for a round there is none of": ("make_plan", {"rounds": ["juggling"]}, "rounds.0"),
    "a quick interview": ("start_interview", {"minutes": 5}, "minutes"),
    "a question nobody knows": ("start_interview", {"question": "no such"}, "search_problems"),
    "an interview nobody began": ("interview_step", {"interview_id": NOBODY}, "start_interview"),
    "a verdict on nothing": (
        "finish_interview",
        {"interview_id": NOBODY, "scores": scores(3), "outcome": "solved"},
        "start_interview",
    ),
    "five of four points": (
        "finish_interview",
        {"interview_id": NOBODY, "scores": scores(5), "outcome": "solved"},
        "scores.0.score",
    ),
    "erasing something": ("forget", {"what": "attempt"}, "id is missing"),
    "erasing what is not there": ("forget", {"what": "memory", "id": NOBODY}, "retrieve_context"),
    "erasing a real interview that is not there": (
        "forget",
        {"what": "real_interview", "id": NOBODY},
        "progress_report",
    ),
    "erasing without a word": ("forget", {"what": "everything"}, "erase everything"),
}

HOSTILE = {
    "a NUL": "a\x00b",
    "a lone surrogate": "a\ud800b",
    "SQL": "'; DROP TABLE attempt; --",
    "a megabyte": "x" * 1_000_000,
    "what others obey": "\x1b[31mred\x07 \u202eabc\u200b\ufeff {0} %s <|im_end|>you\r\n\u2028two",
}

VALID: dict[str, dict[str, Any]] = {
    "record_attempt": {"problem": "my own problem", "outcome": "failed"},
    "retrieve_context": {"query": "pointers"},
    "interview_step": {"interview_id": NOBODY},
    "finish_interview": {"interview_id": NOBODY, "scores": scores(3), "outcome": "solved"},
    "remember": {"content": "x"},
    "update_profile": {"real_result": "passed"},
    "forget": {"what": "memory"},
}
"""What the tools need beside the text that is tried."""


@pytest.mark.parametrize("case", WRONG)
async def test_a_mistake_is_explained_and_changes_nothing(
    shared_server: FastMCP, era: Era, complaints: list[str], case: str
) -> None:
    tool, arguments, words = WRONG[case]
    async with Client(shared_server, mode=era) as client:
        before = await on_record(client)
        answer = await client.call_tool_mcp(tool, arguments)
        assert await on_record(client) == before
    assert words in explained(answer)
    assert complaints == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("tool", [function.__name__ for function in TOOLS])
async def test_any_text_is_either_kept_or_refused(
    shared_server: FastMCP, era: Era, complaints: list[str], tool: str, text: str
) -> None:
    async with Client(shared_server, mode=era) as client:
        before = await on_record(client)
        for name, value in texts_of(await schema_of(client, tool), HOSTILE[text]):
            answer = await client.call_tool_mcp(tool, VALID.get(tool, {}) | {name: value})
            after = await on_record(client)
            if answer.is_error:
                explained(answer)
                assert after == before
            else:
                status = answer.content[0]
                assert isinstance(status, TextContent)
                assert len(status.text.splitlines()) == 1
            before = after
    assert complaints == []


async def test_the_longest_text_is_kept_whole_and_a_longer_one_not_at_all(
    server: FastMCP, era: Era
) -> None:
    longest = ("word " * LONGEST_TEXT)[: LONGEST_TEXT - 1] + "!"
    async with Client(server, mode=era) as client:
        answer = await client.call_tool_mcp("remember", {"content": longest})
        assert answer.structured_content is not None
        uri, kept = f"maang://memories/{answer.structured_content['memory_id']}", ""
        while uri:
            part = await read(client, uri)
            text = part["content"].removeprefix(f"{FENCE_OPEN}\n")
            kept, uri = kept + text.removesuffix(f"\n{FENCE_CLOSE}"), part["next_part"]
        assert kept == longest
        longer = await client.call_tool_mcp("remember", {"content": f"{longest}!"})
        assert "at most 200000 characters" in explained(longer)
        assert (await read(client, "maang://stats"))["memories"] == 1


@pytest.mark.parametrize("name", ["x" * 100_000, "a\x00b", "a\ud800b", "a\nb"], ids=ascii)
async def test_an_argument_of_any_name_is_refused_in_few_words(
    shared_server: FastMCP, era: Era, complaints: list[str], name: str
) -> None:
    async with Client(shared_server, mode=era) as client:
        for tool in ("get_briefing", "record_attempt"):
            explained(await client.call_tool_mcp(tool, VALID.get(tool, {}) | {name: 1}))
    assert complaints == []


@pytest.mark.parametrize("name", ["x" * 100_000, "a\x00b", "a\nb", ""], ids=ascii)
async def test_a_tool_of_any_name_is_refused_in_few_words(
    shared_server: FastMCP, era: Era, complaints: list[str], name: str
) -> None:
    async with Client(shared_server, mode=era) as client:
        assert "There is no tool" in explained(await client.call_tool_mcp(name, {}))
    assert complaints == []


async def test_without_a_store_every_call_says_so(era: Era, complaints: list[str]) -> None:
    @asynccontextmanager
    async def out_of_reach() -> AsyncIterator[Coach]:
        raise StoreUnavailable("The store is on strike.")
        yield

    server = build_server(Opening(out_of_reach))
    async with Client(server, mode=era) as client:
        assert len(await client.list_tools()) == len(TOOLS)
        answer = await client.call_tool_mcp("get_briefing", {})
        assert explained(answer).startswith("The store is on strike. Try again in a moment")
        with pytest.raises(MCPError, match="The store is on strike") as refused:
            await client.read_resource("maang://stats")
    assert refused.value.code == INTERNAL_ERROR
    assert complaints == []


async def test_a_retry_that_tells_another_story_is_refused(
    shared_server: FastMCP, era: Era, complaints: list[str]
) -> None:
    report = ATTEMPT | {"attempt_id": str(uuid4())}
    async with Client(shared_server, mode=era) as client:
        await client.call_tool_mcp("record_attempt", report)
        before = await on_record(client)
        answer = await client.call_tool_mcp("record_attempt", report | {"minutes": 20})
        assert await on_record(client) == before
    assert "different report" in explained(answer)
    assert complaints == []


def explained(answer: CallToolResult) -> str:
    """The words of an error, which carries nothing else and fits a line or two."""
    assert answer.is_error
    assert answer.structured_content is None
    (content,) = answer.content
    assert isinstance(content, TextContent)
    assert 10 < len(content.text) < 700
    assert not {"Traceback", "pydantic", "asyncpg", "sqlalchemy", "http"} & set(
        content.text.replace(".", " ").replace(":", " ").split()
    )
    return content.text


async def schema_of(client: Client[Any], tool: str) -> dict[str, Any]:
    schema: dict[str, Any] = next(
        listed.input_schema for listed in await client.list_tools() if listed.name == tool
    )
    return schema


def texts_of(schema: dict[str, Any], text: str) -> list[tuple[str, object]]:
    """The text as every parameter that takes texts, in a list where it takes lists."""
    found: list[tuple[str, object]] = []
    for name, entry in schema["properties"].items():
        if entry["type"] == "string":
            found.append((name, text))
        elif entry["type"] == "array" and entry["items"]["type"] == "string":
            found.append((name, [text]))
    if "scores" in schema["properties"]:
        found.append(("scores", [{"dimension": text, "score": 3, "evidence": [text]}]))
    return found


async def on_record(client: Client[Any]) -> list[Any]:
    """Everything that shows whether something was written."""
    return [await read(client, f"maang://{uri}") for uri in ("stats", "profile")]


async def read(client: Client[Any], uri: str) -> Any:
    (content,) = (await client.read_resource_mcp(uri)).contents
    return json.loads(content.text)  # type: ignore[union-attr]  # all are texts
