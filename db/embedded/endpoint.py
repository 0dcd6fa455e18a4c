"""Where the embedded Postgres listens, and how everybody who opens its directory learns of it."""

from __future__ import annotations

import json
import os
import socket
import stat
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from maang_mcp.domain.errors import StoreUnavailable

from .account import Account
from .watcher import answers

_FILE = "endpoint.json"
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_SOCKET_PATH = 100  # the kernel's limit is 104 bytes on macOS, 108 on Linux


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A socket directory that only the server's user may enter; on Windows a loopback port."""

    host: str
    port: int

    def answers(self) -> bool:
        """Whether the server takes connections there."""
        return answers(self.host, self.port)


def read_endpoint(run: Path, home: Path) -> Endpoint | None:
    """Where the cluster in `home` was last told to listen; a copied record tells nothing."""
    try:
        record = json.loads((run / _FILE).read_text(encoding="utf-8"))
        if record["home"] == str(home):
            return Endpoint(str(record["host"]), int(record["port"]))
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError):
        pass
    return None


def claim_endpoint(run: Path, home: Path, account: Account | None) -> Endpoint:
    """A place to listen: the same at every start, for as long as that can be had.

    Whoever was connected before a crash finds the server again where it was. A cluster made anew
    listens elsewhere, because a server whose directory was deleted under it removes its socket by
    name once it notices. Only under the start lock, and only without a server. Raises
    StoreUnavailable.
    """
    recorded = read_endpoint(run, home)
    if recorded is not None and _reclaim(recorded, account):
        return recorded
    if sys.platform == "win32":
        endpoint = Endpoint("127.0.0.1", _free_port())
    else:
        endpoint = Endpoint(str(_new_socket_directory(home, account)), 5432)
    record = {"home": str(home), "host": endpoint.host, "port": endpoint.port}
    descriptor, draft = tempfile.mkstemp(dir=run)
    with open(descriptor, "w", encoding="utf-8") as file:
        json.dump(record, file)
    os.chmod(draft, 0o644)  # in a private directory, where root may have been before its user
    os.replace(draft, run / _FILE)
    return endpoint


def _reclaim(endpoint: Endpoint, account: Account | None) -> bool:
    if sys.platform == "win32":
        with socket.socket() as probe:
            return probe.connect_ex((endpoint.host, endpoint.port)) != 0
    directory = Path(endpoint.host)
    try:
        directory.mkdir(mode=0o700)
    except FileExistsError:
        found = directory.lstat()
        owner = account.uid if account else os.geteuid()
        private = (found.st_uid, stat.S_IMODE(found.st_mode)) == (owner, 0o700)
        return stat.S_ISDIR(found.st_mode) and private
    except OSError:
        return False
    if account is not None:
        account.own(directory)
    return True


def _new_socket_directory(home: Path, account: Account | None) -> Path:
    for parent in (home, Path(tempfile.gettempdir())):
        length = len(os.fsencode(parent / "maang-12345678" / _SOCKET_NAME))
        # A comma or a colon would make several hosts, or a port, of the path.
        if length <= _LONGEST_SOCKET_PATH and not {",", ":"} & set(str(parent)):
            directory = Path(tempfile.mkdtemp(prefix="maang-", dir=parent))
            if account is not None:
                account.own(directory)
            return directory
    raise StoreUnavailable(
        f"A socket's path may have {_LONGEST_SOCKET_PATH} bytes without comma and colon, and"
        f" neither {home} nor {parent} leads to one.",
        hint="Set MAANG_DATA_DIR, or the system's TMPDIR, to a shorter path.",
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
