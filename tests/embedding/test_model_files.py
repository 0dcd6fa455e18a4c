"""Finding, checking and building the model's files."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import onnx
import pytest

from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.embedding import model_files
from maang_mcp.embedding.model_files import (
    IDENTITY,
    INT8_IDENTITY,
    Precision,
    identity_of,
    prepare,
)
from maang_mcp.embedding.sources import TOKENIZER, WEIGHTS

from .factories import published_model, token_model
from .hub import serving


def test_a_built_model_is_used_again_as_it_stands(models: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in (models / IDENTITY).iterdir()}

    files = prepare(models, None, allow_download=False)

    assert files.graph.parent == models / IDENTITY
    assert {file: file.stat().st_mtime_ns for file in (models / IDENTITY).iterdir()} == before


def test_the_graph_is_valid_onnx_and_holds_no_weights(models: Path) -> None:
    graph = prepare(models, None, allow_download=False).graph

    onnx.checker.check_model(str(graph), full_check=True)
    assert graph.stat().st_size < 50_000


def test_building_is_told_in_the_log(
    tmp_path: Path, models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        prepare(tmp_path, models / IDENTITY, allow_download=False)

    assert caplog.messages == [f"building the embedding model {IDENTITY}"]


def test_processes_that_start_at_once_build_the_model_once(tmp_path: Path) -> None:
    code = (
        "import logging, pathlib, sys\n"
        "logging.basicConfig(level='INFO')\n"
        "from maang_mcp.embedding.model_files import prepare\n"
        "print(prepare(pathlib.Path(sys.argv[1]), None, allow_download=False).graph.is_file())"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    outputs = [process.communicate() for process in processes]

    assert [stdout for stdout, _ in outputs] == ["True\n"] * len(processes)
    assert sum(stderr.count("building") for _, stderr in outputs) == 1


def test_an_interrupted_build_is_completed(tmp_path: Path, models: Path) -> None:
    folder = tmp_path / IDENTITY
    folder.mkdir(parents=True)
    (folder / WEIGHTS.name).write_bytes(b"half of the weights")
    (folder / (WEIGHTS.name + ".partial")).write_bytes(b"what a killed process left")

    prepare(tmp_path, None, allow_download=False)

    assert not list(folder.glob("*.partial"))
    assert (folder / WEIGHTS.name).stat().st_size == WEIGHTS.size


def test_without_the_weights_package_the_model_comes_from_the_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "package_folder", lambda: None)

    with serving(published_model()) as url:
        files = prepare(tmp_path, None, allow_download=True, hub=url)

    assert files.graph.is_file()


def test_nothing_is_downloaded_when_that_is_not_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_files, "package_folder", lambda: None)

    with (
        serving(published_model()) as url,
        pytest.raises(EmbedderUnavailable, match="no source") as refusal,
    ):
        prepare(tmp_path, None, allow_download=False, hub=url)

    assert "pip install" in refusal.value.explain()


def test_a_configured_folder_with_the_published_files_keeps_the_identity(tmp_path: Path) -> None:
    configured = published_model()

    files = prepare(tmp_path, configured, allow_download=False)

    assert identity_of(configured) == identity_of(None) == IDENTITY
    assert files.graph.parent == tmp_path / IDENTITY


def test_other_weights_under_the_published_name_are_refused(models: Path, tmp_path: Path) -> None:
    (tmp_path / WEIGHTS.name).write_bytes(b"another model")

    with pytest.raises(EmbedderUnavailable, match="is not all-MiniLM-L6-v2"):
        prepare(models, tmp_path, allow_download=False)


def test_a_configured_onnx_file_is_used_in_place_and_known_by_its_content(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    token_model(first, dimensions=16)
    token_model(second, dimensions=8)

    files = prepare(tmp_path / "models", first, allow_download=False)

    assert (files.graph, files.tokenizer) == (first / "model.onnx", first / "tokenizer.json")
    assert identity_of(first) == identity_of(first / "model.onnx")
    assert identity_of(first).startswith("first/onnx/")
    before = identity_of(first)
    os.replace(second / "model.onnx", first / "model.onnx")
    assert identity_of(first) != before
    assert not (tmp_path / "models").exists()


def test_a_configured_model_without_its_tokenizer_is_refused(tmp_path: Path) -> None:
    token_model(tmp_path, dimensions=8)
    (tmp_path / TOKENIZER.name).unlink()

    with pytest.raises(EmbedderUnavailable, match=r"lacks .*tokenizer\.json"):
        prepare(tmp_path, tmp_path, allow_download=False)


# The int8 model


def test_the_int8_model_keeps_a_quarter_of_the_size_and_nothing_it_does_not_need(
    int8_models: Path,
) -> None:
    folder = int8_models / INT8_IDENTITY
    files = {file.name: file.stat().st_size for file in folder.iterdir()}

    assert files.keys() == {"model-2.onnx", "weights-2.bin", "tokenizer.json", "build.lock"}
    assert 22e6 < files["weights-2.bin"] < 25e6
    assert files["model-2.onnx"] < 50_000
    onnx.checker.check_model(str(folder / "model-2.onnx"))


def test_the_int8_model_is_another_embedder() -> None:
    assert identity_of(None, Precision.INT8) == INT8_IDENTITY != IDENTITY
    assert identity_of(published_model(), Precision.INT8) == INT8_IDENTITY


def test_the_int8_model_is_built_from_the_float32_model_that_stands_there(
    tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    prepare(tmp_path, models / IDENTITY, allow_download=False)
    monkeypatch.setattr(model_files, "package_folder", lambda: None)

    with caplog.at_level(logging.INFO):
        files = prepare(tmp_path, None, precision=Precision.INT8, allow_download=False)

    # the tokenizer lies there as well
    assert files.tokenizer.is_file()
    assert caplog.messages == [f"building the embedding model {INT8_IDENTITY}"]


def test_an_interrupted_int8_build_is_completed(tmp_path: Path) -> None:
    folder = tmp_path / INT8_IDENTITY
    folder.mkdir(parents=True)
    (folder / "weights-2.bin").write_bytes(b"half of the weights")

    prepare(tmp_path, None, precision=Precision.INT8, allow_download=False)

    assert (folder / "weights-2.bin").stat().st_size > 22e6
    assert not (folder / WEIGHTS.name).exists()


def test_another_model_is_not_quantised(tmp_path: Path) -> None:
    configured = token_model(tmp_path, dimensions=8)

    with pytest.raises(EmbedderUnavailable, match="only the model that ships") as refusal:
        prepare(tmp_path / "models", configured, precision=Precision.INT8, allow_download=False)

    assert "MAANG_EMBEDDER=onnx" in refusal.value.explain()


def test_a_download_is_told_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(model_files, "package_folder", lambda: None)

    with caplog.at_level(logging.INFO), serving(published_model()) as url:
        prepare(tmp_path, None, allow_download=True, hub=url)

    assert [line.split(" from ")[0] for line in caplog.messages] == [
        f"building the embedding model {IDENTITY}",
        "fetching model.safetensors (91 MB)",
        "fetching tokenizer.json (0 MB)",
    ]
