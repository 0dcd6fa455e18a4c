"""The candidate search by hand: every passage of a learner scored in memory, then all sorted."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import numpy.typing as npt
from sqlalchemy import text

from db import Store
from maang_mcp.domain.lexical import DIMENSION, K1, idf, query_terms
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.ranking import PEAK_RANK, PeakStatistics, fused_score

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

_PASSAGES = text("""
SELECT memory_id, halfvec_send(embedding) AS dense, sparsevec_send(lexemes) AS lexical
FROM memory_chunk WHERE learner_id = :learner
""")


class BruteForce:
    """Every passage of one learner, all of them embedded, one to a memory."""

    def __init__(self, ids: Sequence[UUID], dense: Numbers, terms: Places, weights: Numbers):
        self._ids = ids
        self._dense = dense
        self._terms = terms
        self._weights = weights

    @classmethod
    async def of(cls, store: Store, learner: Learner) -> BruteForce:
        """What the store holds of the learner, in memory."""
        async with store.engine.connect() as connection:
            rows = (await connection.execute(_PASSAGES, {"learner": learner.id})).all()
        dense = np.stack([np.frombuffer(row.dense, ">f2", offset=4) for row in rows])
        counts = [int.from_bytes(row.lexical[4:8]) for row in rows]
        terms = np.zeros((len(rows), max(counts)), np.int64)
        weights = np.zeros(terms.shape)
        for place, (row, count) in enumerate(zip(rows, counts, strict=True)):
            terms[place, :count] = np.frombuffer(row.lexical, ">i4", count, 12)
            weights[place, :count] = np.frombuffer(row.lexical, ">f4", count, 12 + 4 * count)
        return cls([row.memory_id for row in rows], dense.astype(float), terms, weights)

    def best(self, question: str, vector: Sequence[float], count: int) -> list[UUID]:
        """The memories in the order of their fused scores, the first of them."""
        asked = np.array(vector).astype(np.float16).astype(float)
        cosines = self._dense @ asked
        lexical, ceiling = self._bm25(question)
        ranked, words = np.sort(cosines)[::-1], np.sort(lexical)[::-1]
        enough = len(ranked) >= PEAK_RANK
        peaks = PeakStatistics(
            best_cosine=float(ranked[0]),
            least_cosine=float(ranked[-1]),
            tenth_cosine=float(ranked[PEAK_RANK - 1]) if enough else None,
            best_bm25=float(words[0]),
            tenth_bm25=float(words[PEAK_RANK - 1]) if enough else None,
            lexical_ceiling=ceiling,
        )
        pairs = zip(cosines.tolist(), lexical.tolist(), strict=True)
        fused = [fused_score(cosine, bm25, peaks) for cosine, bm25 in pairs]
        order = sorted(range(len(fused)), key=lambda row: (-fused[row], self._ids[row]))
        return [self._ids[row] for row in order[:count]]

    def _bm25(self, question: str) -> tuple[Numbers, float]:
        """The scores of all passages, and the most a passage could have."""
        rarity = np.zeros(DIMENSION)
        for term in query_terms(question):
            holding = int(((self._terms == term) & (self._weights > 0)).any(axis=1).sum())
            rarity[term] = idf(holding, len(self._ids))
        scores: Numbers = (self._weights * rarity[self._terms]).sum(axis=1)
        return scores, (K1 + 1) * float(rarity.sum())
