"""Other memory stores beside ours: the same vectors, the same run, rounds in turns.

    python -m benchmarks.peers --python PATH [--memories 10000] [--rounds 12] [--only NAME ...]

PATH is a Python with the peers in it, which never belong to this product's environment:

    python -m venv /tmp/peers
    /tmp/peers/bin/pip install numpy chromadb lancedb sqlite-vec apsw langchain-postgres \\
        "psycopg[binary]" mem0ai psycopg2-binary

What is not installed there is named and left out. Ours is the hybrid candidate search with its 100
candidates and their texts; the peers search by meaning alone (mem0 for words, too) and return ten.
Vectors are given to all of them, no embedder and no language model is called. A search is among the
memories of one owner, as ours always is; what it takes without that filter is told, too. Peers that
need a Postgres use the embedded one of the same run, in a database of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import text

from db import Content, Store, open_store
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.lexical import query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.search import SearchFilter
from maang_mcp.embedding import OnnxEmbedder
from maang_mcp.services.recall import CANDIDATES
from tests.factories import store_directory

from .machine import describe_machine
from .memory_filling import Filling, Mixtures

NAMES: Final = ("chromadb", "langchain-postgres", "mem0ai", "sqlite-vec", "lancedb")
TARGETS: Final = {"mem0ai": 3.0, "chromadb": 2.0, "langchain-postgres": 1.5}
STORES: Final = Path(__file__).with_name("peer_stores.py")
PER_ROUND: Final = 20
WARM_UP: Final = 2
K: Final = 10
LEARNER: Final = Learner.of("compared")


class Rival:
    """A peer in a process of its own, filled and ready for its rounds."""

    def __init__(self, python: str, name: str, folder: Path, postgres: Mapping[str, str]) -> None:
        self.name = name
        self._process = subprocess.Popen(
            [python, str(STORES), name, str(folder)],
            env={**os.environ, **postgres},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def ready(self) -> Mapping[str, Any] | None:
        """Its version and how long adding took; None when it cannot take part."""
        return self._answer()

    def ask(self, first: int, *, owned: bool) -> Mapping[str, Any]:
        """One round: milliseconds and texts of each question, of one owner's or of all memories."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{first} {PER_ROUND} {K} {int(owned)}\n")
        self._process.stdin.flush()
        answer = self._answer()
        if answer is None:
            raise RuntimeError(f"{self.name} gave up: {self.complaint()}")
        return answer

    def complaint(self) -> str:
        """The last line it left."""
        lines = self._process.communicate()[1].strip().splitlines()
        return lines[-1] if lines else "no word"

    def close(self) -> None:
        """Lets it end."""
        if self._process.poll() is None:
            self._process.communicate()

    def _answer(self) -> Mapping[str, Any] | None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        return json.loads(line) if line else None


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare memory stores.")
    parser.add_argument("--python", default=sys.executable, help="has the peers installed")
    parser.add_argument("--memories", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    given = parser.parse_args()
    print(f"{describe_machine()}, load {psutil.getloadavg()[0]:.1f}")
    print(f"{given.memories:,} memories, {given.rounds} rounds of {PER_ROUND} questions in turns")
    with store_directory() as place:
        asyncio.run(_compare(place, given))


async def _compare(place: Path, given: argparse.Namespace) -> None:
    embedder = OnnxEmbedder(place / "models")
    embedder.start_loading()
    await embedder.wait_ready()
    store = await open_store(database_url=None, data_dir=place)
    try:
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        mixtures = await Mixtures.of_catalogue(embedder)
        notes = list(mixtures.notes(given.memories))
        questions = [mixtures.question() for _ in range((given.rounds + WARM_UP) * PER_ROUND)]
        asked = np.array(await embedder.embed(questions), np.float32)
        filling = await Filling.of(store, embedder.identity)
        began = time.perf_counter()
        await filling.add_all(LEARNER, notes)
        await filling.settle()
        added = time.perf_counter() - began

        folder = place.parent / "peers"
        folder.mkdir()
        vectors = np.stack([note.vector for note in notes])
        texts = [note.content for note in notes]
        ids = [f"00000000-0000-7000-8000-{number:012d}" for number in range(len(notes))]
        np.savez(folder / "passages.npz", vectors=vectors, asked=asked, ids=np.array(ids))
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
        (folder / "questions.json").write_text(json.dumps(questions), encoding="utf-8")
        postgres = await _database(store)
        rivals, known = _start(given, folder, postgres)
        known["ours"] = {"version": "hybrid, 100 candidates", "added": added}
        taken: dict[str, list[float]] = {name: [] for name in known}
        unowned: dict[str, list[float]] = {rival.name: [] for rival in rivals}
        recall: dict[str, list[float]] = {rival.name: [] for rival in rivals}
        for number in range(given.rounds + WARM_UP):
            part = slice(first := number * PER_ROUND, first + PER_ROUND)
            ours = await _ours(store, embedder.identity, questions[part], asked[part].tolist())
            theirs = {rival.name: rival.ask(first, owned=True) for rival in rivals}
            without = {rival.name: rival.ask(first, owned=False) for rival in rivals}
            if number < WARM_UP:
                continue
            taken["ours"] += ours
            nearest = np.argsort(-(asked[part] @ vectors.T), axis=1)[:, :K]
            for name, answer in theirs.items():
                taken[name] += answer["taken"]
                unowned[name] += without[name]["taken"]
                for found, best in zip(answer["found"], nearest, strict=True):
                    recall[name].append(len({*found} & {texts[row] for row in best}) / K)
        for rival in rivals:
            rival.close()
        _report(known, taken, unowned, recall)
    finally:
        await embedder.aclose()
        await store.close()


def _start(
    given: argparse.Namespace, folder: Path, postgres: Mapping[str, str]
) -> tuple[list[Rival], dict[str, Mapping[str, Any]]]:
    """One after the other, so that none disturbs another's filling."""
    rivals, known = [], {}
    for name in given.only:
        rival = Rival(given.python, name, folder, postgres)
        facts = rival.ready()
        if facts is None:
            print(f"  {name} is left out: {rival.complaint()}")
            continue
        rivals.append(rival)
        known[name] = facts
    return rivals, known


async def _ours(
    store: Store, identity: str, questions: Sequence[str], vectors: Sequence[Sequence[float]]
) -> list[float]:
    taken = []
    for question, vector in zip(questions, vectors, strict=True):
        began = time.perf_counter()
        async with store.reading(LEARNER.id, plan_once=True) as uow:
            recalled = await uow.memory.recall(
                terms=query_terms(question),
                vector=vector,
                embedder_identity=identity,
                search=SearchFilter(),
                limit=CANDIDATES,
            )
        taken.append((time.perf_counter() - began) * 1_000)
        assert len(recalled.candidates) == CANDIDATES
    return taken


async def _database(store: Store) -> Mapping[str, str]:
    """A database for the peers on our server, as libpq's environment."""
    async with store.engine.connect() as connection:
        connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("CREATE DATABASE peers"))
    url = store.engine.url
    return {
        "PGHOST": str(url.query["host"]),
        "PGPORT": str(url.query["port"]),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": "peers",
    }


def _report(
    known: Mapping[str, Mapping[str, Any]],
    taken: Mapping[str, Sequence[float]],
    unowned: Mapping[str, Sequence[float]],
    recall: Mapping[str, Sequence[float]],
) -> None:
    ours = statistics.median(taken["ours"])
    print("  ms of a search among one owner's memories, and without saying whose (p50)")
    print(f"  {'':20} {'add s':>6} {'p50':>6} {'p95':>6} {'to ours':>7} {'target':>6}", end="")
    print(f" {'recall':>6} {'whose':>6} {'to ours':>7}")
    for name, facts in known.items():
        p50, p95 = (statistics.quantiles(taken[name], n=20)[place] for place in (9, 18))
        print(f"  {name:20} {facts['added']:6.1f} {p50:6.1f} {p95:6.1f} {p50 / ours:7.2f}", end=" ")
        print(f"{TARGETS.get(name, ''):>6}", end=" ")
        if name in recall:
            other = statistics.median(unowned[name])
            print(f"{statistics.mean(recall[name]):6.3f} {other:6.1f} {other / ours:7.2f}", end="")
        print(f"  {facts['version']}")


if __name__ == "__main__":
    main()
