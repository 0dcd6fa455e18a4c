"""Transactions over one pool, which outlive a connection and an embedded server that died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from maang_mcp.domain.errors import StoreUnavailable

from .embedded import EmbeddedPostgres, open_embedded
from .engine import wrap_errors

log = logging.getLogger(__name__)

Opening = Callable[[AsyncConnection], Awaitable[int]]
"""The first statement of a transaction and the number it tells; it may be run twice."""


class Connections:
    """Hands out connections, and brings the embedded server back if it died."""

    def __init__(
        self, engine: AsyncEngine, embedded: EmbeddedPostgres | None, data_dir: Path | None
    ) -> None:
        self._engine = engine
        self._embedded = embedded
        self._data_dir = data_dir
        self._revival = asyncio.Lock()

    @property
    def embedded(self) -> bool:
        """Whether the server is our own."""
        return self._embedded is not None

    @asynccontextmanager
    async def transaction(
        self, opening: Opening, engine: AsyncEngine | None = None
    ) -> AsyncIterator[tuple[AsyncConnection, int]]:
        """A transaction that `opening` began, and what that told; `engine` is the same pool under
        other options. Commits when the block ends. Raises StoreUnavailable."""
        with wrap_errors():
            connection, told = await self._begun(engine or self._engine, opening)
            try:
                yield connection, told
                await connection.commit()
            finally:
                # A call that is cancelled gives its connection back all the same.
                await asyncio.shield(connection.close())

    async def close(self) -> None:
        """Gives back every connection, and leaves the embedded server to those still using it."""
        await self._engine.dispose()
        if self._embedded is not None:
            await asyncio.to_thread(self._embedded.close)

    async def _begun(
        self, engine: AsyncEngine, opening: Opening, *, again: bool = True
    ) -> tuple[AsyncConnection, int]:
        """A connection may have died in the pool. To ask it before each transaction would cost
        three round trips; the first statement tells as well, and because nothing was done before
        it, it is simply repeated on another connection."""
        connection = await self._connect(engine)
        try:
            with wrap_errors():
                return connection, await opening(connection)
        except BaseException as error:
            died = isinstance(error, StoreUnavailable) and connection.invalidated
            await asyncio.shield(connection.close())
            if not (died and again):
                raise
        return await self._begun(engine, opening, again=False)

    async def _connect(self, engine: AsyncEngine) -> AsyncConnection:
        try:
            with wrap_errors():
                return await engine.connect()
        except StoreUnavailable as error:
            if self._embedded is None or isinstance(error.__cause__, PoolTimeout):
                raise
        await self._revive()
        return await engine.connect()

    async def _revive(self) -> None:
        """Our own server is down: bring it back once, however many calls noticed."""
        async with self._revival:
            try:
                with wrap_errors():
                    async with self._engine.connect() as connection:
                        await greet(connection)
                        return
            except StoreUnavailable:
                log.warning("the embedded Postgres is gone; starting it again")
            assert self._data_dir is not None
            gone = self._embedded
            self._embedded = await asyncio.to_thread(open_embedded, self._data_dir)
            if gone is not None:
                await asyncio.to_thread(gone.close)


async def greet(connection: AsyncConnection) -> int:
    """Asks whether there is anybody at the other end."""
    return int(await connection.scalar(text("SELECT 1")) or 0)
