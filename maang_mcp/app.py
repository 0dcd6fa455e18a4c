"""The composition root: Settings in, a Coach out. The only place that owns resources, reads the
clock or makes ids, and the only one that reads `Settings`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from uuid_utils.compat import uuid7

if TYPE_CHECKING:
    from db import Store

    from .cache import Cache
    from .config import Settings
    from .embedding import BackgroundEmbedder, Embedder, NoEmbedder
    from .sandbox import Sandbox
    from .services.access import Accesses
    from .services.backlog import Backlog
    from .services.checking import Checking
    from .services.coaching import Coaching
    from .services.erasure import Erasure
    from .services.grading import Grading
    from .services.interview import Interviews
    from .services.learner import Learners
    from .services.library import Library
    from .services.memory import Memories
    from .services.planning import Planning
    from .services.practice import Practice
    from .services.progress import ProgressReports
    from .services.stories import Stories

# What a coach is made of is imported where it is made: a server answers its first request before
# it opens one, and importing drivers and use-cases would double the time to that answer.


@dataclass(frozen=True, slots=True)
class Coach:
    """The product, wired: one service per noun, and the resources an operator asks about."""

    learners: Learners
    practice: Practice
    erasure: Erasure
    coaching: Coaching
    planning: Planning
    library: Library
    memories: Memories
    interviews: Interviews
    grading: Grading
    checking: Checking
    progress: ProgressReports
    stories: Stories
    backlog: Backlog
    accesses: Accesses
    store: Store
    cache: Cache
    embedder: Embedder
    sandbox: Sandbox


def now() -> datetime:
    """The product's clock."""
    return datetime.now(UTC)


def new_id() -> UUID:
    """A time-ordered id (UUID version 7), so that history sorts and syncs."""
    return uuid7()


def _import_parts() -> None:
    """Imports and reads what opening takes, away from the event loop."""
    for part in ("db", "maang_mcp.services.grading", "maang_mcp.services.memory"):
        import_module(part)
    import_module("maang_mcp.content.loader").catalogue()


@asynccontextmanager
async def open_coach(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = now,
    make_id: Callable[[], UUID] = new_id,
) -> AsyncIterator[Coach]:
    """Opens the store, brings its schema up to date, wires everything; closes in reverse.

    Raises StoreUnavailable when there is no store to be had. The model is only asked to load.
    """
    await asyncio.to_thread(_import_parts)
    embedder = await asyncio.to_thread(open_embedder, settings)
    embedder.start_loading()  # beside the store's opening, most of which is waiting
    try:
        store = await open_ready_store(settings)
        cache = open_cache(settings)
    except BaseException:
        await embedder.aclose()
        raise
    coach = wire(store, cache, embedder, clock, make_id)
    try:
        yield coach
    finally:
        await coach.backlog.aclose()
        await coach.accesses.aclose()
        await coach.sandbox.aclose()
        await embedder.aclose()
        await cache.aclose()
        await store.close()


async def open_ready_store(settings: Settings) -> Store:
    """The configured store, its schema and content up to date."""
    from db import Content, open_store

    from .content.loader import catalogue, content_version, skill_graph

    url = settings.database_url
    store = await open_store(
        database_url=url.get_secret_value() if url else None,
        data_dir=settings.data_dir,
        pool_size=settings.pool_size,
    )
    try:
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
    except BaseException:
        await store.close()
        raise
    return store


def open_cache(settings: Settings) -> Cache:
    """Redis when it is configured, this process's memory when not."""
    from .cache import InProcessCache, RedisCache

    if settings.redis_url is not None:
        return RedisCache(settings.redis_url.get_secret_value())
    return InProcessCache()


def open_embedder(settings: Settings) -> BackgroundEmbedder | NoEmbedder:
    """The embedder, not loaded yet. A model of one's own is hashed for its identity: it may take
    a second."""
    from .embedding import NoEmbedder, OnnxEmbedder, Precision, TransformerEmbedder

    configured, may_fetch = settings.embedding_model, not settings.offline
    if settings.embedder == "none":
        return NoEmbedder()
    if settings.embedder == "sentence-transformers":
        return TransformerEmbedder(configured, allow_download=may_fetch)
    return OnnxEmbedder(
        settings.data_dir / "models",
        configured=Path(configured).expanduser() if configured else None,
        precision=Precision.INT8 if settings.embedder == "onnx-int8" else Precision.FP32,
        allow_download=may_fetch,
    )


def wire(
    store: Store,
    cache: Cache,
    embedder: Embedder,
    clock: Callable[[], datetime],
    make_id: Callable[[], UUID],
) -> Coach:
    """The services over their resources."""
    from .cache import InProcessCache
    from .content.loader import catalogue, skill_graph
    from .content.rounds import round_spec
    from .sandbox import Sandbox
    from .services.access import Accesses
    from .services.backlog import Backlog
    from .services.checking import Checking
    from .services.coaching import Coaching
    from .services.conversations import Conversations
    from .services.erasure import Erasure
    from .services.grading import Grading
    from .services.indexing import Indexer
    from .services.interview import Interviews
    from .services.learner import Learners
    from .services.library import Library
    from .services.memory import Memories
    from .services.planning import Planning
    from .services.practice import Practice
    from .services.progress import ProgressReports
    from .services.query_vectors import QueryVectors
    from .services.questions import Questions
    from .services.recall import Recall
    from .services.recording import Recorder
    from .services.remembering import Answers
    from .services.stories import Stories

    graph, problems = skill_graph(), catalogue()
    indexer = Indexer(embedder, graph)
    backlog = Backlog(store, embedder, indexer, problems)
    answers = Answers(store, cache)
    # Questions are many: in memory of one process they would push answers out.
    questions_asked = InProcessCache() if isinstance(cache, InProcessCache) else cache
    vectors = QueryVectors(embedder, questions_asked)
    accesses = Accesses(store, clock)
    recall = Recall(store, embedder, vectors, backlog, answers, accesses, problems, clock)
    conversations = Conversations(store, indexer, backlog, problems, clock)
    recorder = Recorder(indexer, graph, problems, make_id)
    coaching = Coaching(store, answers, problems, graph, clock)
    questions = Questions(problems, graph)
    sandbox = Sandbox()
    return Coach(
        learners=Learners(store, coaching, round_spec, problems, clock, make_id),
        practice=Practice(store, recorder, backlog, problems, graph, clock, make_id),
        erasure=Erasure(store, recorder, clock, make_id),
        coaching=coaching,
        planning=Planning(store, problems, graph, clock, make_id),
        library=Library(store, problems, clock),
        memories=Memories(store, indexer, backlog, recall, conversations, problems, clock, make_id),
        interviews=Interviews(store, questions, indexer, backlog, clock, make_id),
        grading=Grading(store, questions, recorder, backlog, indexer, graph, clock, make_id),
        checking=Checking(store, sandbox, clock, make_id),
        progress=ProgressReports(store, answers, graph, clock),
        stories=Stories(store),
        backlog=backlog,
        accesses=accesses,
        store=store,
        cache=cache,
        embedder=embedder,
        sandbox=sandbox,
    )
