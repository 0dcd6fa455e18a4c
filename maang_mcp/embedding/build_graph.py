"""The ONNX graph of all-MiniLM-L6-v2, written over its published safetensors file.

The graph holds no weights: every tensor points into `model.safetensors` beside it. So the graph
is 23 kB and is written in milliseconds without torch or numpy, the weights stay the published,
hash-checked file, and the runtime maps them into memory instead of reading them.

Architecture: BERT (Devlin et al. 2019) with 6 layers, 12 heads of 32 and post-layer
normalisation; then the mean over the tokens that are not padding and L2 normalisation, as
sentence-transformers configures this model (Reimers and Gurevych 2019).

Importing this module loads onnx: only the building of a model does it.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onnx import NodeProto, TensorProto, helper

OUTPUT = "sentence_embedding"
RUNTIME_DOMAIN = "com.microsoft"  # operators that onnxruntime has beside the standard's

_OPSET = 20  # the first with Gelu; LayerNormalization came with 17
_IR_VERSION = 9  # the format that belongs to opset 20: older runtimes read it too
_LAYERS = 6
_HEADS = 12
_HIDDEN = 384
_EPSILON = 1e-12  # layer_norm_eps of the model's config.json


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Where a safetensors file keeps one float32 tensor: shape, first byte, length in bytes."""

    shape: tuple[int, ...]
    offset: int
    length: int


def read_header(weights: Path) -> dict[str, StoredTensor]:
    """The float32 tensors of a safetensors file by name.

    The format: the header's length as a little-endian 64-bit integer, the header as JSON, then
    the raw tensors, whose offsets count from the end of the header.
    """
    with weights.open("rb") as file:
        (header_length,) = struct.unpack("<Q", file.read(8))
        header: dict[str, Any] = json.loads(file.read(header_length))
    start = 8 + header_length
    return {
        name: StoredTensor(
            tuple(entry["shape"]),
            start + entry["data_offsets"][0],
            entry["data_offsets"][1] - entry["data_offsets"][0],
        )
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }


def minilm_graph(weights: Path) -> bytes:
    """The model as ONNX bytes, to be stored in the folder of `weights`.

    Inputs `input_ids` and `attention_mask`: int64 [batch, sequence], at most 512 tokens.
    Output `sentence_embedding`: float32 [batch, 384], each row of length 1.
    """
    return MiniLmGraph(weights).write()


class MiniLmGraph:
    """Nodes and tensors in the making; each method adds nodes and returns its output's name."""

    def __init__(self, weights: Path) -> None:
        self._weights = weights
        self._stored = read_header(weights)
        self._nodes: list[NodeProto] = []
        self._tensors: dict[str, TensorProto] = {}

    def write(self) -> bytes:
        mask = self._node("Cast", "attention_mask", to=TensorProto.FLOAT)
        hidden = self._embeddings()
        present = self._node("Cast", "attention_mask", to=TensorProto.INT32)
        batch = self._batch_shape()
        for layer in range(_LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, present, batch)
        self._pool(hidden, mask, batch)

        tokens = ["batch", "sequence"]
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            inputs=[
                helper.make_tensor_value_info(name, TensorProto.INT64, tokens)
                for name in ("input_ids", "attention_mask")
            ],
            outputs=[helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", _HIDDEN])],
            initializer=list(self._tensors.values()),
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(RUNTIME_DOMAIN, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        return bytes(model.SerializeToString())

    def _embeddings(self) -> str:
        zero = self._integers(0)
        length = self._node("Shape", "input_ids", start=1, end=2)
        positions = self._node(
            "Slice", self._weight("embeddings.position_embeddings.weight"), zero, length, zero
        )
        # Every token is of segment 0: the model embeds single texts, never pairs.
        segment = self._node(
            "Slice",
            self._weight("embeddings.token_type_embeddings.weight"),
            zero,
            self._integers(1),
            zero,
        )
        summed = self._node("Add", self._words(), self._node("Add", positions, segment))
        # From here on all tokens of the batch are the rows of one matrix, so that the linear
        # layers can be Gemm, which takes the weights as they are stored (transposed).
        return self._normalise("embeddings", self._node("Reshape", summed, self._rows()))

    def _words(self) -> str:
        return self._node("Gather", self._weight("embeddings.word_embeddings.weight"), "input_ids")

    def _layer(self, name: str, hidden: str, present: str, batch: str) -> str:
        attended = self._attention(f"{name}.attention.self", hidden, present, batch)
        attended = self._linear(f"{name}.attention.output.dense", attended)
        attended = self._normalise(f"{name}.attention.output", self._node("Add", attended, hidden))
        wide = self._node("Gelu", self._linear(f"{name}.intermediate.dense", attended))
        narrow = self._linear(f"{name}.output.dense", wide)
        return self._normalise(f"{name}.output", self._node("Add", narrow, attended))

    def _attention(self, name: str, hidden: str, present: str, batch: str) -> str:
        # One operator of the runtime's own: the same as a dozen of the standard's, and less to wait
        # for between the threads.
        query, key, value = (
            self._node("Reshape", self._linear(f"{name}.{part}", hidden), batch)
            for part in ("query", "key", "value")
        )
        mixed = self._node(
            *("MultiHeadAttention", query, key, value, "", present),
            domain=RUNTIME_DOMAIN,
            num_heads=_HEADS,
        )
        return self._node("Reshape", mixed, self._rows())

    def _pool(self, hidden: str, mask: str, batch: str) -> None:
        # The mean's divisor is missing on purpose: L2 normalisation removes any factor.
        texts = self._node("Reshape", hidden, batch)
        row = self._node("Unsqueeze", mask, self._integers(1))
        summed = self._node("Squeeze", self._node("MatMul", row, texts), self._integers(1))
        self._node("LpNormalization", summed, output=OUTPUT, axis=-1, p=2)

    def _linear(self, name: str, rows: str) -> str:
        weight, bias = self._weight(f"{name}.weight"), self._weight(f"{name}.bias")
        return self._node("Gemm", rows, weight, bias, transB=1)

    def _normalise(self, name: str, rows: str) -> str:
        weight, bias = (self._weight(f"{name}.LayerNorm.{part}") for part in ("weight", "bias"))
        return self._node("LayerNormalization", rows, weight, bias, axis=-1, epsilon=_EPSILON)

    def _rows(self) -> str:
        """The shape of all tokens of the batch as one matrix."""
        return self._integers(-1, _HIDDEN)

    def _batch_shape(self) -> str:
        """The shape [batch, sequence, 384]."""
        return self._node(
            "Concat", self._node("Shape", "input_ids"), self._integers(_HIDDEN), axis=0
        )

    def _node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        output = output or f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, **attributes))
        return output

    def _weight(self, name: str) -> str:
        stored = self._stored[name]
        return self._external(
            name, TensorProto.FLOAT, stored.shape, self._weights.name, stored.offset, stored.length
        )

    def _external(
        self,
        name: str,
        type: TensorProto.DataType,
        shape: tuple[int, ...],
        file: str,
        offset: int,
        length: int,
    ) -> str:
        """A tensor whose bytes lie in a file beside the graph."""
        tensor = TensorProto(
            name=name, data_type=type, dims=shape, data_location=TensorProto.EXTERNAL
        )
        for key, value in {"location": file, "offset": offset, "length": length}.items():
            tensor.external_data.add(key=key, value=str(value))
        self._tensors[name] = tensor
        return name

    def _integers(self, *values: int) -> str:
        name = "integers_" + "_".join(map(str, values))
        self._tensors[name] = helper.make_tensor(name, TensorProto.INT64, [len(values)], values)
        return name
