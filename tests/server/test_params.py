"""Arguments as models send them: lists as lists, as JSON text, or as bare words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from fastmcp import Client, FastMCP
from mcp.types import TextContent
from pydantic import TypeAdapter, ValidationError

from maang_mcp.domain.attempt import Mistake
from maang_mcp.server.build import TOOLS
from maang_mcp.server.params import (
    LONGEST_QUERY,
    LONGEST_TEXT,
    Content,
    DimensionScore,
    Mistakes,
    Query,
)

from .test_errors import VALID, explained, on_record


def inside(hint: Any) -> list[Any]:
    """A type with all that it is made of."""
    return [hint, *(part for one in get_args(hint) for part in inside(one))]


PARAMETERS = {
    (tool.__name__, name): hint
    for tool in TOOLS
    for name, hint in get_type_hints(tool).items()
    if name not in {"coach", "learner", "return"}
}
"""The type of every parameter of every tool."""

CLOSED = {
    where: tuple(str(word) for word in (get_args(one) or one))
    for where, hint in PARAMETERS.items()
    for one in inside(hint)
    if get_origin(one) is Literal or (isinstance(one, type) and issubclass(one, StrEnum))
}
"""The parameters that take words of a closed set, and those words."""

OPTIONAL_IDS = [
    where for where, hint in PARAMETERS.items() if {UUID, type(None)} <= set(inside(hint))
]
BLANK: dict[str, dict[str, Any]] = VALID | {"check_solution": {"code": "x = 1"}}


@pytest.mark.parametrize(
    ("sent", "quotes"),
    [
        (["one, two", "three"], ("one, two", "three")),
        ('["one, two", "three"]', ("one, two", "three")),
        ("first I sort, then I sweep", ("first I sort, then I sweep",)),
        ("[sic] that is what I said", ("[sic] that is what I said",)),
    ],
)
def test_a_comma_belongs_to_the_quote(sent: Any, quotes: tuple[str, ...]) -> None:
    score = {"dimension": "testing", "score": 3, "evidence": sent}
    assert TypeAdapter(DimensionScore).validate_python(score).evidence == quotes


@pytest.mark.parametrize(
    "sent", [["boundary", "rigor"], '["boundary", "rigor"]', "boundary, rigor", "boundary,rigor"]
)
def test_words_may_come_as_a_list_as_json_or_between_commas(sent: Any) -> None:
    assert TypeAdapter(Mistakes).validate_python(sent) == (Mistake.BOUNDARY, Mistake.RIGOR)


def test_a_question_has_a_length_at_which_it_is_refused() -> None:
    """Reading one costs the event loop time in proportion to its length."""
    question: TypeAdapter[str] = TypeAdapter(Query)
    assert question.validate_python("why? " * (LONGEST_QUERY // 5))
    with pytest.raises(ValidationError, match="at most 8000"):
        question.validate_python("x" * (LONGEST_QUERY + 1))


def test_the_parameters_of_closed_sets_and_of_ids_are_found() -> None:
    assert {("remember", "kind"), ("record_attempt", "mistakes"), ("make_plan", "rounds")} <= set(
        CLOSED
    )
    assert {"outcome", "round", "difficulty", "kinds", "real_result", "status", "action"} <= {
        name for _, name in CLOSED
    }
    assert {name for _, name in OPTIONAL_IDS} == {
        *("attempt_id", "interview_id", "step_id", "real_id", "id"),
        *("supersedes", "memory_id", "plan_id"),
    }


@pytest.mark.parametrize(("tool", "name"), CLOSED, ids=map(".".join, CLOSED))
async def test_a_word_nobody_uses_is_answered_with_those_that_are_used(
    shared_server: FastMCP, tool: str, name: str
) -> None:
    arguments = VALID.get(tool, {}) | {name: "no such word"}
    async with Client(shared_server) as client:
        said = explained(await client.call_tool_mcp(tool, arguments))
    assert said.startswith(f"Wrong arguments: {name}")
    for word in CLOSED[tool, name]:
        assert f"'{word}'" in said
    assert "<" not in said


@pytest.mark.parametrize(("tool", "name"), OPTIONAL_IDS, ids=map(".".join, OPTIONAL_IDS))
@pytest.mark.parametrize("empty", ["", "  "], ids=ascii)
async def test_an_optional_id_that_is_empty_is_none(
    server: FastMCP, tool: str, name: str, empty: str
) -> None:
    """Models fill in what they have nothing to say about."""
    async with Client(server) as client:
        answer = await client.call_tool_mcp(tool, BLANK.get(tool, {}) | {name: empty})
        without = await client.call_tool_mcp(tool, BLANK.get(tool, {}))
    assert answer.is_error == without.is_error
    said, meant = answer.content[0], without.content[0]
    assert isinstance(said, TextContent)
    assert isinstance(meant, TextContent)
    assert "Wrong arguments" not in said.text
    if answer.is_error:
        assert said.text == meant.text


@pytest.mark.parametrize("tool", ["interview_step", "finish_interview"])
async def test_an_id_that_is_needed_may_not_be_empty(shared_server: FastMCP, tool: str) -> None:
    async with Client(shared_server) as client:
        answer = await client.call_tool_mcp(tool, VALID[tool] | {"interview_id": ""})
    assert "Wrong arguments: interview_id" in explained(answer)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"turns": "hello"}, "turns: Input should be a list of {speaker, text}."),
        ({"turns": 5}, "turns: Input should be a list of {speaker, text}."),
        ({"turns": ["hello"]}, "turns: Input should be a list of {speaker, text}."),
        ({"content": "x", "tags": {"a": 1}}, "tags: Input should be a list."),
        ({"content": ["hello"]}, "content: Input should be text"),
        ({"content": 5}, "content: Input should be text"),
        ({"content": [{"type": "image", "data": "aGk="}]}, "content: Input should be text"),
        ({"content": {"a": 1}}, "content: Input should be text"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
async def test_a_refusal_says_what_is_taken_instead(
    shared_server: FastMCP, arguments: dict[str, Any], words: str
) -> None:
    async with Client(shared_server) as client:
        before = await on_record(client)
        answer = await client.call_tool_mcp("remember", {"conversation": "c"} | arguments)
        assert await on_record(client) == before
    assert words in explained(answer)


@pytest.mark.parametrize("scores", ["good", [3], 3])
async def test_scores_that_are_none_are_answered_with_their_form(
    shared_server: FastMCP, scores: Any
) -> None:
    arguments = VALID["finish_interview"] | {"scores": scores}
    async with Client(shared_server) as client:
        said = explained(await client.call_tool_mcp("finish_interview", arguments))
    assert "scores: Input should be a list of {dimension, score, evidence}." in said


@pytest.mark.parametrize(
    "sent",
    [
        "one\ntwo",
        [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}],
        [{"text": "one"}, {"text": "two"}],
        {"type": "text", "text": "one\ntwo"},
    ],
)
async def test_text_may_come_in_blocks(server: FastMCP, sent: Any) -> None:
    async with Client(server) as client:
        kept = await client.call_tool_mcp("remember", {"content": sent})
        told = await client.call_tool_mcp(
            "remember", {"conversation": "c", "turns": [{"role": "user", "content": sent}]}
        )
        for answer in (kept, told):
            assert answer.structured_content is not None
            (shown,) = await client.read_resource(
                f"maang://memories/{answer.structured_content['memory_id']}"
            )
            assert "\\none\\ntwo\\n" in shown.text


def test_text_in_blocks_has_the_same_length_at_which_it_is_refused() -> None:
    content: TypeAdapter[str] = TypeAdapter(Content)
    blocks = [{"type": "text", "text": "x" * (LONGEST_TEXT // 2)}] * 2
    with pytest.raises(ValidationError, match="at most 200000"):
        content.validate_python(blocks)


@pytest.mark.parametrize("text", ['[{"type":"text","text":"one"}]', "[sic]", '{"text": "a"}'])
def test_a_text_that_looks_like_blocks_is_kept_as_it_is(text: str) -> None:
    assert TypeAdapter(Content).validate_python(text) == text
