"""Refuse to coach without the server."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Set
from typing import Final

from google.adk.agents.callback_context import CallbackContext
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.genai import types

_LOG = logging.getLogger(__name__)

MCP_UNAVAILABLE: Final = "MCP_UNAVAILABLE"

_UNREACHABLE: Final = (
    "I can't reach your practice record right now, so I won't guess about it. Nothing was recorded."
    " Please check that the Maang MCP server is running and that I am allowed to use it, then say"
    " that again."
)
_OUTDATED: Final = (
    "The Maang MCP server I am connected to lacks something I need, so I won't guess. Nothing was"
    " recorded. Please update the server, then say that again."
)


class RequiredTools(BasePlugin):
    """Answers with a plain sentence when tools that an agent depends on are missing.

    ADK logs a failed toolset (server down, 401, timeout) and runs the agent without it; the model
    would then coach from imagination. The answer carries the error code `MCP_UNAVAILABLE`, and the
    model is not called. `required` are the tools of each agent by its name.
    """

    def __init__(self, required: Mapping[str, Set[str]]) -> None:
        super().__init__(name="required_tools")
        self._required = {agent: frozenset(tools) for agent, tools in required.items()}

    async def before_model_callback(
        self, *, callback_context: CallbackContext, llm_request: LlmRequest
    ) -> LlmResponse | None:
        required = self._required.get(callback_context.agent_name, frozenset())
        missing = required - llm_request.tools_dict.keys()
        if not missing:
            return None
        names = ", ".join(sorted(missing))
        _LOG.error("The MCP server offers no %s.", names, extra={"action": "refuse"})
        answer = _UNREACHABLE if missing == required else _OUTDATED
        return LlmResponse(
            content=types.Content(role="model", parts=[types.Part(text=answer)]),
            error_code=MCP_UNAVAILABLE,
            error_message=f"Missing tools: {names}",
        )
