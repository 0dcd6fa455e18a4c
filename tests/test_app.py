"""The composition root: which setting opens what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from maang_mcp.app import open_embedder
from maang_mcp.config import Settings
from maang_mcp.embedding.model_files import IDENTITY, INT8_IDENTITY


@pytest.mark.parametrize(
    ("given", "identity"),
    [
        ({}, IDENTITY),
        ({"embedder": "onnx-int8"}, INT8_IDENTITY),
        ({"embedder": "none"}, "none"),
        (
            {"embedder": "sentence-transformers", "embedding_model": "somebody/model@abc"},
            "somebody/model@abc/sentence-transformers",
        ),
        ({"embedding_model": "~/models/mine/model.onnx"}, "mine/onnx/unreadable"),
    ],
    ids=["default", "int8", "none", "hub", "file"],
)
def test_each_setting_opens_its_embedder(
    given: dict[str, Any], identity: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_embedder(Settings(data_dir=tmp_path, **given)).identity == identity
