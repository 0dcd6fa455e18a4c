"""Mirrors the shipped skill graph and catalogue into the store, when their version changed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import JSON, ColumnElement, Table, cast, delete, func, literal_column, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from maang_mcp.domain.problem import Problem
from maang_mcp.domain.skills import SkillGraph

from .models.learner import store_metadata
from .models.practice import problem, problem_skill, skill, skill_edge
from .schema import MIGRATION_LOCK

VERSION_KEY = "content_version"


async def seed(
    connection: AsyncConnection, graph: SkillGraph, problems: Iterable[Problem], version: str
) -> bool:
    """Writes the content unless this very version is there; says whether it did.

    Rows are updated, never deleted: attempts refer to them, and an older server may still be
    running on the same store.
    """
    await connection.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK + 1}
    )
    known = await connection.scalar(
        text("SELECT value FROM store_metadata WHERE key = :key"), {"key": VERSION_KEY}
    )
    if known == version:
        return False
    catalogue = list(problems)
    await _upsert(
        connection,
        skill,
        [
            {
                "id": node.id,
                "name": node.name,
                "family": node.family,
                "round": node.round.value,
                "frequency": node.frequency,
                "aliases": list(node.aliases),
            }
            for node in graph.values()
        ],
    )
    await connection.execute(delete(skill_edge))
    await _upsert(
        connection,
        skill_edge,
        [
            {"prerequisite": prerequisite, "skill": node.id}
            for node in graph.values()
            for prerequisite in node.prerequisites
        ],
    )
    await _upsert(
        connection,
        problem,
        [
            {
                "slug": entry.slug,
                "number": entry.number,
                "title": entry.title,
                "difficulty": entry.difficulty.value,
                "round": entry.round.value,
                "url": entry.url,
                "minutes": entry.minutes,
                "item_mean": entry.item.mean,
                "item_variance": entry.item.variance,
                "item_source": entry.item.source,
                "lists": list(entry.lists),
                "aliases": list(entry.aliases),
            }
            for entry in catalogue
        ],
    )
    await connection.execute(delete(problem_skill))
    await _upsert(
        connection,
        problem_skill,
        [
            {"problem": entry.slug, "skill": name, "position": position}
            for entry in catalogue
            for position, name in enumerate(entry.skills)
        ],
    )
    await _upsert(connection, store_metadata, [{"key": VERSION_KEY, "value": version}])
    return True


async def _upsert(connection: AsyncConnection, table: Table, rows: list[dict[str, object]]) -> None:
    """Writes all rows with one statement: row by row, seeding takes twice as long."""
    if not rows:
        return
    columns = list(rows[0])
    kind: ColumnElement[None] = literal_column(f"NULL::{table.name}")
    given = func.json_populate_recordset(kind, cast(rows, JSON)).table_valued(*columns)
    statement = insert(table).from_select(columns, select(*(given.c[name] for name in columns)))
    keys = [column.name for column in table.primary_key]
    changes = {name: statement.excluded[name] for name in columns if name not in keys}
    statement = (
        statement.on_conflict_do_update(index_elements=keys, set_=changes)
        if changes
        else statement.on_conflict_do_nothing()
    )
    await connection.execute(statement)
