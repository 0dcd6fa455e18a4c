"""Whatever dies, and however, nothing acknowledged is lost and nothing runs on for ever."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from db.embedded import open_embedded, server_running, status
from db.embedded.cluster import Cluster
from db.embedded.endpoint import Endpoint
from maang_mcp.domain.errors import StoreUnavailable

from .clients import Client, eventually, kill_watcher, query, stopped, watcher_of


def _kill_server(data_dir: Path) -> int:
    pid = status(data_dir).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def _copy(data_dir: Path, to: Path) -> None:
    subprocess.run(["cp", "-a", data_dir, to], check=True)


async def test_a_killed_client_does_not_keep_the_server_running(data_dir: Path) -> None:
    with Client(data_dir) as killed, Client(data_dir) as remaining:
        killed.connection()
        connection = remaining.connection()
        killed.kill()
        assert await query(connection, "select 1") == 1
        remaining.leave()
        eventually(lambda: stopped(data_dir))


def test_the_only_client_killed_stops_the_server(data_dir: Path) -> None:
    with Client(data_dir) as client:
        client.connection()
        client.kill()
        eventually(lambda: stopped(data_dir))


async def test_a_killed_server_comes_back_with_everything_committed(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        await query(server.connection, "drop table if exists kept")
        await query(server.connection, "create table kept as select generate_series(1, 1000) n")
        killed = _kill_server(data_dir)
        with open_embedded(data_dir) as again:
            assert status(data_dir).pid != killed
            assert again.connection == server.connection
            assert await query(again.connection, "select count(*) from kept") == 1000


async def test_a_killed_server_comes_back_by_itself_for_those_who_use_it(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        killed = _kill_server(data_dir)
        eventually(lambda: status(data_dir).pid not in (None, killed))
        assert await query(server.connection, "select 1") == 1


async def test_a_server_killed_while_it_is_being_opened_is_opened_again(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_database = Cluster.create_database
    killed: list[int] = []

    def kill_first(cluster: Cluster, endpoint: Endpoint, name: str) -> None:
        if not killed:
            killed.append(_kill_server(data_dir))
        create_database(cluster, endpoint, name)

    monkeypatch.setattr(Cluster, "create_database", kill_first)
    with open_embedded(data_dir) as server:
        assert status(data_dir).pid not in killed
        assert await query(server.connection, "select 1") == 1


async def test_a_backend_that_outlives_its_killed_server_is_waited_for(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        busy = asyncio.create_task(
            query(server.connection, "select sum(n) from generate_series(1, 20000000) n")
        )
        running = "select count(*) from pg_stat_activity where query like 'select sum%'"
        async with asyncio.timeout(20):
            while not await query(server.connection, running):
                pass
        _kill_server(data_dir)
        with await asyncio.to_thread(open_embedded, data_dir) as again:
            assert await query(again.connection, "select 1") == 1
        await asyncio.gather(busy, return_exceptions=True)


async def test_a_killed_watcher_is_replaced_at_the_next_opening(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        before = status(data_dir).pid
        kill_watcher(data_dir)
        assert await query(server.connection, "select 1") == 1
        with open_embedded(data_dir):
            eventually(lambda: status(data_dir).watched)
            assert status(data_dir).pid == before
    eventually(lambda: stopped(data_dir))


def test_the_last_to_leave_replaces_a_killed_watcher(data_dir: Path) -> None:
    server = open_embedded(data_dir)
    kill_watcher(data_dir)
    server.close()
    eventually(lambda: stopped(data_dir))


async def test_a_server_that_a_replaced_watcher_took_over_is_restarted_too(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        kill_watcher(data_dir)
        with open_embedded(data_dir):
            eventually(lambda: status(data_dir).watched)
            killed = _kill_server(data_dir)
            eventually(lambda: status(data_dir).pid not in (None, killed))
            assert await query(server.connection, "select 1") == 1


async def test_watcher_and_server_killed_together_come_back_where_they_were(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        kill_watcher(data_dir)
        _kill_server(data_dir)
        with open_embedded(data_dir) as again:
            assert again.connection == server.connection
            assert await query(server.connection, "select 1") == 1


@pytest.mark.parametrize("impostor", [["sleep", "60"], ["true"]], ids=["stranger", "zombie"])
def test_a_recycled_process_id_does_not_keep_the_server_down(
    data_dir: Path, impostor: list[str]
) -> None:
    data = status(data_dir).location / "data"
    owner = data.stat()
    with subprocess.Popen(impostor, user=owner.st_uid, group=owner.st_gid) as process:
        try:
            pid_file = data / "postmaster.pid"
            pid_file.write_text(f"{process.pid}\n{data}\n")
            pid_file.chmod(0o600)
            os.chown(pid_file, owner.st_uid, owner.st_gid)
            open_embedded(data_dir).close()
        finally:
            process.kill()


def test_an_initdb_killed_half_way_is_done_again(empty: Path) -> None:
    with Client(empty) as client:
        eventually(lambda: list(empty.glob("pg18.new-*/data")))
        client.kill()
    assert not (empty / "pg18").exists()
    for _ in range(2):  # its orphan may still write while the first one clears away
        open_embedded(empty).close()
    assert not list(empty.glob("pg18.new-*"))


def test_a_cluster_that_cannot_start_is_reported_at_once_with_its_log(data_dir: Path) -> None:
    control = status(data_dir).location / "data" / "global" / "pg_control"
    aside = control.with_suffix(".aside")
    control.rename(aside)
    try:
        with pytest.raises(StoreUnavailable, match="pg_control") as refusal:
            open_embedded(data_dir)
        assert "postgres.log" in refusal.value.next_step
        assert status(data_dir).clients == 0
    finally:
        aside.rename(control)
    open_embedded(data_dir).close()


async def test_a_deleted_data_directory_takes_its_server_along(empty: Path) -> None:
    server = open_embedded(empty)
    process = watcher_of(empty)
    assert process is not None
    shutil.rmtree(empty)
    with open_embedded(empty) as fresh:
        server.close()
        eventually(lambda: not process.is_running())
        assert await query(fresh.connection, "select 1") == 1


async def test_a_copied_data_directory_has_a_server_of_its_own(data_dir: Path, empty: Path) -> None:
    with open_embedded(data_dir) as server:
        await query(server.connection, "drop table if exists original")
    eventually(lambda: stopped(data_dir))
    _copy(data_dir, empty)
    with open_embedded(data_dir) as server, open_embedded(empty) as copy:
        assert copy.connection.host != server.connection.host
        await query(server.connection, "create table original ()")
        assert await query(copy.connection, "select to_regclass('original')") is None
    eventually(lambda: not server_running(empty))
