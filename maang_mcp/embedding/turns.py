"""Whose turn it is at the model, which works for one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum

PATIENCE = 8
"""How many turns in a row go past whoever has waited longest; the next one is theirs, so that the
background makes progress whatever is asked."""


class Urgency(IntEnum):
    """Who goes first: the lower number."""

    QUESTION = 0
    WRITE = 1
    BACKGROUND = 2


@dataclass(frozen=True, slots=True)
class _Waiting:
    urgency: Urgency
    turn: asyncio.Future[None]


class Turns:
    """A lock that is handed to the most urgent, among equals to the one who came first."""

    def __init__(self) -> None:
        self._taken = False
        self._waiting: list[_Waiting] = []  # in the order they came
        self._overtaken = 0

    @asynccontextmanager
    async def take(self, urgency: Urgency) -> AsyncIterator[None]:
        """Waits for a turn and hands it on when the block ends."""
        await self._wait(urgency)
        try:
            yield
        finally:
            # Not at once: who goes on right away, a write with its next slice, is in line by then.
            asyncio.get_running_loop().call_soon(self._hand_on)

    async def _wait(self, urgency: Urgency) -> None:
        if not self._taken:
            self._taken = True
            return
        waiting = _Waiting(urgency, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        try:
            await waiting.turn
        except asyncio.CancelledError:
            if not waiting.turn.cancelled():  # the turn had come already
                self._hand_on()
            raise

    def _hand_on(self) -> None:
        self._waiting = [waiting for waiting in self._waiting if not waiting.turn.done()]
        if not self._waiting:
            self._taken = False
            return
        oldest = self._waiting[0]
        chosen = min(self._waiting, key=lambda waiting: waiting.urgency)
        if self._overtaken == PATIENCE:
            chosen = oldest
        self._overtaken = 0 if chosen is oldest else self._overtaken + 1
        self._waiting.remove(chosen)
        chosen.turn.set_result(None)
