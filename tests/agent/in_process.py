"""An MCP server reached without a socket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import httpx2
from fastmcp import FastMCP
from google.adk.tools.mcp_tool import McpToolset

from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import toolset

REMOTE: Final = AgentConfig(mcp_url="https://coach.example/mcp")


class InProcess:
    """A server in this process behind its real HTTP transport; `away` pulls the plug."""

    def __init__(self, mcp: FastMCP) -> None:
        self._app = mcp.http_app(path="/mcp", stateless_http=True, json_response=True)
        self.away = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """The server between start and stop."""
        async with self._app.router.lifespan_context(self._app):
            yield self

    def toolset(self, tools: Sequence[str], config: AgentConfig = REMOTE) -> McpToolset:
        """The agent's own client for it."""
        server = self

        class Line(httpx2.ASGITransport):
            async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
                if server.away:
                    raise httpx2.ConnectError("connection refused")
                return await super().handle_async_request(request)

        def client(headers: Any = None, timeout: Any = None, auth: Any = None) -> Any:
            return httpx2.AsyncClient(
                transport=Line(app=server._app), headers=headers, timeout=timeout, auth=auth
            )

        made = toolset(config, {}, tools)
        params = made.connection_params.model_copy(update={"httpx_client_factory": client})
        return McpToolset(
            connection_params=params,
            tool_filter=made.tool_filter,
            tool_list_cache_ttl_seconds=made._tool_list_cache_ttl_seconds,
        )
