"""The product's server with the suite's fixtures added, over HTTP; settings as ever.

    python -m tests.conformance.server PORT [--sessions]

Without `--sessions` HTTP is served as the product serves it. With it, clients up to MCP 2025-11-25
get a session, without which a server cannot ask them anything.
"""

from __future__ import annotations

import argparse
import asyncio

from fastmcp.server.event_store import EventStore
from starlette.applications import Starlette

from maang_mcp.app import open_coach
from maang_mcp.config import Settings
from maang_mcp.server.build import build_server
from maang_mcp.server.http import http_app, listen
from maang_mcp.server.opening import Opening
from maang_mcp.telemetry import CallMetrics, configure_logging

from .fixtures import add_fixtures
from .questions import add_questions

RETRY_MS = 500
"""When a client whose stream was closed shall come back."""


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the product with the suite's fixtures.")
    parser.add_argument("port", type=int)
    parser.add_argument("--sessions", action="store_true")
    arguments = parser.parse_args()
    configure_logging("WARNING")
    asyncio.run(serve(Settings(port=arguments.port), sessions=arguments.sessions))


async def serve(settings: Settings, *, sessions: bool) -> None:
    """Serves until the process is told to stop."""
    opening = Opening(lambda: open_coach(settings))
    server = build_server(opening)
    add_fixtures(server)
    add_questions(server)
    app: Starlette = (
        server.http_app(
            event_store=EventStore(), retry_interval=RETRY_MS, host_origin_protection=True
        )
        if sessions
        else http_app(server, opening, CallMetrics(), host=settings.host)
    )
    await listen(app, settings.host, settings.port)


if __name__ == "__main__":
    main()
