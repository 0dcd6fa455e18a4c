"""The embedder that ships: all-MiniLM-L6-v2 in onnxruntime, loaded behind the handshake."""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from maang_mcp.domain.errors import EmbedderUnavailable

from . import model_files
from .embedder import DIMENSIONS, EmbedderState, EmbedderStatus
from .sources import LoadingCancelled

if TYPE_CHECKING:
    from .sentence_model import SentenceModel

logger = logging.getLogger(__name__)

# Larger batches gain nothing on CPUs (62 tokens: 139 texts/s in eights, 133 in thirty-twos), and a
# question that comes in while a store is being embedded waits for one batch.
_BATCH = 8
_MAX_THREADS = 4
_CLOSING_PATIENCE = 5.0  # seconds a closing embedder waits for its loader to notice

_UNASKED = EmbedderStatus(EmbedderState.ABSENT, "The embedding model has not been asked for yet.")
_LOADING = EmbedderStatus(EmbedderState.LOADING, "The embedding model is still loading.")
_READY = EmbedderStatus(EmbedderState.READY, "The embedding model is loaded.")
_CLOSED = EmbedderStatus(EmbedderState.ABSENT, "The embedder is closed.")


class OnnxEmbedder:
    """An `Embedder` over ONNX files; `model_files` tells where they come from.

    `models` is the folder where the model is kept once built, `configured` a folder or `.onnx`
    file that replaces the model that ships, `threads` the cores one inference may use. Whoever
    makes it calls `start_loading()` when the time is right, and `aclose()` at the end.
    """

    dimensions = DIMENSIONS

    def __init__(
        self,
        models: Path,
        *,
        configured: Path | None = None,
        allow_download: bool = True,
        threads: int | None = None,
    ) -> None:
        self.identity = model_files.identity_of(configured)
        self._models = models
        self._configured = configured
        self._allow_download = allow_download
        self._threads = threads or min(_MAX_THREADS, os.cpu_count() or 1)
        self._status = _UNASKED
        self._model: SentenceModel | None = None
        self._limiter = anyio.CapacityLimiter(1)
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._loaded: Future[None] | None = None
        self._loader: threading.Thread | None = None

    @property
    def status(self) -> EmbedderStatus:
        return self._status

    def start_loading(self) -> None:
        """Begin to load in a thread of its own; again only after a failure. Returns at once."""
        with self._starting:
            if self._closing.is_set() or self._status.state is not EmbedderState.ABSENT:
                return
            self._status = _LOADING
            self._loaded = Future()
            self._loaded.set_running_or_notify_cancel()  # so that no waiter can cancel it
            self._loader = threading.Thread(
                target=self._load, args=(self._loaded,), name="embedding-loader", daemon=True
            )
            self._loader.start()
        # The interpreter's end must not overtake a thread that is inside native code: it aborts.
        atexit.register(self._stop_loading)

    async def wait_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as in the protocol
        """Load if that has not begun, and wait; see `Embedder.wait_ready`."""
        self.start_loading()
        if self._loaded is not None:
            with anyio.move_on_after(timeout):
                await asyncio.wrap_future(self._loaded)
        if self._status.state is not EmbedderState.READY:
            raise self._status.refusal()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        if not texts:
            return []
        model = self._ready_model()
        # Neighbours in length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors: list[list[float]] = [[]] * len(texts)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            embedded = await anyio.to_thread.run_sync(
                model.embed, [texts[index] for index in batch], limiter=self._limiter
            )
            for index, vector in zip(batch, embedded, strict=True):
                vectors[index] = vector
        return vectors

    async def embed_query(self, text: str) -> list[float]:
        (vector,) = await self.embed([text])
        return vector

    async def aclose(self) -> None:
        """Release the model; loading that is under way is given up."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self._stop_loading)
        atexit.unregister(self._stop_loading)
        self._model = None
        self._status = _CLOSED

    def _ready_model(self) -> SentenceModel:
        if self._status is _UNASKED:
            self.start_loading()
        if self._model is None:
            raise self._status.refusal()
        return self._model

    def _stop_loading(self) -> None:
        with self._starting:
            self._closing.set()
        if self._loader is not None:
            self._loader.join(_CLOSING_PATIENCE)

    def _load(self, loaded: Future[None]) -> None:
        try:
            files = model_files.prepare(
                self._models,
                self._configured,
                allow_download=self._allow_download,
                cancelled=self._closing.is_set,
            )
            from .sentence_model import SentenceModel

            model = SentenceModel(files, threads=self._threads)
            if model.dimensions != self.dimensions:
                raise EmbedderUnavailable(
                    f"The configured embedding model gives {model.dimensions} dimensions; "
                    f"the store holds {self.dimensions}."
                )
            if self._closing.is_set():
                raise LoadingCancelled
            self._model, self._status = model, _READY
        except LoadingCancelled:
            self._status = _CLOSED
        except EmbedderUnavailable as error:
            self._fail(error.explain())
        except Exception as error:
            logger.exception("the embedding model cannot be loaded")
            self._fail(f"The embedding model cannot be loaded: {error}")
        finally:
            loaded.set_result(None)

    def _fail(self, reason: str) -> None:
        logger.warning("no embeddings: %s", reason)
        self._status = EmbedderStatus(EmbedderState.ABSENT, reason)
