"""The same conversation by every door leaves the same rows, and no door breaks on odd bytes."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx2
import pytest
import uvicorn
from fastmcp import Client
from fastmcp.client.transports import SSETransport, StdioTransport, StreamableHttpTransport
from sqlalchemy import URL, DateTime, Double, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from db.engine import create_engine, url_from
from db.models import private_tables
from maang_mcp.app import open_coach
from maang_mcp.cli.installed import command_path
from maang_mcp.config import Settings
from maang_mcp.domain.profile import Learner
from maang_mcp.server.build import build_server
from maang_mcp.server.http import http_app
from maang_mcp.server.opening import Opening
from maang_mcp.telemetry import CallMetrics
from tests.e2e.server_process import LEGACY, MODERN, serving

from .conversation import every_tool

Rows = dict[str, list[list[Any]]]
Door = Literal["memory", "stdio", "http", "sse"]

DOORS: list[tuple[Door, str]] = [
    ("memory", "auto"),
    ("memory", "legacy"),
    ("stdio", "auto"),
    ("stdio", "legacy"),
    ("http", "auto"),
    ("http", "legacy"),
    ("sse", "legacy"),
]
"""SSE never learnt the protocol of 2026."""

VARYING_TYPES = (Uuid, DateTime, JSONB, Double)
VARYING = {"subject", "request", "generation"}
"""Columns that differ from one conversation to the next: ids, moments, what follows from the
seconds in between, digests of ids, and clocks that count."""
AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""An interview's turns are a conversation that is named by its id."""


@pytest.fixture(scope="module")
async def database(
    fresh_database: Callable[[], AbstractAsyncContextManager[URL]],
) -> AsyncIterator[str]:
    """One database behind all doors."""
    async with fresh_database() as url:
        yield url.render_as_string(hide_password=False)


@asynccontextmanager
async def connected(
    door: Door, mode: str, database: str, learner: str, place: Path
) -> AsyncIterator[Client[Any]]:
    """A client of the product by this door."""
    settings = Settings(
        database_url=database, data_dir=place, embedder="none", learner=learner, pool_size=2
    )
    opening = Opening(lambda: open_coach(settings))
    server = build_server(opening, learner=learner)
    match door:
        case "memory":
            async with Client(server, mode=mode) as client:
                yield client
        case "stdio":
            environment = {
                "MAANG_DATABASE_URL": database,
                "MAANG_DATA_DIR": str(place),
                "MAANG_EMBEDDER": "none",
                "MAANG_LEARNER": learner,
            }
            transport = StdioTransport(
                str(command_path()),
                ["serve"],
                env=environment,
                cwd=str(place),
                keep_alive=False,
                log_file=place / "log",
            )
            async with Client(transport, mode=mode) as client:
                yield client
        case "http" | "sse":
            app = http_app(server, opening, CallMetrics(), transport=door)
            async with listening(app) as url:
                remote = StreamableHttpTransport(f"{url}/mcp")
                old = SSETransport(f"{url}/sse")
                async with Client(remote if door == "http" else old, mode=mode) as client:
                    yield client


@asynccontextmanager
async def listening(app: Any) -> AsyncIterator[str]:
    """The address of an application while it is served; callers may come before it is ready."""
    config = uvicorn.Config(
        app, lifespan="on", ws="none", log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as door:
        running = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await running


@pytest.fixture(scope="module")
def left() -> dict[tuple[str, str], Rows]:
    """What each conversation left, as far as it was held already."""
    return {}


@pytest.mark.parametrize(("door", "mode"), DOORS)
async def test_the_same_conversation_leaves_the_same_rows(
    door: Door, mode: str, database: str, tmp_path: Path, left: dict[tuple[str, str], Rows]
) -> None:
    for one in {DOORS[0], (door, mode)} - left.keys():
        learner = "-".join(one)
        async with connected(*one, database, learner, tmp_path) as client:
            answers = await every_tool(client)
        assert not [tool for tool, answer in answers.items() if answer.is_error]
        left[one] = await rows_of(database, Learner.of(learner))
    assert left[door, mode]["attempt"]
    assert left[door, mode] == left[DOORS[0]]


async def rows_of(database: str, learner: Learner) -> Rows:
    """Every row of a learner, in some order, without what differs anyway."""
    engine = create_engine(url_from(database), pool_size=1, max_overflow=0)
    rows: Rows = {}
    async with engine.connect() as connection:
        for table, owner in private_tables():
            found = await connection.execute(select(table).where(table.c[owner] == learner.id))
            kept = [
                place
                for place, column in enumerate(table.columns)
                if not isinstance(column.type, VARYING_TYPES) and column.name not in VARYING
            ]
            rows[table.name] = sorted(
                [AN_ID.sub("an id", repr(row[place])) for place in kept] for row in found
            )
    await engine.dispose()
    return rows


ODD = {
    "half a character": b'"a\\ud800b"',
    "a character that is none": b'"a\xffb"',
    "a NUL": b'"a\\u0000b"',
    "a NUL as it is": b'"a\x00b"',
    "no end": b'"a',
    "a number beyond all bounds": b"1e999",
    "a thousand brackets": b"[" * 1_000 + b"]" * 1_000,
    "a megabyte": b'"' + b"x" * 1_000_000 + b'"',
}
"""What stands where a text should, as bytes on the wire."""


def envelope(text: bytes) -> bytes:
    """A call that remembers the text."""
    meta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    params = {"name": "remember", "arguments": {"content": "TEXT"}, "_meta": meta}
    request = {"jsonrpc": "2.0", "id": "odd", "method": "tools/call", "params": params}
    return json.dumps(request).encode().replace(b'"TEXT"', text)


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
async def test_stdio_outlives_odd_bytes(database: str, tmp_path: Path, protocol: str) -> None:
    async with serving(cwd=tmp_path, protocol=protocol, database_url=database) as server:
        await server.greet()
        assert server.process.stdin is not None
        for text in ODD.values():
            server.process.stdin.write(envelope(text) + b"\n")
            assert (await server.request("tools/list"))["result"]["tools"]
        status, err = await server.end()
    assert status == 0
    assert "Traceback" not in err


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
async def test_http_answers_odd_bytes(
    database: str, tmp_path: Path, protocol: str, complaints: list[str]
) -> None:
    settings = Settings(database_url=database, data_dir=tmp_path, embedder="none", pool_size=2)
    opening = Opening(lambda: open_coach(settings))
    app = http_app(build_server(opening), opening, CallMetrics())
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": protocol,
        "Mcp-Method": "tools/call",
        "Mcp-Name": "remember",
    }
    async with listening(app) as url, httpx2.AsyncClient(base_url=url, headers=headers) as browser:
        answers = {
            name: await browser.post("/mcp", content=envelope(text)) for name, text in ODD.items()
        }
    assert {answer.status_code for answer in answers.values()} == {200, 400}
    for answer in answers.values():
        assert "jsonrpc" in answer.text
        assert answer.status_code == 200 or "Parse error" in answer.text
    assert "Remembered as note" in answers["a NUL"].text
    assert "at most 200000 characters" in answers["a megabyte"].text
    assert complaints == []
