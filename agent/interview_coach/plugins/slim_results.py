"""Send the model each result once."""

from __future__ import annotations

from typing import Any

from google.adk.plugins.base_plugin import BasePlugin
from google.adk.tools.base_tool import BaseTool
from google.adk.tools.mcp_tool import McpTool
from google.adk.tools.tool_context import ToolContext


class SlimMcpResults(BasePlugin):
    """Reduces an MCP result to its structured content, or to `{"error": ...}`.

    ADK hands the model the whole protocol result: the text blocks, the same values again as
    structured content, and metadata. A result without structured content passes unchanged.
    """

    def __init__(self) -> None:
        super().__init__(name="slim_mcp_results")

    async def after_tool_callback(
        self,
        *,
        tool: BaseTool,
        tool_args: dict[str, Any],
        tool_context: ToolContext,
        result: dict[str, Any],
    ) -> dict[str, Any] | None:
        if not isinstance(tool, McpTool):
            return None
        if result.get("isError"):
            texts = (block.get("text", "") for block in result.get("content", ()))
            return {"error": "\n".join(filter(None, texts)) or f"{tool.name} failed."}
        structured = result.get("structuredContent")
        return structured if isinstance(structured, dict) else None
