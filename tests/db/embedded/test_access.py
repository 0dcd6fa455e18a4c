"""The server is its owner's alone, whoever starts it and wherever its directory lies."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db.embedded import Connection, account, open_embedded, status
from maang_mcp.domain.errors import StoreUnavailable

from .clients import Client, eventually, mode_of, query, stopped

AS_ROOT = os.geteuid() == 0


def _someone() -> dict[str, Any]:
    """Popen options for another, ordinary user where we may become one, else for ourselves."""
    if not AS_ROOT:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _python_for(user: dict[str, Any]) -> str:
    """An interpreter that the user may run: ours may lie in somebody's closed home directory."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    for candidate in (sys.executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")):
        try:
            if (
                candidate
                and not subprocess.run([candidate, "-c", check], cwd="/", **user).returncode
            ):
                return candidate
        except PermissionError:
            continue
    raise AssertionError("no Python 3.11 that an ordinary user may run")


def _owner_of(path: str) -> int:
    return os.stat(path).st_uid


def test_nothing_of_the_cluster_is_open_to_others(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        home = status(data_dir).location
        socket_dir = Path(server.connection.host)
        closed = [home, home / "data", socket_dir, socket_dir / ".s.PGSQL.5432", data_dir / "run"]
        assert [oct(mode_of(path)) for path in closed] == ["0o700"] * len(closed)
        assert mode_of(home / "password") == 0o600
        rules = (home / "data" / "pg_hba.conf").read_text().splitlines()
        methods = {rule.split()[-1] for rule in rules if rule and not rule.startswith("#")}
        assert methods == {"scram-sha-256"}


async def test_a_wrong_password_is_refused_even_on_the_socket(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        right = server.connection
        wrong = Connection(right.host, right.port, right.user, "wrong", right.database)
        with pytest.raises(asyncpg.InvalidPasswordError):
            await query(wrong, "select 1")


async def test_the_server_has_no_network_address(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        assert await query(server.connection, "show listen_addresses") == ""


def test_another_user_reaches_neither_socket_nor_password(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        home = status(data_dir).location
        attempts = [
            f"import socket; socket.socket(socket.AF_UNIX).connect({server.connection.host!r}"
            " + '/.s.PGSQL.5432')",
            f"open({str(home / 'password')!r})",
            f"import os; os.listdir({str(data_dir / 'run')!r})",
        ]
        someone = _someone()
        for attempt in attempts if someone else []:
            tried = subprocess.run(
                [_python_for(someone), "-W", "ignore", "-c", attempt],
                capture_output=True,
                text=True,
                cwd="/",
                **someone,
            )
            assert "PermissionError" in tried.stderr


async def test_an_ordinary_user_runs_the_server_as_himself(empty: Path, installation: Path) -> None:
    someone = _someone()
    if someone:
        os.chown(empty.parent, someone["user"], someone["group"])
    python = _python_for(someone)
    with Client(empty, python=python, path=installation, user=someone) as client:
        connection = client.connection()
        assert await query(connection, "select 1") == 1
        assert _owner_of(connection.host) == someone.get("user", os.geteuid())
        # Root may join in, and leaves nothing behind that locks the user out.
        with open_embedded(empty) as joined:
            assert joined.connection == connection
        client.leave()
    eventually(lambda: stopped(empty))
    open_embedded(empty).close()
    eventually(lambda: stopped(empty))
    with Client(empty, python=python, path=installation, user=someone) as client:
        assert client.connection() == connection
        client.leave()


async def test_root_moves_the_cluster_where_the_service_user_can_reach_it(
    empty: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "SYSTEM_HOME", folder / "system")
    closed = empty.parent
    closed.chmod(0o700)
    for _ in range(2):
        with open_embedded(empty) as server:
            assert await query(server.connection, "select 1") == 1
            home = status(empty).location
            assert home.is_relative_to(folder / "system" if AS_ROOT else empty)
            assert mode_of(home) == 0o700
        eventually(lambda: stopped(empty))
    assert mode_of(closed) == 0o700


def test_binaries_out_of_the_service_users_reach_are_copied_once(
    folder: Path, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "SYSTEM_HOME", folder / "system")
    install = next(installation.glob("*/pginstall18"))
    someone = _someone()
    user = account.Account(someone["user"], someone["group"]) if someone else None
    installation.chmod(0o700)
    try:
        found = account.runnable_install(install, user)
        again = account.runnable_install(install, user)
    finally:
        installation.chmod(0o755)
    assert found == again
    assert found.is_relative_to(folder / "system" if someone else installation)
    subprocess.run([found / "bin" / "initdb", "--version"], check=True, cwd="/", **someone)


def test_a_system_without_a_way_to_add_the_service_user_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(account, "SERVICE_USER", "maang-nobody-has-this")
    monkeypatch.setattr(shutil, "which", lambda *_, **__: str(tmp_path / "missing"))
    with pytest.raises(StoreUnavailable) as refusal:
        account._service_account()
    assert "MAANG_DATABASE_URL" in refusal.value.explain()


def test_root_is_not_led_out_of_the_directory_by_a_link(empty: Path, tmp_path: Path) -> None:
    empty.mkdir()
    (empty / "run").symlink_to(tmp_path)
    with pytest.raises(StoreUnavailable, match="symbolic link"):
        open_embedded(empty)
    assert list(tmp_path.iterdir()) in ([], [tmp_path / "clients"])
