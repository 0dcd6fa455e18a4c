"""A small MCP server in this process, with every kind of result a plugin has to deal with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final, Self

from fastmcp import FastMCP
from fastmcp.exceptions import ToolError
from fastmcp.server.auth.providers.jwt import StaticTokenVerifier
from google.adk.tools.mcp_tool import McpToolset

from agent.interview_coach.agent import build_app
from agent.interview_coach.config import AgentConfig
from agent.interview_coach.mcp_tools import INTERVIEW_TOOLS, REQUIRED_TOOLS
from tests.agent.conversation import Conversation, converse
from tests.agent.in_process import REMOTE, InProcess

LOCAL: Final = AgentConfig()


class PracticeServer:
    """Serves the tools the agents require, less `without`, and notes the attempts' ids.

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
        for name in sorted({*REQUIRED_TOOLS, *INTERVIEW_TOOLS} - {without}):
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
        async with InProcess(self._mcp).running() as self._served:
            yield self

    def toolset(self, config: AgentConfig, tools: Sequence[str]) -> McpToolset:
        """The agent's own client for it, without a socket."""
        return self._served.toolset((*tools, "plain_text"), config)


@asynccontextmanager
async def practise(
    config: AgentConfig = LOCAL, *, without: str | None = None, token: str | None = None
) -> AsyncIterator[tuple[Conversation, PracticeServer]]:
    """A conversation with the coach, and the server it works with."""
    reached = config if config.mcp_url else REMOTE
    async with (
        PracticeServer(without, token).running() as server,
        converse(build_app(config, partial(server.toolset, reached))) as conversation,
    ):
        yield conversation, server
