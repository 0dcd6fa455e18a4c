"""Caches that need no server: this process's own memory, and none at all."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta

from .answers import CacheCounts, CacheStatus, Flight


class InProcessCache:
    """The latest answers in memory; beyond a bound the least recently used leaves first."""

    def __init__(
        self,
        max_entries: int = 1_000,
        max_bytes: int = 32 << 20,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counts = CacheCounts()
        self.flights: dict[str, Flight] = {}
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._clock = clock
        self._bytes = 0
        self._entries: OrderedDict[str, tuple[bytes, float]] = OrderedDict()

    async def get(self, key: str) -> bytes | None:
        entry = self._entries.get(key)
        if entry is None or entry[1] <= self._clock():
            self._drop(key)
            self.counts.misses += 1
            return None
        self._entries.move_to_end(key)
        self.counts.hits += 1
        return entry[0]

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        self._drop(key)
        if len(value) > self._max_bytes:
            return
        self._entries[key] = (value, self._clock() + ttl.total_seconds())
        self._bytes += len(value)
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        value, _ = self._entries.pop(key, (b"", 0.0))
        self._bytes -= len(value)

    async def ping(self) -> CacheStatus:
        detail = f"{len(self._entries)} answers, {self._bytes / 1024:.1f} KiB"
        return CacheStatus("in-process", available=True, detail=detail)

    async def aclose(self) -> None:
        self._entries.clear()
        self._bytes = 0


class NoCache:
    """Keeps nothing; concurrent callers still share a computation."""

    def __init__(self) -> None:
        self.counts = CacheCounts()
        self.flights: dict[str, Flight] = {}

    async def get(self, key: str) -> bytes | None:
        self.counts.misses += 1
        return None

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        return None

    async def ping(self) -> CacheStatus:
        return CacheStatus("none", available=True, detail="switched off")

    async def aclose(self) -> None:
        return None
