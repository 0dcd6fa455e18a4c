"""Give every write a key, so that a repeat changes nothing."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID, uuid5

from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.mcp_tool import McpTool
from google.adk.tools.tool_context import ToolContext

ID_PARAMETERS: Final = {
    "record_attempt": "attempt_id",
    "interview_step": "step_id",
    "remember": "memory_id",
    "make_plan": "plan_id",
    "update_profile": "real_id",
}

ONLY_WITH: Final = {"update_profile": "real_result"}
"""The argument without which a call has nothing to name: an id of no interview is refused."""

_NAMESPACE: Final = UUID("b5a1c9de-3e0f-4f53-9d0c-6c1f6f5d2a77")


class IdempotencyKeys(BasePlugin):
    """Fills in the id parameter of a write from the function call that asks for it.

    The key is a UUIDv5 (RFC 9562) of the session, the invocation, the function call's id and its
    arguments: one call delivered twice, as by a resumed invocation, is one write. The arguments
    count because some models number their calls anew in every response ("call_0"), and two
    different attempts must not share a key. An id the model gave is left alone, and a server whose
    tool has no such parameter is not sent one. The key is not part of the stored event.
    """

    def __init__(self) -> None:
        super().__init__(name="idempotency_keys")

    async def before_tool_callback(
        self, *, tool: BaseTool, tool_args: dict[str, Any], tool_context: ToolContext
    ) -> dict[str, Any] | None:
        parameter = ID_PARAMETERS.get(tool.name)
        if (
            parameter is not None
            and not tool_args.get(parameter)
            and (tool.name not in ONLY_WITH or tool_args.get(ONLY_WITH[tool.name]))
            and isinstance(tool, McpTool)
            and parameter in tool.raw_mcp_tool.input_schema.get("properties", {})
        ):
            tool_args[parameter] = str(_key(tool.name, tool_args, tool_context))
        return None


def _key(tool_name: str, tool_args: dict[str, Any], context: ToolContext) -> UUID:
    session = context.session
    identity = (
        *(session.app_name, session.user_id, session.id),
        *(context.invocation_id, context.function_call_id, tool_name, tool_args),
    )
    return uuid5(_NAMESPACE, json.dumps(identity, sort_keys=True, default=str))
