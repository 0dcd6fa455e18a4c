"""The server under test, over the test's coach, in both eras of the protocol."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Literal
from uuid import uuid4

import pytest
from fastmcp import FastMCP

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.domain.profile import Learner
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening
from tests.factories import HashEmbedder, Ids, SteppingClock

Era = Literal["auto", "legacy"]
"""What a client speaks by default today (2026-07-28), or the handshake before (2025-11-25)."""


@pytest.fixture(params=["auto", "legacy"])
def era(request: pytest.FixtureRequest) -> Era:
    """Which protocol the client speaks."""
    era: Era = request.param
    return era


@pytest.fixture(scope="session")
async def shared_server(store: Store) -> AsyncIterator[FastMCP]:
    """The product, for one learner of all tests that do not mind; building it takes 0.1 s."""
    coach = wire(store, NoCache(), HashEmbedder(), SteppingClock(), Ids())

    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    yield build_server(Opening(opened), learner=f"test-{uuid4()}")
    await coach.backlog.aclose()


@pytest.fixture
def server(opening: Opening, learner: Learner) -> FastMCP:
    """The product, for a learner of its own."""
    return build_server(opening, learner=learner.subject)


class Complaints(logging.Handler):
    """Keeps what is logged as an error or with a traceback."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._last: logging.LogRecord | None = None

    def emit(self, record: logging.LogRecord) -> None:
        broken = record.levelno >= logging.ERROR
        if (broken or (record.exc_info and record.levelno > logging.DEBUG)) and (
            record is not self._last  # it comes twice where the library's logger propagates
        ):
            self.texts.append(record.getMessage())
        self._last = record


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the server logged as broken, so far."""
    handler = Complaints()
    loggers = [logging.getLogger(), logging.getLogger("fastmcp")]  # which may not propagate
    for logger in loggers:
        logger.addHandler(handler)
    yield handler.texts
    for logger in loggers:
        logger.removeHandler(handler)
