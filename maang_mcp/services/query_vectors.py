"""Vectors of questions, kept for a while: the same question after a write needs no model.

A question is personal, and what it was may be guessed from how quickly it is answered. So the key
holds the learner, nobody meets what somebody else asked, and neither key nor value tells a word of
it. A question that is known is answered by meaning even while the model is loading.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from maang_mcp.cache import cache_key, cached
from maang_mcp.domain.profile import Learner

if TYPE_CHECKING:
    from maang_mcp.cache import Cache
    from maang_mcp.embedding import Embedder

KEPT = timedelta(hours=1)
_COMPONENT = 2  # bytes: 16-bit floats, as the store keeps the vectors it compares them with
_ANY_GENERATION = 0  # a vector follows from the text alone, whatever was written since


class QueryVectors:
    """An embedder's question side, read through the cache."""

    def __init__(self, embedder: Embedder, cache: Cache) -> None:
        self._embedder = embedder
        self._cache = cache

    async def of(self, learner: Learner, query: str) -> Sequence[float]:
        """The vector of a question. Raises EmbedderUnavailable when it has to be computed and the
        model is not ready."""

        async def compute() -> Sequence[float]:
            return await self._embedder.embed_query(query)

        return await cached(
            self._cache,
            cache_key(learner.id, _ANY_GENERATION, "query_vector", self._embedder.identity, query),
            KEPT,
            compute,
            _packed,
            _unpacked,
        )


def _packed(vector: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(vector)}e", *vector)


def _unpacked(packed: bytes) -> Sequence[float]:
    return struct.unpack(f"<{len(packed) // _COMPONENT}e", packed)
