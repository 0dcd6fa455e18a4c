"""The embedder that ships: all-MiniLM-L6-v2 in onnxruntime, in float32 or int8."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from . import model_files
from .background import BackgroundEmbedder, Model
from .model_files import Precision

_MAX_THREADS = 4


class OnnxEmbedder(BackgroundEmbedder):
    """An embedder over ONNX files; `model_files` tells where they come from.

    `models` is the folder where the model is kept once built, `configured` a folder or `.onnx`
    file that replaces the model that ships, `threads` the cores one inference may use.
    """

    def __init__(
        self,
        models: Path,
        *,
        configured: Path | None = None,
        precision: Precision = Precision.FP32,
        allow_download: bool = True,
        threads: int | None = None,
    ) -> None:
        super().__init__(model_files.identity_of(configured, precision))
        self._models = models
        self._configured = configured
        self._precision = precision
        self._allow_download = allow_download
        self._threads = threads or min(_MAX_THREADS, os.cpu_count() or 1)

    def load(self, cancelled: Callable[[], bool]) -> Model:
        files = model_files.prepare(
            self._models,
            self._configured,
            precision=self._precision,
            allow_download=self._allow_download,
            cancelled=cancelled,
        )
        from .sentence_model import SentenceModel

        return SentenceModel(files, threads=self._threads)
