"""What surrounds every call: measuring it, wording its errors, wording its answer."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from fastmcp import Context
from fastmcp.exceptions import FastMCPError, NotFoundError, ToolError, ValidationError
from fastmcp.resources import ResourceResult
from fastmcp.server.dependencies import get_access_token
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools import ToolResult
from mcp import MCPError
from mcp.types import (
    INVALID_PARAMS,
    Annotations,
    CallToolRequestParams,
    ReadResourceRequestParams,
    TextContent,
)
from pydantic import ValidationError as PydanticError
from pydantic_core import to_json

from maang_mcp.domain.errors import CoachError
from maang_mcp.telemetry import CallDetails, CallHook, CallKind, CallOutcome, learner_tag, notify

MOST_BYTES = 40_000
"""An answer is never larger: 10,000 tokens at four bytes each."""


class ObserveCalls(Middleware):
    """Tells the hooks of every tool call, resource read and prompt."""

    def __init__(
        self,
        hooks: Sequence[CallHook],
        clock: Callable[[], datetime],
        registered: Callable[[CallKind, str], str],
    ) -> None:
        self._hooks = hooks
        self._clock = clock
        self._registered = registered

    async def on_call_tool(
        self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]
    ) -> Any:
        return await self._observed(CallKind.TOOL, context.message.name, context, call_next)

    async def on_read_resource(
        self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]
    ) -> Any:
        return await self._observed(CallKind.RESOURCE, str(context.message.uri), context, call_next)

    async def on_get_prompt(
        self, context: MiddlewareContext[Any], call_next: CallNext[Any, Any]
    ) -> Any:
        return await self._observed(CallKind.PROMPT, context.message.name, context, call_next)

    async def _observed(
        self,
        kind: CallKind,
        name: str,
        context: MiddlewareContext[Any],
        call_next: CallNext[Any, Any],
    ) -> Any:
        started, clock = self._clock(), time.perf_counter()
        outcome, error, size = CallOutcome.OK, None, None
        try:
            result = await call_next(context)
            if isinstance(result, ToolResult) and result.structured_content is not None:
                size = len(to_json(result.structured_content))
            return result
        except (FastMCPError, MCPError, NotFoundError) as refusal:
            cause = refusal.__cause__ or refusal
            meant = isinstance(cause, CoachError | FastMCPError | MCPError | NotFoundError)
            outcome = CallOutcome.REFUSED if meant else CallOutcome.FAILED  # masked by FastMCP
            error = type(cause).__name__
            raise
        except (Exception, asyncio.CancelledError) as failure:
            outcome, error = CallOutcome.FAILED, type(failure).__name__
            raise
        finally:
            token = get_access_token()
            ctx = context.fastmcp_context
            notify(
                self._hooks,
                CallDetails(
                    kind=kind,
                    name=self._registered(kind, name),
                    learner=learner_tag(token.subject if token else "default"),
                    transport=(ctx.transport if ctx else None) or "memory",
                    protocol=_protocol(ctx),
                    started=started,
                    duration_ms=(time.perf_counter() - clock) * 1000,
                    outcome=outcome,
                    error=error,
                    result_bytes=size,
                ),
            )


class WordErrors(Middleware):
    """Turns what FastMCP raises about a call into words a model can act on."""

    async def on_call_tool(
        self,
        context: MiddlewareContext[CallToolRequestParams],
        call_next: CallNext[CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        try:
            return await call_next(context)
        except ValidationError as error:
            cause = error.__cause__
            if not isinstance(cause, PydanticError):
                raise
            raise ToolError(_wrong_arguments(cause), log_level=logging.INFO) from error
        except NotFoundError as error:
            assert context.fastmcp_context is not None
            tools = await context.fastmcp_context.fastmcp.list_tools(run_middleware=False)
            known = ", ".join(sorted(tool.name for tool in tools))
            raise ToolError(
                f"There is no tool {context.message.name[:60]!r}. Available: {known}.",
                log_level=logging.INFO,
            ) from error

    async def on_read_resource(
        self,
        context: MiddlewareContext[ReadResourceRequestParams],
        call_next: CallNext[ReadResourceRequestParams, ResourceResult],
    ) -> ResourceResult:
        try:
            return await call_next(context)
        except ValidationError as error:
            raise MCPError(
                INVALID_PARAMS, str(error), {"uri": str(context.message.uri)}
            ) from error.__cause__


class WordAnswers(Middleware):
    """Gives each answer its text: the status in one line for whoever reads, then the data.

    The data stand in the text too because some hosts show only the text to their model; hosts that
    read structured content have both, and the annotations tell which part is for whom: an
    interview's brief, a part of its own, is the candidate's too, the rest of the data is not.
    """

    async def on_call_tool(
        self,
        context: MiddlewareContext[CallToolRequestParams],
        call_next: CallNext[CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        result = await call_next(context)
        answer = result.structured_content
        if not isinstance(answer, dict) or "status" not in answer:
            return result
        answer = {key: value for key, value in answer.items() if value is not None}
        apart = ("status", "candidate_brief")
        data = to_json({key: value for key, value in answer.items() if key not in apart})
        if len(data) > MOST_BYTES:
            raise ToolError(
                "The answer would be too long. Ask for fewer items.", log_level=logging.INFO
            )
        return ToolResult(
            content=[
                TextContent(type="text", text=answer["status"]),
                *_for_the_candidate(answer.get("candidate_brief")),
                TextContent(
                    type="text",
                    text=data.decode(),
                    annotations=Annotations(audience=["assistant"]),
                ),
            ],
            structured_content=answer,
            meta=result.meta,
        )


def _for_the_candidate(brief: Any) -> list[TextContent]:
    """What the person in front of the screen may read of an interview's answer."""
    if not isinstance(brief, dict):
        return []
    parts = (brief[name] for name in ("title", "text", "url"))
    return [
        TextContent(
            type="text",
            text="\n\n".join(part for part in parts if part),
            annotations=Annotations(audience=["user", "assistant"]),
        )
    ]


def _protocol(ctx: Context | None) -> str:
    """The protocol version this request speaks; a request outside of a session speaks none."""
    request = ctx.request_context if ctx else None
    return "" if request is None else str(request.protocol_version)


_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""A member of an enumeration as Python writes it; callers know its value only."""


def _wrong_arguments(error: PydanticError) -> str:
    """Which arguments are wrong and why, without the values and without links."""
    wrong = [
        f"{_path(entry['loc'])}: {_plain(entry['msg'])}"
        for entry in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    return f"Wrong arguments: {'; '.join(wrong[:8])}. Correct them and call again."


def _plain(message: str) -> str:
    """The same in JSON's words instead of Python's."""
    return _MEMBER.sub(r"\1", message).replace("a valid tuple", "a list")


def _path(where: Sequence[int | str]) -> str:
    """The argument at fault; its name is the caller's, so it may be anything."""
    name = ".".join(map(str, where))[:60] or "arguments"
    return name if name.isprintable() else ascii(name)
