"""Clients that write to the wire by hand, so that what is measured is the server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import httpx2

LEGACY: Final = "2025-11-25"
MODERN: Final = "2026-07-28"
INFO: Final = {"name": "benchmark", "version": "1"}
META: Final = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": INFO,
}

Result = dict[str, Any]


class Connection(Protocol):
    """Asks a running server, by either transport."""

    def ask(self, method: str, **params: Any) -> Result:
        """What the server answers; raises RuntimeError when that is an error."""
        ...


class Stdio:
    """A process of one's own, spoken to over its pipes."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], protocol: str = MODERN
    ) -> None:
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._protocol = protocol
        self._id = 0

    def greet(self) -> None:
        """The handshake of this protocol."""
        if self._protocol == MODERN:
            self.ask("server/discover")
            return
        self.ask("initialize", protocolVersion=LEGACY, capabilities={}, clientInfo=INFO)
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def ask(self, method: str, **params: Any) -> Result:
        self._id += 1
        given = params | ({"_meta": META} if self._protocol == MODERN else {})
        self._send({"jsonrpc": "2.0", "id": self._id, "method": method, "params": given})
        assert self.process.stdout is not None
        return _result(self.process.stdout.readline())

    def close(self) -> None:
        """Leaves as a host does."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()

    def _send(self, message: Mapping[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()


class Http:
    """A server on a port, over a connection that is kept."""

    def __init__(self, url: str) -> None:
        self._client = httpx2.Client(timeout=60)
        self._url = url

    def ask(self, method: str, **params: Any) -> Result:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": MODERN,
            "Mcp-Method": method,
            "Mcp-Name": params.get("name", ""),
        }
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | {"_meta": META}}
        return _result(self._client.post(self._url, json=message, headers=headers).content)

    def close(self) -> None:
        """Hangs up."""
        self._client.close()


def _result(line: bytes) -> Result:
    answer = json.loads(line)
    result: Result = answer.get("result", {})
    if not result or result.get("isError"):
        raise RuntimeError(f"The server answered {line[:500]!r}.")
    return result
