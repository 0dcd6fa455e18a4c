import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maang_mcp.cache import Cache, InProcessCache, NoCache, cache_key, cached

TTL = timedelta(minutes=5)


@dataclass
class Computation:
    """Counts how often it ran; holds still while its gate is closed."""

    answer: str = "42"
    error: Exception | None = None
    runs: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self) -> str:
        self.runs += 1
        self.begun.set()
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.answer


@pytest.fixture
def compute() -> Computation:
    return Computation()


@pytest.fixture
def cache() -> InProcessCache:
    return InProcessCache()


async def ask(cache: Cache, compute: Callable[[], Awaitable[str]], key: str = "key") -> str:
    return await cached(cache, key, TTL, compute, str.encode, bytes.decode)


async def test_the_second_question_is_answered_without_computing(
    cache: InProcessCache, compute: Computation
) -> None:
    compute.gate.set()

    assert [await ask(cache, compute), await ask(cache, compute)] == ["42", "42"]
    assert compute.runs == 1
    assert (cache.counts.hits, cache.counts.misses) == (1, 1)


@pytest.mark.parametrize("cache", [InProcessCache(), NoCache()], ids=["in-process", "none"])
async def test_a_crowd_that_asks_the_same_costs_one_computation(
    cache: Cache, compute: Computation
) -> None:
    crowd = [asyncio.create_task(ask(cache, compute)) for _ in range(100)]
    await compute.begun.wait()
    compute.gate.set()

    assert await asyncio.gather(*crowd) == ["42"] * 100
    assert compute.runs == 1
    assert cache.flights == {}


async def test_other_questions_do_not_wait(cache: InProcessCache, compute: Computation) -> None:
    slow = asyncio.create_task(ask(cache, compute, "slow"))
    await compute.begun.wait()
    quick = Computation("quick")
    quick.gate.set()

    assert await ask(cache, quick, "quick") == "quick"
    compute.gate.set()
    assert await slow == "42"


async def test_when_the_one_who_computes_is_cancelled_the_next_takes_over(
    cache: InProcessCache, compute: Computation
) -> None:
    leader, *followers = (asyncio.create_task(ask(cache, compute)) for _ in range(10))
    await compute.begun.wait()
    leader.cancel()
    compute.gate.set()

    assert await asyncio.gather(*followers) == ["42"] * 9
    assert leader.cancelled()
    assert compute.runs == 2


async def test_whoever_stops_waiting_disturbs_nobody(
    cache: InProcessCache, compute: Computation
) -> None:
    leader, follower, patient = (asyncio.create_task(ask(cache, compute)) for _ in range(3))
    await compute.begun.wait()
    follower.cancel()
    compute.gate.set()

    assert [await leader, await patient] == ["42", "42"]
    assert compute.runs == 1


async def test_an_error_reaches_all_who_wait_and_is_not_kept(
    cache: InProcessCache, compute: Computation
) -> None:
    compute.error = LookupError("gone")
    crowd = [asyncio.create_task(ask(cache, compute)) for _ in range(5)]
    await compute.begun.wait()
    compute.gate.set()

    assert await asyncio.gather(*crowd, return_exceptions=True) == [compute.error] * 5
    assert compute.runs == 1
    compute.error = None
    assert await ask(cache, compute) == "42"


async def test_an_answer_in_a_forgotten_encoding_is_computed_again(
    cache: InProcessCache, compute: Computation
) -> None:
    await cache.set("key", b"\xff\xfe", TTL)
    compute.gate.set()

    assert await ask(cache, compute) == "42"
    assert await cache.get("key") == b"42"


class SlowToStore(InProcessCache):
    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        await self.gate.wait()
        await super().set(key, value, ttl)


async def test_those_who_wait_are_answered_before_the_answer_is_stored(
    compute: Computation,
) -> None:
    cache = SlowToStore()
    compute.gate.set()
    leader, follower = (asyncio.create_task(ask(cache, compute)) for _ in range(2))

    assert await follower == "42"
    assert not leader.done()
    cache.gate.set()
    assert await leader == "42"


@dataclass
class Store:
    """What the database holds for one learner; a write moves both or neither."""

    generation: int = 0
    value: int = 0

    def write(self, value: int) -> None:
        self.generation, self.value = self.generation + 1, value


steps = st.lists(
    st.tuples(st.sampled_from(["write", "read", "read_while_another_writes"]), st.integers(0, 1))
)


@given(steps)
async def test_no_process_ever_reads_what_a_write_has_made_old(
    steps: list[tuple[str, int]],
) -> None:
    """Two processes, each with a cache of its own, over one store."""
    store, caches = Store(), (InProcessCache(), InProcessCache())

    for step, process in steps:
        if step == "write":
            store.write(store.value + 1)
            continue
        committed, key = store.value, cache_key("ada", store.generation, "value")

        async def compute(interrupted: bool = step == "read_while_another_writes") -> str:
            if interrupted:
                store.write(store.value + 1)
            return str(store.value)

        assert int(await ask(caches[process], compute, key)) >= committed
