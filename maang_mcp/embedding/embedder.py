"""What services know about embedding: the protocol, its status, and the embedder that is off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from maang_mcp.domain.errors import EmbedderUnavailable

DIMENSIONS = 384


class EmbedderState(StrEnum):
    """Whether vectors can be had."""

    READY = "ready"
    LOADING = "loading"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class EmbedderStatus:
    """The state, and the reason for it as a sentence a person can act on."""

    state: EmbedderState
    reason: str

    def refusal(self) -> EmbedderUnavailable:
        """The error of a request made in this state. Trying again is advised only while loading."""
        if self.state is EmbedderState.ABSENT:
            return EmbedderUnavailable(self.reason, hint="")
        return EmbedderUnavailable(self.reason)


class Embedder(Protocol):
    """Turns texts into unit vectors, so that their dot product is their cosine similarity.

    Any text is accepted: the empty one, NUL, lone surrogates, a megabyte. Only the beginning of a
    long text counts (256 tokens with the model that ships).
    """

    @property
    def identity(self) -> str:
        """Names model, runtime, precision and weights. It is stored beside every vector, and only
        vectors of one identity may be compared."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of every vector."""
        ...

    @property
    def status(self) -> EmbedderStatus:
        """Whether `embed` would answer now."""
        ...

    async def wait_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the end of this wait is an answer (EmbedderUnavailable), not a cancellation
        """Wait until `embed` can answer, at most `timeout` seconds.

        Raises EmbedderUnavailable when the time is over or there is nothing to wait for.
        """
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One unit vector per text, in the order of the texts.

        Questions are answered first, then a few texts, which somebody may be waiting for; many at
        once are background work, which the others interrupt.

        Raises EmbedderUnavailable at once when not ready; it never waits for the model.
        """
        ...

    async def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question. Raises EmbedderUnavailable at once when not ready."""
        ...


class NoEmbedder:
    """Embedding that is switched off: every request is refused with the reason."""

    identity = "none"
    dimensions = DIMENSIONS

    def __init__(self, reason: str = "Semantic search is switched off.") -> None:
        self.status = EmbedderStatus(EmbedderState.ABSENT, reason)

    def start_loading(self) -> None:
        """There is nothing to load."""

    async def wait_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as in the protocol
        raise self.status.refusal()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        raise self.status.refusal()

    async def embed_query(self, text: str) -> list[float]:
        raise self.status.refusal()

    async def aclose(self) -> None:
        """There is nothing to close."""
