"""`maang-mcp migrate`: the store's schema and content, brought up to date before a deployment.

Serving does the same when it opens the store; an operator runs this first to see it done, and
with a database account that may change tables.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING

from maang_mcp.telemetry import configure_logging

from .settings import load_settings

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.config import Settings


def run(_: argparse.Namespace) -> int:
    """Upgrades; prints the revisions before and after. Raises StoreUnavailable."""
    settings = load_settings()
    configure_logging("WARNING")
    sys.stdout.write("\n".join(asyncio.run(_upgrade(settings))) + "\n")
    return 0


async def _upgrade(settings: Settings) -> list[str]:
    from db import Content, open_store
    from maang_mcp.content.loader import catalogue, content_version, skill_graph

    url = settings.database_url
    store = await open_store(
        database_url=url.get_secret_value() if url else None,
        data_dir=settings.data_dir,
        pool_size=2,
    )
    try:
        before = await pending_revisions(store)
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        after = await pending_revisions(store)
        facts = await store.facts()
    finally:
        await store.close()
    applied = [revision for revision in before if revision not in after]
    return [
        f"Store: Postgres {facts.server_version}, pgvector {facts.vector_version}, "
        f"{'embedded' if facts.embedded else 'as configured'}",
        f"Revisions pending before: {', '.join(before) or 'none'}",
        f"Revisions applied now:    {', '.join(applied) or 'none'}",
        f"Revisions pending after:  {', '.join(after) or 'none'}",
        f"Content: {content_version()}, {len(catalogue())} problems, {len(skill_graph())} skills",
    ]


async def pending_revisions(store: Store) -> tuple[str, ...]:
    """Revisions of the schema that this store lacks, oldest first. Raises StoreUnavailable."""
    from db.engine import wrap_errors
    from db.schema import missing_revisions

    with wrap_errors():
        async with store.engine.connect() as connection:
            return await missing_revisions(connection)
