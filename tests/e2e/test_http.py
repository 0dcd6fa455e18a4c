"""The console script over HTTP and SSE, started and stopped as an operator's machinery does."""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import httpx2
import pytest
from fastmcp import Client
from fastmcp.client.transports import SSETransport, StreamableHttpTransport
from sqlalchemy import URL

from tests.server.tokens import SECRET, signed

from .server_process import ServerProcess, serving

Databases = Callable[[], AbstractAsyncContextManager[URL]]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="it is stopped by a signal")


async def listening(server: ServerProcess) -> tuple[str, list[str]]:
    """Where it listens, and the log up to there."""
    assert server.process.stderr is not None
    read: list[str] = []
    while line := (await server.process.stderr.readline()).decode():
        read.append(line)
        if found := re.search(r"running on (http://[\d.]+:\d+)", json.loads(line)["message"]):
            return found[1], read
    raise AssertionError("".join(read))


async def stopped(server: ServerProcess) -> str:
    server.process.send_signal(signal.SIGTERM)
    status, err = await server.ended()
    assert status == -signal.SIGTERM
    assert "Traceback" not in err
    assert "Application shutdown complete." in err
    return err


async def test_http_serves_signed_in_learners_and_stops_cleanly(
    tmp_path: Path, fresh_database: Databases
) -> None:
    async with (
        fresh_database() as database,
        serving(
            *("--transport", "http", "--host", "0.0.0.0", "--port", "0"),
            cwd=tmp_path,
            database_url=database.render_as_string(hide_password=False),
            auth_secret=SECRET,
        ) as server,
    ):
        place, _ = await listening(server)
        place = place.replace("0.0.0.0", "127.0.0.1")
        async with httpx2.AsyncClient(base_url=place) as browser:
            assert (await browser.get("/health")).json() == {"status": "ok"}
            assert (await browser.post("/mcp")).status_code == 401
        transport = StreamableHttpTransport(f"{place}/mcp", auth=signed(sub="ada"))
        async with Client(transport) as client:
            recorded = await client.call_tool(
                "record_attempt", {"problem": "two-sum", "outcome": "solved"}
            )
            assert (recorded.structured_content or {})["problem"] == "two-sum"
        async with httpx2.AsyncClient(base_url=place) as browser:
            assert (await browser.get("/ready")).json() == {"status": "ready"}
        err = await stopped(server)
    assert '"component": "record_attempt"' in err
    assert "GET /health" not in err


async def test_sse_still_serves_and_says_that_it_is_deprecated(
    tmp_path: Path, fresh_database: Databases
) -> None:
    async with (
        fresh_database() as database,
        serving(
            *("--transport", "sse", "--port", "0"),
            cwd=tmp_path,
            database_url=database.render_as_string(hide_password=False),
        ) as server,
    ):
        place, log = await listening(server)
        warnings = [json.loads(line) for line in log if '"WARNING"' in line]
        assert any("deprecated" in line["message"] for line in warnings)
        async with Client(SSETransport(f"{place}/sse"), mode="legacy") as client:
            briefing = await client.call_tool("get_briefing", {})
            assert (briefing.structured_content or {})["attempts"] == 0
        await stopped(server)
