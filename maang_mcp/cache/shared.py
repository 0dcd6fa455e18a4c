"""The cache that several server processes share: Redis, used so that losing it costs only time."""

from __future__ import annotations

import asyncio
import logging
import time
import zlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import blake2b
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from .answers import CacheCounts, CacheStatus, Flight

if TYPE_CHECKING:
    from redis.asyncio import Redis

T = TypeVar("T")
logger = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 0.15
"""What an answer waits for Redis; one that is well answers in less than a third of it."""

SOCKET_SECONDS: Final = 0.25
CALL_SECONDS: Final = 0.5
COOLDOWN_SECONDS: Final = 2.0
MAX_CONNECTIONS: Final = 32

MAX_VALUE_BYTES: Final = 1 << 20
COMPRESS_FROM_BYTES: Final = 1 << 10

_PLAIN: Final = b"\x01"
_DEFLATED: Final = b"\x02"
_SEAL_BYTES: Final = 16


class RedisCache:
    """Answers in Redis, each wait bounded by `PATIENCE_SECONDS` and each failure by a pause.

    A call that outlasts the patience of who asked goes on behind their back for `CALL_SECONDS`:
    connecting to a remote Redis takes several round trips, and whoever asks next finds it done.
    Until then, or for `COOLDOWN_SECONDS` after a failure, nobody asks Redis; then one caller tries
    while the others go on without. Going away and coming back are logged once each. ValueError if
    the URL is not one: special characters of the password must be percent-encoded in it.
    """

    def __init__(
        self,
        url: str,
        *,
        namespace: str = "maang",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counts = CacheCounts()
        self.flights: dict[str, Flight] = {}
        self.location = _location(url)
        self._url = url
        self._namespace = namespace
        self._clock = clock
        self._opening = asyncio.Lock()
        self._redis: Redis | None = None
        self._late: set[asyncio.Task[object]] = set()
        self._fault: str | None = None
        self._reached = False
        self._retry_at = 0.0

    async def get(self, key: str) -> bytes | None:
        name = f"{self._namespace}:{key}"

        async def read(redis: Redis) -> bytes | None:
            stored = await redis.get(name)
            return _unsealed(name, stored) if isinstance(stored, bytes) else None

        value = None if self._resting() else await self._ask(read)
        if value is None:
            self.counts.misses += 1
        else:
            self.counts.hits += 1
        return value

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        name = f"{self._namespace}:{key}"
        if len(value) <= MAX_VALUE_BYTES and not self._resting():
            await self._ask(lambda redis: redis.set(name, _sealed(name, value), px=ttl))

    async def ping(self) -> CacheStatus:
        began = self._clock()
        await self._attempt(lambda redis: redis.ping())
        if self._fault is not None:
            return CacheStatus("redis", available=False, detail=f"{self.location}: {self._fault}")
        took = (self._clock() - began) * 1000
        return CacheStatus("redis", available=True, detail=f"{self.location}, {took:.1f} ms")

    async def aclose(self) -> None:
        late = list(self._late)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        redis, self._redis = self._redis, None
        if redis is not None:
            try:
                await redis.aclose()
            except Exception as error:  # any error: the connection was to go away, and it is gone
                logger.debug("Closing Redis: %s", type(error).__name__)

    async def _ask(self, command: Callable[[Redis], Awaitable[T]]) -> T | None:
        """The answer to one command; None after a failure, and when it takes too long."""
        task = asyncio.create_task(self._attempt(command))
        try:
            await asyncio.wait({task}, timeout=PATIENCE_SECONDS)
        except asyncio.CancelledError:
            task.cancel()
            raise
        if task.done():
            return task.result()
        self.counts.errors += 1
        self._retry_at = self._clock() + COOLDOWN_SECONDS
        self._late.add(task)
        task.add_done_callback(self._late.discard)
        return None

    async def _attempt(self, command: Callable[[Redis], Awaitable[T]]) -> T | None:
        """The answer to one command, or None and a pause."""
        try:
            redis = await self._open()
            async with asyncio.timeout(CALL_SECONDS):
                answer = await command(redis)
        except Exception as error:  # any error of the client, its parser, the network or the URL's
            # options is a miss; its text may quote the password, so only its name is kept
            if asyncio.current_task() not in self._late:  # which was counted when it became late
                self.counts.errors += 1
            self._reached = False
            self._retry_at = self._clock() + COOLDOWN_SECONDS
            known, self._fault = self._fault, type(error.__cause__ or error).__name__
            if known is None:
                logger.warning("Redis at %s is out of reach: %s", self.location, self._fault)
            return None
        if not self._reached:  # what took so long was connecting
            self._reached = True
            self._retry_at = 0.0
        if self._fault is not None:
            self._fault = None
            logger.info("Redis at %s is back", self.location)
        return answer

    def _resting(self) -> bool:
        """Whether to go on without Redis; when a pause ends, the first to ask is let through."""
        now = self._clock()
        if now < self._retry_at:
            return True
        if self._fault is not None or self._late:
            self._retry_at = now + COOLDOWN_SECONDS
        return False

    async def _open(self) -> Redis:
        """The client, made at the first call: its import takes 0.4 s, so a thread does it."""
        async with self._opening:
            if self._redis is None:
                await asyncio.to_thread(import_module, "redis.asyncio")
                from redis.asyncio import BlockingConnectionPool, Redis
                from redis.asyncio.retry import Retry
                from redis.backoff import NoBackoff

                pool = BlockingConnectionPool.from_url(
                    self._url,
                    max_connections=MAX_CONNECTIONS,
                    timeout=CALL_SECONDS,
                    socket_connect_timeout=SOCKET_SECONDS,
                    socket_timeout=SOCKET_SECONDS,
                    retry=Retry(NoBackoff(), 0),
                    protocol=2,
                )
                self._redis = Redis.from_pool(pool)
            return self._redis


def _location(url: str) -> str:
    """Where the Redis is, without its credentials and options."""
    try:
        parts = urlsplit(url)
        host = f"{parts.hostname or ''}:{parts.port}" if parts.port else parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"redis", "rediss", "unix"} or "@" in parts.path:
        raise ValueError(
            "The Redis URL must read redis://, rediss:// or unix://[user:password@]place, "
            "with special characters of the password percent-encoded."
        )
    return f"{parts.scheme}://{host}{parts.path}"


def _sealed(name: str, value: bytes) -> bytes:
    """Format byte, seal, body: what `_unsealed` accepts under this name and no other."""
    form, body = _PLAIN, value
    if len(value) >= COMPRESS_FROM_BYTES:
        form, body = _DEFLATED, zlib.compress(value, level=1)
    return form + _seal(name, form, body) + body


def _unsealed(name: str, stored: bytes) -> bytes | None:
    """The value, or None if this is not, byte for byte, what was stored under this name.

    The seal also covers the name: should a connection ever hand over the reply to somebody else's
    command, one learner would be given another's answer.
    """
    form, seal, body = stored[:1], stored[1 : 1 + _SEAL_BYTES], stored[1 + _SEAL_BYTES :]
    if seal != _seal(name, form, body) or form not in {_PLAIN, _DEFLATED}:
        return None
    return body if form == _PLAIN else zlib.decompressobj().decompress(body, MAX_VALUE_BYTES)


def _seal(name: str, form: bytes, body: bytes) -> bytes:
    return blake2b(name.encode() + form + body, digest_size=_SEAL_BYTES).digest()
