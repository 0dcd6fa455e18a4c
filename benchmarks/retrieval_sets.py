"""Retrieval sets as stores in memory: records, their passages, vectors and questions."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import numpy as np
import numpy.typing as npt

from maang_mcp.content.loader import skill_graph
from maang_mcp.domain.lexical import K1, document_vector, idf, query_terms
from maang_mcp.domain.memory import Memory, MemoryKind, Passage, passages_of
from maang_mcp.embedding import OnnxEmbedder
from maang_mcp.services.indexing import findable

NAMESPACE = UUID("5a0d3a0e-9f0f-4a55-8b8b-6d0a4f3c2b10")
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)

Array = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]
Embed = Callable[[str, Sequence[str]], Array]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the records that answer it; `sessions` are the conversations of these."""

    text: str
    relevant: frozenset[int]
    sessions: frozenset[int] = frozenset()
    category: str = ""


@dataclass(slots=True)
class Store:
    """Records of one learner, their passages in both spaces, and questions about them."""

    memories: list[Memory]
    sessions: list[int]
    questions: list[Question]
    passages: list[Passage]
    owner: Rows
    vectors: Array
    queries: Array

    def lexical(self) -> tuple[Array, list[float]]:
        """BM25 of every passage for every question, and each question's ceiling."""
        postings: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for row, passage in enumerate(self.passages):
            for term, weight in document_vector(passage.lexical_text).elements:
                postings[term].append((row, weight))
        scores = np.zeros((len(self.questions), len(self.passages)), np.float32)
        ceilings = []
        for row, question in enumerate(self.questions):
            ceiling = 0.0
            for term in query_terms(question.text):
                rarity = idf(len(postings[term]), len(self.passages))
                ceiling += (K1 + 1) * rarity
                for column, weight in postings[term]:
                    scores[row, column] += rarity * weight
            ceilings.append(ceiling)
        return scores, ceilings


def read(path: Path) -> list[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def relevance(folder: Path) -> Mapping[str, set[str]]:
    relevant: dict[str, set[str]] = defaultdict(set)
    for row in read(folder / "qrels.jsonl.gz"):
        relevant[str(row["qid"])].add(str(row["docid"]))
    return relevant


def notes(
    folder: Path, embed: Embed, paraphrases: Path | None = None, *, described: bool = True
) -> Store:
    """One store of all notes, asked either by the set's questions or by paraphrases.

    They are stored as the product does, so that a note on a problem of the catalogue is also found
    by what the catalogue says of it; or, not `described`, by its own text alone.
    """
    rows = read(folder / "docs.jsonl.gz")
    number = {str(row["id"]): i for i, row in enumerate(rows)}
    if paraphrases is None:
        relevant = relevance(folder)
        questions = [
            Question(str(q["text"]), frozenset(number[d] for d in relevant[str(q["id"])]))
            for q in read(folder / "queries.jsonl.gz")
        ]
    else:
        pairs = (line.split("\t") for line in paraphrases.read_text("utf-8").splitlines())
        questions = [
            Question(text, frozenset({number[slug]})) for slug, text in pairs if slug in number
        ]
    memories = [_note(row) for row in rows]
    passages = [
        findable(skill_graph(), memory) if described else passages_of(memory) for memory in memories
    ]
    return build(folder.name, memories, list(range(len(rows))), passages, questions, embed)


def sample(store: Store, size: int, seed: int) -> Store:
    """A smaller store: half of it records that questions ask for, and only those questions."""
    dice = random.Random(seed)
    wanted = sorted({i for question in store.questions for i in question.relevant})
    dice.shuffle(wanted)
    wanted = wanted[: size // 2]
    others = sorted(set(range(len(store.memories))) - set(wanted))
    kept = sorted([*wanted, *dice.sample(others, size - len(wanted))])
    number = {old: new for new, old in enumerate(kept)}
    rows = [i for i, owner in enumerate(store.owner) if owner in number]
    asked = [i for i, q in enumerate(store.questions) if q.relevant & number.keys()]
    return replace(
        store,
        memories=[store.memories[i] for i in kept],
        sessions=list(range(len(kept))),
        questions=[
            replace(q, relevant=frozenset(number[i] for i in q.relevant if i in number))
            for q in (store.questions[i] for i in asked)
        ],
        passages=[store.passages[i] for i in rows],
        owner=np.array([number[store.owner[i]] for i in rows], np.int64),
        vectors=store.vectors[rows],
        queries=store.queries[asked],
    )


def _note(row: Mapping[str, object]) -> Memory:
    tags = row["tags"]
    return Memory(
        id=uuid5(NAMESPACE, str(row["id"])),
        kind=MemoryKind.NOTE,
        title=str(row["title"]),
        content=str(row["text"]),
        occurred_at=WRITTEN,
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
    )


def build(
    name: str,
    memories: list[Memory],
    sessions: list[int],
    passages: Sequence[tuple[Passage, ...]],
    questions: list[Question],
    embed: Embed,
) -> Store:
    """The store of these records; `name` tells its vectors apart in the cache."""
    return Store(
        memories=memories,
        sessions=sessions,
        questions=questions,
        passages=[passage for record in passages for passage in record],
        owner=np.array([i for i, record in enumerate(passages) for _ in record], np.int64),
        vectors=embed(name, [passage.dense_text for record in passages for passage in record]),
        queries=embed(f"{name}-queries", [question.text for question in questions]),
    )


def cached(embedder: OnnxEmbedder, cache: Path) -> Embed:
    """Embeds once; the same texts by the same model are read from the cache afterwards."""

    def embed(name: str, texts: Sequence[str]) -> Array:
        digest = hashlib.sha256("\0".join((embedder.identity, *texts)).encode()).hexdigest()[:16]
        path = cache / f"{name}-{digest}.npy"
        if not path.exists():
            np.save(path, np.array(asyncio.run(_embed(embedder, texts)), np.float32))
        vectors: Array = np.load(path)
        return vectors

    return embed


async def _embed(embedder: OnnxEmbedder, texts: Sequence[str]) -> list[list[float]]:
    await embedder.wait_ready()
    return await embedder.embed(texts)
