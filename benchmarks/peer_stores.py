"""The memory stores of others, each behind the same three words: version, add, search.

    python benchmarks/peer_stores.py NAME FOLDER

Run by `benchmarks.peers` with a Python that has the peer installed; imports nothing of the product
and of its peers only the one that is asked for. FOLDER holds `passages.npz` (ids, vectors, asked),
`texts.json`, `questions.json` and takes the peer's files; where Postgres is, stands in the
environment (PGHOST ...). Each line it reads, "FIRST COUNT K OWNED", is a round of questions, among
the memories of one owner or, with OWNED 0, among whatever the store holds, which is the same here.
Each line it writes is JSON.
"""

# No type of a peer is known here: it lives in an environment of its own.
# mypy: disable-error-code="import-not-found, no-untyped-call, import-untyped"

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np

Vector = Sequence[float]
BATCH = 1_000
OWNER = "candidate"


class Peer(Protocol):
    """A store with one person's memories in it."""

    packages: tuple[str, ...]

    def __init__(self, folder: Path) -> None:
        """Opens an empty store."""

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        """Keeps memories."""

    def search(self, question: str, vector: Vector, k: int, *, owned: bool) -> list[str]:
        """The texts nearest in meaning, by whatever index the store makes by itself."""


class Chroma:
    packages: tuple[str, ...] = ("chromadb",)

    def __init__(self, folder: Path) -> None:
        import chromadb

        settings = chromadb.Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(str(folder / "chroma"), settings)
        self._collection = client.create_collection("memories", metadata={"hnsw:space": "cosine"})

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        owners = [{"owner": OWNER}] * len(ids)
        self._collection.add(
            ids=list(ids), documents=list(texts), embeddings=list(vectors), metadatas=owners
        )

    def search(self, question: str, vector: Vector, k: int, *, owned: bool) -> list[str]:
        where = {"owner": OWNER} if owned else None
        found = self._collection.query(query_embeddings=[vector], n_results=k, where=where)
        return list(found["documents"][0])


class LangChain:
    packages: tuple[str, ...] = ("langchain-postgres",)

    def __init__(self, folder: Path) -> None:
        from langchain_core.embeddings import DeterministicFakeEmbedding
        from langchain_postgres import PGVector
        from sqlalchemy import URL

        self._store = PGVector(
            embeddings=DeterministicFakeEmbedding(size=384),  # never asked
            collection_name="memories",
            embedding_length=384,
            connection=URL.create(
                "postgresql+psycopg",
                username=os.environ["PGUSER"],
                password=os.environ["PGPASSWORD"],
                database=os.environ["PGDATABASE"],
                query={"host": os.environ["PGHOST"], "port": os.environ["PGPORT"]},
            ).render_as_string(hide_password=False),
        )

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        owners = [{"owner": OWNER} for _ in ids]
        self._store.add_embeddings(
            list(texts), [list(one) for one in vectors], metadatas=owners, ids=list(ids)
        )

    def search(self, question: str, vector: Vector, k: int, *, owned: bool) -> list[str]:
        only = {"owner": OWNER} if owned else None
        found = self._store.similarity_search_by_vector(vector, k=k, filter=only)
        return [one.page_content for one in found]


class Mem0:
    """Through its `Memory`, which asks for an owner each time and looks for words, too; rows go in
    as `add(infer=False)` writes them, but in batches."""

    packages: tuple[str, ...] = ("mem0ai",)

    def __init__(self, folder: Path) -> None:
        os.environ |= {"MEM0_TELEMETRY": "False", "MEM0_DIR": str(folder / "mem0")}
        os.environ.setdefault("OPENAI_API_KEY", "never used")  # its constructor asks for one
        from mem0 import Memory

        place = " ".join(
            f"{name}='{os.environ[variable]}'"
            for name, variable in (
                *(("host", "PGHOST"), ("port", "PGPORT"), ("user", "PGUSER")),
                *(("password", "PGPASSWORD"), ("dbname", "PGDATABASE")),
            )
        )
        store = {
            "connection_string": place,
            "collection_name": "mem0_memories",
            "embedding_model_dims": 384,
        }
        self._memory = Memory.from_config(
            {
                "vector_store": {"provider": "pgvector", "config": store},
                "history_db_path": str(folder / "mem0-history.db"),
            }
        )
        self._asked: Vector = ()
        self._memory.embedding_model = self

    def embed(self, *_: Any, **__: Any) -> Vector:
        """Our vectors in the place of its embedder's."""
        return self._asked

    def embed_batch(self, texts: Sequence[str], *_: Any, **__: Any) -> list[Vector]:
        return [self._asked for _ in texts]

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        from mem0.utils.lemmatization import lemmatize_for_bm25

        made = "2026-01-01T09:00:00+00:00"
        payloads = [
            {
                "data": text,
                "hash": id,
                "created_at": made,
                "updated_at": made,
                "user_id": OWNER,
                "text_lemmatized": lemmatize_for_bm25(text),
            }
            for id, text in zip(ids, texts, strict=True)
        ]
        self._memory.vector_store.insert([list(one) for one in vectors], payloads, list(ids))

    def search(self, question: str, vector: Vector, k: int, *, owned: bool) -> list[str]:
        self._asked = vector
        found = self._memory.search(question, top_k=k, filters={"user_id": OWNER}, threshold=0.0)
        return [one["memory"] for one in found["results"]]


class SqliteVec:
    packages: tuple[str, ...] = ("sqlite-vec",)

    def __init__(self, folder: Path) -> None:
        import sqlite_vec

        path = str(folder / "memories.db")
        try:
            import apsw  # where Python's own sqlite3 cannot load extensions
        except ImportError:
            import sqlite3

            self._connection: Any = sqlite3.connect(path, isolation_level=None)
        else:
            self._connection = apsw.Connection(path)
        self._connection.enable_load_extension(True)
        self._connection.load_extension(sqlite_vec.loadable_path())
        self._run("PRAGMA journal_mode = WAL")
        self._run("CREATE TABLE memory (id INTEGER PRIMARY KEY, name TEXT, content TEXT)")
        self._run(
            "CREATE VIRTUAL TABLE vector USING vec0(learner TEXT PARTITION KEY,"
            " id INTEGER PRIMARY KEY, embedding FLOAT[384] distance_metric=cosine)"
        )
        self._count = 0

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        insert = "INSERT INTO vector (learner, id, embedding) VALUES (?, ?, ?)"
        self._run("BEGIN")
        for id, text, vector in zip(ids, texts, vectors, strict=True):
            self._count += 1
            packed = np.asarray(vector, np.float32).tobytes()
            self._run("INSERT INTO memory VALUES (?, ?, ?)", (self._count, id, text))
            self._run(insert, (OWNER, self._count, packed))
        self._run("COMMIT")

    def search(self, question: str, vector: Vector, k: int, *, owned: bool) -> list[str]:
        rows = self._run(
            "SELECT content FROM vector JOIN memory ON memory.id = vector.id"
            f" WHERE embedding MATCH ? AND k = ?{' AND learner = ?' * owned} ORDER BY distance",
            (np.asarray(vector, np.float32).tobytes(), k, *([OWNER] * owned)),
        )
        return [row[0] for row in rows]

    def _run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        return list(self._connection.cursor().execute(statement, values))


class Lance:
    packages: tuple[str, ...] = ("lancedb",)

    def __init__(self, folder: Path) -> None:
        import lancedb

        self._database = lancedb.connect(str(folder / "lance"))
        self._table: Any = None

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Sequence[Vector]) -> None:
        rows = [
            {"id": id, "owner": OWNER, "content": text, "vector": np.asarray(vector, np.float32)}
            for id, text, vector in zip(ids, texts, vectors, strict=True)
        ]
        if self._table is None:
            self._table = self._database.create_table("memories", rows)
        else:
            self._table.add(rows)

    def search(self, question: str, vector: Vector, k: int, *, owned: bool) -> list[str]:
        nearest = self._table.search(np.asarray(vector, np.float32)).distance_type("cosine")
        if owned:
            nearest = nearest.where(f"owner = '{OWNER}'", prefilter=True)
        return [row["content"] for row in nearest.limit(k).to_list()]


PEERS: dict[str, type[Peer]] = {
    "chromadb": Chroma,
    "langchain-postgres": LangChain,
    "mem0ai": Mem0,
    "sqlite-vec": SqliteVec,
    "lancedb": Lance,
}


def main() -> None:
    name, folder = sys.argv[1], Path(sys.argv[2])
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever a peer prints is not an answer
    texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    with np.load(folder / "passages.npz") as arrays:
        vectors, asked, ids = arrays["vectors"], arrays["asked"].tolist(), arrays["ids"].tolist()
    own = folder / name
    own.mkdir()
    peer = PEERS[name](own)
    began = time.perf_counter()
    for begin in range(0, len(texts), BATCH):
        part = slice(begin, begin + BATCH)
        peer.add(ids[part], texts[part], vectors[part].tolist())
    added = time.perf_counter() - began
    known = ", ".join(f"{package} {version(package)}" for package in peer.packages)
    print(json.dumps({"version": known, "added": added}), file=answers)
    for line in sys.stdin:
        first, count, k, owned = map(int, line.split())
        taken, found = [], []
        for place in range(first, first + count):
            began = time.perf_counter()
            found.append(peer.search(questions[place], asked[place], k, owned=bool(owned)))
            taken.append((time.perf_counter() - began) * 1_000)
        print(json.dumps({"taken": taken, "found": found}), file=answers)


if __name__ == "__main__":
    main()
