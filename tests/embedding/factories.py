"""Small stand-ins for published models."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from maang_mcp.embedding.sources import TOKENIZER, PinnedFile, package_folder


def pinned(content: bytes, name: str = "file.bin") -> PinnedFile:
    """The pin of a published file with this content."""
    return PinnedFile(name, len(content), hashlib.sha256(content).hexdigest())


def published_model() -> Path:
    """The folder of the installed weights package."""
    folder = package_folder()
    assert folder is not None, "the tests need the weights package: `make test` installs it"
    return folder


def token_model(folder: Path, *, dimensions: int) -> Path:
    """An ONNX model as most are published: it gives a vector per token, here the token's row in a
    random table, and leaves the pooling to its user."""
    folder.mkdir(parents=True, exist_ok=True)
    table = np.random.default_rng(5).standard_normal((30_522, dimensions)).astype(np.float32)
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "table",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "sequence"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(table, "table")],
    )
    opset = helper.make_opsetid("", 20)
    onnx.save(helper.make_model(graph, opset_imports=[opset], ir_version=9), folder / "model.onnx")
    shutil.copy(published_model() / TOKENIZER.name, folder)
    return folder / "model.onnx"
