"""The server over HTTP: the MCP endpoint, and what an operator's machinery asks beside it.

    /mcp            Streamable HTTP, stateless: any process can answer any request
    /sse            the legacy transport instead, for clients that know nothing else
    /health         the process is alive; touches nothing else
    /ready          the store is open and answers; 503 and the reason when not
    /metrics        figures for Prometheus

Health and readiness are open to everybody and tell nothing but themselves. The figures are about
all learners: where bearer authentication is configured they take a token with the scope `metrics`,
and where it is not, the server listens to this machine alone.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from functools import partial
from ipaddress import ip_address
from typing import Final, Literal

import uvicorn
from fastmcp import FastMCP
from fastmcp.server.auth.middleware import RequireAuthMiddleware
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from maang_mcp.app import Coach
from maang_mcp.domain.errors import CoachError
from maang_mcp.telemetry import CallMetrics

from .opening import Opening

log = logging.getLogger(__name__)

METRICS_SCOPE: Final = "metrics"
GRACE_S: Final = 5
"""How long calls under way may take once the server was told to stop."""
PING_S: Final = 2.0
FRESH_S: Final = 1.0
"""How long an answer about readiness counts: probes are open to everybody, connections are few."""

_MOMENTARY: Final = {"Cache-Control": "no-store"}


class Readiness:
    """Whether calls would be answered now; asks the store at most once a second."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._asking = asyncio.Lock()
        self._asked_at = -FRESH_S
        self._reason: str | None = None

    async def reason(self) -> str | None:
        """Why not; None when ready."""
        if not self._opening.is_open:
            self._opening.begin()
            return "opening"
        async with self._asking:
            if time.monotonic() - self._asked_at >= FRESH_S:
                self._reason = await self._ask()
                self._asked_at = time.monotonic()
            return self._reason

    async def _ask(self) -> str | None:
        try:
            async with asyncio.timeout(PING_S):
                await (await self._opening.coach()).store.ping()
        except (CoachError, TimeoutError) as error:
            log.warning("not ready: %s", error)
            return "store"
        return None


class Figures:
    """What Prometheus is told: the calls, and how opening and cache do."""

    def __init__(self, metrics: CallMetrics, opening: Opening) -> None:
        self._metrics = metrics
        self._opening = opening
        self._coach: Coach | None = None
        metrics.watch("maang_open", "Whether the store is open.", lambda: opening.is_open)
        for name, what in (
            ("hits", "Answers that came from the cache."),
            ("misses", "Answers that had to be computed."),
            ("errors", "Failures of the cache."),
        ):
            metrics.watch(f"maang_cache_{name}", what, partial(self._count, name), "counter")

    async def render(self) -> bytes:
        """All figures in the text exposition format."""
        if self._opening.is_open:
            self._coach = await self._opening.coach()
        return self._metrics.render()

    def _count(self, name: str) -> float:
        return 0.0 if self._coach is None else float(getattr(self._coach.cache.counts, name))


def http_app(
    server: FastMCP,
    opening: Opening,
    metrics: CallMetrics,
    *,
    transport: Literal["http", "sse"] = "http",
    host: str = "127.0.0.1",
    allowed_hosts: Sequence[str] = (),
) -> Starlette:
    """The application of one process. `host` is the address it will listen on.

    Requests are answered when their Host is this address, loopback or one of `allowed_hosts` (the
    names a reverse proxy forwards), and when their Origin, if any, is one of these: a web page
    must not reach a local server by rebinding its own name.
    """
    names = list(allowed_hosts) if _is_wildcard(host) else [*allowed_hosts, host]
    app = server.http_app(
        transport=transport,
        stateless_http=transport == "http",
        json_response=False,  # else progress is dropped
        host_origin_protection=True,
        allowed_hosts=names,
        allowed_origins=[f"https://{name}" for name in allowed_hosts],
    )
    readiness = Readiness(opening)
    figures = Figures(metrics, opening)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"}, headers=_MOMENTARY)

    async def ready(_: Request) -> Response:
        reason = await readiness.reason()
        if reason is None:
            return JSONResponse({"status": "ready"}, headers=_MOMENTARY)
        return JSONResponse({"status": reason}, status_code=503, headers=_MOMENTARY)

    async def scrape(_: Request) -> Response:
        return Response(await figures.render(), media_type=CallMetrics.content_type)

    scope = [Middleware(RequireAuthMiddleware, [METRICS_SCOPE])] if server.auth else []
    app.router.routes += [
        Route("/health", health),
        Route("/ready", ready),
        Route("/metrics", scrape, middleware=scope),
    ]
    return app


async def listen(app: Starlette, host: str, port: int) -> None:
    """Serves until a signal comes, which is raised again once every call has been answered or has
    had its grace and the coach is closed. Port 0 takes a free one; the log tells which."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        lifespan="on",
        ws="none",
        log_config=None,
        access_log=False,  # a line per call is written already, with more in it
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
    )
    await uvicorn.Server(config).serve()


def _is_wildcard(host: str) -> bool:
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return not host
