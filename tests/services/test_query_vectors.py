"""Vectors of questions: the model is asked once, and nobody meets another's question."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from maang_mcp.cache import InProcessCache
from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.domain.profile import Learner
from maang_mcp.services.query_vectors import KEPT, QueryVectors
from tests.factories import HashEmbedder


class Watched(InProcessCache):
    """Shows what is kept, and for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, tuple[bytes, timedelta]] = {}

    async def set(self, key: str, value: bytes, ttl: timedelta) -> None:
        self.kept[key] = value, ttl
        await super().set(key, value, ttl)


@pytest.fixture
def cache() -> Watched:
    return Watched()


@pytest.fixture
def vectors(embedder: HashEmbedder, cache: Watched) -> QueryVectors:
    return QueryVectors(embedder, cache)


async def test_a_question_asked_before_needs_no_model(
    vectors: QueryVectors, embedder: HashEmbedder, learner: Learner
) -> None:
    first = await vectors.of(learner, "why do windows fail?")
    embedder.ready = False
    again = await vectors.of(learner, "why do windows fail?")
    assert again == pytest.approx(first, abs=1e-3)


async def test_a_new_question_without_the_model_is_refused_and_not_remembered(
    vectors: QueryVectors, embedder: HashEmbedder, learner: Learner, cache: Watched
) -> None:
    embedder.ready = False
    with pytest.raises(EmbedderUnavailable):
        await vectors.of(learner, "why do windows fail?")
    assert cache.kept == {}
    embedder.ready = True
    assert await vectors.of(learner, "why do windows fail?")


async def test_nobody_meets_what_somebody_else_asked(
    vectors: QueryVectors, embedder: HashEmbedder, learner: Learner
) -> None:
    await vectors.of(learner, "why do windows fail?")
    embedder.ready = False
    with pytest.raises(EmbedderUnavailable):
        await vectors.of(Learner.of(f"other-{uuid4()}"), "why do windows fail?")


async def test_another_model_is_asked_itself(
    vectors: QueryVectors, embedder: HashEmbedder, learner: Learner
) -> None:
    await vectors.of(learner, "why do windows fail?")
    embedder.identity = "another"
    embedder.ready = False
    with pytest.raises(EmbedderUnavailable):
        await vectors.of(learner, "why do windows fail?")


async def test_what_is_kept_tells_no_word_of_the_question_and_goes_away(
    vectors: QueryVectors, learner: Learner, cache: Watched
) -> None:
    await vectors.of(learner, "Lisbon invoice")
    ((key, (value, ttl)),) = cache.kept.items()
    assert "isbon" not in key
    assert b"isbon" not in value
    assert len(value) == 2 * HashEmbedder.dimensions
    assert ttl == KEPT
