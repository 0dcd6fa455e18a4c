"""The installed server as a host runs it: a process of its own, spoken to over its pipes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from maang_mcp.cli.installed import command_path

MODERN: Final = "2026-07-28"
LEGACY: Final = "2025-11-25"
_CLIENT: Final = {"name": "test", "version": "1"}
_META: Final = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": _CLIENT,
}


class ServerProcess:
    """One running server; `out` holds every line it wrote to stdout."""

    def __init__(self, process: asyncio.subprocess.Process, protocol: str) -> None:
        self.process = process
        self.out: list[bytes] = []
        self._protocol = protocol
        self._id = 0

    async def greet(self) -> dict[str, Any]:
        """The handshake of this era."""
        if self._protocol == MODERN:
            return await self.request("server/discover")
        hello = {"protocolVersion": LEGACY, "capabilities": {}, "clientInfo": _CLIENT}
        told = await self.request("initialize", hello)
        await self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        return told

    async def request(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The response to one request."""
        self._id += 1
        given = dict(params or {}) | ({"_meta": _META} if self._protocol == MODERN else {})
        await self._send({"jsonrpc": "2.0", "id": self._id, "method": method, "params": given})
        while True:
            message: dict[str, Any] = json.loads(await self.line())
            if message.get("id") == self._id:
                return message

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """The result of one tool call."""
        response = await self.request("tools/call", {"name": tool, "arguments": arguments})
        result: dict[str, Any] = response["result"]
        return result

    async def line(self) -> bytes:
        """The next line on stdout; an AssertionError at its end."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        assert line, "the server has closed its stdout"
        self.out.append(line)
        return line

    async def end(self) -> tuple[int, str]:
        """Closes stdin, as a host does; the exit status and what stderr held."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return await self.ended()

    async def ended(self) -> tuple[int, str]:
        """The exit status and what stderr held, once it is over."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        rest, err = await asyncio.gather(self.process.stdout.read(), self.process.stderr.read())
        self.out += rest.splitlines(keepends=True)
        return await self.process.wait(), err.decode()

    async def _send(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        await self.process.stdin.drain()


@asynccontextmanager
async def serving(
    *arguments: str, cwd: Path, protocol: str = LEGACY, **settings: str
) -> AsyncIterator[ServerProcess]:
    """`maang-mcp serve` in `cwd`; settings without their prefix. Killed if it is still there."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MAANG_")}
    own = {f"MAANG_{name.upper()}": value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        command_path(),
        "serve",
        *arguments,
        cwd=cwd,
        env=clean | {"MAANG_EMBEDDER": "none", "MAANG_DATA_DIR": str(cwd / "data")} | own,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=1 << 22,
    )
    try:
        yield ServerProcess(process, protocol)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
