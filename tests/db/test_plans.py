"""How the store is read: each learner's rows by an index of theirs, never the whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from db import Store
from db.models import private_tables
from db.repositories.recall import RECALL, RECALL_ALL, recall_parameters
from maang_mcp.app import Coach
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import SearchFilter
from maang_mcp.services.requests import Plan, Question
from tests.db.shelf import EMBEDDER, WORDS, Shelf, memory_of
from tests.factories import SteppingClock
from tests.lives import live

PRIVATE = {table.name: table for table, _ in private_tables() if table.name != "learner"}


TENANTS = 4
COPIES = 5


@pytest.fixture(scope="module")
async def library(store: Store) -> Learner:
    """Somebody with two thousand passages and more, among several who have as many."""
    pattern = Shelf(store, Learner.of(f"pattern-{uuid4()}"))
    dice = Random(8)
    for _ in range(3):
        sentences = (" ".join(dice.choices(WORDS, k=12)) for _ in range(1_900))
        await pattern.add(memory_of(dice, content=". ".join(sentences)))
    tenants = [Learner.of(f"tenant-{uuid4()}") for _ in range(TENANTS)]
    async with store.engine.begin() as connection:
        for tenant in tenants:
            who = {"id": tenant.id, "subject": tenant.subject}
            await connection.execute(
                text("INSERT INTO learner (id, subject) VALUES (:id, :subject)"), who
            )
            for copy in range(COPIES):
                for table, key in (("memory", "id"), ("memory_chunk", "memory_id")):
                    rest = ", ".join(PRIVATE[table].columns.keys()[2:])
                    await connection.execute(
                        text(
                            f"INSERT INTO {table} (learner_id, {key}, {rest})"
                            f" SELECT :tenant, md5({key} || :copy)::uuid, {rest} FROM {table}"
                            " WHERE learner_id = :pattern"
                        ),
                        {"tenant": tenant.id, "copy": str(copy), "pattern": pattern.learner.id},
                    )
    async with store.engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM ANALYZE memory_chunk"))
    return tenants[1]


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
async def test_every_passage_is_read_from_the_covering_key_alone(
    store: Store, library: Learner, plan: str
) -> None:
    query = "sliding window invariant"
    parameters = recall_parameters(
        library.id,
        query_terms(query),
        await EMBEDDER.embed_query(query),
        EMBEDDER.identity,
        SearchFilter(),
        150,
    )
    async with store.reading(library.id) as uow:
        connection = uow.memory._connection
        await connection.execute(text(f"SET LOCAL plan_cache_mode = {plan}"))
        explained = await connection.scalar(
            text(f"EXPLAIN (ANALYZE, FORMAT JSON) {RECALL.text}"), parameters
        )
    reads = [
        node for node in _nodes(explained[0]["Plan"]) if node.get("Relation Name") == "memory_chunk"
    ]
    assert {(node["Node Type"], node.get("Index Name")) for node in reads} <= {
        ("Index Only Scan", "pk_memory_chunk"),
        ("Index Scan", "pk_memory_chunk"),
    }
    scan = max(reads, key=lambda node: int(node["Actual Rows"]))
    assert scan["Node Type"] == "Index Only Scan"
    assert scan["Actual Rows"] > 2_000
    assert scan["Heap Fetches"] == 0


async def test_a_plan_for_every_learner_reads_the_covering_key_and_then_what_was_chosen(
    store: Store, library: Learner
) -> None:
    """One plan serves who has ten passages and who has a hundred thousand: it must not guess."""
    statement = RECALL_ALL.compile(dialect=store.engine.dialect)
    async with store.reading(library.id, plan_once=True) as uow:
        connection = uow.memory._connection
        assert await connection.scalar(text("SHOW plan_cache_mode")) == "force_generic_plan"
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(f"PREPARE searching AS {statement}")
        nothing = ", ".join("NULL" for _ in set(re.findall(r"\$\d+", str(statement))))
        rows = await connection.exec_driver_sql(
            f"EXPLAIN (FORMAT JSON) EXECUTE searching ({nothing})"
        )
        await raw.execute("DEALLOCATE searching")
        nodes = list(_nodes(rows.scalar_one()[0]["Plan"]))
    assert {node["Node Type"] for node in nodes}.isdisjoint({"Seq Scan", "Hash Join", "Merge Join"})
    reads = [node for node in nodes if node.get("Relation Name") == "memory_chunk"]
    assert [(node["Node Type"], node["Index Name"]) for node in reads] == [
        ("Index Only Scan", "pk_memory_chunk"),
        ("Index Scan", "pk_memory_chunk"),
    ]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def test_the_learner_leads_every_key_and_index() -> None:
    for table in PRIVATE.values():
        for columns in (table.primary_key.columns, *(index.columns for index in table.indexes)):
            assert columns.keys()[0] == "learner_id", table.name


async def test_every_query_can_be_answered_from_an_index_led_by_the_learner(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    """Sequential scans are forbidden here: what is scanned all the same has no index to use."""
    asked: dict[str, Any] = {}

    def note(_: Any, __: Any, statement: str, parameters: Any, ___: Any, many: bool) -> None:
        if not many and statement.split()[0] in {"SELECT", "UPDATE", "DELETE", "WITH"}:
            asked.setdefault(statement, parameters)

    event.listen(store.engine.sync_engine, "before_cursor_execute", note)
    life = await live(coach, learner, clock)
    await coach.interviews.start(learner, Plan(onsite=True))
    await coach.learners.briefing(learner)
    await coach.coaching.weakness_report(learner)
    await coach.memories.retrieve_context(learner, Question("window", problem="3sum"))
    for question in (
        Question('"sweep" yesterday', conversation="chat-1"),
        Question("elevators before my last attempt at 3sum", topic="heap"),
        Question("elevators before my last interview"),
    ):
        await coach.memories.retrieve_context(learner, question)
    await coach.memories.show(learner, life.note)
    await coach.erasure.forget(learner, "attempt", life.attempt, "")
    await coach.erasure.forget(learner, "interview", life.interview, "")
    event.remove(store.engine.sync_engine, "before_cursor_execute", note)
    read: set[str] = set()
    async with store.reading(learner.id) as uow:
        connection = uow.learner._connection
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        for statement, parameters in asked.items():
            explained = await connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {statement}", parameters
            )
            for node in _nodes(explained.scalar_one()[0]["Plan"]):
                if (table := node.get("Relation Name")) in PRIVATE:
                    read.add(table)
                    if node.get("Operation") == "Insert":  # it scans nothing
                        continue
                    conditions = " ".join(child.get("Index Cond", "") for child in _nodes(node))
                    assert "learner_id" in conditions, f"{table}: {statement}"
    assert read == PRIVATE.keys() - {"audit_event"}
