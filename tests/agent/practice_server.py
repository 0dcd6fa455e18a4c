"""A small MCP server in this process, with every kind of result a plugin has to deal with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import httpx2
from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.auth.providers.jwt import StaticTokenVerifier
from google.adk.tools.mcp_tool import McpToolset

from agent.interview_coach.agent import build_app
from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import REQUIRED_TOOLS, coach_toolset
from tests.agent.conversation import Conversation, converse

LOCAL: Final = AgentConfig()
REMOTE: Final = AgentConfig(mcp_url="https://coach.example/mcp")


class PracticeServer:
    """Serves the tools the coach requires, less `without`, and notes the attempts' ids.

    With a `token`, only its bearer is let in.
    """

    def __init__(self, without: str | None = None, token: str | None = None) -> None:
        self.attempt_ids: list[str | None] = []
        tokens = {token: {"client_id": "ada", "scopes": []}} if token else {}
        self._mcp = FastMCP("practice", auth=StaticTokenVerifier(tokens) if token else None)
        special: dict[str, Callable[..., Any]] = {
            "record_attempt": self._record_attempt,
            "weakness_report": self._weakness_report,
        }
        for name in sorted(REQUIRED_TOOLS - {without}):
            self._mcp.tool(special.get(name, self._anything), name=name)
        self._mcp.tool(self._plain_text, name="plain_text", output_schema=None)

    def _record_attempt(self, problem: str, attempt_id: str | None = None) -> dict[str, str]:
        """Record one attempt."""
        self.attempt_ids.append(attempt_id)
        return {"problem": problem, "rating": "hard"}

    def _weakness_report(self) -> dict[str, str]:
        """Report weaknesses."""
        raise ToolError("There is no evidence yet. Call `record_attempt` first.")

    def _anything(self) -> dict[str, str]:
        """Answer."""
        return {"answer": "yes"}

    def _plain_text(self) -> str:
        """Answer without structure."""
        return "words only"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        """The server, reachable through its toolsets."""
        self._app = self._mcp.http_app(path="/mcp", stateless_http=True, json_response=True)
        async with self._app.router.lifespan_context(self._app):
            yield self

    def toolset(self, config: AgentConfig) -> McpToolset:
        """The agent's own client for it, without a socket."""

        def client(headers: Any = None, timeout: Any = None, auth: Any = None) -> Any:
            transport = httpx2.ASGITransport(app=self._app)
            return httpx2.AsyncClient(
                transport=transport, headers=headers, timeout=timeout, auth=auth
            )

        params = coach_toolset(config, {}).connection_params
        return McpToolset(
            connection_params=params.model_copy(update={"httpx_client_factory": client})
        )


@asynccontextmanager
async def practise(
    config: AgentConfig = LOCAL, *, without: str | None = None, token: str | None = None
) -> AsyncIterator[tuple[Conversation, PracticeServer]]:
    """A conversation with the coach, and the server it works with."""
    reached = config if config.mcp_url else REMOTE
    async with (
        PracticeServer(without, token).running() as server,
        converse(build_app(config, server.toolset(reached))) as conversation,
    ):
        yield conversation, server
