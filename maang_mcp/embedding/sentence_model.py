"""A loaded embedding model: tokenizer and ONNX session, synchronous.

Importing this module loads numpy, onnxruntime and tokenizers: only the loader's thread does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .model_files import ModelFiles
from .unicode import clean

MAX_TOKENS = 256  # the training length of all-MiniLM-L6-v2, as sentence-transformers limits it
# The tokenizer reads a text to its end before it cuts. Words, not characters, count as tokens, and
# 64 characters for each are far more than any language needs: a megabyte costs no more than a page.
_MAX_CHARACTERS = 64 * MAX_TOKENS
# Padding included. The runtime keeps the memory of the largest batch it ever saw: eight full texts
# at once would take 70 MB for good, and go more slowly than one after the other.
_BATCH_TOKENS = 512


class SentenceModel:
    """Embeds texts in the calling thread.

    Takes a graph that ends in sentence vectors [batch, n] (ours) or in token vectors
    [batch, sequence, n] (as published for most models of this kind, pooled here by their mean).
    """

    def __init__(self, files: ModelFiles, *, threads: int) -> None:
        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._session = _open_session(files, threads)
        self._inputs = {wanted.name for wanted in self._session.get_inputs()}
        self._output = self._session.get_outputs()[0].name
        self.dimensions = len(self.embed_query("warm-up"))

    def embed(self, texts: Sequence[str]) -> Iterator[list[list[float]]]:
        """One unit vector per text; neighbours are padded to the longest and run as one slice."""
        encoded = [self._tokenizer.encode(clean(text)[:_MAX_CHARACTERS]).ids for text in texts]
        for batch in _batches(encoded):
            yield self._run(batch)

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question, which is embedded like any text."""
        ((vector,),) = self.embed([text])
        return vector

    def _run(self, batch: Sequence[Sequence[int]]) -> list[list[float]]:
        shape = (len(batch), max(map(len, batch)))
        ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        offered = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        feed = {name: offered[name] for name in self._inputs & offered.keys()}
        (result,) = self._session.run([self._output], feed)
        vectors: list[list[float]] = _unit(result, mask).tolist()
        return vectors


def _batches(encoded: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    start = longest = 0
    for end, tokens in enumerate(encoded):
        longest = max(longest, len(tokens))
        if end > start and (end + 1 - start) * longest > _BATCH_TOKENS:
            yield encoded[start:end]
            start, longest = end, len(tokens)
    if encoded:
        yield encoded[start:]


def _unit(result: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
    if result.ndim == 3:
        result = np.einsum("bsn,bs->bn", result, mask.astype(np.float32))
    length = np.linalg.norm(result, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = result / np.maximum(length, np.finfo(np.float32).tiny)
    return unit


def _open_session(files: ModelFiles, threads: int) -> Any:
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors only: warnings of a graph we wrote help nobody
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Waiting threads sleep: spinning steals the core from the server while no text is embedded.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(files.graph, options, providers=["CPUExecutionProvider"])
