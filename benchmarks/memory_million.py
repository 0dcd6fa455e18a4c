"""A million memories of two thousand learners in one store: its size, and a search in the midst.

The learners write in turns, twenty memories at a visit, because that is what a store of many sees:
what belongs together in the key comes apart in time, and pages split in the middle. The same after
REINDEX is how small it can be. Texts and their lexical vectors repeat, vectors do not.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Final

from sqlalchemy import text

from db import Content, Store, open_store
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import SearchFilter
from maang_mcp.embedding import Embedder, OnnxEmbedder
from maang_mcp.services.recall import CANDIDATES
from tests.factories import store_directory

from .memory_filling import Filled, Filling, Mixtures

LEARNERS: Final = 2_000
EACH: Final = 500
VISIT: Final = 20
TEXTS: Final = 20_000
SEARCHES: Final = 500
NEEDED_GB: Final = 12

_SIZES: Final = text("""
SELECT pg_relation_size('memory_chunk') / 1e9 AS passages,
       pg_relation_size('pk_memory_chunk') / 1e9 AS key,
       (SELECT sum(pg_relation_size(indexrelid)) FROM pg_index
        WHERE indrelid = CAST('memory_chunk' AS regclass)
           AND indexrelid <> CAST('pk_memory_chunk' AS regclass)) / 1e9 AS others,
       (SELECT avg(pg_column_size(embedding)) FROM
         (SELECT embedding FROM memory_chunk LIMIT 1000) AS few) AS dense_bytes,
       (SELECT avg(pg_column_size(lexemes)) FROM
         (SELECT lexemes FROM memory_chunk LIMIT 1000) AS few) AS lexical_bytes,
       pg_total_relation_size('memory') / 1e9 AS texts,
       pg_total_relation_size('document_frequency') / 1e9 AS frequencies,
       pg_database_size(current_database()) / 1e9 AS whole
""")


def tell_million(learners: int = LEARNERS) -> None:
    """Prints sizes and the times of the candidate search; RuntimeError for want of disk."""
    with store_directory() as place:
        free = shutil.disk_usage(place.parent).free / 1e9
        if free < NEEDED_GB:
            raise RuntimeError(f"{NEEDED_GB} GB of free disk are needed; there are {free:.0f}.")
        asyncio.run(_tell(place, learners))


async def _tell(place: Path, learners: int) -> None:
    embedder = OnnxEmbedder(place / "models")
    embedder.start_loading()
    await embedder.wait_ready()
    store = await open_store(database_url=None, data_dir=place)
    try:
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        mixtures = await Mixtures.of_catalogue(embedder)
        everybody = [Learner.of(f"one-of-many-{number}") for number in range(learners)]
        began = time.perf_counter()
        await _fill(store, embedder, mixtures, everybody)
        took = time.perf_counter() - began
        print(f"\n{learners * EACH:,} memories of {learners:,} learners, filled in {took:.0f} s")
        await _tell_sizes(store, "as written", learners * EACH)
        await _tell_searches(store, embedder, mixtures, everybody)
        began = time.perf_counter()
        async with store.engine.connect() as connection:
            connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text("SET statement_timeout = 0"))
            await connection.execute(text("REINDEX TABLE CONCURRENTLY memory_chunk"))
            await connection.execute(text("RESET statement_timeout"))
        took = time.perf_counter() - began
        await _tell_sizes(store, f"after REINDEX CONCURRENTLY ({took:.0f} s)", learners * EACH)
        await _tell_searches(store, embedder, mixtures, everybody)
    finally:
        await embedder.aclose()
        await store.close()


async def _fill(
    store: Store, embedder: Embedder, mixtures: Mixtures, everybody: list[Learner]
) -> None:
    filling = await Filling.of(store, embedder.identity)
    dice = random.Random(5)
    pool = list(mixtures.notes(TEXTS))
    counted = {learner: Counter[int]() for learner in everybody}
    for learner in everybody:
        await filling.enrol(learner)
    for _ in range(EACH // VISIT):
        for begin in range(0, len(everybody), 500):
            visitors = everybody[begin : begin + 500]
            dice.shuffle(visitors)
            texts = dice.choices(pool, k=len(visitors) * VISIT)
            vectors = mixtures.vectors(len(texts))
            notes = [
                Filled(one.title, one.content, vector, one.terms)
                for one, vector in zip(texts, vectors, strict=True)
            ]
            owners = [learner for learner in visitors for _ in range(VISIT)]
            pairs = list(zip(owners, notes, strict=True))
            await filling.add([(owner.id, note) for owner, note in pairs])
            for owner, note in pairs:
                counted[owner].update(index for index, _ in note.terms)
    for learner, terms in counted.items():
        await filling.count(learner.id, terms, EACH)
    await filling.settle()


async def _tell_sizes(store: Store, when: str, memories: int) -> None:
    async with store.engine.connect() as connection:
        row = (await connection.execute(_SIZES)).one()
    # Of a passage's bytes in table and key, the lexical vector's; all else counts as dense.
    packed = memories * 2 * float(row.lexical_bytes) / 1e9
    total = float(row.passages + row.key)
    print(f"  {when}: passages {row.passages:.2f} GB + covering key {row.key:.2f}", end="")
    print(f" = {total:.2f} GB (target 3), of which lexical {packed:.2f}, the rest", end="")
    print(f" {total - packed:.2f} (target 1.9)")
    print(f"    other indexes {row.others:.2f}, texts {row.texts:.2f},", end=" ")
    print(f"document frequencies {row.frequencies:.2f}; whole store {row.whole:.2f} GB;", end=" ")
    print(f"a vector {row.dense_bytes:.0f} B, a lexical one {row.lexical_bytes:.0f} B")


async def _tell_searches(
    store: Store, embedder: Embedder, mixtures: Mixtures, everybody: list[Learner]
) -> None:
    """The candidate search of one learner after another, so that none finds their pages warm."""
    dice = random.Random(9)
    taken = []
    for _ in range(SEARCHES):
        question, learner = mixtures.question(), dice.choice(everybody)
        vector = await embedder.embed_query(question)
        async with store.reading(learner.id, plan_once=True) as uow:
            began = time.perf_counter()
            await uow.memory.recall(
                terms=query_terms(question),
                vector=vector,
                embedder_identity=embedder.identity,
                search=SearchFilter(),
                limit=CANDIDATES,
            )
            taken.append((time.perf_counter() - began) * 1_000)
    p50, p95 = (statistics.quantiles(taken, n=20)[place] for place in (9, 18))
    print(f"    candidate search of one learner in {len(everybody):,}, {SEARCHES} times:", end=" ")
    print(f"p50 {p50:.1f} ms, p95 {p95:.1f} ms (target 10)")
