"""The store as the floors above see it: units of work, facts for the operator, open and close."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from weakref import WeakValueDictionary

from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from maang_mcp.domain.problem import Problem
from maang_mcp.domain.skills import SkillGraph

from .connections import Connections, Opening, greet
from .embedded import EmbeddedPostgres, open_embedded
from .engine import create_engine, url_from, url_of, wrap_errors
from .models.security import APP_ROLE, LEARNER_SETTING
from .repositories.recall import PLAN_ONCE
from .roles import is_bound, let_app_in
from .schema import missing_revisions, require_extension, upgrade_schema
from .seeding import seed
from .unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

_NAME_LEARNER = f"""
set_config('{LEARNER_SETTING}', CAST(:learner AS text), true),
(SELECT generation FROM learner WHERE id = CAST(CAST(:learner AS text) AS uuid))
"""
_ENTER = text(f"SELECT {_NAME_LEARNER}")
# What a statement may read is settled before it runs: the role binds from the next one on.
_AS_APP = f"set_config('role', '{APP_ROLE}', true)"
_ENTER_AS_APP = text(f"SELECT {_AS_APP}, {_NAME_LEARNER}")
_ENTER_TO_SEARCH = text(f"SELECT {PLAN_ONCE}, {_NAME_LEARNER}")
_ENTER_TO_SEARCH_AS_APP = text(f"SELECT {PLAN_ONCE}, {_AS_APP}, {_NAME_LEARNER}")
_BEGIN_WRITE = text("""
INSERT INTO learner (id, subject, generation)
VALUES (:learner, :subject, CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint))
ON CONFLICT (id) DO UPDATE SET generation = learner.generation + 1
RETURNING generation
""")
_BEGIN_INDEXING = text("SELECT generation FROM learner WHERE id = :learner FOR NO KEY UPDATE")
# An account that row-level security binds cannot count what is everybody's: it would find nothing.
_FACTS = text("""
SELECT current_setting('server_version'),
       (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
       pg_database_size(current_database()),
       CASE WHEN NOT row_security_active('learner') THEN (SELECT count(*) FROM learner) END,
       CASE WHEN NOT row_security_active('attempt') THEN (SELECT count(*) FROM attempt) END,
       CASE WHEN NOT row_security_active('memory') THEN (SELECT count(*) FROM memory) END
""")

_LEARNERS = text("""
SELECT id, subject FROM learner
WHERE EXISTS (SELECT FROM memory WHERE memory.learner_id = learner.id) ORDER BY id
""")


@dataclass(frozen=True, slots=True)
class Content:
    """What ships with the product and is mirrored into the store for its constraints."""

    graph: SkillGraph
    problems: Iterable[Problem]
    version: str


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """What an operator asks a store first.

    The counts are over all learners, and None where row-level security hides them from the account.
    """

    server_version: str
    vector_version: str
    embedded: bool
    size_bytes: int
    learners: int | None
    attempts: int | None
    memories: int | None
    pending_migrations: tuple[str, ...]
    row_security: bool


class Store:
    """Opens units of work over one pool."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        embedded: EmbeddedPostgres | None = None,
        data_dir: Path | None = None,
    ) -> None:
        self._engine = engine
        self._snapshots = engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._glances = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._connections = Connections(engine, embedded, data_dir)
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._as_app = False
        self._row_security = False

    @property
    def engine(self) -> AsyncEngine:
        """The pool, for migrations and for tests; use-cases take units of work."""
        return self._engine

    @asynccontextmanager
    async def reading(self, learner: UUID, *, plan_once: bool = False) -> AsyncIterator[UnitOfWork]:
        """A transaction that only reads, of one learner's rows as they were at one moment. With
        `plan_once` statements keep one plan whatever their values, as a search of everything
        should."""
        entering = self._entering(learner, plan_once=plan_once)
        begun = self._connections.transaction(entering, self._snapshots)
        async with begun as (connection, generation):
            yield UnitOfWork.over(connection, learner, generation)

    async def generation(self, learner: UUID) -> int:
        """That of a unit of work begun now, in a single round trip: begun to look at nothing else,
        it would take four. It is all that an answer from the cache asks the store."""
        begun = self._connections.transaction(self._entering(learner), self._glances)
        async with begun as (_, generation):
            return generation

    @asynccontextmanager
    async def writing(self, learner: UUID, subject: str) -> AsyncIterator[UnitOfWork]:
        """A transaction that writes; commits when the block ends, else nothing happened.

        Raises StoreUnavailable, which says so when the connection was lost during the commit and
        the outcome is therefore unknown; in every other case nothing was written.

        It first counts up the learner's generation, which creates the learner when there was none
        and locks the row: one learner's writes follow each other, so no two use-cases can
        deadlock over that learner's rows. A new learner starts at the time in milliseconds, so
        that one who was erased and came back never meets a generation of before.
        """
        # Who waits for their own earlier write waits here, and not with a connection in hand that
        # somebody else could use; between processes the locked row does the same.
        turn = self._turns.setdefault(learner, asyncio.Lock())
        async with turn, self._connections.transaction(self._entering(learner)) as (connection, _):
            with wrap_errors():
                generation = await connection.scalar(
                    _BEGIN_WRITE, {"learner": learner, "subject": subject}
                )
            yield UnitOfWork.over(connection, learner, generation or 0)
            with wrap_errors(committing=True):
                await connection.commit()

    @asynccontextmanager
    async def indexing(self, learner: UUID) -> AsyncIterator[UnitOfWork]:
        """A transaction that writes what a search is made of and no record: it takes its turn among
        the learner's writes, but the generation stays, and nobody who was erased comes back. An
        answer that will change by it must not be kept. Raises StoreUnavailable."""
        turn = self._turns.setdefault(learner, asyncio.Lock())
        async with turn, self._connections.transaction(self._entering(learner)) as (connection, _):
            with wrap_errors():
                generation = await connection.scalar(_BEGIN_INDEXING, {"learner": learner})
            yield UnitOfWork.over(connection, learner, generation or 0)
            with wrap_errors(committing=True):
                await connection.commit()

    @asynccontextmanager
    async def noting(self, learner: UUID) -> AsyncIterator[UnitOfWork]:
        """A transaction that writes what no answer is derived from: the generation stays, and so
        does every cached answer. It waits for no other write and none waits for it. Raises
        StoreUnavailable."""
        begun = self._connections.transaction(self._entering(learner))
        async with begun as (connection, generation):
            yield UnitOfWork.over(connection, learner, generation)
            with wrap_errors(committing=True):
                await connection.commit()

    async def ping(self) -> None:
        """One round trip; StoreUnavailable when there is nobody at the other end."""
        async with self._connections.transaction(greet):
            pass

    async def facts(self) -> StoreFacts:
        """Versions, sizes and counts."""
        async with self._connections.transaction(greet) as (connection, _):
            row = (await connection.execute(_FACTS)).one()
            pending = await missing_revisions(connection)
        return StoreFacts(
            server_version=row[0],
            vector_version=row[1] or "",
            embedded=self._connections.embedded,
            size_bytes=row[2],
            learners=row[3],
            attempts=row[4],
            memories=row[5],
            pending_migrations=pending,
            row_security=self._row_security,
        )

    async def learners(self) -> list[tuple[UUID, str]] | None:
        """Everybody with a memory on record, by key and subject; None where row-level security
        hides them from the account."""
        async with self._connections.transaction(greet) as (connection, _):
            if await connection.scalar(text("SELECT row_security_active('learner')")):
                return None
            rows = await connection.execute(_LEARNERS)
            return [(row[0], row[1]) for row in rows]

    async def prepare(self, content: Content) -> None:
        """Brings schema and content up to date; safe when ten processes do it at once."""
        with wrap_errors():
            await require_extension(self._engine)
            await upgrade_schema(self._engine)
            async with self._engine.begin() as connection:
                await seed(connection, content.graph, content.problems, content.version)
                self._as_app = await let_app_in(connection)
                self._row_security = self._as_app or await is_bound(connection)
        if not self._row_security:
            log.warning(
                "row-level security does not bind this login, and it cannot become %s:"
                " learners are kept apart by the queries alone",
                APP_ROLE,
            )

    async def close(self) -> None:
        """Gives back every connection, and leaves the embedded server to those still using it."""
        await self._connections.close()

    def _entering(self, learner: UUID, *, plan_once: bool = False) -> Opening:
        """Makes a transaction one learner's; tells their generation, zero for nobody."""
        statement = _ENTER_AS_APP if self._as_app else _ENTER
        if plan_once:
            statement = _ENTER_TO_SEARCH_AS_APP if self._as_app else _ENTER_TO_SEARCH

        async def enter(connection: AsyncConnection) -> int:
            row = (await connection.execute(statement, {"learner": str(learner)})).one()
            return row[-1] or 0

        return enter


async def open_store(
    *, database_url: str | None, data_dir: Path, pool_size: int = 10, max_overflow: int = 20
) -> Store:
    """The store at `database_url`, or the embedded one under `data_dir`.

    The schema is not touched: `Store.prepare` brings it up to date. Raises StoreUnavailable when
    the embedded server cannot be started.
    """
    embedded: EmbeddedPostgres | None = None
    url: URL
    if database_url:
        url = url_from(database_url)
    else:
        embedded = await asyncio.to_thread(open_embedded, data_dir)
        url = url_of(embedded.connection)
        # several server processes share the embedded server and its sixty connections
        pool_size, max_overflow = min(pool_size, 3), min(max_overflow, 5)
    engine = create_engine(url, pool_size=pool_size, max_overflow=max_overflow)
    return Store(engine, embedded=embedded, data_dir=data_dir)
