"""One Postgres and one store for the run; each test gets a learner of its own.

Everything a learner has is scoped by learner, so tests need no clean-up to be alone, and what they
commit is really committed. Tests about the schema itself take a database of their own
(`fresh_database`).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import URL, text

from db import Content, Store, open_store
from db.embedded import open_embedded
from db.engine import create_engine, url_from, url_of
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.profile import Learner
from maang_mcp.server.opening import Opening

from .factories import HashEmbedder, Ids, SteppingClock, store_directory

# A loaded machine is slow at times; what a property says does not depend on it.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgres() -> Iterator[URL]:
    """A server to make databases on: the one that is named, or an embedded one."""
    given = os.environ.get("MAANG_TEST_DATABASE_URL")
    if given:
        yield url_from(given)
        return
    with store_directory() as place, open_embedded(place) as server:
        yield url_of(server.connection)


@pytest.fixture(scope="session")
def fresh_database(postgres: URL) -> Callable[[], AbstractAsyncContextManager[URL]]:
    """Makes an empty database and drops it afterwards."""

    @asynccontextmanager
    async def make() -> AsyncIterator[URL]:
        name = f"test_{uuid4().hex[:12]}"
        admin = create_engine(postgres, pool_size=1, max_overflow=0, isolation_level="AUTOCOMMIT")
        async with admin.connect() as connection:
            await connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield postgres.set(database=name)
        finally:
            async with admin.connect() as connection:
                await connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
            await admin.dispose()

    return make


@pytest.fixture(scope="session")
async def store(
    fresh_database: Callable[[], AbstractAsyncContextManager[URL]],
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Store]:
    """The store, its schema and content up to date."""
    async with fresh_database() as url:
        store = await open_store(
            database_url=url.render_as_string(hide_password=False), data_dir=Path()
        )
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        yield store
        await store.close()


@pytest.fixture
def clock() -> SteppingClock:
    """A clock that stands still until the test moves it."""
    return SteppingClock()


@pytest.fixture
def embedder() -> HashEmbedder:
    """An embedder without a model: texts that share words are near each other."""
    return HashEmbedder()


@pytest.fixture
async def coach(store: Store, embedder: HashEmbedder, clock: SteppingClock) -> AsyncIterator[Coach]:
    """The product over the test store."""
    coach = wire(store, NoCache(), embedder, clock, Ids())
    yield coach
    await coach.backlog.aclose()


@pytest.fixture
def learner() -> Learner:
    """Somebody nobody else has heard of."""
    return Learner.of(f"test-{uuid4()}")


@pytest.fixture
def opening(coach: Coach) -> Opening:
    """The test's coach, as a server opens it."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    return Opening(opened)
