"""`maang-mcp reembed`, with the models that ship, over a database of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import URL

from maang_mcp.app import open_coach
from maang_mcp.cli import FAILED, MISUSED, main
from maang_mcp.config import Settings
from maang_mcp.domain.profile import Learner
from maang_mcp.services.requests import Note, Question

ADA = Learner.of("ada")


async def test_a_store_moves_from_float32_to_int8(
    fresh_database: Callable[[], AbstractAsyncContextManager[URL]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with fresh_database() as url:
        address = url.render_as_string(hide_password=False)
        monkeypatch.setenv("MAANG_DATABASE_URL", address)
        monkeypatch.setenv("MAANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("MAANG_OFFLINE", "true")
        monkeypatch.setenv("MAANG_LOG_LEVEL", "ERROR")

        async def similarity(embedder: str) -> float | None:
            settings = Settings(
                database_url=SecretStr(address),
                data_dir=tmp_path,
                embedder=embedder,
            )
            async with open_coach(settings) as coach:
                await coach.embedder.wait_ready()
                if embedder == "onnx":
                    await coach.memories.remember(ADA, Note("Two pointers move inward."))
                question = Question("pointers that move", explain=True)
                answer = await coach.memories.retrieve_context(ADA, question)
                (passage,) = answer.passages
                assert passage.parts is not None
                return passage.parts.similarity

        first = await similarity("onnx")
        monkeypatch.setenv("MAANG_EMBEDDER", "onnx-int8")
        assert await asyncio.to_thread(main, ["reembed"]) == 0
        begun = capsys.readouterr()
        second = await similarity("onnx-int8")
        assert await asyncio.to_thread(main, ["reembed", "--finish", "--learner", "ada"]) == 0
        finished = capsys.readouterr()

    assert first is not None
    assert second == pytest.approx(first, abs=0.1)
    assert "1 of 1 passages" in begun.err
    assert "onnx-int8" in begun.out
    assert "--finish" in begun.out
    assert "its own place in the index: 1" in finished.out


def test_without_a_model_there_is_nothing_to_embed_with(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAANG_EMBEDDER", "none")
    assert main(["reembed"]) == MISUSED
    assert "no model" in capsys.readouterr().err


async def test_a_model_that_is_nowhere_ends_the_command(
    fresh_database: Callable[[], AbstractAsyncContextManager[URL]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with fresh_database() as url:
        monkeypatch.setenv("MAANG_DATABASE_URL", url.render_as_string(hide_password=False))
        monkeypatch.setenv("MAANG_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("MAANG_EMBEDDING_MODEL", str(tmp_path / "nowhere.onnx"))
        monkeypatch.setenv("MAANG_LOG_LEVEL", "ERROR")
        assert await asyncio.to_thread(main, ["reembed"]) == FAILED
    assert "nowhere.onnx" in capsys.readouterr().err
