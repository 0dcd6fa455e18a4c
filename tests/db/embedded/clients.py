"""Other processes that use an embedded Postgres, and ways to watch what becomes of it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import asyncpg
import psutil  # type: ignore[import-untyped] # it ships no type information

from db.embedded import Connection, server_running
from db.embedded.watcher import is_held

REPOSITORY = Path(__file__).parents[3]

# `db` itself would bring SQLAlchemy along: a second per process, and nothing here needs it.
_OPEN = """
import json, sys, types
from dataclasses import asdict
from pathlib import Path
package = types.ModuleType("db")
package.__path__ = [entry + "/db" for entry in sys.path]
sys.modules["db"] = package
from db.embedded import open_embedded
server = open_embedded(Path(sys.argv[1]))
print(json.dumps(asdict(server.connection)), flush=True)
"""
UNTIL_TOLD = "sys.stdin.readline(); server.close()"
WITHOUT_CLOSING = "sys.stdin.readline()"


class Client:
    """A process that opens the data directory and stays until it is told to leave."""

    def __init__(
        self,
        data_dir: Path,
        *,
        then: str = UNTIL_TOLD,
        python: str = sys.executable,
        path: Path = REPOSITORY,
        user: Mapping[str, Any] | None = None,
    ) -> None:
        inherited = os.environ.get("PYTHONPATH")
        search = os.pathsep.join([str(path), inherited] if inherited else [str(path)])
        self.process = subprocess.Popen(
            [python, "-c", _OPEN + then, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": search},
            **(user or {}),
        )

    def connection(self) -> Connection:
        """Blocks until the client has opened the server."""
        assert self.process.stdout is not None
        return Connection(**json.loads(self.process.stdout.readline()))

    def leave(self) -> str:
        """Let it end in its own way; what it still printed."""
        rest: str = self.process.communicate("\n", timeout=30)[0]
        return rest

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.kill()
        self.process.communicate()


async def query(connection: Connection, statement: str) -> Any:
    """The first value of the statement's answer."""
    session = await asyncpg.connect(
        host=connection.host,
        port=connection.port,
        user=connection.user,
        password=connection.password,
        database=connection.database,
        timeout=10,
    )
    try:
        return await session.fetchval(statement)
    finally:
        await session.close()


def eventually(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Fails unless `condition` comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.01)


def mode_of(path: Path | str) -> int:
    """Its permissions."""
    return stat.S_IMODE(os.stat(path).st_mode)


def stopped(data_dir: Path) -> bool:
    return not is_held(str(data_dir / "run" / "watcher.lock")) and not server_running(data_dir)


def watcher_of(data_dir: Path) -> psutil.Process | None:
    """The process beside the server."""
    run = json.dumps(str(data_dir / "run"))
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if any(word.endswith("watcher.py") for word in command) and run in command[-1]:
            return process
    return None


def kill_watcher(data_dir: Path) -> None:
    process = watcher_of(data_dir)
    assert process is not None
    process.kill()
    eventually(lambda: not is_held(str(data_dir / "run" / "watcher.lock")))
