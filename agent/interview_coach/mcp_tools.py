"""The agents' only tools: those of the MCP server, started over stdio or reached over HTTP."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from google.adk.tools.base_toolset import BaseToolset
from google.adk.tools.mcp_tool import (
    McpToolset,
    StdioConnectionParams,
    StreamableHTTPConnectionParams,
)
from mcp import StdioServerParameters

from .config import MODEL_VARIABLE, TOKEN_VARIABLE, URL_VARIABLE, AgentConfig

COACH_TOOLS: Final = (
    *("record_attempt", "retrieve_context", "weakness_report", "get_briefing", "next_problem"),
    *("check_solution", "remember", "make_plan", "update_profile", "search_problems"),
    *("progress_report", "import_history", "forget"),
)
"""The coach's; leading an interview is not among them."""

REQUIRED_TOOLS: Final = frozenset(
    {"record_attempt", "retrieve_context", "weakness_report", "get_briefing"}
)
"""Without these the coach could only make things up; the others may be absent."""

INTERVIEW_TOOLS: Final = ("start_interview", "interview_step", "finish_interview")
"""An interviewer's, all of them required."""

CHECKING_TOOL: Final = "check_solution"
"""Also an interviewer's, in the rounds that have code."""

SERVER_COMMAND: Final = "maang-mcp"

CONNECT_SECONDS: Final = 60.0
"""How long the server may take to start and list its tools. Over stdio ADK bounds every tool call
by the same figure, and the very first start creates a database."""

TOOL_LIST_SECONDS: Final = 300.0
"""How long a listing is reused; without it every model call of a new turn asks again."""

_FORWARDED_PREFIXES: Final = ("MAANG_", "XDG_", "LC_", "HF_", "OTEL_")
_FORWARDED_NAMES: Final = frozenset(
    {"LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "LD_LIBRARY_PATH"}
    | {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"}
)
_AGENT_ONLY: Final = frozenset({MODEL_VARIABLE, URL_VARIABLE, TOKEN_VARIABLE})


ToolsetOf = Callable[[Sequence[str]], BaseToolset]
"""Makes the toolset of one agent from the names of its tools."""


def toolset(config: AgentConfig, environ: Mapping[str, str], tools: Sequence[str]) -> McpToolset:
    """The toolset for one agent; nothing is started or connected before its first use.

    Make one per agent: ADK caches a toolset's listing per invocation, so a shared one leaks tools
    from agent to agent.
    """
    return McpToolset(
        connection_params=_http(config) if config.mcp_url else _stdio(environ),
        tool_filter=list(tools),
        tool_list_cache_ttl_seconds=TOOL_LIST_SECONDS,
    )


def _http(config: AgentConfig) -> StreamableHTTPConnectionParams:
    # ADK offers every MCP server Google's mutual TLS and logs a warning when no Google credentials
    # are found, as on most machines; our server never speaks it. An explicit setting wins.
    os.environ.setdefault("GOOGLE_API_USE_CLIENT_CERTIFICATE", "false")
    headers = {"Authorization": f"Bearer {config.mcp_token}"} if config.mcp_token else None
    return StreamableHTTPConnectionParams(
        url=config.mcp_url, headers=headers, timeout=CONNECT_SECONDS
    )


def _stdio(environ: Mapping[str, str]) -> StdioConnectionParams:
    return StdioConnectionParams(
        server_params=StdioServerParameters(
            command=server_command(environ), args=["serve"], env=server_environment(environ)
        ),
        timeout=CONNECT_SECONDS,
    )


def server_command(environ: Mapping[str, str]) -> str:
    """The server's console script: the one installed with this interpreter, else the PATH's.

    The bare name when there is none: starting it then fails, which the candidate is told.
    """
    beside = (str(Path(sys.executable).parent), sysconfig.get_path("scripts"))
    path = os.pathsep.join((*beside, environ.get("PATH", os.defpath)))
    return shutil.which(SERVER_COMMAND, path=path) or SERVER_COMMAND


def server_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What the child gets beyond the MCP client's minimal default.

    Its own settings, locale, certificates and proxies, but not the model's credentials; and
    PYTHONSAFEPATH, so that a `db` or `agent` folder where the agent was started is never imported
    in place of ours. Its log shares the terminal with the conversation, so by default only
    warnings are shown.
    """
    forwarded = {
        name: value
        for name, value in environ.items()
        if (name.startswith(_FORWARDED_PREFIXES) or name in _FORWARDED_NAMES)
        and name not in _AGENT_ONLY
    }
    return {"MAANG_LOG_LEVEL": "WARNING"} | forwarded | {"PYTHONSAFEPATH": "1"}
