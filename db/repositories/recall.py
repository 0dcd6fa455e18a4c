"""The candidate search: one exact, index-only scan over all passages of one learner.

The covering key of `memory_chunk` holds both vectors, so the scan reads neither heap nor TOAST.
Scores: `dense` is the inner product of unit vectors, `lexical` the BM25 inner product of stored
term weights and the query's inverse document frequencies. Their peak-gated fusion orders the
candidates; the same formula is `domain.ranking.fused_score`, from the statistics returned here.

Only vectors of the asking embedder are scored. Where it was not the first (`vectors`) each passage
is looked up beside the key. As long as most of what other embedders have seen lacks its vectors,
those it has do not count: a few passages with a cosine would stand before all the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import Row

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

from .labels import Spellings
from .memory_rows import half_text, unpacked

_ASKED = "(SELECT id FROM embedder WHERE identity = :embedder)"
_BESIDE = f"""v.learner_id = c.learner_id AND v.memory_id = c.memory_id AND v.chunk = c.chunk
                      AND v.embedder_id = {_ASKED}"""

_FILTERS: Final = """
    AND (NOT :restricts OR memory_id IN (
      SELECT id FROM memory m WHERE m.learner_id = :learner
         AND (CAST(:kinds AS text[]) IS NULL OR m.kind = ANY (CAST(:kinds AS text[])))
         AND (CAST(:tags AS text[]) IS NULL OR m.tags && CAST(:tags AS text[]))
         AND (CAST(:problems AS text[]) IS NULL OR m.problem = ANY (CAST(:problems AS text[])))
         AND (CAST(:subjects AS text[]) IS NULL OR m.problem = ANY (CAST(:subjects AS text[]))
              OR m.tags && CAST(:topics AS text[]))
         AND (CAST(:interview AS uuid) IS NULL OR m.interview_id = :interview)
         AND (CAST(:conversation AS text) IS NULL
              OR m.conversation = ANY (CAST(:conversations AS text[]))
              OR CAST(m.interview_id AS text) = lower(:conversation))
         AND (CAST(:since AS timestamptz) IS NULL OR m.occurred_at >= :since)
         AND (CAST(:until AS timestamptz) IS NULL OR m.occurred_at < :until)))
    AND (CAST(:holding AS uuid[]) IS NULL OR (memory_id, chunk) IN (
      SELECT * FROM unnest(CAST(:holding AS uuid[]), CAST(:holding_chunks AS smallint[]))))"""

_WHOLE: Final = 8
"""Columns that tell of the whole scan, alike in every row: how many passages, how many of them
without a vector of the asking embedder, then their peaks."""

RECALL = text(f"""
WITH query AS MATERIALIZED (
  SELECT CAST('{{' || coalesce(string_agg(term + 1 || ':' || idf, ',' ORDER BY term), '')
              || '}}/{DIMENSION}' AS sparsevec) AS terms,
         CAST(CAST(:vector AS text) AS halfvec) AS vector,
         {K1 + 1} * sum(idf) AS ceiling
  FROM (SELECT term, ln(1 + (total - seen + 0.5) / (seen + 0.5)) AS idf
        FROM (SELECT wanted.term, coalesce(df.chunks, 0)::float8 AS seen,
                     greatest(corpus.chunks, df.chunks, 0)::float8 AS total
              FROM unnest(CAST(:terms AS int[])) AS wanted(term)
              LEFT JOIN document_frequency df ON df.learner_id = :learner AND df.term = wanted.term
              LEFT JOIN corpus ON corpus.learner_id = :learner) AS counted) AS weighted
),
scan AS MATERIALIZED (
  SELECT memory_id, chunk, embedder_id,
         CASE WHEN embedder_id = {_ASKED}
              THEN -(embedding <#> (SELECT vector FROM query))
              ELSE (SELECT -(v.embedding <#> (SELECT vector FROM query))
                    FROM memory_vector v WHERE {_BESIDE}) END AS dense,
         -(lexemes <#> (SELECT terms FROM query)) AS lexical
  FROM memory_chunk c
  WHERE learner_id = :learner{_FILTERS}),
extremes AS MATERIALIZED (
  SELECT scanned, waiting, best_lexical,
         CASE WHEN covered THEN best_dense END AS best_dense,
         CASE WHEN covered THEN least_dense END AS least_dense,
         CASE WHEN covered THEN (SELECT dense FROM scan WHERE dense IS NOT NULL
           ORDER BY dense DESC OFFSET {PEAK_RANK - 1} LIMIT 1) END AS tenth_dense,
         (SELECT lexical FROM scan ORDER BY lexical DESC OFFSET {PEAK_RANK - 1} LIMIT 1)
           AS tenth_lexical
  FROM (SELECT count(*) AS scanned, count(*) - count(dense) AS waiting,
               max(dense) AS best_dense, min(dense) AS least_dense, max(lexical) AS best_lexical,
               2 * count(dense) >= count(embedder_id) AS covered
        FROM scan) AS whole
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
scales AS MATERIALIZED (
  SELECT least_dense, 1 / nullif(best_dense - least_dense, 0) AS per_dense,
         CASE WHEN best_lexical > 0 THEN trust / power(best_lexical, {LEXICAL_EXPONENT}) END
           AS per_lexical
  FROM peaks
),
best AS (
  SELECT memory_id, chunk, dense, lexical,
         coalesce((dense - least_dense) * per_dense, 0)
         + CASE WHEN lexical > 0 THEN per_lexical * power(lexical, {LEXICAL_EXPONENT}) ELSE 0 END
           AS fused
  FROM scan, scales
  ORDER BY fused DESC, memory_id, chunk
  LIMIT :limit
)
SELECT scanned, waiting, best_dense, least_dense, tenth_dense, best_lexical, tenth_lexical, ceiling,
       halfvec_send(CASE WHEN c.embedder_id = {_ASKED} THEN c.embedding
         ELSE (SELECT v.embedding FROM memory_vector v WHERE {_BESIDE}) END) AS embedding,
       c.chunk, c.span_end > c.span_start AS is_cut, dense, lexical, m.id, m.kind, m.title,
       substr(m.content, c.span_start + 1,
         CASE WHEN c.span_end > c.span_start THEN c.span_end - c.span_start ELSE 1200 END)
       AS passage, m.occurred_at, m.tags, m.problem, m.interview_id, m.conversation, m.position,
       m.speaker
FROM best CROSS JOIN peaks
JOIN memory m ON m.learner_id = :learner AND m.id = best.memory_id
JOIN memory_chunk c ON c.learner_id = :learner AND c.memory_id = best.memory_id
                   AND c.chunk = best.chunk
ORDER BY fused DESC, m.id, c.chunk
""")

RECALL_ALL = text(RECALL.text.replace(_FILTERS, ""))
"""As `RECALL`, where no filter is to be planned for: the best plan does not depend on the values,
and to make it each time would take a third of a search among a thousand passages (`PLAN_ONCE`)."""

PLAN_ONCE: Final = """
set_config('plan_cache_mode', 'force_generic_plan', true),
set_config('enable_seqscan', 'off', true),
set_config('enable_hashjoin', 'off', true),
set_config('enable_mergejoin', 'off', true)
"""
"""Until the transaction ends, statements keep one plan: the learner's key in order, then a look at
each row that was chosen, which is right for a learner of any size beside others of any size."""

_NEARER = "fused DESC, memory_id, chunk"
_NEWER = """chunk > 0, (SELECT occurred_at FROM memory m
                 WHERE m.learner_id = :learner AND m.id = memory_id) DESC, memory_id, chunk"""
NEWEST = text(RECALL.text.replace(_NEARER, _NEWER))
"""As `RECALL`, with the latest memories as the best, each by its beginning before any by more."""


def recall_parameters(
    learner: UUID,
    terms: Sequence[int],
    vector: Sequence[float] | None,
    embedder_identity: str,
    search: SearchFilter,
    limit: int,
    holding: Sequence[tuple[UUID, int]] | None = None,
    spelt: Spellings | None = None,
) -> dict[str, object]:
    """What `RECALL` is executed with; `holding` are the only passages that may answer, `spelt` the
    labels of the search as the learner wrote them."""
    spelt = spelt or Spellings()
    subject = search.subject
    return {
        "learner": learner,
        "terms": list(terms),
        "vector": None if vector is None else half_text(vector),
        "embedder": embedder_identity,
        "restricts": search.restricts,
        "kinds": [kind.value for kind in search.kinds] or None,
        "tags": spelt.tags if search.tags else None,
        "problems": None if search.problem is None else spelt.problems,
        "subjects": None if subject is None else list(subject.problems),
        "topics": None if subject is None else spelt.topics,
        "holding": None if holding is None else [memory for memory, _ in holding],
        "holding_chunks": None if holding is None else [chunk for _, chunk in holding],
        "interview": search.interview_id,
        "conversation": search.conversation,
        "conversations": spelt.conversations,
        "since": search.since,
        "until": search.until,
        "limit": limit,
    }


def recalled(rows: Sequence[Row[Any]]) -> Recalled:
    """The rows of `RECALL` as domain values."""
    if not rows:
        return Recalled((), None, scanned=0, waiting=0)
    scanned, waiting, *peaks = tuple(rows[0])[:_WHOLE]
    statistics = PeakStatistics(*peaks)
    passages = [tuple(row)[_WHOLE:] for row in rows]
    vectors = iter(unpacked([packed for packed, *_ in passages if packed is not None]))
    candidates = []
    for packed, chunk, is_cut, dense, lexical, *memory in passages:
        id, kind, title, passage, at, tags, *rest = memory
        candidates.append(
            Candidate(
                memory=Memory(id, MemoryKind(kind), title, passage, at, tuple(tags), *rest),
                chunk=chunk,
                start=0,
                end=len(passage) if is_cut else 0,
                cosine=None if statistics.best_cosine is None else dense,
                bm25=lexical,
                embedding=None if packed is None else next(vectors),
            )
        )
    return Recalled(tuple(candidates), statistics, scanned, waiting)
