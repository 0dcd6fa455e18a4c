"""Clients that are not ours, each holding the same conversation with the real server.

    tests/clients/run [NAME ...]

Every client gets a learner of its own and calls every tool over every transport it knows. Exit
status 1 means that one of them could not do what it should, and its words are shown.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from maang_mcp.cli.installed import command_path
from tests.conformance.suite import await_listener, free_port
from tests.factories import store_directory
from tests.server.conversation import DAY

from .inspector import inspect
from .node import CACHE, Node, environment, program

HERE: Final = Path(__file__).parent
PACKAGES: Final = {
    "@modelcontextprotocol/sdk": "1.32.2",
    "@modelcontextprotocol/client": "2.4.0",
    "@modelcontextprotocol/inspector": "2.12.0",
}
WRONG: Final = (
    ("record_attempt", {"problem": "3sum", "outcome": "aced"}),
    ("forget", {"what": "everything"}),
)
"""Mistakes that have to come back as errors a model can read."""

PATHS: Final = {"http": "/mcp", "sse": "/sse"}


@dataclass(frozen=True, slots=True)
class Meeting:
    """One client at one transport: what it is told to connect to, and as whom."""

    client: str
    transport: str
    target: str
    environment: dict[str, str]
    conversation: Path


def main(names: list[str]) -> int:
    chosen = {name: CLIENTS[name] for name in names or CLIENTS}
    conversation = CACHE / "conversation.json"
    CACHE.mkdir(exist_ok=True)
    conversation.write_text(json.dumps({"day": DAY, "wrong": WRONG}), encoding="utf-8")
    failed = 0
    with store_directory() as data_dir:
        for name, (transports, hold) in chosen.items():
            for transport in transports:
                with meeting(name, transport, data_dir, conversation) as met:
                    failed += not told(met, hold(met))
    return 1 if failed else 0


@contextmanager
def meeting(client: str, transport: str, data_dir: Path, conversation: Path) -> Iterator[Meeting]:
    """A server for this client; over stdio the client starts it."""
    own = {
        "MAANG_DATA_DIR": str(data_dir),
        "MAANG_EMBEDDER": "none",
        "MAANG_LEARNER": f"{client}-{transport}",
        "MAANG_LOG_LEVEL": "WARNING",
    }
    surroundings = {**os.environ, **own}
    command = str(command_path())
    if transport == "stdio":
        yield Meeting(client, transport, command, surroundings, conversation)
        return
    port = free_port()
    process = subprocess.Popen(
        [command, "serve", "--transport", transport, "--port", str(port)],
        env=surroundings,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_listener(process, port)
        url = f"http://127.0.0.1:{port}{PATHS[transport]}"
        yield Meeting(client, transport, url, surroundings, conversation)
    finally:
        process.terminate()
        process.wait()


def told(met: Meeting, outcome: subprocess.CompletedProcess[str]) -> bool:
    """Writes one line about a meeting, and all that was said where it went wrong."""
    last = outcome.stdout.strip().rpartition("\n")[2]
    well = outcome.returncode == 0
    sys.stdout.write(f"{'ok  ' if well else 'FAIL'} {met.client:10} {met.transport:5} {last}\n")
    if not well:
        sys.stdout.write(outcome.stdout + outcome.stderr)
    return well


@cache
def node() -> Node:
    """Node.js with the clients."""
    return Node("clients", PACKAGES)


def script(name: str) -> Callable[[Meeting], subprocess.CompletedProcess[str]]:
    """A client that one of our scripts drives."""

    def hold(met: Meeting) -> subprocess.CompletedProcess[str]:
        given = (met.transport, met.target, str(met.conversation))
        return node().run(node().script(HERE / name, *given), met.environment)

    return hold


def python_v1(met: Meeting) -> subprocess.CompletedProcess[str]:
    """The old Python SDK, in an environment of its own."""
    python = program(environment(CACHE / "mcp1", "mcp>=1.20,<2"), "python")
    given = (met.transport, met.target, str(met.conversation))
    return subprocess.run(
        [python, "-P", str(HERE / "python_v1.py"), *given],
        env=met.environment,
        check=False,
        text=True,
        encoding="utf-8",
        capture_output=True,
    )


def inspector(met: Meeting) -> subprocess.CompletedProcess[str]:
    """The Inspector's command line, once for every call."""
    # It hands a server it starts nothing of its own environment but what it is told to.
    own = [f"{key}={value}" for key, value in met.environment.items() if key.startswith("MAANG_")]
    given = [option for setting in own for option in ("-e", setting)]
    target = [*given, met.target, "serve"] if met.transport == "stdio" else [met.target]
    return inspect(node(), target, met.environment, DAY, WRONG)


CLIENTS: Final = {
    "ts-v1": (("stdio", "http", "sse"), script("ts_v1.mjs")),
    "ts-v2": (("stdio", "http"), script("ts_v2.mjs")),
    "python-v1": (("stdio", "http", "sse"), python_v1),
    "inspector": (("stdio", "http"), inspector),
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
