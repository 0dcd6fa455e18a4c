"""The schema's history: one truth in two spellings, up and down, by ten at once, from anywhere."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

import db
from db import Content, Store
from db.engine import create_engine
from db.models import metadata, private_tables
from db.models.security import enable_statements
from db.schema import downgrade_schema, missing_revisions, upgrade_schema
from maang_mcp.app import wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.profile import Learner
from tests.factories import HashEmbedder, Ids, SteppingClock
from tests.lives import live

FreshDatabase = Callable[[], AbstractAsyncContextManager[URL]]
REVISIONS = Path(db.__file__).parent / "migrations" / "versions"

_OURS = "n.nspname = 'public' AND c.relname <> 'alembic_version'"
CATALOGUE = {
    "columns": f"""
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               a.attidentity, a.attgenerated, a.attstorage, pg_get_expr(d.adbin, d.adrelid),
               col_description(c.oid, a.attnum)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE {_OURS} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": f"""
        SELECT c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid), k.convalidated
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}""",
    "indexes": f"""
        SELECT c.relname, pg_get_indexdef(i.indexrelid), i.indisprimary, i.indisunique
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}""",
    "policies": """
        SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check
        FROM pg_policies WHERE schemaname = 'public'""",
    "tables": f"""
        SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, obj_description(c.oid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {_OURS} AND c.relkind = 'r'""",
}


def _engine(url: URL) -> AsyncEngine:
    return create_engine(url, pool_size=1, max_overflow=0)


async def _catalogue(connection: AsyncConnection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        part: sorted(map(tuple, await connection.execute(text(query))), key=repr)
        for part, query in CATALOGUE.items()
    }


async def _tables(connection: AsyncConnection) -> set[str]:
    found = await connection.scalars(
        text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    )
    return set(found)


async def test_alembic_sees_no_difference_between_migrations_and_models(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as url:
        engine = _engine(url)
        await upgrade_schema(engine)
        async with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            difference = await connection.run_sync(
                lambda sync: compare_metadata(
                    MigrationContext.configure(sync, opts=options), metadata
                )
            )
        await engine.dispose()
    assert difference == []


async def test_the_migrated_database_is_the_one_the_models_describe(
    fresh_database: FreshDatabase,
) -> None:
    """Alembic compares neither checks nor covering columns, predicates, policies or comments."""
    async with fresh_database() as migrated, fresh_database() as modelled:
        by_migrations, by_models = _engine(migrated), _engine(modelled)
        await upgrade_schema(by_migrations)
        async with by_models.begin() as connection:
            await connection.execute(text("CREATE EXTENSION vector"))
            await connection.run_sync(metadata.create_all)
            for table, column in private_tables():
                for statement in enable_statements(table.name, column):
                    await connection.execute(text(statement))
            wanted = await _catalogue(connection)
        async with by_migrations.connect() as connection:
            found = await _catalogue(connection)
        await by_migrations.dispose()
        await by_models.dispose()
    assert all(wanted.values())
    for part, rows in wanted.items():
        assert found[part] == rows, part


async def test_a_store_full_of_data_goes_down_and_comes_up_again(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as url:
        engine = create_engine(url, pool_size=2, max_overflow=0)
        store = Store(engine)
        content = Content(skill_graph(), catalogue(), content_version())
        for subject in ("before", "after"):
            await store.prepare(content)
            clock = SteppingClock()
            coach = wire(store, NoCache(), HashEmbedder(), clock, Ids())
            learner = Learner.of(subject)
            await live(coach, learner, clock)
            await coach.backlog.aclose()
            facts = await store.facts()
            assert (facts.learners, facts.pending_migrations) == (1, ())
            assert facts.attempts == (await coach.learners.stats(learner)).attempts > 15
            await downgrade_schema(engine, "base")
            async with engine.connect() as connection:
                assert await _tables(connection) == {"alembic_version"}
        await store.close()


async def test_ten_servers_may_prepare_one_empty_database_at_once(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as url:
        stores = [Store(_engine(url)) for _ in range(10)]
        content = Content(skill_graph(), catalogue(), content_version())
        await asyncio.gather(*(store.prepare(content) for store in stores))
        facts = [await store.facts() for store in stores]
        assert all(entry.row_security and entry.pending_migrations == () for entry in facts)
        async with stores[0].engine.connect() as connection:
            problems = await connection.scalar(text("SELECT count(*) FROM problem"))
        assert problems == len(catalogue())
        for store in stores:
            await store.close()


async def test_missing_revisions_are_those_the_database_has_not_seen(
    fresh_database: FreshDatabase,
) -> None:
    every = tuple(sorted(path.stem.split("_")[0] for path in REVISIONS.glob("[0-9]*.py")))
    async with fresh_database() as url:
        engine = _engine(url)

        async def missing() -> tuple[str, ...]:
            async with engine.connect() as connection:
                return await missing_revisions(connection)

        assert await missing() == every
        await upgrade_schema(engine, every[0])
        assert await missing() == every[1:]
        await upgrade_schema(engine)
        assert await missing() == ()
        await engine.dispose()


async def test_migrations_run_from_any_directory(
    fresh_database: FreshDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decoy = tmp_path / "db" / "migrations"
    decoy.mkdir(parents=True)
    (decoy / "env.py").write_text("raise SystemExit('the decoy ran')")
    monkeypatch.chdir(tmp_path)
    async with fresh_database() as url:
        engine = _engine(url)
        await upgrade_schema(engine)
        async with engine.connect() as connection:
            assert "memory_chunk" in await _tables(connection)
        await engine.dispose()


async def test_a_connection_without_timeouts_does_not_go_back_to_the_pool(
    fresh_database: FreshDatabase,
) -> None:
    async with fresh_database() as url:
        engine = _engine(url)
        await upgrade_schema(engine)
        async with engine.connect() as connection:
            assert await connection.scalar(text("SHOW statement_timeout")) == "15s"
            assert await connection.scalar(text("SHOW lock_timeout")) == "10s"
        await engine.dispose()


def test_the_history_has_one_beginning_and_one_end() -> None:
    config = Config()
    config.set_main_option("script_location", str(REVISIONS.parent))
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_bases()) == len(scripts.get_heads()) == 1


@pytest.mark.parametrize(
    "revision", sorted(REVISIONS.glob("[0-9]*.py")), ids=lambda path: path.stem
)
def test_a_revision_says_itself_what_it_does(revision: Path) -> None:
    """One that reads the models would do something else as soon as they change."""
    for node in ast.walk(ast.parse((REVISIONS / revision).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert (node.module or "").split(".")[0] not in {"db", "maang_mcp", ""}, node.module
            assert node.level == 0
        elif isinstance(node, ast.Import):
            assert not {name.name.split(".")[0] for name in node.names} & {"db", "maang_mcp"}
