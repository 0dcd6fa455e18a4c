"""One log line per turn: what it cost and what it called, never what was said."""

from __future__ import annotations

import json
import logging
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from google.adk.agents.callback_context import CallbackContext
from google.adk.agents.invocation_context import InvocationContext
from google.adk.events.event import Event
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.tool_context import ToolContext
from google.genai import types

_LOG = logging.getLogger(__name__)

_OPEN_TURNS: Final = 1024
"""A cancelled run tells its plugins nothing, so what it left behind is dropped by age."""

_TOKEN_COUNTS: Final = {
    "prompt": "prompt_token_count",
    "cached": "cached_content_token_count",
    "thoughts": "thoughts_token_count",
    "output": "candidates_token_count",
    "total": "total_token_count",
}


@dataclass(slots=True)
class _Turn:
    started: float = field(default_factory=time.monotonic)
    model_calls: int = 0
    models: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    tokens: Counter[str] = field(default_factory=Counter)
    tools: Counter[str] = field(default_factory=Counter)
    tool_errors: int = 0


class UsageLog(BasePlugin):
    """Logs each turn as one JSON object, at INFO, with `action` "turn" on the record.

    Fields: session, invocation, outcome ("answered", an error code, or the exception's class),
    duration in milliseconds, model calls and versions, tokens by kind as the model reported them,
    tool calls by name, failed tool calls. No message, argument or result is ever logged.

    It goes first among the plugins: in ADK the first plugin to replace a value ends the chain.
    """

    def __init__(self) -> None:
        super().__init__(name="usage_log")
        self._turns: OrderedDict[str, _Turn] = OrderedDict()

    async def before_run_callback(
        self, *, invocation_context: InvocationContext
    ) -> types.Content | None:
        self._turns[invocation_context.invocation_id] = _Turn()
        while len(self._turns) > _OPEN_TURNS:
            self._turns.popitem(last=False)
        return None

    async def after_model_callback(
        self, *, callback_context: CallbackContext, llm_response: LlmResponse
    ) -> LlmResponse | None:
        turn = self._turns.get(callback_context.invocation_id)
        if turn is None or llm_response.partial:
            return None
        turn.model_calls += 1
        if llm_response.model_version:
            turn.models.add(llm_response.model_version)
        if usage := llm_response.usage_metadata:
            turn.tokens.update(
                {kind: getattr(usage, name) or 0 for kind, name in _TOKEN_COUNTS.items()}
            )
        return None

    async def before_tool_callback(
        self, *, tool: BaseTool, tool_args: dict[str, Any], tool_context: ToolContext
    ) -> dict[str, Any] | None:
        if turn := self._turns.get(tool_context.invocation_id):
            turn.tools[tool.name] += 1
        return None

    async def after_tool_callback(
        self,
        *,
        tool: BaseTool,
        tool_args: dict[str, Any],
        tool_context: ToolContext,
        result: dict[str, Any],
    ) -> dict[str, Any] | None:
        turn = self._turns.get(tool_context.invocation_id)
        if turn and isinstance(result, dict) and (result.get("isError") or "error" in result):
            turn.tool_errors += 1
        return None

    async def on_event_callback(
        self, *, invocation_context: InvocationContext, event: Event
    ) -> Event | None:
        turn = self._turns.get(invocation_context.invocation_id)
        if turn and event.error_code:
            turn.errors.append(str(event.error_code))
        return None

    async def after_run_callback(self, *, invocation_context: InvocationContext) -> None:
        self._close(invocation_context)

    async def on_run_error_callback(
        self, *, invocation_context: InvocationContext, error: Exception
    ) -> None:
        self._close(invocation_context, type(error).__name__)

    def _close(self, context: InvocationContext, failure: str | None = None) -> None:
        turn = self._turns.pop(context.invocation_id, None)
        if turn is None:
            return
        account = {
            "session": context.session.id,
            "invocation": context.invocation_id,
            "outcome": failure or next(iter(turn.errors), "answered"),
            "duration_ms": round((time.monotonic() - turn.started) * 1000),
            "model_calls": turn.model_calls,
            "models": sorted(turn.models),
            "tokens": dict(turn.tokens),
            "tools": dict(turn.tools),
            "tool_errors": turn.tool_errors,
        }
        _LOG.info("%s", json.dumps(account), extra={"action": "turn"})
