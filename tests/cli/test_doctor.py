from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from maang_mcp.app import open_coach
from maang_mcp.cli import main
from maang_mcp.cli.doctor import checks, store
from maang_mcp.cli.doctor.findings import Finding, State, print_json, print_table
from maang_mcp.config import Settings
from maang_mcp.domain.profile import Learner
from maang_mcp.embedding import transformer_model
from maang_mcp.services.requests import Note
from tests.redis_server import RedisServer

Databases = Callable[[], AbstractAsyncContextManager[URL]]


def address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


async def store_findings(url: str, data_dir: Path) -> dict[str, Finding]:
    settings = Settings(database_url=SecretStr(url), data_dir=data_dir, embedder="none")
    return {finding.subject: finding async for finding in store.examined(settings)}


async def test_a_new_database_waits_for_its_migrations_and_stays_untouched(
    fresh_database: Databases, tmp_path: Path
) -> None:
    async with fresh_database() as url:
        for _ in range(2):
            found = await store_findings(address(url), tmp_path)
            assert found["store"].state is State.OK
            assert found["vectors"].state is State.OK
            assert found["migrations"].state is State.WARN
            assert "0001" in found["migrations"].detail
            assert "maang-mcp migrate" in found["migrations"].advice
            assert "record" not in found


async def test_migrating_and_then_looking_tells_sizes_and_counts(
    fresh_database: Databases,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with fresh_database() as url:
        monkeypatch.setenv("MAANG_DATABASE_URL", address(url))
        monkeypatch.setenv("MAANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("MAANG_EMBEDDER", "none")

        assert await asyncio.to_thread(main, ["migrate"]) == 0
        first = capsys.readouterr().out
        assert await asyncio.to_thread(main, ["migrate"]) == 0
        second = capsys.readouterr().out
        assert "Revisions pending before: 0001" in first
        assert "Revisions pending after:  none" in first
        assert "Revisions pending before: none" in second
        assert "Revisions applied now:    none" in second

        assert await asyncio.to_thread(main, ["doctor", "--json", "--replay"]) == 0
        told = json.loads(capsys.readouterr().out)
        details = {finding["subject"]: finding["detail"] for finding in told["findings"]}
        assert told["ok"]
        assert details["migrations"] == "up to date"
        assert details["isolation"].startswith("row-level security")
        assert "0 learners, 0 attempts, 0 memories" in details["record"]
        assert "from 0 attempts" in details["replay"]


def test_a_server_without_pgvector_is_told_how_to_get_it() -> None:
    server = store.Server("16.1", 16, vector=None, vector_available=None)
    found = store.vectors(server)
    assert found.state is State.FAIL
    assert "Install pgvector" in found.advice


@pytest.mark.parametrize(
    ("version", "state"),
    [("0.6.2", State.FAIL), ("0.7.0", State.OK), ("0.10.1", State.OK), ("1.0", State.OK)],
)
def test_vectors_need_a_recent_pgvector(version: str, state: State) -> None:
    server = store.Server("16.1", 16, version, version)
    assert store.vectors(server).state is state


@pytest.mark.parametrize(("as_app", "bound"), [(True, False), (True, True), (False, True)])
def test_row_level_security_is_well_in_our_role_and_on_the_account(
    as_app: bool, bound: bool
) -> None:
    assert store.isolation(as_app=as_app, bound=bound).state is State.OK


def test_a_database_account_above_row_level_security_without_our_role_is_a_warning() -> None:
    found = store.isolation(as_app=False, bound=False)
    assert found.state is State.WARN
    assert "CREATE ROLE maang_app" in found.advice


@pytest.mark.parametrize("url", ["postgresql://ada:hunter2@127.0.0.1:1/x", "no address at all"])
async def test_a_store_out_of_reach_fails_without_telling_the_password(
    url: str, tmp_path: Path
) -> None:
    found = await store_findings(url, tmp_path)
    assert list(found) == ["store"]
    assert found["store"].state is State.FAIL
    assert "MAANG_DATABASE_URL" in found["store"].advice
    assert "hunter2" not in str(found)


async def test_a_model_that_is_not_there_fails_with_the_ways_out(tmp_path: Path) -> None:
    missing = Settings(data_dir=tmp_path, embedding_model=str(tmp_path / "nowhere.onnx"))
    found = await checks.model(missing)
    assert found.state is State.FAIL
    assert "nowhere.onnx" in found.detail
    assert "maang-mcp doctor" not in found.detail
    assert "MAANG_EMBEDDER=none" in found.advice


async def test_a_library_that_is_not_installed_is_named_with_its_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (checks, transformer_model):
        monkeypatch.setattr(module, "find_spec", lambda name: None)
    found = await checks.model(Settings(data_dir=tmp_path, embedder="sentence-transformers"))
    assert found.state is State.FAIL
    assert "not installed" in found.detail
    assert "maang-mcp[st]" in found.advice


async def test_passages_without_a_vector_of_the_configured_model_are_told(
    fresh_database: Databases, tmp_path: Path
) -> None:
    async with fresh_database() as url:
        settings = Settings(database_url=SecretStr(address(url)), data_dir=tmp_path)
        async with open_coach(settings.model_copy(update={"embedder": "none"})) as coach:
            await coach.memories.remember(Learner.of(settings.learner), Note("Shrink it."))
        found = {finding.subject: finding async for finding in store.examined(settings)}
    assert found["passages"].state is State.WARN
    assert "1 without a vector" in found["passages"].detail
    assert "maang-mcp reembed" in found["passages"].advice


async def test_a_model_that_is_switched_off_is_a_warning(tmp_path: Path) -> None:
    found = await checks.model(Settings(data_dir=tmp_path, embedder="none"))
    assert found.state is State.WARN


async def test_redis_is_asked_when_it_is_configured() -> None:
    assert (await checks.cache(Settings())).state is State.OK
    with RedisServer() as redis:
        settings = Settings(redis_url=SecretStr(redis.url))
        assert (await checks.cache(settings)).state is State.OK
    gone = await checks.cache(settings)
    assert gone.state is State.FAIL
    assert "MAANG_REDIS_URL" in gone.advice
    wrong = await checks.cache(Settings(redis_url=SecretStr("http://:hunter2@somewhere")))
    assert wrong.state is State.FAIL
    assert "hunter2" not in str(wrong)


@pytest.mark.parametrize(
    ("host", "secret", "state"),
    [
        ("127.0.0.1", None, State.OK),
        ("0.0.0.0", None, State.FAIL),
        ("0.0.0.0", SecretStr("s" * 32), State.OK),
    ],
)
def test_an_address_that_serving_would_refuse_fails(
    host: str, secret: SecretStr | None, state: State
) -> None:
    assert checks.address(Settings(host=host, auth_secret=secret)).state is state


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "state"),
    [
        (checks.ROOM_NEEDED - 1, State.FAIL),
        (checks.ROOM_NEEDED, State.WARN),
        (checks.ROOM_WANTED, State.OK),
    ],
)
def test_a_full_disk_is_found_before_it_is_written_to(
    free: int, state: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(1, 1, free))
    found = checks.disk(tmp_path / "not" / "made" / "yet")
    assert found.state is state
    assert not (tmp_path / "not").exists()


def test_settings_nobody_reads_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAANG_LEARNR", "ada")
    found = checks.variables()
    assert found.state is State.WARN
    assert "MAANG_LEARNR (meant MAANG_LEARNER?)" in found.advice


def test_python_and_the_packages_are_told() -> None:
    assert "fastmcp 4." in checks.python().detail


def test_wrong_settings_are_a_finding_like_any_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAANG_PORT", "harbour")
    assert main(["doctor", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert not told["ok"]
    assert told["findings"][-1]["detail"].startswith("MAANG_PORT: ")


def test_failures_come_first_in_what_is_to_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    print_table(
        [
            Finding("disk", State.WARN, "nearly full [bold]", "Make room."),
            Finding("store", State.FAIL, "gone", "Start it."),
            Finding("cache", State.OK, "there"),
        ]
    )
    out = capsys.readouterr().out
    assert "nearly full [bold]" in out  # what is told is text, not markup
    assert out.index("store: Start it.") < out.index("disk: Make room.")
    assert out.rstrip().endswith("Something does not work.")


def test_the_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    print_json([Finding("cache", State.OK, "there")])
    finding = {"subject": "cache", "state": "ok", "detail": "there", "advice": ""}
    assert json.loads(capsys.readouterr().out) == {"ok": True, "findings": [finding]}


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 B"), (999, "999 B"), (91_362_000, "91.4 MB"), (5 * 10**12, "5.0 TB")]
)
def test_sizes_are_told_as_people_say_them(count: int, told: str) -> None:
    assert checks.size(count) == told
