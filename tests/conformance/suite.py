"""The protocol's own conformance suite, against this server over HTTP.

    tests/conformance/run

Two revisions of the protocol are tested. The older one is tested twice: as the product serves it,
and with sessions, which some of the suite's fixtures cannot do without. Exit status 1 means that a
scenario failed which its baseline does not name, or passed though it names it.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.clients.node import CACHE, ROOT, Node
from tests.factories import store_directory

SUITE: Final = {"@modelcontextprotocol/conformance": "0.2.0-alpha.12"}
HERE: Final = Path(__file__).parent
RESULTS: Final = CACHE / "results"
PATIENCE_S: Final = 60


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the suite: what is required, what is known to fail, how HTTP is served."""

    title: str
    requirements: str
    baseline: str | None = None
    options: tuple[str, ...] = ()

    @property
    def results(self) -> Path:
        """Where the suite leaves what it saw."""
        return RESULTS / self.title.replace(", ", "-").replace(" ", "-")


ROUNDS: Final = (
    Round("2026-07-28", "2026-07-28"),
    Round("2025-11-25, as served", "2025-11-25", "baseline-without-sessions.yml"),
    Round("2025-11-25, with sessions", "2025-11-25", "baseline.yml", ("--sessions",)),
)


def main() -> int:
    node = Node("suite", SUITE)
    with store_directory() as data_dir:
        passed = [play(node, round, data_dir) for round in ROUNDS]
    return 0 if all(passed) else 1


def play(node: Node, round: Round, data_dir: Path) -> bool:
    """Runs the suite once and tells its summary; whether all is as it should be."""
    options = ["--requirements", round.requirements, "-o", str(round.results)]
    if round.baseline is not None:
        options += ["--expected-failures", str(HERE / round.baseline)]
    with serving(data_dir, round) as url:
        suite = node.run(node.command("conformance", "server", "--url", url, *options))
    log = round.results.with_suffix(".log")
    log.write_text(suite.stdout + suite.stderr, encoding="utf-8")
    verdict = "as it should be" if suite.returncode == 0 else "NOT as it should be"
    summary = suite.stdout.partition("=== SUMMARY ===")[2].strip() or suite.stderr
    sys.stdout.write(f"\n{round.title}: {verdict} (all of it: {log})\n{summary}\n")
    return suite.returncode == 0


@contextmanager
def serving(data_dir: Path, round: Round) -> Iterator[str]:
    """The address of the server with the fixtures, while it runs."""
    port = free_port()
    shutil.rmtree(round.results, ignore_errors=True)
    round.results.mkdir(parents=True)
    with (round.results / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.conformance.server", str(port), *round.options],
            cwd=ROOT,
            env={**os.environ, "MAANG_DATA_DIR": str(data_dir), "MAANG_EMBEDDER": "none"},
            stderr=log,
        )
        try:
            await_listener(process, port)
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            process.terminate()
            process.wait(PATIENCE_S)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_listener(process: subprocess.Popen[bytes], port: int) -> None:
    """Returns once somebody listens; raises ChildProcessError if the process ends before."""
    until = time.monotonic() + PATIENCE_S
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.05)
    raise ChildProcessError(f"The server does not listen on port {port}.")


if __name__ == "__main__":
    sys.exit(main())
