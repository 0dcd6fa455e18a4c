"""What a cache is, and how an answer is read through it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol, TypeVar

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class CacheCounts:
    """What became of the calls so far; a read that failed counts as a miss and as an error."""

    hits: int = 0
    misses: int = 0
    errors: int = 0


@dataclass(frozen=True, slots=True)
class CacheStatus:
    """How the cache does right now, in words for the operator; holds no credential."""

    name: str
    available: bool
    detail: str


@dataclass(slots=True, eq=False)
class Flight:
    """One computation under way in this process, and where its answer will be."""

    landed: asyncio.Event = field(default_factory=asyncio.Event)
    payload: bytes | None = None
    error: Exception | None = None


class Cache(Protocol):
    """Bytes by key. No method raises for a fault of the cache itself."""

    counts: CacheCounts
    flights: dict[str, Flight]

    async def get(self, key: str) -> bytes | None:
        """The value, or None: absent, expired, damaged or out of reach."""

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        """Keep the value for `ttl`, if that is possible."""

    async def ping(self) -> CacheStatus:
        """Try the cache now, even if it is resting after a failure."""

    async def aclose(self) -> None:
        """Let go of memory and connections; closing twice is fine."""


async def cached(
    cache: Cache,
    key: str,
    ttl: timedelta,
    compute: Callable[[], Awaitable[T]],
    encode: Callable[[T], bytes],
    decode: Callable[[bytes], T],
) -> T:
    """The answer under `key`: from the cache, from whoever is computing it now, or computed here.

    Callers in one process that ask the same at the same time share one computation. It runs in
    the task of the first, so it may use that caller's transaction; the others decode its bytes and
    share no object with it. If it fails, all of them get its error and nothing is kept; if its
    caller is cancelled, the next in line computes. Hold no connection while calling unless
    `compute` uses that very connection: those who wait would starve the one who works.
    """
    while (flight := cache.flights.get(key)) is not None:
        await flight.landed.wait()
        if flight.error is not None:
            raise flight.error
        if flight.payload is not None:
            return decode(flight.payload)
    flight = cache.flights[key] = Flight()
    try:
        if (stored := await cache.get(key)) is not None:
            try:
                value = decode(stored)
            except Exception as error:  # any error: another release wrote it, which makes it a miss
                logger.info("A cached answer cannot be read: %s", type(error).__name__)
            else:
                flight.payload = stored
                return value
        value = await compute()
        flight.payload = encode(value)
        flight.landed.set()
        await cache.set(key, flight.payload, ttl)
        return value
    except Exception as error:
        flight.error = error
        raise
    finally:
        del cache.flights[key]
        flight.landed.set()
