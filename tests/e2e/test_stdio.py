"""The console script over stdio, from directories and with stores that mean it no good."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from mcp.types import INVALID_REQUEST, PARSE_ERROR
from sqlalchemy import URL

from .server_process import LEGACY, MODERN, ServerProcess, serving

Databases = Callable[[], AbstractAsyncContextManager[URL]]

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"

NO_MESSAGES = (
    b'{"jsonrpc":"2.0","id":"a","method":"ping","params":{"a":"\x01"}}',
    b'{"jsonrpc":"2.0","id":71,"method":5}',
    b"[1]",
    b'{"jsonrpc":"2.0","id":1,"result":5}',
)


async def write(server: ServerProcess, line: bytes) -> None:
    """What no well-behaved client would write."""
    assert server.process.stdin is not None
    server.process.stdin.write(line)
    await server.process.stdin.drain()


async def answer(server: ServerProcess, line: bytes) -> dict[str, Any]:
    """The next message of the server after that line."""
    await write(server, line + b"\n")
    told: dict[str, Any] = json.loads(await server.line())
    return told


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A project whose packages are named like ours, and whose .env breaks FastMCP's settings."""
    for name in ("db", "agent", "maang_mcp", "fastmcp"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise SystemExit('foreign code ran')")
    (tmp_path / "logging.py").write_text("raise SystemExit('foreign code ran')")
    (tmp_path / ".env").write_text("FASTMCP_PORT=harbour\nMAANG_PORT=harbour\n")
    return tmp_path


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
async def test_stdout_carries_nothing_but_json_rpc_even_in_a_hostile_directory(
    hostile: Path, fresh_database: Databases, protocol: str
) -> None:
    async with fresh_database() as url:
        address = url.render_as_string(hide_password=False)
        async with serving(
            cwd=hostile, protocol=protocol, database_url=address, learner="ada"
        ) as server:
            await server.greet()
            tools = (await server.request("tools/list"))["result"]["tools"]
            done = await server.call("record_attempt", problem="two-sum", outcome="solved")
            refused = await server.call("record_attempt", problem="two-sum", outcome="flew")
            kept = await server.call("remember", content="my very private words")
            status, err = await server.end()
    assert "record_attempt" in {tool["name"] for tool in tools}
    assert done["structuredContent"]["problem"] == "two-sum"
    assert refused["isError"]
    assert kept["structuredContent"]["memory_id"]
    assert status == 0
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in server.out)

    lines = [json.loads(line) for line in err.splitlines()]
    calls = [line for line in lines if line.get("action") == "call"]
    assert [(line["component"], line["outcome"]) for line in calls] == [
        ("record_attempt", "ok"),
        ("record_attempt", "refused"),
        ("remember", "ok"),
    ]
    assert "private words" not in err
    assert '"ada"' not in err


async def test_the_handshake_and_the_lists_ask_for_no_store(tmp_path: Path) -> None:
    async with serving(cwd=tmp_path, database_url=NOWHERE) as server:
        assert "result" in await server.greet()
        for kind in ("tools", "prompts", "resources"):
            assert (await server.request(f"{kind}/list"))["result"][kind]
        result = await server.call("get_briefing")
        assert (await server.request("ping"))["result"] == {}
        status, _ = await server.end()
    assert result["isError"]
    assert "The store cannot be reached" in result["content"][0]["text"]
    assert "structuredContent" not in result
    assert status == 0


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
async def test_a_line_that_is_no_message_is_answered_and_the_next_one_served(
    tmp_path: Path, protocol: str
) -> None:
    async with serving(cwd=tmp_path, protocol=protocol, database_url=NOWHERE) as server:
        first = await answer(server, b"my secret, not json")
        await server.greet()
        answers = [first] + [await answer(server, line) for line in NO_MESSAGES]
        assert "result" in await server.request("tools/list")
        await write(server, b'\n{"jsonrpc":"2.0","id":72,"me')
        status, err = await server.end()
    assert [(told["id"], told["error"]["code"]) for told in answers] == [
        (None, PARSE_ERROR),
        ("a", PARSE_ERROR),
        (71, INVALID_REQUEST),
        (None, INVALID_REQUEST),
        (None, INVALID_REQUEST),
    ]
    assert status == 0
    assert len(server.out) == len(answers) + 2, "a blank line and a cut one have no answer"
    assert err.count("refused a line on stdin") == len(answers) + 1
    assert "my secret" not in err


@pytest.mark.parametrize("protocol", [MODERN, LEGACY])
async def test_half_a_character_is_stored_as_the_replacement_character(
    tmp_path: Path, fresh_database: Databases, protocol: str
) -> None:
    stored = "one \ufffd, two \ufffd x, three \ufffdA, pair \U0001f600, path C:\\ud800"
    content = "one \ud800, two \udc00 x, three \udbffA, pair \U0001f600, path C:\\ud800"
    async with fresh_database() as url:
        address = url.render_as_string(hide_password=False)
        async with serving(cwd=tmp_path, protocol=protocol, database_url=address) as server:
            await server.greet()
            kept = await server.call("remember", content=content)
            found = await server.call("retrieve_context", query="pair path")
            status, err = await server.end()
    assert kept["structuredContent"]["memory_id"]
    (passage,) = found["structuredContent"]["passages"]
    assert stored in passage["text"]
    assert status == 0
    assert "refused" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_as_signals_do_and_without_a_traceback(
    tmp_path: Path, fresh_database: Databases, number: signal.Signals
) -> None:
    async with fresh_database() as url:
        address = url.render_as_string(hide_password=False)
        async with serving(cwd=tmp_path, database_url=address) as server:
            await server.greet()
            await server.call("get_briefing")
            server.process.send_signal(number)
            status, err = await server.ended()
    assert status == -number
    assert f"stopping on {number.name}" in err
    assert "Traceback" not in err
