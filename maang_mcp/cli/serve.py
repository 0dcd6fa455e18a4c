"""`maang-mcp serve`: the MCP server over stdio, HTTP or legacy SSE.

A host waits for the handshake, so nothing is on its path that can come later: FastMCP is told its
environment before it is imported, and drivers, store and model are opened behind the handshake
(`server.opening`). stdout belongs to JSON-RPC; every word of ours goes to stderr.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Final, Literal

from maang_mcp.telemetry import configure_logging

from .settings import load_settings

if TYPE_CHECKING:
    from maang_mcp.app import Coach
    from maang_mcp.config import Settings
    from maang_mcp.server.auth import LearnerTokens
    from maang_mcp.server.opening import Opening

log = logging.getLogger(__name__)

LEAVING_S: Final = 5.0
"""How long closing may take once a signal came."""

_COLLECTED_AFTER: Final = 10_000
"""Objects made before the collector looks for cycles. A search makes some thousands and no cycle:
after Python's own 700 the collector would interrupt it several times, for 0.3 ms or more in all."""

_FASTMCP: Final = {
    "FASTMCP_ENV_FILE": os.devnull,  # a host starts us in somebody's project: its .env is not ours
    "FASTMCP_CHECK_FOR_UPDATES": "off",  # that asks the package index
    "FASTMCP_SHOW_SERVER_BANNER": "false",
    "PY_KEY_VALUE_DISABLE_BEARTYPE": "true",  # a library's checks of itself: 0.2 s of each start
}


def run(arguments: argparse.Namespace) -> int:
    """Serves until the client is gone or a signal comes.

    Raises InsecureAddress before anything listens, and WrongSettings.
    """
    settings = load_settings(host=arguments.host, port=arguments.port)
    configure_logging(settings.log_level)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # a dozen lines at every start
    os.environ.update(_FASTMCP)
    transport = arguments.transport
    with asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(_stdio(settings) if transport == "stdio" else _http(settings, transport))
    return 0


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """A search reads some twenty pieces off a socket: uvloop wastes less on each. There is
    none for Windows; None is asyncio's own."""
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:  # an interpreter it is not built for
        return None
    return uvloop.new_event_loop


async def _stdio(settings: Settings) -> None:
    from maang_mcp.server.build import build_server
    from maang_mcp.server.opening import Opening

    from .stdio import serve_stdio

    opening = Opening(lambda: _open(settings))
    server = build_server(opening, learner=settings.learner)
    _resume_collecting()
    _leave_on_signals(opening)
    await serve_stdio(server)


async def _http(settings: Settings, transport: Literal["http", "sse"]) -> None:
    from maang_mcp.server.auth import require_safe_address

    require_safe_address(settings.host, signed_in=settings.requires_tokens)
    tokens = _tokens(settings)
    from maang_mcp.server.build import build_server
    from maang_mcp.server.http import http_app, listen
    from maang_mcp.server.opening import Opening
    from maang_mcp.telemetry import CallMetrics, log_calls

    if transport == "sse":
        log.warning("the SSE transport is deprecated by MCP: use --transport http where you can")
    metrics = CallMetrics()
    opening = Opening(lambda: _open(settings))
    server = build_server(
        opening, learner=settings.learner, auth=tokens, hooks=(log_calls, metrics)
    )
    app = http_app(
        server,
        opening,
        metrics,
        transport=transport,
        host=settings.host,
        allowed_hosts=settings.allowed_hosts,
    )
    _resume_collecting()
    await listen(app, settings.host, settings.port)


def _tokens(settings: Settings) -> LearnerTokens | None:
    from maang_mcp.server.auth import verifier

    secret = settings.auth_secret
    return verifier(
        jwks_uri=settings.auth_jwks_uri,
        public_key=settings.auth_public_key,
        secret=secret.get_secret_value() if secret else None,
        issuer=settings.auth_issuer,
        audience=settings.auth_audience,
    )


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Coach]:
    from maang_mcp.app import open_coach

    async with open_coach(settings) as coach:
        gc.freeze()  # drivers, services and content stay, too
        yield coach


def _resume_collecting() -> None:
    """Ends what `main` began for the imports; what they made is never looked through again."""
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)
    gc.enable()


def _leave_on_signals(opening: Opening) -> None:
    """Closes the coach before a signal ends the process; where there are no signals, nothing.

    A thread waits in a read of stdin that nothing can interrupt, so the server cannot simply be
    cancelled: the process ends as the signal would have ended it.
    """
    loop = asyncio.get_running_loop()
    leaving: set[asyncio.Task[None]] = set()

    async def leave(number: signal.Signals) -> None:
        log.info("stopping on %s", number.name)
        with suppress(Exception):  # whatever fails while closing, the process has to end
            async with asyncio.timeout(LEAVING_S):
                await opening.close()
        logging.shutdown()
        signal.raise_signal(number)

    def begin(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        signal.signal(number, signal.SIG_DFL)  # the second time it ends us at once
        leaving.add(loop.create_task(leave(number)))

    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, begin, number)
