"""Opening, sharing and leaving the embedded Postgres."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from maang_mcp.domain.errors import StoreUnavailable

from . import watcher
from .account import find_cluster, make_passable, running_as_root
from .cluster import OWN_POSTGRES, SUPERUSER, Cluster, bundled_version
from .endpoint import Endpoint, claim_endpoint, read_endpoint
from .watcher import FileLock, Plan, answers, client_locks, is_held

_START_SECONDS = 60.0
_POLL_SECONDS = 0.005
_ATTEMPTS = 3
_LOG = "postgres.log"


@dataclass(frozen=True, slots=True)
class Connection:
    """How to connect; `host` is the socket directory on POSIX and an address on Windows."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True, slots=True)
class EmbeddedStatus:
    """What there is to know about the embedded Postgres without starting it."""

    location: Path  # the cluster's directory, which under root may lie outside the data directory
    log: Path
    version: str | None  # of the bundled binaries; None where they are not installed
    running: bool
    watched: bool  # whether it would be stopped, and restarted, when it should
    pid: int | None  # of the running server
    clients: int  # open handles in living processes


class EmbeddedPostgres:
    """One process's share in the server, from `open_embedded` until `close`."""

    def __init__(self, connection: Connection, lock: FileLock, plan: Plan) -> None:
        self.connection = connection
        self._lock = lock
        self._plan = plan
        self._process = os.getpid()
        atexit.register(self.close)

    def close(self) -> None:
        """Leave; the watcher stops the server when this was the last one. Idempotent."""
        atexit.unregister(self.close)
        # A forked child inherits this object, not the share.
        if not self._lock.held or os.getpid() != self._process:
            return
        _give_up(self._lock)
        # Without its watcher the server would run on for ever.
        with suppress(OSError):
            if not _is_watched(Path(self._plan.run)) and answers(self._plan.host, self._plan.port):
                _start_watcher(self._plan)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_embedded(data_dir: Path, *, database: str = "maang") -> EmbeddedPostgres:
    """The server of `data_dir`, made and started if need be, with `database` in it.

    Any number of processes may do this at once, also for a directory that does not exist yet.
    The new database is empty: extensions and tables are the migrations' business. Takes about a
    second the first time, .15 s when the server has to be started and .02 s when it runs; every
    wait is bounded. Raises StoreUnavailable.
    """
    directory = data_dir.expanduser().resolve()
    with _explained(directory), ExitStack() as on_failure:
        run = _prepare(directory)
        gate = FileLock(str(run / "start.lock"))
        if not gate.acquire(_START_SECONDS):
            raise StoreUnavailable(
                f"Another process has been starting the embedded Postgres in {directory} for"
                f" {_START_SECONDS:.0f} s."
            )
        with ExitStack() as always:
            always.callback(gate.release)
            lock = FileLock(str(run / "clients" / f"{os.getpid()}-{secrets.token_hex(4)}.lock"))
            on_failure.callback(_give_up, lock)
            lock.acquire(_START_SECONDS)
            cluster = Cluster(directory)
            cluster.clear_away_unfinished()
            if not cluster.exists():
                cluster.create()
            plan = _serve_database(cluster, database)
        on_failure.pop_all()
        connection = Connection(plan.host, plan.port, SUPERUSER, cluster.password(), database)
        return EmbeddedPostgres(connection, lock, plan)


def server_running(data_dir: Path) -> bool:
    """Whether the server of `data_dir` takes connections at this moment."""
    directory = data_dir.expanduser().resolve()
    with _explained(directory):
        endpoint = read_endpoint(directory / "run", find_cluster(directory))
        return endpoint is not None and endpoint.answers()


def status(data_dir: Path) -> EmbeddedStatus:
    """The state of the embedded Postgres; starts and creates nothing. Raises StoreUnavailable."""
    directory = data_dir.expanduser().resolve()
    run = directory / "run"
    running = server_running(directory)
    with _explained(directory):
        home = find_cluster(directory)
        return EmbeddedStatus(
            location=home,
            log=run / _LOG,
            version=bundled_version(),
            running=running,
            watched=_is_watched(run),
            pid=_postmaster(home) if running else None,
            clients=sum(map(is_held, client_locks(str(run)))),
        )


def _prepare(directory: Path) -> Path:
    if running_as_root():
        make_passable(directory)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = directory / "run"
    for private in (run, run / "clients"):
        private.mkdir(mode=0o700, exist_ok=True)
        if private.is_symlink():  # root must not be led out of the directory
            raise NotADirectoryError(f"{private} is a symbolic link")
    return run


def _serve_database(cluster: Cluster, database: str) -> Plan:
    """Have the server run and the database in it, whatever is killed meanwhile."""
    for attempt in range(_ATTEMPTS):
        plan = _serve(cluster)
        try:
            cluster.create_database(Endpoint(plan.host, plan.port), database)
            break
        except StoreUnavailable:
            if attempt == _ATTEMPTS - 1:
                raise
    return plan


def _serve(cluster: Cluster) -> Plan:
    """Wait for a server with a watcher, starting whatever is missing. Under the start lock."""
    run, log = cluster.run, cluster.run / _LOG
    endpoint = read_endpoint(run, cluster.home)
    watched = _is_watched(run)
    if endpoint is None or not (watched or endpoint.answers()):
        endpoint = claim_endpoint(run, cluster.home, cluster.account)
    plan = cluster.plan(endpoint)
    started: subprocess.Popen[bytes] | None = None
    deadline = time.monotonic() + _START_SECONDS
    while not (endpoint.answers() and (started is not None or watched)):
        if time.monotonic() > deadline:
            raise StoreUnavailable(
                f"The embedded Postgres did not answer within {_START_SECONDS:.0f} s."
                f" {_last_words(log)}"
            )
        if started is None and not watched:
            started = _start_watcher(plan)
        elif started is not None and started.poll() == watcher.WILL_NOT_START:
            raise StoreUnavailable(
                f"The embedded Postgres does not start. {_last_words(log)}",
                hint=f"Its log is {log}. {OWN_POSTGRES}",
            )
        elif started is not None and started.poll() is not None:
            started, watched = None, _is_watched(run)  # killed, or another one was faster
        time.sleep(_POLL_SECONDS)
        # One that was there may have given up a moment ago.
        watched = watched and _is_watched(run)
    return plan


def _start_watcher(plan: Plan) -> subprocess.Popen[bytes]:
    log = os.path.join(plan.run, _LOG)
    # A server that runs on without its watcher goes on writing to its log.
    if not (os.access(log, os.W_OK) and answers(plan.host, plan.port)):
        with suppress(FileNotFoundError, PermissionError):
            os.replace(log, f"{log}.1")
    options: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        detached = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
        options = {"creationflags": detached}
    # None of our streams: the host of a stdio server waits for the end of its standard output.
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", watcher.__file__, json.dumps(plan)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=plan.run,
            **options,
        )
    # Collects it whenever it ends, so that it neither stays a zombie nor is reported as lost.
    threading.Thread(target=process.wait, name="embedded-watcher", daemon=True).start()
    return process


def _give_up(lock: FileLock) -> None:
    lock.release()
    with suppress(OSError):
        os.unlink(lock.path)


def _is_watched(run: Path) -> bool:
    return is_held(str(run / "watcher.lock"))


def _last_words(log: Path) -> str:
    with suppress(OSError):
        return " | ".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-6:])
    return ""


def _postmaster(home: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int((home / "data" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    return None


@contextmanager
def _explained(directory: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, subprocess.SubprocessError) as error:
        raise StoreUnavailable(
            f"The embedded Postgres in {directory} is out of reach: {error}.",
            hint=f"See that {directory} belongs to you and has room. {OWN_POSTGRES}",
        ) from error
