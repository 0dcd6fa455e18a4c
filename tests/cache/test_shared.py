import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from maang_mcp.cache import RedisCache, cached, shared
from tests.redis_server import RedisServer

TTL = timedelta(minutes=5)


class Clock:
    """Stands still until told to move."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


IN_PRODUCTION = {
    "PATIENCE_SECONDS": shared.PATIENCE_SECONDS,
    "SOCKET_SECONDS": shared.SOCKET_SECONDS,
    "CALL_SECONDS": shared.CALL_SECONDS,
}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may answer late; only the tests of silence wait as briefly as production."""
    for name in IN_PRODUCTION:
        monkeypatch.setattr(shared, name, 10.0)


@pytest.fixture
def impatience(monkeypatch: pytest.MonkeyPatch, patience: None) -> None:
    for name, seconds in IN_PRODUCTION.items():
        monkeypatch.setattr(shared, name, seconds)


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def cache(server: RedisServer, clock: Clock) -> AsyncIterator[RedisCache]:
    cache = RedisCache(server.url, clock=clock)
    yield cache
    await cache.aclose()


@asynccontextmanager
async def raw(server: RedisServer) -> AsyncIterator[Redis]:
    async with Redis.from_url(server.url) as redis:
        yield redis


async def test_what_one_process_stores_another_finds(
    server: RedisServer, cache: RedisCache
) -> None:
    other = RedisCache(server.url)
    await cache.set("key", b"answer", TTL)

    assert await other.get("key") == b"answer"
    assert await other.get("other key") is None
    assert (other.counts.hits, other.counts.misses, other.counts.errors) == (1, 1, 0)
    await other.aclose()


async def test_an_answer_expires_in_redis_itself(server: RedisServer, cache: RedisCache) -> None:
    await cache.set("key", b"answer", TTL)

    async with raw(server) as redis:
        assert 299_000 < await redis.pttl("maang:key") <= 300_000


async def test_stores_that_share_a_redis_do_not_meet(
    server: RedisServer, cache: RedisCache
) -> None:
    staging = RedisCache(server.url, namespace="staging")
    await cache.set("key", b"answer", TTL)

    assert await staging.get("key") is None
    await staging.aclose()


async def test_a_long_answer_is_compressed(server: RedisServer, cache: RedisCache) -> None:
    await cache.set("key", b"sliding window " * 1_000, TTL)

    assert await cache.get("key") == b"sliding window " * 1_000
    async with raw(server) as redis:
        assert await redis.strlen("maang:key") < 1_000


async def test_an_answer_beyond_a_mebibyte_is_not_stored(
    server: RedisServer, cache: RedisCache
) -> None:
    await cache.set("key", bytes(shared.MAX_VALUE_BYTES + 1), TTL)

    assert await cache.get("key") is None
    assert cache.counts.errors == 0


async def test_a_flush_costs_a_computation(server: RedisServer, cache: RedisCache) -> None:
    await cache.set("key", b"answer", TTL)
    async with raw(server) as redis:
        await redis.flushall()

    assert await cache.get("key") is None
    await cache.set("key", b"answer", TTL)
    assert await cache.get("key") == b"answer"
    assert cache.counts.errors == 0


async def test_flushes_at_any_moment_never_change_an_answer(
    server: RedisServer, cache: RedisCache
) -> None:
    async def compute() -> str:
        return "42"

    async def reader() -> list[str]:
        return [
            await cached(cache, "key", TTL, compute, str.encode, bytes.decode) for _ in range(50)
        ]

    async with raw(server) as redis:
        flushes = asyncio.gather(*(redis.flushall() for _ in range(50)))
        answers = await asyncio.gather(*(reader() for _ in range(4)))
        await flushes

    assert answers == [["42"] * 50] * 4
    assert cache.counts.errors == 0


async def test_a_server_killed_in_the_middle_of_a_call_is_a_miss_and_comes_back(
    server: RedisServer, cache: RedisCache, clock: Clock
) -> None:
    await cache.set("key", b"answer", TTL)
    server.pause()
    calls = [asyncio.create_task(cache.get("key")) for _ in range(10)]
    await in_flight()
    server.kill()

    assert await asyncio.gather(*calls) == [None] * 10
    await cache.set("key", b"answer", TTL)

    server.start()
    clock.now += shared.COOLDOWN_SECONDS
    await cache.set("key", b"answer", TTL)
    assert await cache.get("key") == b"answer"


@pytest.mark.usefixtures("impatience")
async def test_a_server_that_never_answers_costs_one_short_wait(
    server: RedisServer, cache: RedisCache, clock: Clock
) -> None:
    await cache.set("key", b"answer", TTL)
    server.pause()
    loop = asyncio.get_running_loop()

    began = loop.time()
    assert await cache.get("key") is None
    assert loop.time() - began < 2 * shared.CALL_SECONDS

    errors = cache.counts.errors
    assert [await cache.get("key") for _ in range(1_000)] == [None] * 1_000
    await cache.set("key", b"answer", TTL)
    assert cache.counts.errors == errors == 1

    server.resume()
    clock.now += shared.COOLDOWN_SECONDS
    assert await cache.get("key") == b"answer"


async def test_no_answer_waits_for_redis_until_the_call_is_given_up(
    server: RedisServer, cache: RedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert IN_PRODUCTION["PATIENCE_SECONDS"] <= 0.2
    await cache.set("key", b"answer", TTL)
    monkeypatch.setattr(shared, "PATIENCE_SECONDS", 0.01)
    server.pause()
    loop = asyncio.get_running_loop()

    began = loop.time()
    assert await cache.get("key") is None
    await cache.set("key", b"another", TTL)
    assert loop.time() - began < shared.CALL_SECONDS / 2
    assert (cache.counts.misses, cache.counts.errors) == (1, 1)


async def test_a_redis_that_answers_late_is_not_out_of_reach(
    server: RedisServer,
    cache: RedisCache,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Connecting to a remote one takes several round trips; the next caller finds it done."""
    other = RedisCache(server.url)
    await other.set("key", b"answer", TTL)
    await other.aclose()
    server.pause()
    with monkeypatch.context() as hurried:
        hurried.setattr(shared, "PATIENCE_SECONDS", 0.01)
        assert await cache.get("key") is None
    server.resume()
    await asyncio.gather(*cache._late)

    assert await cache.get("key") == b"answer"
    assert cache.counts.errors == 1
    assert caplog.records == []


async def test_a_redis_that_has_become_slow_is_left_alone_for_a_while(
    server: RedisServer, cache: RedisCache, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await cache.set("key", b"answer", TTL)
    server.pause()
    with monkeypatch.context() as hurried:
        hurried.setattr(shared, "PATIENCE_SECONDS", 0.01)
        assert await cache.get("key") is None
    server.resume()
    await asyncio.gather(*cache._late)

    assert await cache.get("key") is None
    clock.now += shared.COOLDOWN_SECONDS
    assert await cache.get("key") == b"answer"


async def test_closing_gives_up_what_is_late(
    server: RedisServer, cache: RedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "PATIENCE_SECONDS", 0.01)
    server.pause()
    assert await cache.get("key") is None
    (late,) = cache._late

    await cache.aclose()
    assert late.cancelled()


@pytest.mark.usefixtures("impatience")
async def test_after_a_pause_one_caller_tries_and_the_others_go_on(
    server: RedisServer, cache: RedisCache, clock: Clock
) -> None:
    server.kill()
    await cache.get("key")
    server.start()
    server.pause()
    clock.now += shared.COOLDOWN_SECONDS

    assert await asyncio.gather(*(cache.get("key") for _ in range(20))) == [None] * 20
    assert cache.counts.errors == 2


async def test_a_call_given_up_half_way_leaves_no_reply_for_the_next(
    server: RedisServer, cache: RedisCache
) -> None:
    keys = [f"key {number}" for number in range(40)]
    await asyncio.gather(*(cache.set(key, key.encode(), TTL) for key in keys))
    server.pause()
    calls = [asyncio.create_task(cache.get(key)) for key in keys]
    await in_flight()
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)
    server.resume()

    assert [await cache.get(key) for key in reversed(keys)] == [k.encode() for k in reversed(keys)]


async def in_flight() -> None:
    """Let every task run as far as it can without the server."""
    for _ in range(100):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "poison",
    [b"", b"\x01", b"answer", b"\x01" + bytes(16) + b"answer", b"\x02" + bytes(40), b"\xff" * 64],
)
async def test_a_value_that_is_not_ours_is_a_miss(
    server: RedisServer, cache: RedisCache, poison: bytes
) -> None:
    async with raw(server) as redis:
        await redis.set("maang:key", poison)

    assert await cache.get("key") is None
    await cache.set("key", b"answer", TTL)
    assert await cache.get("key") == b"answer"


async def test_a_key_of_another_type_is_a_miss(server: RedisServer, cache: RedisCache) -> None:
    async with raw(server) as redis:
        await redis.rpush("maang:key", "not", "a", "string")

    assert await cache.get("key") is None


async def test_somebody_elses_answer_is_a_miss(server: RedisServer, cache: RedisCache) -> None:
    await cache.set("bob", b"bob's answer", TTL)
    async with raw(server) as redis:
        await redis.copy("maang:bob", "maang:ada")

    assert await cache.get("ada") is None


@given(st.binary(max_size=5_000), st.text(max_size=20), st.data())
def test_a_sealed_value_opens_under_its_own_name_and_undamaged_only(
    value: bytes, name: str, data: st.DataObject
) -> None:
    stored = shared._sealed(name, value)
    place = data.draw(st.integers(0, len(stored) - 1))
    flipped = bytes([stored[place] ^ data.draw(st.integers(1, 255))])

    assert shared._unsealed(name, stored) == value
    assert shared._unsealed(name + "x", stored) is None
    assert shared._unsealed(name, stored[:place] + flipped + stored[place + 1 :]) is None
    assert shared._unsealed(name, stored[:place]) is None


async def test_going_away_and_coming_back_are_logged_once_each(
    server: RedisServer, cache: RedisCache, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="maang_mcp.cache")
    await cache.get("key")
    server.kill()
    for _ in range(5):
        clock.now += shared.COOLDOWN_SECONDS
        await cache.get("key")
    server.start()
    for _ in range(5):
        clock.now += shared.COOLDOWN_SECONDS
        await cache.get("key")

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    lost, back = (record.getMessage() for record in caplog.records)
    assert lost.startswith(f"Redis at {cache.location} is out of reach: Connection")
    assert back == f"Redis at {cache.location} is back"


async def test_ping_tells_the_truth_even_during_a_pause(
    server: RedisServer, cache: RedisCache
) -> None:
    assert (await cache.ping()).available
    server.kill()
    status = await cache.ping()
    assert not status.available
    assert status.detail.startswith(f"{cache.location}: Connection")

    server.start()
    assert (await cache.ping()).available
    await cache.set("key", b"answer", TTL)
    assert await cache.get("key") == b"answer"


async def test_a_wrong_password_is_a_miss_and_is_told_to_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with RedisServer("--requirepass", "right-one") as server:
        wrong = RedisCache(server.url_with(user="default", password="hunter2"))
        right = RedisCache(server.url_with(user="default", password="right-one"))
        await right.set("key", b"answer", TTL)

        assert await right.get("key") == b"answer"
        assert await wrong.get("key") is None
        status = await wrong.ping()
        await wrong.aclose()
        await right.aclose()

    assert not status.available
    said = f"{status} {wrong!r} {wrong.location} {caplog.text}"
    assert "AuthenticationError" in said
    assert "hunter2" not in said
    assert "right-one" not in said


@pytest.mark.parametrize(
    "url",
    [
        "http://hunter2@cache:6379",
        "cache:6379",
        "redis://user:hunter2/x@cache:6379/0",
        "redis://:123/hunter2@cache:6379/0",
        "redis://user:p#hunter2@cache:6379/0",
        "",
    ],
)
def test_a_url_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(ValueError, match="percent-encoded") as refused:
        RedisCache(url)

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("redis://user:pw@cache:6379/2?socket_timeout=9", "redis://cache:6379/2"),
        ("rediss://:pw@cache.example.com/0", "rediss://cache.example.com/0"),
        ("unix://u:pw@/run/redis.sock?password=pw", "unix:///run/redis.sock"),
    ],
)
def test_the_place_is_told_without_credentials_and_options(url: str, location: str) -> None:
    assert RedisCache(url).location == location


async def test_an_option_that_the_client_does_not_know_is_a_miss(server: RedisServer) -> None:
    cache = RedisCache(server.url + "?no_such_option=1")

    assert await cache.get("key") is None
    assert (await cache.ping()).detail.endswith("TypeError")
    await cache.aclose()


async def test_a_closed_cache_opens_again(cache: RedisCache) -> None:
    await cache.set("key", b"answer", TTL)
    await cache.aclose()
    await cache.aclose()

    assert await cache.get("key") == b"answer"
