"""all-MiniLM-L6-v2 in int8: the same graph over weights of 8 bits, a quarter of the size.

Every linear layer is a `DynamicQuantizeMatMul`: weights are int8 with a scale per output channel,
activations become uint8 with one scale while the graph runs. The word embeddings are int8 with a
scale per word. Attention scores, layer norms and pooling stay float32.

Where a layer follows a layer norm, the norm's gain tells which inputs are large. Those are scaled
down and their weights up, as SmoothQuant does from calibration data (Xiao et al. 2023): the product
is the same and the one activation scale is no longer set by a few channels. On the stored reference
texts that raises the lowest cosine to the float32 vectors from .966 to .978 and costs no time.

Importing this module loads numpy and onnx: only the building of a model does it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from .build_graph import RUNTIME_DOMAIN, MiniLmGraph

_LEVELS = 127  # int8 without -128, so that zero lies in the middle
_MIGRATION = 0.7  # SmoothQuant's alpha: how much of the range moves from activations to weights
_SPREAD = 3.0  # a layer norm's outputs before its gain are nearly standard normal
_ALIGNMENT = 64  # bytes: a cache line
_TYPES = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.int8): TensorProto.INT8,
}

Floats = NDArray[np.float32]


def int8_graph(weights: Path, data: BinaryIO, data_name: str) -> bytes:
    """The quantised model as ONNX bytes, its tensors written to `data`.

    `weights` is the published safetensors file; it is not needed afterwards. The graph is to be
    stored beside a file `data_name` with that data. Inputs and output are those of `minilm_graph`.
    """
    return _Int8Graph(weights, data, data_name).write()


class _Int8Graph(MiniLmGraph):
    def __init__(self, weights: Path, data: BinaryIO, data_name: str) -> None:
        super().__init__(weights)
        self._data = data
        self._data_name = data_name

    def _words(self) -> str:
        rows, scales = _quantised(self._floats("embeddings.word_embeddings.weight"))
        word, scale = (
            self._node("Gather", self._keep(f"words.{part}", tensor), "input_ids")
            for part, tensor in (("int8", rows), ("scale", scales))
        )
        return self._node("Mul", self._node("Cast", word, to=TensorProto.FLOAT), scale)

    def _linear(self, name: str, rows: str) -> str:
        weight = self._floats(f"{name}.weight")  # [outputs, inputs]
        norm = _norm_before(name)
        if norm is not None:
            gain = self._floats(f"{norm}.LayerNorm.weight")
            shift = self._floats(f"{norm}.LayerNorm.bias")
            reach = _SPREAD * np.abs(gain) + np.abs(shift)
            moved = reach**_MIGRATION / np.abs(weight).max(axis=0) ** (1 - _MIGRATION)
            moved = (moved / moved.mean()).astype(np.float32)
            rows = self._node("Mul", rows, self._keep(f"{name}.smoothing", 1 / moved))
            weight = weight * moved
        channels, scales = _quantised(weight)
        return self._node(
            "DynamicQuantizeMatMul",
            rows,
            self._keep(f"{name}.int8", np.ascontiguousarray(channels.T)),
            self._keep(f"{name}.scale", scales[:, 0]),
            self._keep(f"{name}.zero", np.zeros(len(scales), np.int8)),
            self._weight(f"{name}.bias"),
            domain=RUNTIME_DOMAIN,
        )

    def _weight(self, name: str) -> str:
        return self._keep(name, self._floats(name))

    def _floats(self, name: str) -> Floats:
        stored = self._stored[name]
        with self._weights.open("rb") as file:
            file.seek(stored.offset)
            return np.frombuffer(file.read(stored.length), "<f4").reshape(stored.shape)

    def _keep(self, name: str, tensor: Floats | NDArray[np.int8]) -> str:
        self._data.write(bytes(-self._data.tell() % _ALIGNMENT))
        content = tensor.tobytes()
        place = self._data.tell(), len(content)
        self._data.write(content)
        return self._external(name, _TYPES[tensor.dtype], tensor.shape, self._data_name, *place)


def _quantised(rows: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Each row as int8, and the scale [rows, 1] that makes it what it was."""
    scales = (np.abs(rows).max(axis=1, keepdims=True) / _LEVELS).astype(np.float32)
    return np.rint(rows / scales).astype(np.int8), scales


def _norm_before(name: str) -> str | None:
    """The layer norm whose output is the input of a linear layer, if it is one's."""
    match = re.fullmatch(
        r"(encoder\.layer\.)(\d+)\.(attention\.self\.\w+|intermediate\.dense)", name
    )
    if match is None:
        return None
    prefix, layer, part = match[1], int(match[2]), match[3]
    if part.startswith("intermediate"):
        return f"{prefix}{layer}.attention.output"
    return f"{prefix}{layer - 1}.output" if layer else "embeddings"
