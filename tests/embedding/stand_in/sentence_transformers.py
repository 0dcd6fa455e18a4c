"""As much of sentence-transformers as is used: a model gives what it was asked, as a vector."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


class SentenceTransformer:
    """Knows folders with a `modules.json`, and one name on the hub unless that is forbidden."""

    def __init__(
        self, model_name_or_path: str, *, revision: str | None = None, local_files_only: bool
    ) -> None:
        here = (Path(model_name_or_path) / "modules.json").is_file()
        there = model_name_or_path == "somebody/model" and revision in (None, "abc")
        if not here and (local_files_only or not there):
            raise OSError(f"{model_name_or_path} is not there\nand much more about it")

    def encode_document(self, inputs: Sequence[str], **options: Any) -> Any:
        return self._encode(inputs, 1.0, **options)

    def encode_query(self, inputs: Sequence[str], **options: Any) -> Any:
        return self._encode(inputs, -1.0, **options)

    def _encode(
        self,
        inputs: Sequence[str],
        sign: float,
        *,
        normalize_embeddings: bool,
        show_progress_bar: bool,
        convert_to_numpy: bool,
    ) -> Any:
        assert normalize_embeddings
        assert convert_to_numpy
        assert not show_progress_bar
        lengths = np.array([len(text.encode()) for text in inputs], np.float32)
        vectors = np.stack([sign * np.ones_like(lengths), lengths, 0 * lengths], axis=1)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
