"""What the server costs: starting, calling, memory and tokens, beside a server that does nothing.

    python -m benchmarks.server [--starts 7] [--calls 300] [--embedder none]

Both servers are measured in the same run; starts take turns, so that whatever else the machine
does falls on both alike. The one that does nothing (`no_op`) tells FastMCP's own price. The store
is the embedded one, the learner has had one day; calls are made one at a time, reads first.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psutil  # type: ignore[import-untyped]  # it ships no types

from maang_mcp.cli.installed import command_path
from tests.conformance.suite import await_listener, free_port
from tests.factories import store_directory
from tests.server.conversation import DAY, INTERVIEW

from .wire import LEGACY, MODERN, Connection, Http, Stdio

WARM_UP: Final = 20
"""Calls before the clock counts: imports, plans and connections belong to the start."""

Arguments = Callable[[], Mapping[str, Any]]
Environment = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the servers: how to start it by either transport, and what to call."""

    name: str
    stdio: Sequence[str]
    http: Sequence[str]
    calls: Mapping[str, Arguments]


OURS: Final = Subject(
    "maang-mcp",
    (str(command_path()), "serve"),
    (str(command_path()), "serve", "--transport", "http", "--port"),
    {
        "get_briefing": dict,
        "next_problem": dict,
        "search_problems": lambda: {"query": "two pointers"},
        "weakness_report": dict,
        "retrieve_context": lambda: {"query": f"sort pairs {uuid4().hex[:6]}"},
        "record_attempt": lambda: {"problem": "3sum", "outcome": "solved", "minutes": 25},
        "remember": lambda: {"content": f"Sort first when pairs are asked for ({uuid4()})."},
    },
)
"""No question is asked twice; the report comes from the cache, as it does between two writes."""

NOTHING: Final = Subject(
    "no-op",
    (sys.executable, "-m", "benchmarks.no_op", "stdio"),
    (sys.executable, "-m", "benchmarks.no_op", "http"),
    {"nothing": dict},
)


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds from spawning a process to its answers, the processor's part of the first, and
    megabytes resident after the second."""

    greeted: float
    processor: float
    listed: float
    resident: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the server.")
    parser.add_argument("--starts", type=int, default=7)
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--embedder", choices=("none", "onnx", "onnx-int8"), default="none")
    given = parser.parse_args()
    print(f"machine: {platform.platform()}, {os.cpu_count()} CPUs, ", end="")
    print(f"load {psutil.getloadavg()[0]:.1f}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in ("maang-mcp", "fastmcp", "mcp")))
    print(f"{given.starts} starts, {given.calls} calls of each tool, embedder {given.embedder}")
    with store_directory() as data_dir:
        environment = {
            **os.environ,
            "MAANG_DATA_DIR": str(data_dir),
            "MAANG_EMBEDDER": given.embedder,
            "MAANG_LOG_LEVEL": "WARNING",
            "FASTMCP_CHECK_FOR_UPDATES": "off",
        }
        tell_sizes(environment)
        tell_starts(environment, given.starts)
        for transport in ("stdio", "http"):
            tell_calls(transport, environment, given.calls)


def tell_sizes(environment: Environment) -> None:
    """Tokens of the listing and of every answer."""
    server = Stdio(OURS.stdio, environment)
    server.greet()
    tools = server.ask("tools/list")["tools"]
    seen = [{key: tool[key] for key in ("name", "description", "inputSchema")} for tool in tools]
    print(f"\ntools/list: {tokens(tools):,.0f} tokens (bytes / 4), {len(tools)} tools; ", end="")
    print(f"{tokens(seen):,.0f} of them are what a model sees")
    print(f"\n{'answer of':18} {'tokens':>6}")
    for tool, answer in live(server):
        print(f"{tool:18} {tokens(answer):6,.0f}")
    server.close()


def live(server: Connection) -> Iterator[tuple[str, Any]]:
    """A day that leaves a short record: what each tool answered."""
    interview = ""
    for tool, arguments in DAY:
        filled = {k: interview if v == INTERVIEW else v for k, v in arguments.items()}
        answer = server.ask("tools/call", name=tool, arguments=filled)["structuredContent"]
        interview = answer.get("interview_id", interview)
        yield tool, answer


def tokens(value: object) -> float:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) / 4


def tell_starts(environment: Environment, times: int) -> None:
    print("\nstart over stdio, s from spawn: median (fastest)")
    print(f"{'':10} {'protocol':11} {'handshake':>12} {'processor':>9} {'+ list':>12} {'MB':>4}")
    for protocol in (LEGACY, MODERN):
        rounds = [
            {one.name: start(one, environment, protocol) for one in (OURS, NOTHING)}
            for _ in range(times)
        ]
        for name in rounds[0]:
            starts = [taken[name] for taken in rounds]
            print(
                f"{name:10} {protocol:11} {spread([one.greeted for one in starts]):>12}"
                f" {statistics.median(one.processor for one in starts):9.2f}"
                f" {spread([one.listed for one in starts]):>12}"
                f" {statistics.median(one.resident for one in starts):4.0f}"
            )


def start(subject: Subject, environment: Environment, protocol: str) -> Start:
    """One start on an empty data directory, from spawning the process to its list of tools."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = {**environment, "MAANG_DATA_DIR": str(Path(folder) / "data")}
        began = time.perf_counter()
        server = Stdio(subject.stdio, fresh, protocol)
        server.greet()
        greeted = time.perf_counter() - began
        process = psutil.Process(server.process.pid)
        spent = process.cpu_times()
        server.ask("tools/list")
        listed = time.perf_counter() - began
        resident = process.memory_info().rss / 1e6
        server.process.kill()
        server.process.communicate()
    return Start(greeted, spent.user + spent.system, listed, resident)


def spread(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f})"


def tell_calls(transport: str, environment: Environment, times: int) -> None:
    print(f"\ncalls over {transport}, ms")
    print(f"{'':10} {'tool':18} {'p50':>7} {'p95':>7} {'MB':>5}")
    for subject in (OURS, NOTHING):
        learner = {"MAANG_LEARNER": transport}
        with connected(subject, transport, {**environment, **learner}) as (server, process):
            if subject is OURS:
                dict(live(server))
            for tool, arguments in subject.calls.items():
                taken = [call(server, tool, arguments) for _ in range(WARM_UP + times)][WARM_UP:]
                p50, p95 = (statistics.quantiles(taken, n=20)[place] for place in (9, 18))
                resident = process.memory_info().rss / 1e6
                print(f"{subject.name:10} {tool:18} {p50:7.1f} {p95:7.1f} {resident:5.0f}")


def call(server: Connection, tool: str, arguments: Arguments) -> float:
    """Milliseconds of one call."""
    given = dict(arguments())
    began = time.perf_counter()
    server.ask("tools/call", name=tool, arguments=given)
    return (time.perf_counter() - began) * 1_000


@contextmanager
def connected(
    subject: Subject, transport: str, environment: Environment
) -> Iterator[tuple[Connection, psutil.Process]]:
    """A connection to a running server, and the server's process."""
    if transport == "stdio":
        own = Stdio(subject.stdio, environment)
        own.greet()
        yield own, psutil.Process(own.process.pid)
        own.close()
        return
    port = free_port()
    process = subprocess.Popen(
        [*subject.http, str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        await_listener(process, port)
        server = Http(f"http://127.0.0.1:{port}/mcp")
        yield server, psutil.Process(process.pid)
        server.close()
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
