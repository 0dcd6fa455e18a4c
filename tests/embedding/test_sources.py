"""Only published files enter the models folder, whoever offers them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.embedding.build_graph import StoredTensor, read_header
from maang_mcp.embedding.sources import (
    LoadingCancelled,
    PinnedFile,
    folder_source,
    hub_source,
    obtain,
)

from .factories import pinned
from .hub import serving

CONTENT = b"published"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    folder = tmp_path / "offered"
    folder.mkdir()
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def never() -> bool:
    return False


def test_the_published_file_is_copied(offered: Path, target: Path) -> None:
    (offered / "file.bin").write_bytes(CONTENT)

    obtain(pinned(CONTENT), [folder_source("here", offered)], target, never)

    assert (target / "file.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("content", [b"tampered!", b"longer than published", b"short", b""])
def test_any_other_content_is_refused_and_leaves_nothing(
    offered: Path, target: Path, content: bytes
) -> None:
    (offered / "file.bin").write_bytes(content)

    with pytest.raises(EmbedderUnavailable, match=r"here: file\.bin is not the published file"):
        obtain(pinned(CONTENT), [folder_source("here", offered)], target, never)

    assert list(target.iterdir()) == []


def test_the_next_source_is_asked_when_one_has_not_the_file(
    tmp_path: Path, offered: Path, target: Path
) -> None:
    (offered / "file.bin").write_bytes(CONTENT)
    sources = [folder_source("nowhere", tmp_path / "nowhere"), folder_source("here", offered)]

    obtain(pinned(CONTENT), sources, target, never)

    assert (target / "file.bin").read_bytes() == CONTENT


def test_the_refusal_names_what_was_tried(tmp_path: Path, target: Path) -> None:
    sources = [folder_source("one", tmp_path / "a"), folder_source("two", tmp_path / "b")]

    with pytest.raises(EmbedderUnavailable, match=r"one: .*; two: "):
        obtain(pinned(CONTENT), sources, target, never)


def test_a_closing_embedder_stops_the_copying(offered: Path, target: Path) -> None:
    (offered / "file.bin").write_bytes(CONTENT)

    with pytest.raises(LoadingCancelled):
        obtain(pinned(CONTENT), [folder_source("here", offered)], target, lambda: True)

    assert list(target.iterdir()) == []


def test_a_file_is_downloaded(offered: Path, target: Path) -> None:
    (offered / "file.bin").write_bytes(CONTENT)

    with serving(offered) as url:
        obtain(pinned(CONTENT), [hub_source(url)], target, never)

    assert (target / "file.bin").read_bytes() == CONTENT


@pytest.mark.parametrize("name", ["missing", "cut-short", "gibberish", "endless"])
def test_a_broken_download_is_a_refusal(offered: Path, target: Path, name: str) -> None:
    file = PinnedFile(name, 1_000, pinned(CONTENT).sha256)

    with serving(offered) as url, pytest.raises(EmbedderUnavailable, match="the model hub: "):
        obtain(file, [hub_source(url)], target, never)

    assert list(target.iterdir()) == []


@pytest.fixture
def safetensors(tmp_path: Path) -> Path:
    header = {
        "__metadata__": {"format": "pt"},
        "positions": {"dtype": "I64", "shape": [1, 2], "data_offsets": [0, 16]},
        "weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [16, 40]},
    }
    encoded = json.dumps(header).encode()
    path = tmp_path / "model.safetensors"
    path.write_bytes(struct.pack("<Q", len(encoded)) + encoded + bytes(40))
    return path


def test_the_header_tells_where_each_float_tensor_lies(safetensors: Path) -> None:
    tensors = read_header(safetensors)

    weight = StoredTensor((2, 3), safetensors.stat().st_size - 24, 24)
    assert tensors == {"weight": weight}
