"""What is looked at in the store: reach, vectors, schema, isolation, counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from maang_mcp.cli.migrate import pending_revisions
from maang_mcp.domain.errors import CoachError

from .checks import size
from .findings import Finding, State

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.config import Settings

OLDEST_POSTGRES: Final = 15
OLDEST_PGVECTOR: Final = (0, 7)

_SERVER: Final = """
SELECT current_setting('server_version') AS version,
       current_setting('server_version_num')::int / 10000 AS major,
       (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector,
       (SELECT default_version FROM pg_available_extensions
         WHERE name = 'vector') AS vector_available
"""


@dataclass(frozen=True, slots=True)
class Server:
    """What a Postgres says of itself."""

    version: str
    major: int
    vector: str | None
    vector_available: str | None


async def examined(settings: Settings) -> AsyncIterator[Finding]:
    """One finding after the other, until one makes the next meaningless."""
    from db import open_store

    url = settings.database_url
    try:
        opened = await open_store(
            database_url=url.get_secret_value() if url else None,
            data_dir=settings.data_dir,
            pool_size=2,
        )
    except CoachError as error:
        yield Finding("store", State.FAIL, error.message, error.next_step)
        return
    except Exception as error:  # a URL can be wrong in as many ways as drivers know
        yield _unreachable(settings, type(error).__name__)
        return
    try:
        async for finding in _examine(opened, settings):
            yield finding
    except CoachError as error:
        yield _unreachable(settings, error.message)
    finally:
        await opened.close()


async def _examine(store: Store, settings: Settings) -> AsyncIterator[Finding]:
    server = await _server(store)
    place = "as configured" if settings.database_url else f"embedded in {settings.data_dir}"
    told = f"Postgres {server.version}, {place}"
    if server.major < OLDEST_POSTGRES:
        yield Finding(
            "store", State.FAIL, told, f"Postgres {OLDEST_POSTGRES} or newer is needed; upgrade it."
        )
        return
    yield Finding("store", State.OK, told)
    vector = vectors(server)
    yield vector
    if vector.state is State.FAIL:
        return
    pending = await pending_revisions(store)
    if pending:
        yield Finding(
            "migrations",
            State.WARN,
            f"pending: {', '.join(pending)}",
            "The next `maang-mcp serve` applies them; `maang-mcp migrate` does so now.",
        )
        return
    yield Finding("migrations", State.OK, "up to date")
    yield await _isolation(store)
    yield await _record(store, settings)
    if settings.embedder != "none":
        yield await _passages(store, settings)


async def _server(store: Store) -> Server:
    from db.engine import wrap_errors

    with wrap_errors():
        async with store.engine.connect() as connection:
            result = await connection.exec_driver_sql(_SERVER)
            return Server(**result.mappings().one())


def vectors(server: Server) -> Finding:
    """Whether the vector extension is there, or can be created, and recent enough."""
    found = server.vector or server.vector_available
    wanted = ".".join(map(str, OLDEST_PGVECTOR))
    if found is None:
        return Finding(
            "vectors",
            State.FAIL,
            "the extension pgvector is not installed on this server",
            f"Install pgvector {wanted} or newer, or use the image pgvector/pgvector.",
        )
    if tuple(map(int, found.split(".")[:2])) < OLDEST_PGVECTOR:
        return Finding(
            "vectors",
            State.FAIL,
            f"pgvector {found}",
            f"Install pgvector {wanted} or newer, then run ALTER EXTENSION vector UPDATE.",
        )
    return Finding("vectors", State.OK, f"pgvector {found}")


async def _isolation(store: Store) -> Finding:
    from db.engine import wrap_errors
    from db.roles import is_bound, runs_as_app

    with wrap_errors():
        async with store.engine.connect() as connection:
            return isolation(as_app=await runs_as_app(connection), bound=await is_bound(connection))


def isolation(*, as_app: bool, bound: bool) -> Finding:
    """Whether Postgres itself keeps learners apart: in a role of ours, or by binding the login."""
    if as_app:
        return Finding("isolation", State.OK, "row-level security, as the role maang_app")
    if bound:
        return Finding("isolation", State.OK, "row-level security, of this account itself")
    return Finding(
        "isolation",
        State.WARN,
        "this account bypasses row-level security and cannot act as the role maang_app",
        "Learners are kept apart by the queries alone. As an administrator: CREATE ROLE maang_app "
        "NOLOGIN; GRANT maang_app TO the account of MAANG_DATABASE_URL; then `maang-mcp migrate`.",
    )


async def _record(store: Store, settings: Settings) -> Finding:
    from maang_mcp.app import new_id, now, open_cache, open_embedder, wire
    from maang_mcp.domain.profile import Learner

    facts = await store.facts()
    coach = wire(store, open_cache(settings), open_embedder(settings), now, new_id)
    mine = await coach.learners.stats(Learner.of(settings.learner))
    everybody = (
        "row-level security hides the number of learners"
        if facts.learners is None
        else f"{facts.learners} learners, {facts.attempts} attempts, {facts.memories} memories"
    )
    return Finding(
        "record",
        State.OK,
        f"{size(facts.size_bytes)}; {everybody}; {settings.learner!r} has "
        f"{mine.attempts} attempts at {mine.problems} problems, "
        f"{mine.skills_practised} skills practised, {mine.open_weaknesses} open weaknesses, "
        f"{mine.interviews} interviews, {mine.memories} memories",
    )


async def _passages(store: Store, settings: Settings) -> Finding:
    from maang_mcp.app import open_embedder
    from maang_mcp.domain.profile import Learner

    identity = open_embedder(settings).identity
    async with store.reading(Learner.of(settings.learner).id) as uow:
        waiting = await uow.vectors.count_waiting(identity)
    told = f"of {settings.learner!r}: {waiting} without a vector of {identity}"
    if not waiting:
        return Finding("passages", State.OK, told)
    return Finding(
        "passages",
        State.WARN,
        told,
        "They are found by their words alone. The next search embeds them in the background, "
        "`maang-mcp reembed` those of everybody now.",
    )


def _unreachable(settings: Settings, reason: str) -> Finding:
    return Finding(
        "store",
        State.FAIL,
        f"cannot be used: {reason}",
        "Check MAANG_DATABASE_URL and that Postgres runs; without that variable an embedded "
        "Postgres is used."
        if settings.database_url
        else f"See {settings.data_dir / 'run' / 'postgres.log'}, or set MAANG_DATABASE_URL to a "
        "Postgres of your own.",
    )
