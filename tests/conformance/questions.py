"""What the conformance suite calls to be asked something back.

Up to MCP 2025-11-25 a server asks in the middle of a call and waits (the first half of this file);
since 2026-07-28 a call answers with what it needs to know and is made again (the second half).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import mcp.types as mt
from fastmcp import Context, FastMCP
from fastmcp.prompts import Prompt
from fastmcp.tools import Tool
from mcp.types import InputRequiredResult

Schema = dict[str, Any]


def form(**fields: Schema) -> Schema:
    """The schema of a form in which every field is to be filled in."""
    return {**optional_form(**fields), "required": list(fields)}


def optional_form(**fields: Schema) -> Schema:
    """The schema of a form in which fields may stay empty."""
    return {"type": "object", "properties": fields}


async def elicited(ctx: Context, message: str, schema: Schema) -> str:
    """What the user did with a form."""
    result = await ctx.session.elicit(message, schema, related_request_id=ctx.request_id)
    return f"action={result.action}, content={result.content}"


async def test_sampling(prompt: str, ctx: Context) -> str:
    """Let the client's model answer a prompt."""
    result = await ctx.session.create_message(
        [mt.SamplingMessage(role="user", content=mt.TextContent(type="text", text=prompt))],
        max_tokens=100,
        related_request_id=ctx.request_id,
    )
    return f"LLM response: {text_of(result)}"


async def test_elicitation(message: str, ctx: Context) -> str:
    """Ask the user for a name and an address."""
    schema = form(
        username={"type": "string", "description": "User's response"},
        email={"type": "string", "description": "User's email address"},
    )
    return f"User response: {await elicited(ctx, message, schema)}"


async def test_elicitation_sep1034_defaults(ctx: Context) -> str:
    """Ask with a default for every type of field."""
    schema = optional_form(
        name={"type": "string", "default": "John Doe"},
        age={"type": "integer", "default": 30},
        score={"type": "number", "default": 95.5},
        status={
            "type": "string",
            "enum": ["active", "inactive", "pending"],
            "default": "active",
        },
        verified={"type": "boolean", "default": True},
    )
    return f"Elicitation completed: {await elicited(ctx, 'Are these right?', schema)}"


async def test_elicitation_sep1330_enums(ctx: Context) -> str:
    """Ask for choices in all five forms."""
    options = ["option1", "option2", "option3"]
    titled = [
        {"const": f"value{place}", "title": f"{word} Option"}
        for place, word in enumerate(("First", "Second", "Third"), 1)
    ]
    schema = optional_form(
        untitledSingle={"type": "string", "enum": options},
        titledSingle={"type": "string", "oneOf": titled},
        legacyEnum={
            "type": "string",
            "enum": ["opt1", "opt2", "opt3"],
            "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        untitledMulti={"type": "array", "items": {"type": "string", "enum": options}},
        titledMulti={"type": "array", "items": {"anyOf": titled}},
    )
    return f"Elicitation completed: {await elicited(ctx, 'Choose.', schema)}"


def ask(message: str, **fields: str) -> mt.ElicitRequest:
    """A form to be filled in, each field with its type."""
    schema = form(**{name: {"type": kind} for name, kind in fields.items()})
    return mt.ElicitRequest(
        params=mt.ElicitRequestFormParams(message=message, requested_schema=schema)
    )


def sample(prompt: str, max_tokens: int = 100) -> mt.CreateMessageRequest:
    """A prompt for the client's model."""
    said = mt.SamplingMessage(role="user", content=mt.TextContent(type="text", text=prompt))
    return mt.CreateMessageRequest(
        params=mt.CreateMessageRequestParams(messages=[said], max_tokens=max_tokens)
    )


def need(state: str | None = None, **requests: mt.InputRequest) -> InputRequiredResult:
    """What a call still has to be told."""
    return InputRequiredResult(input_requests=requests, request_state=state)


def filled_in(ctx: Context, name: str) -> dict[str, Any] | None:
    """The form as the user filled it in; None if nobody did."""
    answer = (ctx.input_responses or {}).get(name)
    return answer.content if isinstance(answer, mt.ElicitResult) else None


def text_of(result: object) -> str:
    """What the client's model said."""
    content = getattr(result, "content", None)
    return content.text if isinstance(content, mt.TextContent) else ""


def test_input_required_result_elicitation(ctx: Context) -> str | InputRequiredResult:
    """Greet somebody whose name has to be asked for."""
    answer = filled_in(ctx, "user_name")
    if answer is None:
        return need(user_name=ask("What is your name?", name="string"))
    return f"Hello, {answer['name']}!"


def test_input_required_result_sampling(ctx: Context) -> str | InputRequiredResult:
    """Repeat what the client's model knows."""
    answer = (ctx.input_responses or {}).get("capital_question")
    if answer is None:
        return need(capital_question=sample("What is the capital of France?"))
    return text_of(answer)


def test_input_required_result_list_roots(ctx: Context) -> str | InputRequiredResult:
    """Repeat the client's roots."""
    answer = (ctx.input_responses or {}).get("client_roots")
    if not isinstance(answer, mt.ListRootsResult):
        return need(client_roots=mt.ListRootsRequest())
    return ", ".join(str(root.uri) for root in answer.roots)


def test_input_required_result_request_state(ctx: Context) -> str | InputRequiredResult:
    """Recognise the state that was given along."""
    if filled_in(ctx, "confirm") is None:
        return need("confirming", confirm=ask("Please confirm", ok="boolean"))
    return "state-ok" if ctx.request_state == "confirming" else "state-lost"


def test_input_required_result_multiple_inputs(ctx: Context) -> str | InputRequiredResult:
    """Ask three things at once."""
    requests: dict[str, mt.InputRequest] = {
        "user_name": ask("What is your name?", name="string"),
        "greeting": sample("Generate a greeting", 50),
        "client_roots": mt.ListRootsRequest(),
    }
    if not requests.keys() <= (ctx.input_responses or {}).keys():
        return need("asking", **requests)
    return f"{len(requests)} answers came, the state is {ctx.request_state}."


def test_input_required_result_multi_round(ctx: Context) -> str | InputRequiredResult:
    """Ask one thing after the other."""
    if (colour := filled_in(ctx, "step2")) is not None:
        return f"{ctx.request_state} likes {colour['color']}."
    if (name := filled_in(ctx, "step1")) is not None:
        question = ask("Step 2: What is your favorite color?", color="string")
        return need(str(name["name"]), step2=question)
    return need("nobody", step1=ask("Step 1: What is your name?", name="string"))


def test_input_required_result_tampered_state(ctx: Context) -> str | InputRequiredResult:
    """Rely on the state that was given along; the server seals it."""
    if ctx.request_state is None:
        return need("sealed", confirm=ask("Please confirm", ok="boolean"))
    return f"The state is {ctx.request_state}."


def test_input_required_result_capabilities(ctx: Context) -> InputRequiredResult:
    """Ask in whichever way the client can be asked."""
    can = ctx.session.client_capabilities or mt.ClientCapabilities()
    if can.elicitation is not None:
        return need(user_name=ask("What is your name?", name="string"))
    return need(capital_question=sample("What is the capital of France?"))


def test_streaming_elicitation(ctx: Context) -> str | InputRequiredResult:
    """Ask without sending a request of the server's own."""
    return test_input_required_result_elicitation(ctx)


def test_input_required_result_prompt(ctx: Context) -> str | InputRequiredResult:
    """A prompt whose context has to be asked for."""
    answer = filled_in(ctx, "user_context")
    if answer is None:
        return need(user_context=ask("What context should the prompt use?", context="string"))
    return f"Consider {answer['context']}."


TOOLS: Final[tuple[Callable[..., Any], ...]] = (
    test_sampling,
    test_elicitation,
    test_elicitation_sep1034_defaults,
    test_elicitation_sep1330_enums,
    test_input_required_result_elicitation,
    test_input_required_result_sampling,
    test_input_required_result_list_roots,
    test_input_required_result_request_state,
    test_input_required_result_multiple_inputs,
    test_input_required_result_multi_round,
    test_input_required_result_tampered_state,
    test_input_required_result_capabilities,
    test_streaming_elicitation,
)


def add_questions(server: FastMCP) -> None:
    """Registers everything above."""
    for function in TOOLS:
        server.add_tool(Tool.from_function(function, output_schema=None))
    server.add_prompt(Prompt.from_function(test_input_required_result_prompt))
