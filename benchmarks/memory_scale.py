"""Memory at size: how long `retrieve_context` takes, and what filling, starting and holding cost.

    python -m benchmarks.memory_scale [--sizes 1000 10000 100000] [--calls 200] [--starts 5]
                                      [--notes 10000] [--million] [--precision int8]

Every size is one learner alone in an embedded store, filled in bulk (`memory_filling`), as are the
2,000 learners of `--million` (12 GB of disk; some five minutes). The client speaks MCP over
stdio; each call is a question nobody asked before, so that it is embedded and searched, then the
same again, which is a cached answer, then one of a server that does nothing: its median is what the
framework costs, and "above" is how far the others lie over it. The candidate search is compared
with the same search by brute force over all that the store holds of the learner.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # it ships no types

from db import Content, Store, open_store
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import SearchFilter
from maang_mcp.embedding import Embedder, OnnxEmbedder, Precision
from maang_mcp.services.recall import CANDIDATES
from tests.factories import store_directory

from .brute_force import BruteForce
from .machine import describe_machine
from .memory_filling import Filling, Mixtures
from .memory_ingest import tell_ingest
from .memory_million import tell_million
from .memory_server import LEARNER, SERVER, await_meaning, environment, timed
from .wire import Stdio

NOTHING: Final = (sys.executable, "-m", "benchmarks.no_op", "stdio")
TARGETS: Final = {1_000: 10, 10_000: 30, 100_000: 200}
WARM_UP: Final = 20


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure memory at size.")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(TARGETS))
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--starts", type=int, default=5, help="of a server with a store")
    parser.add_argument("--notes", type=int, default=10_000, help="to ingest; 0 for none")
    parser.add_argument("--precision", type=Precision, choices=[*Precision], default=Precision.FP32)
    parser.add_argument("--million", action="store_true", help="of 2,000 learners; minutes")
    given = parser.parse_args()
    print(f"{describe_machine()}, load {psutil.getloadavg()[0]:.1f}")
    for size in given.sizes:
        with store_directory() as place:
            questions = asyncio.run(_prepare(place, size, given.calls, given.precision))
            served = environment(place, given.precision)
            tell_calls(served, size, questions)
            tell_starts(served, given.starts)
    if given.notes:
        tell_ingest(given.notes, given.precision)
    if given.million:
        tell_million()


async def _prepare(place: Path, size: int, calls: int, precision: Precision) -> list[str]:
    """Fills the store, compares its search with brute force, and makes up questions."""
    embedder = OnnxEmbedder(place / "models", precision=precision)
    embedder.start_loading()
    await embedder.wait_ready()
    store = await open_store(database_url=None, data_dir=place)
    try:
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        mixtures = await Mixtures.of_catalogue(embedder)
        filling, learner = await Filling.of(store, embedder.identity), Learner.of(LEARNER)
        began = time.perf_counter()
        await filling.fill(learner, mixtures, size)
        await filling.settle()
        took = time.perf_counter() - began
        print(f"\n{size:,} memories of one learner, filled in {took:.0f} s, {await _sizes(store)}")
        questions = [mixtures.question() for _ in range(calls + WARM_UP)]
        await _tell_recall(store, learner, embedder, questions[:20])
    finally:
        await embedder.aclose()
        await store.close()
    return questions


async def _sizes(store: Store) -> str:
    size = (await store.facts()).size_bytes
    return f"{size / 1e6:,.0f} MB on disk"


async def _tell_recall(
    store: Store, learner: Learner, embedder: Embedder, questions: Sequence[str]
) -> None:
    """Which share of the best by brute force the candidate search finds, too."""
    brute = await BruteForce.of(store, learner)
    shares: dict[int, list[float]] = {10: [], CANDIDATES: []}
    for question in questions:
        vector = await embedder.embed_query(question)
        async with store.reading(learner.id, plan_once=True) as uow:
            recalled = await uow.memory.recall(
                terms=query_terms(question),
                vector=vector,
                embedder_identity=embedder.identity,
                search=SearchFilter(),
                limit=CANDIDATES,
            )
        found = [candidate.memory.id for candidate in recalled.candidates]
        best = brute.best(question, vector, CANDIDATES)
        for depth, recall in shares.items():
            recall.append(len({*best[:depth]} & {*found[:depth]}) / len(best[:depth]))
    print(
        f"  recall of the candidate search against brute force, {len(questions)} questions: ",
        end="",
    )
    print(", ".join(f"{statistics.mean(one):.4f} at {depth}" for depth, one in shares.items()))


def tell_calls(served: Mapping[str, str], size: int, questions: Sequence[str]) -> None:
    """A new question, the same again and nothing, in turns."""
    with (
        closing(Stdio(SERVER, served)) as ours,
        closing(Stdio(NOTHING, os.environ)) as theirs,
    ):
        for server in (ours, theirs):
            server.greet()
        await_meaning(ours)
        taken: dict[str, list[float]] = {"new question": [], "same again": [], "no-op": []}
        for number, question in enumerate(questions):
            asked = {"query": question}
            rounds = {
                "new question": timed(ours, "retrieve_context", asked),
                "same again": timed(ours, "retrieve_context", asked),
                "no-op": timed(theirs, "nothing", {}),
            }
            for name, milliseconds in rounds.items():
                if number >= WARM_UP:
                    taken[name].append(milliseconds)
        resident = psutil.Process(ours.process.pid).memory_info().rss / 1e6
    floor = statistics.median(taken["no-op"])
    print(f"  {'ms over stdio':14} {'p50':>7} {'p95':>7} {'p50 above':>10} {'p95 above':>10}")
    for name, times in taken.items():
        p50, p95 = (statistics.quantiles(times, n=20)[place] for place in (9, 18))
        target = {"new question": TARGETS.get(size), "same again": 1.5}.get(name)
        aim = f"   (target {target})" if target else ""
        print(f"  {name:14} {p50:7.2f} {p95:7.2f} {p50 - floor:10.2f} {p95 - floor:10.2f}{aim}")
    print(f"  server's resident memory, model loaded: {resident:.0f} MB")


def tell_starts(served: Mapping[str, str], times: int) -> None:
    """From spawning the server to its first answer by meaning."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        with closing(Stdio(SERVER, served)) as server:
            server.greet()
            await_meaning(server)
            taken.append(time.perf_counter() - began)
    if taken:
        print(f"  spawn to first semantic answer, {times} starts: median", end=" ")
        print(f"{statistics.median(taken):.2f} s, fastest {min(taken):.2f} s (target 2.5)")


if __name__ == "__main__":
    main()
