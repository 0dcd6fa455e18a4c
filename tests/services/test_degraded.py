"""With a part of the machinery missing: an answer with what is there, or a clear refusal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import URL, text

from db import Content, Store, open_store
from db.engine import create_engine
from db.repositories.memory import MemoryRepository
from db.schema import downgrade_schema, require_extension
from maang_mcp.app import Coach, wire
from maang_mcp.cache import InProcessCache, NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.errors import StoreUnavailable
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import Recalled
from maang_mcp.services.requests import Note, Question
from tests.factories import HashEmbedder, Ids, SteppingClock, report

FreshDatabase = Callable[[], AbstractAsyncContextManager[URL]]
CONTENT = Content(skill_graph(), catalogue(), content_version())


def _coach(store: Store) -> Coach:
    return wire(store, NoCache(), HashEmbedder(), SteppingClock(), Ids())


async def _opened(url: URL, *, read_only: bool = False) -> Store:
    options = {"options": "-c default_transaction_read_only=on"} if read_only else {}
    address = url.update_query_dict(options).render_as_string(hide_password=False)
    return await open_store(database_url=address, data_dir=Path())


@pytest.fixture
async def database(fresh_database: FreshDatabase) -> AsyncIterator[URL]:
    """A prepared database in which one note is kept."""
    async with fresh_database() as url:
        store = await _opened(url)
        await store.prepare(CONTENT)
        await _coach(store).memories.remember(ADA, Note("Shrink the window."))
        await store.close()
        yield url


ADA = Learner.of("degraded-ada")


async def test_a_read_only_store_answers_and_says_that_it_takes_no_writes(database: URL) -> None:
    store = await _opened(database, read_only=True)
    await store.prepare(CONTENT)
    coach = _coach(store)
    found = await coach.memories.retrieve_context(ADA, Question("window"))
    assert found.found
    for write in (
        coach.memories.remember(ADA, Note("Grow it.")),
        coach.practice.record_attempt(ADA, report()),
    ):
        with pytest.raises(StoreUnavailable, match="takes no writes at present; nothing was"):
            await write
    await coach.accesses.aclose()  # the counts are lost, and that is all
    assert (await coach.memories.retrieve_context(ADA, Question("window"))).found
    await store.close()


async def test_a_read_only_store_of_an_older_release_is_refused_with_the_reason(
    database: URL,
) -> None:
    engine = create_engine(database, pool_size=1, max_overflow=0)
    await downgrade_schema(engine, "0003")
    await engine.dispose()
    store = await _opened(database, read_only=True)
    with pytest.raises(StoreUnavailable) as refused:
        await store.prepare(CONTENT)
    assert "takes no writes" in refused.value.explain()
    assert "primary" in refused.value.explain()
    await store.close()


async def test_a_postgres_without_the_vector_extension_is_refused_with_what_to_do(
    store: Store,
) -> None:
    await require_extension(store.engine)
    with pytest.raises(StoreUnavailable) as refused:
        await require_extension(store.engine, "no_such_vector")
    assert "lacks the extension no_such_vector" in refused.value.explain()
    assert "pgvector/pgvector" in refused.value.explain()


async def test_a_search_that_takes_too_long_is_a_refusal_that_may_be_repeated(
    coach: Coach, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    await coach.memories.remember(learner, Note("Shrink the window."))

    async def slow(self: MemoryRepository, **_: object) -> Recalled:
        await self._connection.execute(text("SET LOCAL statement_timeout = '20ms'"))
        await self._connection.execute(text("SELECT pg_sleep(10)"))
        raise AssertionError("the statement was not ended")

    with monkeypatch.context() as patched:
        patched.setattr(MemoryRepository, "recall", slow)
        with pytest.raises(StoreUnavailable, match="busy") as refused:
            await coach.memories.retrieve_context(learner, Question("window"))
    assert "Try again" in refused.value.explain()
    assert (await coach.memories.retrieve_context(learner, Question("window"))).found


async def test_two_servers_with_caches_of_their_own_never_tell_what_is_old(
    store: Store, learner: Learner
) -> None:
    caches = InProcessCache(), InProcessCache()
    one, other = (wire(store, c, HashEmbedder(), SteppingClock(), Ids()) for c in caches)
    question = Question("window", k=20)
    for n in range(4):
        writer, reader = (one, other) if n % 2 else (other, one)
        answer = await writer.memories.remember(learner, Note(f"window number {n}"))
        for coach in (one, other, one, other):
            found = await coach.memories.retrieve_context(learner, question)
            assert len(found.passages) == n + 1
        assert answer.memory_id in str(await reader.memories.retrieve_context(learner, question))
    first = UUID(answer.memory_id)
    await one.erasure.forget(learner, "memory", first, "")
    for coach in (one, other):
        found = await coach.memories.retrieve_context(learner, question)
        assert str(first) not in str(found)
    assert all(cache.counts.hits >= 4 for cache in caches)
    for coach in (one, other):
        await coach.backlog.aclose()
