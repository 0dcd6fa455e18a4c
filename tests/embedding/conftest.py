"""The model that ships, built once per test run from the installed weights package."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from maang_mcp.embedding import OnnxEmbedder
from maang_mcp.embedding.model_files import Precision, prepare


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder in which the model stands complete."""
    folder = tmp_path_factory.mktemp("models")
    prepare(folder, None, allow_download=False)
    return folder


@pytest.fixture
async def embedder(models: Path) -> AsyncIterator[OnnxEmbedder]:
    embedder = OnnxEmbedder(models, allow_download=False)
    await embedder.wait_ready()
    yield embedder
    await embedder.aclose()


@pytest.fixture(scope="session")
def int8_models(models: Path) -> Path:
    """The same folder, with the int8 model in it too."""
    prepare(models, None, precision=Precision.INT8, allow_download=False)
    return models


@pytest.fixture
async def int8(int8_models: Path) -> AsyncIterator[OnnxEmbedder]:
    embedder = OnnxEmbedder(int8_models, precision=Precision.INT8, allow_download=False)
    await embedder.wait_ready()
    yield embedder
    await embedder.aclose()
