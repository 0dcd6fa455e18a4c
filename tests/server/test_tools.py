"""The tools over the wire: what comes back, in which form, and what is on record then."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args, get_type_hints
from uuid import uuid4

import pytest
from fastmcp import Client, FastMCP
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from mcp.types import CallToolResult, TextContent, Tool

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.domain.profile import Learner
from maang_mcp.server.build import TOOLS, build_server
from maang_mcp.server.opening import Opening
from tests.factories import HashEmbedder, Ids, SteppingClock
from tests.lives import live

from .conftest import Era
from .conversation import SAID, every_tool, scores

NAMES = [function.__name__ for function in TOOLS]


def may_be_left_out(name: str) -> set[str]:
    """The fields of a tool's answer that need no value."""
    (function,) = (one for one in TOOLS if one.__name__ == name)
    answer = get_type_hints(function)["return"]
    return {field for field, kind in get_type_hints(answer).items() if NoneType in get_args(kind)}


@dataclass(frozen=True, slots=True)
class Day:
    """A learner's day: how each tool answered, and how it is listed."""

    answers: dict[str, CallToolResult]
    tools: dict[str, Tool]


@pytest.fixture(scope="module", params=["auto", "legacy"])
async def day(request: pytest.FixtureRequest, store: Store) -> AsyncIterator[Day]:
    """Every tool called once, in either era."""
    coach = wire(store, NoCache(), HashEmbedder(), SteppingClock(), Ids())

    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    server = build_server(Opening(opened), learner=f"test-{uuid4()}")
    async with Client(server, mode=request.param) as client:
        tools = {tool.name: tool for tool in await client.list_tools()}
        answers = await every_tool(client)
    yield Day(answers, tools)
    await coach.backlog.aclose()


def structure(answer: CallToolResult) -> dict[str, Any]:
    assert not answer.is_error, answer.content
    found: dict[str, Any] | None = answer.structured_content
    assert found is not None
    return found


def texts(answer: CallToolResult) -> list[TextContent]:
    parts = [part for part in answer.content if isinstance(part, TextContent)]
    assert len(parts) == len(answer.content)
    return parts


def tokens(answer: CallToolResult) -> float:
    return len(json.dumps(structure(answer), ensure_ascii=False).encode()) / 4


def test_the_day_calls_every_tool(day: Day) -> None:
    assert sorted(day.answers) == sorted(NAMES) == sorted(day.tools)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_what_its_schema_promises(day: Day, name: str) -> None:
    answer, schema = structure(day.answers[name]), day.tools[name].output_schema
    assert schema is not None
    Draft202012Validator(schema).validate(answer)
    names = list(schema["properties"])
    assert list(answer) == [name for name in names if name in answer]
    assert set(names) - set(answer) <= may_be_left_out(name)
    assert None not in answer.values()


@pytest.mark.parametrize("name", NAMES)
def test_the_status_comes_first_in_one_line(day: Day, name: str) -> None:
    status = texts(day.answers[name])[0]
    assert status.text == structure(day.answers[name])["status"]
    assert status.text.strip()
    assert len(status.text.splitlines()) == 1
    assert status.annotations is None


@pytest.mark.parametrize("name", NAMES)
def test_the_data_follow_for_the_model_alone(day: Day, name: str) -> None:
    data = texts(day.answers[name])[-1]
    answer = structure(day.answers[name])
    apart = {"status", "candidate_brief"}
    assert json.loads(data.text) == {key: answer[key] for key in answer if key not in apart}
    assert data.annotations is not None
    assert data.annotations.audience == ["assistant"]


def test_only_the_brief_of_an_interview_is_for_the_candidate_too(day: Day) -> None:
    shown = {
        name: [
            part.text
            for part in texts(answer)
            if part.annotations is not None and "user" in (part.annotations.audience or ())
        ]
        for name, answer in day.answers.items()
    }
    brief = structure(day.answers["start_interview"])["candidate_brief"]
    assert shown.pop("start_interview") == [f"{brief['title']}\n\n{brief['url']}"]
    assert not any(shown.values())


@pytest.mark.parametrize("name", NAMES)
def test_what_is_proposed_next_can_be_called(day: Day, name: str) -> None:
    assert set(structure(day.answers[name])["next_actions"]) <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_costs_less_than_a_thousand_tokens(day: Day, name: str) -> None:
    assert tokens(day.answers[name]) < (600 if name == "get_briefing" else 1_000)


async def test_answers_stay_small_when_the_record_is_long(
    server: FastMCP, era: Era, coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    await live(coach, learner, clock)
    async with Client(server, mode=era) as client:
        briefing = await client.call_tool_mcp("get_briefing", {})
        assert tokens(briefing) < 600
        for name, arguments in (
            ("weakness_report", {}),
            ("progress_report", {}),
            ("next_problem", {}),
            ("search_problems", {}),
            ("retrieve_context", {"query": "what did I get wrong with sliding windows"}),
            ("start_interview", {}),
        ):
            assert tokens(await client.call_tool_mcp(name, arguments)) < 1_000, name


async def test_the_next_problem_of_a_skill_needs_no_round(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        for skill in ("caching", "ownership", "heap"):
            answer = structure(await client.call_tool_mcp("next_problem", {"skill": skill}))
            assert skill in answer["problem"]["skills"]


async def test_an_attempt_that_was_told_is_on_record(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        told = structure(
            await client.call_tool_mcp(
                "record_attempt",
                {"problem": "two sum", "outcome": "failed", "minutes": 40, "note": "Hash map!"},
            )
        )
        kept = await read(client, f"maang://attempts/{told['attempt_id']}")
    assert (kept["problem"], kept["outcome"], kept["minutes"]) == ("two-sum", "failed", 40)
    assert "Hash map!" in kept["note"]


async def test_a_retry_under_the_same_id_is_told_so_and_changes_nothing(
    server: FastMCP, era: Era
) -> None:
    report = {"problem": "3sum", "outcome": "solved", "attempt_id": str(uuid4())}
    async with Client(server, mode=era) as client:
        first = structure(await client.call_tool_mcp("record_attempt", report))
        second = structure(await client.call_tool_mcp("record_attempt", report))
        assert (await read(client, "maang://stats"))["attempts"] == 1
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert {**first, "repeated": True} == second


@pytest.mark.parametrize(
    "mistakes",
    [["boundary", "edge_case"], '["boundary", "edge_case"]', "boundary, edge_case"],
    ids=["a list", "JSON text", "words"],
)
async def test_a_list_may_come_as_text(server: FastMCP, era: Era, mistakes: object) -> None:
    async with Client(server, mode=era) as client:
        told = structure(
            await client.call_tool_mcp(
                "record_attempt", {"problem": "3sum", "outcome": "failed", "mistakes": mistakes}
            )
        )
        kept = await read(client, f"maang://attempts/{told['attempt_id']}")
    assert kept["mistakes"] == ["boundary", "edge_case"]


async def test_scores_may_come_as_json_text(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        interview = await an_interview(client)
        verdict = await client.call_tool_mcp(
            "finish_interview",
            {"interview_id": interview, "scores": json.dumps(scores(3)), "outcome": "solved"},
        )
    assert len(structure(verdict)["scores"]) == 4


async def test_numbers_may_come_as_text(server: FastMCP, era: Era) -> None:
    report = {"problem": "3sum", "outcome": "solved", "minutes": "25", "hints": "0"}
    async with Client(server, mode=era) as client:
        assert not (await client.call_tool_mcp("record_attempt", report)).is_error


async def test_what_is_left_out_is_as_usual_though_no_schema_says_so(
    server: FastMCP, era: Era
) -> None:
    async with Client(server, mode=era) as client:
        listed = {tool.name: tool.input_schema["properties"] for tool in await client.list_tools()}
        interview = structure(await client.call_tool_mcp("start_interview", {}))
        step = {"interview_id": interview["interview_id"]}
        stepped = structure(await client.call_tool_mcp("interview_step", step))
        note = structure(await client.call_tool_mcp("remember", {"content": "Sort first."}))
        found = structure(await client.call_tool_mcp("search_problems", {}))
    for tool, parameter in (
        ("start_interview", "round"),
        ("interview_step", "action"),
        ("remember", "kind"),
        ("search_problems", "status"),
    ):
        assert "default" not in listed[tool][parameter]
    assert (interview["round"], stepped["state"], note["kind"]) == ("coding", "active", "note")
    assert len(found["problems"]) == listed["search_problems"]["limit"]["default"]


async def test_an_open_interview_is_taken_up_again(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        interview = await an_interview(client)
        resumed = structure(await client.call_tool_mcp("start_interview", {}))
    assert (resumed["interview_id"], resumed["resumed"]) == (interview, True)
    assert SAID in resumed["last_turns"][-1]


async def test_long_speeches_do_not_keep_an_interview_from_being_taken_up(
    server: FastMCP, era: Era
) -> None:
    async with Client(server, mode=era) as client:
        interview = await an_interview(client)
        for _ in range(6):
            step = {"interview_id": interview, "candidate": "and so on " * 15_000}
            assert not (await client.call_tool_mcp("interview_step", step)).is_error
        resumed = await client.call_tool_mcp("start_interview", {})
    assert tokens(resumed) < 1_000


async def test_the_largest_profile_that_is_taken_can_be_shown(server: FastMCP, era: Era) -> None:
    largest = {
        "name": "\U0001f600" * 500,
        "target_companies": ["\U0001f600" * 100 for _ in range(20)],
        "custom_instructions": "\U0001f600" * 4_000,
    }
    async with Client(server, mode=era) as client:
        structure(await client.call_tool_mcp("update_profile", largest))
        more = largest | {"custom_instructions": "x" * 4_001}
        assert (await client.call_tool_mcp("update_profile", more)).is_error


@pytest.mark.parametrize(
    "told",
    [
        [{"speaker": "Ada", "text": "Why do windows overlap?"}, {"text": "The edge never moves."}],
        [
            {"role": "Ada", "content": "Why do windows overlap?"},
            {"content": "The edge never moves."},
        ],
        '[{"speaker": "Ada", "text": "Why do windows overlap?"},'
        ' {"text": "The edge never moves."}]',
    ],
    ids=["turns", "in the words of a chat", "JSON text"],
)
async def test_a_conversation_is_kept_in_one_call(server: FastMCP, era: Era, told: object) -> None:
    turns = {"conversation": "chat", "turns": told}
    async with Client(server, mode=era) as client:
        kept = structure(await client.call_tool_mcp("remember", turns))
        again = structure(await client.call_tool_mcp("remember", turns))
        one = {"conversation": "chat", "turns": {"text": "I will move it.", "speaker": "Ada"}}
        more = structure(await client.call_tool_mcp("remember", one))
        asked = {"query": '"windows overlap" -heaps', "conversation": "chat"}
        found = structure(await client.call_tool_mcp("retrieve_context", asked))
    assert kept["status"] == "Remembered 2 turns of 'chat'."
    assert (kept["kind"], again["repeated"]) == ("turn", True)
    assert more["status"] == "Remembered 1 turn of 'chat'."
    (passage,) = found["passages"]
    assert "Why do windows overlap?" in passage["text"]


async def test_learners_do_not_see_each_other(server: FastMCP, era: Era, opening: Opening) -> None:
    other = build_server(opening, learner=f"test-{uuid4()}")
    async with Client(server, mode=era) as client:
        told = structure(
            await client.call_tool_mcp("remember", {"content": "The elevator sweeps."})
        )
    async with Client(other, mode=era) as client:
        found = await client.call_tool_mcp("retrieve_context", {"query": "elevator sweeps"})
        assert structure(found)["passages"] == []
        erased = await client.call_tool_mcp("forget", {"what": "memory", "id": told["memory_id"]})
        assert erased.is_error


async def test_everything_goes_only_when_the_words_are_said(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        await client.call_tool_mcp("record_attempt", {"problem": "3sum", "outcome": "solved"})
        refused = await client.call_tool_mcp("forget", {"what": "everything"})
        assert refused.is_error
        assert (await read(client, "maang://stats"))["attempts"] == 1
        confirmed = {"what": "everything", "confirm": "erase everything"}
        structure(await client.call_tool_mcp("forget", confirmed))
        assert set((await read(client, "maang://stats")).values()) == {0}


async def an_interview(client: Client[Any]) -> str:
    """One that has begun, with one exchange on record."""
    begun = structure(
        await client.call_tool_mcp("start_interview", {"question": "container-with-most-water"})
    )
    said = {"interviewer": "How would you begin?", "candidate": SAID}
    interview: str = begun["interview_id"]
    await client.call_tool_mcp("interview_step", {"interview_id": interview, **said})
    return interview


async def read(client: Client[Any], uri: str) -> dict[str, Any]:
    contents = (await client.read_resource_mcp(uri)).contents
    found: dict[str, Any] = json.loads(contents[0].text)  # type: ignore[union-attr]  # all are texts
    return found
