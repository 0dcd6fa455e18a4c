import subprocess
import sys
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.cache import InProcessCache, NoCache

TTL = timedelta(seconds=10)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_an_answer_lasts_as_long_as_it_may_and_no_longer() -> None:
    clock = Clock()
    cache = InProcessCache(clock=clock)
    await cache.set("key", b"answer", TTL)

    clock.now += 9.9
    assert await cache.get("key") == b"answer"
    clock.now += 0.1
    assert await cache.get("key") is None
    assert (cache.counts.hits, cache.counts.misses) == (1, 1)


async def test_a_later_answer_replaces_the_earlier_one() -> None:
    cache = InProcessCache()
    await cache.set("key", b"old", TTL)
    await cache.set("key", b"new", TTL)

    assert await cache.get("key") == b"new"


async def test_the_least_recently_used_answer_leaves_first() -> None:
    cache = InProcessCache(max_entries=2)
    await cache.set("a", b"1", TTL)
    await cache.set("b", b"2", TTL)
    await cache.get("a")
    await cache.set("c", b"3", TTL)

    assert [await cache.get(key) for key in "abc"] == [b"1", None, b"3"]


async def test_an_answer_too_large_for_the_cache_drives_out_nothing() -> None:
    cache = InProcessCache(max_bytes=10)
    await cache.set("small", b"12345", TTL)
    await cache.set("large", b"x" * 11, TTL)

    assert await cache.get("small") == b"12345"
    assert await cache.get("large") is None


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.binary(max_size=12))))
async def test_memory_stays_within_its_bounds(writes: list[tuple[str, bytes]]) -> None:
    cache = InProcessCache(max_entries=4, max_bytes=20)
    for key, value in writes:
        await cache.set(key, value, TTL)
        kept = {name: found for name in "abcdefgh" if (found := await cache.get(name)) is not None}
        assert len(kept) <= 4
        assert sum(map(len, kept.values())) <= 20
        assert kept[key] == value


async def test_closing_forgets_everything() -> None:
    cache = InProcessCache()
    await cache.set("key", b"answer", TTL)
    await cache.aclose()
    await cache.aclose()

    assert await cache.get("key") is None
    assert (await cache.ping()).detail == "0 answers, 0.0 KiB"


async def test_no_cache_keeps_nothing() -> None:
    cache = NoCache()
    await cache.set("key", b"answer", TTL)

    assert await cache.get("key") is None
    assert (await cache.ping()).available
    await cache.aclose()


def test_importing_the_caches_and_making_one_leaves_redis_unloaded() -> None:
    program = (
        "import sys\n"
        "from maang_mcp.cache import RedisCache\n"
        "RedisCache('redis://localhost:6379/0')\n"
        "heavy = {'redis', 'anyio', 'prometheus_client', 'fastmcp', 'sqlalchemy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert (result.returncode, result.stderr) == (0, "")
