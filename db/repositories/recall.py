"""The candidate search: one exact, index-only scan over all passages of one learner.

The covering key of `memory_chunk` holds both vectors, so the scan reads neither heap nor TOAST.
Scores: `dense` is the inner product of unit vectors, `lexical` the BM25 inner product of stored
term weights and the query's inverse document frequencies. Their peak-gated fusion orders the
candidates; the same formula is `domain.ranking.fused_score`, from the statistics returned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from pgvector import HalfVector
from sqlalchemy import text
from sqlalchemy.engine import RowMapping

from maang_mcp.domain.lexical import DIMENSION, K1
from maang_mcp.domain.memory import Candidate, Memory, MemoryKind
from maang_mcp.domain.ranking import (
    COVERAGE_EXPONENT,
    LEAST_GAP,
    LEXICAL_EXPONENT,
    MAX_TRUST,
    PEAK_RANK,
    TRUST,
    PeakStatistics,
)
from maang_mcp.domain.search import Recalled, SearchFilter

RECALL = text(f"""
WITH query AS MATERIALIZED (
  SELECT CAST('{{' || coalesce(string_agg(term + 1 || ':' || idf, ',' ORDER BY term), '')
              || '}}/{DIMENSION}' AS sparsevec) AS terms,
         {K1 + 1} * sum(idf) AS ceiling
  FROM (SELECT term, ln(1 + (total - seen + 0.5) / (seen + 0.5)) AS idf
        FROM (SELECT wanted.term, coalesce(df.chunks, 0)::float8 AS seen,
                     greatest(corpus.chunks, df.chunks, 0)::float8 AS total
              FROM unnest(CAST(:terms AS int[])) AS wanted(term)
              LEFT JOIN document_frequency df ON df.learner_id = :learner AND df.term = wanted.term
              LEFT JOIN corpus ON corpus.learner_id = :learner) AS counted) AS weighted
),
scan AS MATERIALIZED (
  SELECT memory_id, chunk,
         CASE WHEN embedder_id = (SELECT id FROM embedder WHERE identity = :embedder)
              THEN -(embedding <#> CAST(CAST(:vector AS text) AS halfvec)) END AS dense,
         -(lexemes <#> (SELECT terms FROM query)) AS lexical
  FROM memory_chunk
  WHERE learner_id = :learner
    AND (NOT :restricts OR memory_id IN (
      SELECT id FROM memory m WHERE m.learner_id = :learner
         AND (CAST(:kinds AS text[]) IS NULL OR m.kind = ANY (CAST(:kinds AS text[])))
         AND (CAST(:tags AS text[]) IS NULL OR m.tags && CAST(:tags AS text[]))
         AND (CAST(:problem AS text) IS NULL OR m.problem = :problem)
         AND (CAST(:interview AS uuid) IS NULL OR m.interview_id = :interview)
         AND (CAST(:since AS timestamptz) IS NULL OR m.occurred_at >= :since)
         AND (CAST(:until AS timestamptz) IS NULL OR m.occurred_at < :until)))
),
extremes AS (
  SELECT count(*) AS scanned, max(dense) AS best_dense, min(dense) AS least_dense,
         max(lexical) AS best_lexical,
         (SELECT dense FROM scan WHERE dense IS NOT NULL
          ORDER BY dense DESC OFFSET {PEAK_RANK - 1} LIMIT 1) AS tenth_dense,
         (SELECT lexical FROM scan ORDER BY lexical DESC OFFSET {PEAK_RANK - 1} LIMIT 1)
           AS tenth_lexical
  FROM scan
),
peaks AS MATERIALIZED (
  SELECT *, (SELECT ceiling FROM query) AS ceiling, CASE WHEN best_lexical > 0 THEN
      least({MAX_TRUST}, {TRUST}
        * (best_lexical - coalesce(tenth_lexical, 0)) / best_lexical
        / greatest(CASE WHEN best_dense > 0
             THEN (best_dense - coalesce(tenth_dense, least_dense)) / best_dense ELSE 0 END,
             {LEAST_GAP})
        * power(least(1, best_lexical / (SELECT ceiling FROM query)), {COVERAGE_EXPONENT}))
      ELSE 0 END AS trust
  FROM extremes
),
best AS (
  SELECT scan.*, peaks.*,
         coalesce((dense - least_dense) / nullif(best_dense - least_dense, 0), 0)
         + trust * coalesce(
             power(greatest(lexical, 0) / nullif(best_lexical, 0), {LEXICAL_EXPONENT}), 0) AS fused
  FROM scan, peaks
  ORDER BY fused DESC, memory_id, chunk
  LIMIT :limit
)
SELECT best.*, c.span_start, c.span_end, halfvec_send(c.embedding) AS embedding,
       m.id, m.kind, m.title, substr(m.content, c.span_start + 1,
         CASE WHEN c.span_end > c.span_start THEN c.span_end - c.span_start ELSE 1200 END)
       AS passage, m.tags, m.problem, m.interview_id, m.conversation, m.position, m.speaker,
       m.occurred_at
FROM best
JOIN memory m ON m.learner_id = :learner AND m.id = best.memory_id
JOIN memory_chunk c ON c.learner_id = :learner AND c.memory_id = best.memory_id
                   AND c.chunk = best.chunk
ORDER BY fused DESC, m.id, c.chunk
""")


def half_vector(vector: Sequence[float]) -> HalfVector:
    """A vector as the store keeps it: 16-bit floats."""
    return HalfVector(list(vector))


def recall_parameters(
    learner: UUID,
    terms: Sequence[int],
    vector: Sequence[float] | None,
    embedder_identity: str,
    search: SearchFilter,
    limit: int,
) -> dict[str, object]:
    """What `RECALL` is executed with."""
    return {
        "learner": learner,
        "terms": list(terms),
        "vector": None if vector is None else half_vector(vector).to_text(),
        "embedder": embedder_identity,
        "restricts": search.restricts,
        "kinds": [kind.value for kind in search.kinds] or None,
        "tags": list(search.tags) or None,
        "problem": search.problem,
        "interview": search.interview_id,
        "since": search.since,
        "until": search.until,
        "limit": limit,
    }


def recalled(rows: Sequence[RowMapping]) -> Recalled:
    """The rows of `RECALL` as domain values."""
    if not rows:
        return Recalled((), None, 0)
    first = rows[0]
    statistics = PeakStatistics(
        best_cosine=first["best_dense"],
        least_cosine=first["least_dense"],
        tenth_cosine=first["tenth_dense"],
        best_bm25=first["best_lexical"],
        tenth_bm25=first["tenth_lexical"],
        lexical_ceiling=first["ceiling"],
    )
    return Recalled(tuple(map(_candidate, rows)), statistics, first["scanned"])


def _candidate(row: RowMapping) -> Candidate:
    memory = Memory(
        id=row["id"],
        kind=MemoryKind(row["kind"]),
        title=row["title"],
        content=row["passage"],
        occurred_at=row["occurred_at"],
        tags=tuple(row["tags"]),
        problem=row["problem"],
        interview_id=row["interview_id"],
        conversation=row["conversation"],
        position=row["position"],
        speaker=row["speaker"],
    )
    packed = row["embedding"]
    return Candidate(
        memory=memory,
        chunk=row["chunk"],
        start=0,
        end=len(row["passage"]),
        cosine=row["dense"],
        bm25=row["lexical"],
        embedding=None if packed is None else _unpack(packed),
    )


def _unpack(packed: bytes) -> Sequence[float]:
    """pgvector's wire format of a halfvec: two 16-bit integers, then big-endian 16-bit floats."""
    values: list[float] = np.frombuffer(packed, dtype=">f2", offset=4).astype(float).tolist()
    return values
