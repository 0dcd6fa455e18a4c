"""A coach that is opened behind the handshake."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from maang_mcp.app import Coach
from maang_mcp.domain.errors import CoachError, StoreUnavailable

log = logging.getLogger(__name__)

OPENING_PATIENCE_S = 30.0
"""How long a call waits for a store that is still being opened."""

HANDSHAKE_S = 0.25
"""How long a starting server leaves the processor to the handshake and the first lists.

Imports of drivers hold the interpreter's lock even in a thread of their own: begun at once, they
make a client wait 0.2 s longer for its list of tools. A call that comes earlier begins at once.
"""


class Opening:
    """One coach for the whole process, opened once, however many calls wait for it.

    What makes a server's start slow (drivers, the embedded Postgres, migrations) happens in a task
    of its own; `begin` starts it and returns. A failed opening is tried again by the next call.
    """

    def __init__(self, open: Callable[[], AbstractAsyncContextManager[Coach]]) -> None:
        self._open = open
        self._task: asyncio.Task[None] | None = None
        self._coach: asyncio.Future[Coach] | None = None
        self._closing = asyncio.Event()
        self._soon: asyncio.TimerHandle | None = None

    def begin_soon(self) -> None:
        """Begins once the handshake has had its time, unless a call comes earlier."""
        self._soon = asyncio.get_running_loop().call_later(HANDSHAKE_S, self.begin)

    def begin(self) -> None:
        """Starts opening unless that is under way or done."""
        if self._coach is None or (self._coach.done() and self._coach.exception() is not None):
            self._coach = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._keep_open(self._coach))

    @property
    def is_open(self) -> bool:
        """Whether a call would be answered without waiting."""
        return self._coach is not None and self._coach.done() and self._coach.exception() is None

    async def coach(self) -> Coach:
        """The open coach. Raises StoreUnavailable when it cannot be opened in time."""
        self.begin()
        assert self._coach is not None
        try:
            async with asyncio.timeout(OPENING_PATIENCE_S):
                return await asyncio.shield(self._coach)
        except TimeoutError:
            raise StoreUnavailable("The store is still being opened.") from None

    async def close(self) -> None:
        """Closes the coach if it was opened; it can be opened again."""
        if self._soon is not None:
            self._soon.cancel()
        self._closing.set()
        if self._task is not None:
            await self._task
        self._task, self._coach, self._closing = None, None, asyncio.Event()

    async def _keep_open(self, opened: asyncio.Future[Coach]) -> None:
        # One task enters and leaves: resources may be bound to the task that opened them.
        try:
            async with self._open() as coach:
                opened.set_result(coach)
                await self._closing.wait()
        except Exception as error:
            if opened.done():
                log.exception("closing the coach failed")
                return
            if isinstance(error, CoachError):
                log.warning("the coach cannot be opened: %s", error.explain())
                opened.set_exception(error)
            else:
                log.exception("the coach cannot be opened")
                opened.set_exception(StoreUnavailable("The coach cannot be opened."))
            opened.exception()  # seen here, so that a failure nobody waited for is no warning
