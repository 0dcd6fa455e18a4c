"""Values with defaults, and honest stand-ins for the model and the clock."""

from __future__ import annotations

import math
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from copy import copy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zlib import crc32

from uuid_utils.compat import uuid7

from db import Store, UnitOfWork
from db.embedded import status
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.domain.profile import Learner
from maang_mcp.embedding import EmbedderState, EmbedderStatus
from maang_mcp.services.backlog import Backlog
from maang_mcp.services.requests import AttemptReport

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@contextmanager
def store_directory() -> Iterator[Path]:
    """A directory for an embedded store, gone afterwards, server included.

    Its parent lets other users pass, for as root the server runs as another user: below a closed
    directory the cluster would live elsewhere and be left behind.
    """
    parent = Path(tempfile.mkdtemp(prefix="maang-test-"))
    parent.chmod(0o711)
    place = parent / "data"
    try:
        yield place
    finally:
        patience = time.monotonic() + 10
        while status(place).watched and time.monotonic() < patience:
            time.sleep(0.02)  # the watcher stops the server; there is nothing to wait on
        shutil.rmtree(parent)


class SteppingClock:
    """Time as the test tells it."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **delta: float) -> datetime:
        """Moves on by that much."""
        self.at += timedelta(**delta)
        return self.at


class Ids:
    """Time-ordered ids."""

    def __call__(self) -> UUID:
        return uuid7()


class HashEmbedder:
    """Words hashed into 384 places: deterministic, and near where words are shared."""

    identity = "words-hashed"
    dimensions = 384

    def __init__(self) -> None:
        self.ready = True

    @property
    def status(self) -> EmbedderStatus:
        if self.ready:
            return EmbedderStatus(EmbedderState.READY, "Ready.")
        return EmbedderStatus(EmbedderState.LOADING, "The model is still loading.")

    def start_loading(self) -> None:
        """Nothing to load."""

    async def wait_ready(self, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the protocol's
        if not self.ready:
            raise EmbedderUnavailable(self.status.reason)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        await self.wait_ready()
        return [_vector(text) for text in texts]

    async def embed_query(self, text: str) -> list[float]:
        return (await self.embed([text]))[0]

    async def aclose(self) -> None:
        """Nothing to close."""


def _vector(text: str) -> list[float]:
    values = [0.0] * 384
    for word in re.findall(r"\w+", text.lower()):
        values[crc32(word.encode()) % 384] += 1.0
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return [value / length for value in values]


def report(
    problem: str = "3sum", outcome: Outcome = Outcome.SOLVED, **fields: object
) -> AttemptReport:
    """An attempt as a client tells it."""
    return AttemptReport(problem=problem, outcome=outcome, **fields)  # type: ignore[arg-type]  # the fields are the caller's choice


def with_before_writing(store: Store, hook: Callable[[], Awaitable[None]]) -> Store:
    """The same store; before each transaction that writes a record, something else happens."""
    other = copy(store)

    @asynccontextmanager
    async def writing(learner: UUID, subject: str) -> AsyncIterator[UnitOfWork]:
        await hook()
        async with store.writing(learner, subject) as uow:
            yield uow

    vars(other)["writing"] = writing
    return other


async def embed_waiting(backlog: Backlog, learner: Learner) -> int:
    """Embeds all that waits for a learner; returns how many passages that were."""
    done = 0
    while (embedded := await backlog.embed_some(learner)) is not None:
        done += embedded
    return done
