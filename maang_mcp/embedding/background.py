"""The life of an embedder: its model is loaded in a thread of its own, behind the handshake."""

from __future__ import annotations

import asyncio
import atexit
import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import ClassVar, Protocol, TypeVar

import anyio
import anyio.to_thread

from maang_mcp.domain.errors import EmbedderUnavailable

from .embedder import DIMENSIONS, EmbedderState, EmbedderStatus
from .sources import LoadingCancelled
from .turns import Turns, Urgency

logger = logging.getLogger(__name__)

Argument = TypeVar("Argument")
Answer = TypeVar("Answer")

_CLOSING_PATIENCE = 5.0  # seconds a closing embedder waits for its loader to notice
_FEW = 8  # texts: somebody may wait for so many, a lesson or a question; who brings more has time

_UNASKED = EmbedderStatus(EmbedderState.ABSENT, "The embedding model has not been asked for yet.")
_LOADING = EmbedderStatus(EmbedderState.LOADING, "The embedding model is still loading.")
_READY = EmbedderStatus(EmbedderState.READY, "The embedding model is loaded.")
_CLOSED = EmbedderStatus(EmbedderState.ABSENT, "The embedder is closed.")


class Model(Protocol):
    """A loaded model, synchronous; only one thread at a time asks it."""

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        ...

    def embed(self, texts: Sequence[str]) -> Iterator[list[list[float]]]:
        """One unit vector per text, in slices: between two of them others may ask the model."""
        ...

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question; models that tell questions from texts do so here."""
        ...


class BackgroundEmbedder(ABC):
    """An `Embedder` whose model takes a while to be there.

    Whoever makes it calls `start_loading()` when the time is right, and `aclose()` at the end.
    """

    # Larger batches gain nothing on CPUs (62 tokens: 139 texts/s in eights, 133 in thirty-twos).
    batch: ClassVar[int] = 8

    def __init__(self, identity: str) -> None:
        self.identity = identity
        self._status = _UNASKED
        self._model: Model | None = None
        self._turns = Turns()
        # A thread that is always free: whose turn it is does not wait for other threads' work.
        self._limiter = anyio.CapacityLimiter(1)
        self._starting = threading.Lock()
        self._closing = threading.Event()
        self._loaded: Future[None] | None = None
        self._loader: threading.Thread | None = None

    @abstractmethod
    def load(self, cancelled: Callable[[], bool]) -> Model:
        """Make the model, in the loader's thread.

        Raises EmbedderUnavailable with the reason when that cannot be done, and LoadingCancelled
        when `cancelled` turned true.
        """

    @property
    def dimensions(self) -> int:
        """Those of the loaded model; until then those of the model that ships."""
        return DIMENSIONS if self._model is None else self._model.dimensions

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
        urgency = Urgency.WRITE if len(texts) <= _FEW else Urgency.BACKGROUND
        vectors: list[list[float]] = [[]] * len(texts)
        for start in range(0, len(order), self.batch):
            batch = order[start : start + self.batch]
            slices = model.embed([texts[index] for index in batch])
            embedded: list[list[float]] = []
            while len(embedded) < len(batch):
                embedded += await self._ask(urgency, next, slices)
            for index, vector in zip(batch, embedded, strict=True):
                vectors[index] = vector
        return vectors

    async def embed_query(self, text: str) -> list[float]:
        return await self._ask(Urgency.QUESTION, self._ready_model().embed_query, text)

    async def aclose(self) -> None:
        """Release the model; loading that is under way is given up."""
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self._stop_loading)
        atexit.unregister(self._stop_loading)
        self._model = None
        self._status = _CLOSED

    async def _ask(
        self, urgency: Urgency, call: Callable[[Argument], Answer], argument: Argument
    ) -> Answer:
        async with self._turns.take(urgency):
            return await anyio.to_thread.run_sync(call, argument, limiter=self._limiter)

    def _ready_model(self) -> Model:
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
            model = self.load(self._closing.is_set)
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
