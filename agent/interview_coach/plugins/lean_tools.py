"""Say each tool once, in its own words."""

from __future__ import annotations

from google.adk.agents.callback_context import CallbackContext
from google.adk.models.llm_request import LlmRequest
from google.adk.models.llm_response import LlmResponse
from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.mcp_tool import McpTool
from google.genai import types


class LeanTools(BasePlugin):
    """Keeps the tool declarations small.

    The output schemas are left out: the results describe themselves, and a model call should not
    pay for the shape of answers it may never ask for.

    With `trusted`, descriptions are also sent as the server wrote them. ADK wraps every description
    of an MCP tool and of each of its parameters in markers of some 75 characters that declare it
    untrusted. For the server this agent starts itself, which is the same installation, that buys no
    safety; for one reached over a network the fences stay. ADK's sentence about the markers remains
    in the system instruction either way, and without markers applies to nothing.
    """

    def __init__(self, *, trusted: bool) -> None:
        super().__init__(name="lean_tools")
        self._trusted = trusted

    async def before_model_callback(
        self, *, callback_context: CallbackContext, llm_request: LlmRequest
    ) -> LlmResponse | None:
        for tool in llm_request.config.tools or []:
            if isinstance(tool, types.Tool) and tool.function_declarations:
                tool.function_declarations = [
                    self._lean(llm_request, declared) for declared in tool.function_declarations
                ]
        return None

    def _lean(
        self, llm_request: LlmRequest, declared: types.FunctionDeclaration
    ) -> types.FunctionDeclaration:
        tool = llm_request.tools_dict.get(declared.name or "")
        if not isinstance(tool, McpTool):
            return declared
        updates: dict[str, object] = {"response_json_schema": None}
        if self._trusted:
            updates["description"] = tool.description
            updates["parameters_json_schema"] = tool.raw_mcp_tool.input_schema
        return declared.model_copy(update=updates)
