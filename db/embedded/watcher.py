"""The process beside the embedded Postgres: starts it, restarts it after a crash, and stops it
once the last client is gone.

    lock                 held by                               while
    clients/<id>.lock    a process that uses the server        its handle is open
    start.lock           an opening process, or the watcher    one opens, or the other stops
    watcher.lock         the watcher                           it lives: there is at most one

The kernel drops a lock with its process, however that dies, so nobody has to keep a list of process
ids true. Whether the server runs is likewise only ever asked of the server, by connecting to it.

Run as `python -I -S watcher.py <plan as JSON>`: the standard library alone, so that what
stays in memory beside the server is small. Standard output and error are the server's log.
"""

from __future__ import annotations

import json
import math
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Any, NamedTuple

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

WILL_NOT_START = 1  # also what an exception of ours ends with
_ANSWER_SECONDS = 2.0
_LOCK_POLL_SECONDS = 0.01
_IDLE_POLL_SECONDS = 1.0
_RETRY_SECONDS = 0.25
_GIVE_UP_SECONDS = 10.0
_STOP_SECONDS = 20.0
_FAMILY = socket.AF_INET if sys.platform == "win32" else socket.AF_UNIX
_PROTOCOL_3_0 = 196608
_CANNOT_CONNECT_NOW = b"C57P03\0"


class Plan(NamedTuple):
    """How one server is started, reached and stopped. Strings, because it travels as JSON.

    Not a dataclass: that module alone would lengthen every start by a tenth.
    """

    run: str  # the directory of the locks
    data: str
    host: str  # the socket directory; an address on Windows
    port: int
    start: list[str]
    stop: list[str]
    uid: int | None = None  # whom the server runs as, where that is not ourselves
    gid: int | None = None


def popen_options(uid: int | None = None, gid: int | None = None) -> dict[str, Any]:
    """What makes Popen run one of Postgres's programs, as that user if one is named.

    The environment is ours without PGDATA, PGPORT and their like, which may point at somebody's
    other server.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    options: dict[str, Any] = {"env": kept | {"LC_ALL": "C"}}
    if sys.platform == "win32":
        options["creationflags"] = subprocess.CREATE_NO_WINDOW
    elif uid is not None:
        options |= {"user": uid, "group": gid, "extra_groups": []}
    return options


class FileLock:
    """An exclusive lock on a file, dropped by the kernel when its holder dies.

    Released by closing and never by unlocking: a forked child shares the open file, and its
    unlocking would take the lock from the parent.
    """

    def __init__(self, path: str, *, create: bool = True) -> None:
        self.path = path
        self._flags = os.O_RDWR | os.O_CREAT if create else os.O_RDONLY
        self._descriptor: int | None = None

    def acquire(self, timeout: float) -> bool:
        """Whether the lock was won within `timeout` seconds. Raises OSError without the file."""
        deadline = time.monotonic() + timeout
        poll = _IDLE_POLL_SECONDS if timeout == math.inf else _LOCK_POLL_SECONDS
        no_follow: int = getattr(os, "O_NOFOLLOW", 0)
        # 0644 in a private directory: a root watcher and its user's clients see each other's.
        descriptor = os.open(self.path, self._flags | no_follow, 0o644)
        while not _lock(descriptor, wait=timeout == math.inf):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                return False
            time.sleep(poll)
        self._descriptor = descriptor
        return True

    @property
    def held(self) -> bool:
        return self._descriptor is not None

    def in_place(self) -> bool:
        """Whether the file held is still the one that others find, and not deleted or replaced."""
        try:
            held = os.fstat(-1 if self._descriptor is None else self._descriptor)
            return os.path.samestat(held, os.stat(self.path))
        except OSError:
            return False

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock(descriptor: int, *, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def is_held(path: str) -> bool:
    """Whether a living process holds the lock on `path`."""
    lock = FileLock(path, create=False)
    try:
        free = lock.acquire(0)
    except OSError:
        return False
    lock.release()
    return not free


def client_locks(run: str) -> list[str]:
    """The lock files of all clients, the living and the dead."""
    clients = os.path.join(run, "clients")
    with suppress(FileNotFoundError):
        return [os.path.join(clients, name) for name in os.listdir(clients)]
    return []


def answers(host: str, port: int) -> bool:
    """Whether a Postgres takes connections there; starting up and shutting down count as no."""
    parameters = b"user\0probe\0database\0postgres\0\0"
    try:
        with socket.socket(_FAMILY) as connection:
            connection.settimeout(_ANSWER_SECONDS)
            path = os.path.join(host, f".s.PGSQL.{port}")
            connection.connect((host, port) if sys.platform == "win32" else path)
            connection.sendall(struct.pack("!ii", 8 + len(parameters), _PROTOCOL_3_0) + parameters)
            reply = connection.recv(1024)
    except OSError:
        return False
    # Asked for a password, or refused for a reason of its own (too many clients): it is there.
    return reply[:1] == b"R" or (reply[:1] == b"E" and _CANNOT_CONNECT_NOW not in reply)


class Watcher:
    """Keeps one server running for as long as a client lives."""

    def __init__(self, plan: Plan, lock: FileLock) -> None:
        self._plan = plan
        self._lock = lock
        self._server: subprocess.Popen[bytes] | None = None
        self._launching = threading.Lock()
        self._done = threading.Event()
        self._start_lock = FileLock(os.path.join(plan.run, "start.lock"))

    def run(self) -> int:
        """Serve until the last client has left: 0, or WILL_NOT_START."""
        leaving = threading.Thread(target=self._stop_after_the_last_client, daemon=True)
        leaving.start()
        failing_since: float | None = None
        while not self._done.is_set():
            if answers(self._plan.host, self._plan.port):
                # Not our child: a dead watcher's server, or on Windows pg_ctl's.
                failing_since = None
                self._done.wait(_IDLE_POLL_SECONDS)
                continue
            began = time.monotonic()
            code = self._launch_and_wait()
            if self._done.is_set() or (sys.platform == "win32" and code == 0):
                continue
            ended = time.monotonic()
            if failing_since is None or ended - began > _GIVE_UP_SECONDS:
                failing_since = ended
            if not self._worth_retrying(ran_for=ended - began, failing_for=ended - failing_since):
                return WILL_NOT_START
            self._done.wait(_RETRY_SECONDS)
        leaving.join()
        return 0

    def _worth_retrying(self, *, ran_for: float, failing_for: float) -> bool:
        """A server that crashed, or that waits for what a crash left behind, gets another try.

        Backends may outlive their killed postmaster for a moment and keep the shared memory. A
        start that failed for its own reasons has put its `postmaster.pid` away and will fail again.
        """
        crashed = os.path.exists(os.path.join(self._plan.data, "postmaster.pid"))
        return ran_for > _GIVE_UP_SECONDS or (crashed and failing_for <= _GIVE_UP_SECONDS)

    def _launch_and_wait(self) -> int:
        with self._launching:
            if self._done.is_set() or not self._lock.in_place():
                return 1
            _disown_stale_pids(self._plan)
            self._server = subprocess.Popen(
                self._plan.start,
                start_new_session=True,
                **popen_options(self._plan.uid, self._plan.gid),
            )
        return self._server.wait()

    def _stop_after_the_last_client(self) -> None:
        while not self._done.is_set():
            for path in client_locks(self._plan.run):
                client = FileLock(path, create=False)
                with suppress(OSError):
                    client.acquire(math.inf)
                client.release()
            # Nobody can ask any more for a server whose directory was deleted.
            if self._lock.in_place():
                self._start_lock.acquire(math.inf)
                if any(map(is_held, client_locks(self._plan.run))):
                    self._start_lock.release()
                    continue
                for path in client_locks(self._plan.run):
                    with suppress(OSError):
                        os.unlink(path)
            with self._launching:
                self._done.set()
            self._stop()  # and keep the start lock until this process has ended

    def _stop(self) -> None:
        if sys.platform != "win32" and self._server is not None and self._server.poll() is None:
            for request in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, now
                self._server.send_signal(request)
                with suppress(subprocess.TimeoutExpired):
                    self._server.wait(_STOP_SECONDS)
                    break
        elif answers(self._plan.host, self._plan.port):
            options = popen_options(self._plan.uid, self._plan.gid)
            subprocess.run(self._plan.stop, check=False, **options)


def _disown_stale_pids(plan: Plan) -> None:
    """Keep a dead server's process id from passing for a live server.

    Postgres trusts its lock files while any process of its user has the id in them: a zombie, or
    after a reboot a stranger. It makes an exception for its own parent, which is this process, and
    then relies on the shared memory alone, which no live server is without.
    """
    if sys.platform == "win32":  # there it asks the process itself, through a named pipe
        return
    socket_lock = os.path.join(plan.host, f".s.PGSQL.{plan.port}.lock")
    for path in (os.path.join(plan.data, "postmaster.pid"), socket_lock):
        with suppress(FileNotFoundError), open(path, "r+", encoding="utf-8") as file:
            pid, *rest = file.read().split("\n")
            if pid.isdigit() and not _may_be_postmaster(pid, plan.data):
                file.seek(0)
                file.write("\n".join([str(os.getpid()), *rest]))
                file.truncate()


def _may_be_postmaster(pid: str, data: str) -> bool:
    if os.path.isdir("/proc/self"):
        try:
            return os.readlink(f"/proc/{pid}/cwd") == os.path.realpath(data)
        except OSError:  # gone, a zombie, or another user's
            return False
    listing = ["ps", "-o", "stat=,comm=", "-p", pid]
    found = subprocess.run(listing, capture_output=True, text=True, check=False).stdout.strip()
    return "postgres" in found and not found.startswith("Z")


def main(argument: str) -> int:
    """Watch the server that `argument` describes, unless somebody already does."""
    plan = Plan(*json.loads(argument))
    lock = FileLock(os.path.join(plan.run, "watcher.lock"))
    # A second, not an instant: `is_held` takes the lock for a moment when it asks.
    return Watcher(plan, lock).run() if lock.acquire(1.0) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
