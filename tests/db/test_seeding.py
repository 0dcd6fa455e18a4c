"""Content in the store: mirrored once for each version, and never taken away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import URL, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_engine
from db.schema import upgrade_schema
from db.seeding import seed
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.skills import SkillGraph


@pytest.fixture(scope="module")
async def engine(
    fresh_database: Callable[[], AbstractAsyncContextManager[URL]],
) -> AsyncIterator[AsyncEngine]:
    """A database with tables and nothing in them."""
    async with fresh_database() as url:
        made = create_engine(url, pool_size=2, max_overflow=0)
        await upgrade_schema(made)
        yield made
        await made.dispose()


@pytest.fixture(autouse=True)
async def empty(engine: AsyncEngine) -> None:
    """Each test begins without content."""
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE skill, problem, store_metadata CASCADE"))


async def _seed(
    engine: AsyncEngine,
    problems: Iterable[Problem] = (),
    version: str = "1",
    graph: SkillGraph | None = None,
) -> bool:
    async with engine.begin() as connection:
        return await seed(connection, graph or skill_graph(), problems, version)


async def _rows(engine: AsyncEngine, query: str) -> list[tuple[Any, ...]]:
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def test_the_store_holds_what_ships_with_the_product(engine: AsyncEngine) -> None:
    assert await _seed(engine, catalogue(), content_version())
    graph = skill_graph()
    assert sorted(await _rows(engine, "SELECT id, name, round, frequency FROM skill")) == sorted(
        (skill.id, skill.name, skill.round.value, skill.frequency) for skill in graph.values()
    )
    assert set(await _rows(engine, "SELECT prerequisite, skill FROM skill_edge")) == {
        (required, skill.id) for skill in graph.values() for required in skill.prerequisites
    }
    assert set(await _rows(engine, "SELECT slug, number, item_mean, minutes FROM problem")) == {
        (problem.slug, problem.number, problem.item.mean, problem.minutes)
        for problem in catalogue()
    }
    words = "SELECT slug, title, url, lists, aliases FROM problem"
    assert sorted(await _rows(engine, words)) == sorted(
        (problem.slug, problem.title, problem.url, list(problem.lists), list(problem.aliases))
        for problem in catalogue()
    )
    assert set(await _rows(engine, "SELECT problem, skill, position FROM problem_skill")) == {
        (problem.slug, skill, position)
        for problem in catalogue()
        for position, skill in enumerate(problem.skills)
    }


async def test_the_same_version_is_written_once(engine: AsyncEngine) -> None:
    problems = list(catalogue())[:5]
    assert await _seed(engine, problems)
    stamps = "SELECT slug, xmin::text FROM problem ORDER BY slug"
    before = await _rows(engine, stamps)
    assert not await _seed(engine, problems)
    assert await _rows(engine, stamps) == before


async def test_a_new_version_changes_adds_and_keeps(engine: AsyncEngine) -> None:
    first, second, third = list(catalogue())[:3]
    await _seed(engine, [first, second], "1")
    renamed = replace(first, title="Another title", skills=("heap", *first.skills))
    assert await _seed(engine, [renamed, third], "2")
    titles = dict(await _rows(engine, "SELECT slug, title FROM problem"))
    assert titles == {
        first.slug: "Another title",
        second.slug: second.title,  # attempts may refer to it
        third.slug: third.title,
    }
    skills = await _rows(
        engine,
        f"SELECT skill FROM problem_skill WHERE problem = '{first.slug}' ORDER BY position",
    )
    assert skills == [(skill,) for skill in renamed.skills]


async def test_an_older_server_puts_its_own_version_back(engine: AsyncEngine) -> None:
    (first,) = list(catalogue())[:1]
    for version, title in (("1", "old"), ("2", "new"), ("1", "old")):
        assert await _seed(engine, [replace(first, title=title)], version)
        assert await _rows(engine, "SELECT title FROM problem") == [(title,)]


async def test_a_dropped_prerequisite_is_dropped(engine: AsyncEngine) -> None:
    await _seed(engine)
    loose = SkillGraph(replace(skill, prerequisites=()) for skill in skill_graph().values())
    assert await _seed(engine, version="2", graph=loose)
    assert await _rows(engine, "SELECT * FROM skill_edge") == []
    assert len(await _rows(engine, "SELECT * FROM skill")) == len(loose)


async def test_content_that_breaks_off_leaves_the_version_before(engine: AsyncEngine) -> None:
    first, second = list(catalogue())[:2]
    await _seed(engine, [first], "1")
    twice = replace(second, number=first.number)
    with pytest.raises(Exception, match="uq_problem_number"):
        await _seed(engine, [replace(first, title="half"), twice], "2")
    assert await _rows(engine, "SELECT title FROM problem") == [(first.title,)]
    assert await _rows(engine, "SELECT value FROM store_metadata") == [("1",)]
