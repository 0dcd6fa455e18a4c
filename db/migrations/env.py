"""How Alembic runs here: on a connection handed in by `db.schema`, or on MAANG_DATABASE_URL when
a developer writes a new revision (`alembic -c db/migrations/alembic.ini revision --autogenerate`).
"""

from __future__ import annotations

import asyncio
import os

from alembic import context
from sqlalchemy import Connection

from db.engine import create_engine, url_from
from db.models import metadata


def migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


async def author() -> None:
    engine = create_engine(url_from(os.environ["MAANG_DATABASE_URL"]), pool_size=1, max_overflow=0)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(author())
