"""Whether a learner with very many passages would gain by an index of their own.

    python -m benchmarks.nearest_index [--sizes 100000] [--questions 40] [--ef 400 1000]

Beside the exact search stands what could take its place: a partial HNSW index on this learner's
vectors for the dense candidates, and for the lexical ones, which no such index finds exactly, the
scan of the lexical vectors alone, from a partial covering key that holds nothing else. These two
are the least that a hybrid with an HNSW index takes: fusing, the extremes of all scores, which the
fusion needs, and reading the passages come on top.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from db import Content, Store, open_store
from db.repositories.memory_rows import half_vector
from db.repositories.recall import RECALL, recall_parameters
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.lexical import DIMENSION, query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import SearchFilter
from maang_mcp.embedding import Embedder, OnnxEmbedder
from maang_mcp.services.recall import CANDIDATES
from tests.factories import store_directory

from .machine import describe_machine
from .memory_filling import Filling, Mixtures

LEARNER: Final = Learner.of("large")

_OWN: Final = f"WHERE learner_id = '{LEARNER.id}'"
_DENSE: Final = f"""
SELECT memory_id AS id FROM memory_chunk {_OWN}
ORDER BY embedding <#> CAST(CAST(:vector AS text) AS halfvec(384)) LIMIT {CANDIDATES}
"""
_LEXICAL: Final = f"""
SELECT memory_id AS id, -(lexemes <#> CAST(CAST(:sparse AS text) AS sparsevec)) AS lexical
FROM memory_chunk {_OWN} ORDER BY 2 DESC LIMIT {CANDIDATES}
"""
_LEXICAL_KEY: Final = f"""
CREATE INDEX CONCURRENTLY large_lexical ON memory_chunk (memory_id, chunk)
INCLUDE (lexemes) {_OWN}
"""
_HNSW: Final = f"""
CREATE INDEX CONCURRENTLY large_dense ON memory_chunk
USING hnsw (embedding halfvec_ip_ops) {_OWN}
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the exact search with an HNSW index.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--ef", type=int, nargs="+", default=[400, 1_000])
    given = parser.parse_args()
    print(describe_machine())
    for size in given.sizes:
        with store_directory() as place:
            asyncio.run(_measure(place, size, given))


async def _measure(place: Path, size: int, given: argparse.Namespace) -> None:
    embedder = OnnxEmbedder(place / "models")
    embedder.start_loading()
    await embedder.wait_ready()
    store = await open_store(database_url=None, data_dir=place)
    try:
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        mixtures = await Mixtures.of_catalogue(embedder)
        filling = await Filling.of(store, embedder.identity)
        await filling.fill(LEARNER, mixtures, size)
        await filling.settle()
        asked = [await _asked(embedder, mixtures.question()) for _ in range(given.questions)]
        print(f"\n{size:,} passages of one learner, {given.questions} questions, ms p50 / p95")
        await _tell(store, "exact hybrid, texts included", asked, RECALL.text)
        exact = await _tell(store, "exact dense alone", asked, _DENSE)
        await _build(store, _LEXICAL_KEY)
        await _tell(store, "exact lexical, key of its own", asked, _LEXICAL)
        await _build(store, _HNSW)
        for ef in given.ef:
            near = await _tell(store, f"HNSW dense, ef_search {ef}", asked, _DENSE, ef)
            shares = [len(a & b) / len(b) for a, b in zip(near, exact, strict=True)]
            print(f"    {CANDIDATES} candidates, of the exact scan's {statistics.mean(shares):.3f}")
    finally:
        await embedder.aclose()
        await store.close()


async def _asked(embedder: Embedder, question: str) -> Mapping[str, Any]:
    """The parameters of all four searches."""
    terms, vector = query_terms(question), await embedder.embed_query(question)
    ordered = sorted(term + 1 for term in terms)
    return {
        **recall_parameters(
            LEARNER.id, terms, vector, embedder.identity, SearchFilter(), CANDIDATES
        ),
        "vector": half_vector(vector).to_text(),
        "sparse": f"{{{','.join(f'{place}:1' for place in ordered)}}}/{DIMENSION}",
    }


async def _tell(
    store: Store, name: str, asked: Sequence[Mapping[str, Any]], statement: str, ef: int = 0
) -> list[set[UUID]]:
    """Prints the times of one search; returns what it found for each question."""
    taken, found = [], []
    wanted = text(statement)
    used = wanted.compile().params.keys()
    for parameters in asked:
        async with store.engine.begin() as connection:
            if ef:
                await connection.execute(text(f"SET LOCAL hnsw.ef_search = {ef}"))
                await connection.execute(text("SET LOCAL enable_indexonlyscan = off"))
                await connection.execute(text("SET LOCAL enable_seqscan = off"))
            began = time.perf_counter()
            rows = await connection.execute(wanted, {key: parameters[key] for key in used})
            found.append({row.id for row in rows})
            taken.append((time.perf_counter() - began) * 1_000)
    p50, p95 = (statistics.quantiles(taken[2:], n=20)[place] for place in (9, 18))
    print(f"  {name:34} {p50:7.1f} / {p95:7.1f}")
    return found


async def _build(store: Store, statement: str) -> None:
    began = time.perf_counter()
    async with store.engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("SET maintenance_work_mem = '512MB'"))
        await connection.execute(text(statement))
        await connection.execute(text("VACUUM (ANALYZE) memory_chunk"))
        await connection.execute(text("RESET ALL"))
        size = await connection.scalar(
            text("SELECT pg_relation_size(CAST(:name AS regclass)) / 1e6"),
            {"name": statement.split()[3]},
        )
    print(f"  {statement.split()[3]}: built in {time.perf_counter() - began:.0f} s, {size:.0f} MB")


if __name__ == "__main__":
    main()
