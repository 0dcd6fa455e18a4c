"""The schema's revisions: run in process, one server at a time, from any directory."""

from __future__ import annotations

from collections.abc import Callable

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from maang_mcp.domain.errors import StoreUnavailable

MIGRATION_LOCK = 0x6D61616E67  # "maang"; any number that other programs will not pick

_HAS_EXTENSION = text("SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = :name)")

# Waiting for another server's migration, or building an index, may take longer than a call may.
_UNBOUNDED = text(
    "SELECT set_config('lock_timeout', '0', false), set_config('statement_timeout', '0', false)"
)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "db:migrations")
    config.set_main_option("path_separator", "os")
    return config


async def upgrade_schema(engine: AsyncEngine, revision: str = "head") -> None:
    """Upgrades to `revision`, holding an advisory lock so that ten servers may start at once."""
    async with engine.connect() as connection:
        await connection.execute(_UNBOUNDED)
        await connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        await connection.commit()
        try:
            await connection.run_sync(_run, command.upgrade, revision)
            await connection.commit()
        finally:
            await connection.rollback()
            await connection.execute(
                text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK}
            )
            await connection.commit()
            await connection.invalidate()  # its timeouts are off; nobody else shall have it


async def downgrade_schema(engine: AsyncEngine, revision: str) -> None:
    """Goes back to `revision` (`base` for an empty database)."""
    async with engine.connect() as connection:
        await connection.run_sync(_run, command.downgrade, revision)
        await connection.commit()


async def missing_revisions(connection: AsyncConnection) -> tuple[str, ...]:
    """The revisions this database has not seen yet, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    heads = await connection.run_sync(
        lambda sync: MigrationContext.configure(sync).get_current_heads()
    )
    applied = {
        revision.revision for head in heads for revision in scripts.iterate_revisions(head, "base")
    }
    return tuple(
        revision.revision
        for revision in reversed(list(scripts.walk_revisions()))
        if revision.revision not in applied
    )


async def require_extension(engine: AsyncEngine, name: str = "vector") -> None:
    """Raises StoreUnavailable, with what to do, where the server does not have an extension."""
    async with engine.connect() as connection:
        if not await connection.scalar(_HAS_EXTENSION, {"name": name}):
            raise StoreUnavailable(
                f"This Postgres lacks the extension {name}.",
                hint="Install pgvector 0.7 or newer on it, or use one that has it (the image "
                "pgvector/pgvector; most managed databases); `maang-mcp doctor` checks it.",
            )


def _run(connection: Connection, direction: Callable[[Config, str], None], revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection  # what migrations/env.py runs on
    direction(config, revision)
