"""From candidates to a cited answer: fuse, boost, then select (`selection`).

The store scores every passage of a learner by cosine and by BM25 and proposes the best; all that
follows is here and pure. No single weight between the two suits both conversations and notes, so
the lexical list is trusted by how clear a winner it has (peak-gated fusion) and by how much of the
query that winner accounts for. Measured by `benchmarks/retrieval_quality.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from .memory import Candidate, ContextBundle, Ranked, ScoreParts
from .selection import cost_of, diversify, pack

PEAK_RANK = 10
"""A list has a clear winner when its first stands far above its tenth."""

TRUST = 0.3
MAX_TRUST = 1.5
LEAST_GAP = 0.02
COVERAGE_EXPONENT = 0.75
LEXICAL_EXPONENT = 1.5
TYPICAL_COVERAGE = 0.35


@dataclass(frozen=True, slots=True)
class PeakStatistics:
    """What a query's scores look like over ALL passages of the learner.

    The tenth scores are None where there are fewer than ten. `lexical_ceiling` is the BM25 score no
    passage can exceed, (k1 + 1) times the sum of the query terms' idf; None where it is not known,
    and then a typical share of it counts as reached.
    """

    best_cosine: float | None
    least_cosine: float | None
    tenth_cosine: float | None
    best_bm25: float
    tenth_bm25: float | None
    lexical_ceiling: float | None = None

    @classmethod
    def of(
        cls, candidates: Iterable[Candidate], lexical_ceiling: float | None = None
    ) -> PeakStatistics:
        """The same from candidates alone, for a store that returned everything it has."""
        known = list(candidates)
        cosines = sorted((c.cosine for c in known if c.cosine is not None), reverse=True)
        bm25 = sorted((c.bm25 for c in known), reverse=True)
        return cls(
            best_cosine=cosines[0] if cosines else None,
            least_cosine=cosines[-1] if cosines else None,
            tenth_cosine=cosines[PEAK_RANK - 1] if len(cosines) >= PEAK_RANK else None,
            best_bm25=bm25[0] if bm25 else 0.0,
            tenth_bm25=bm25[PEAK_RANK - 1] if len(bm25) >= PEAK_RANK else None,
            lexical_ceiling=lexical_ceiling,
        )

    @property
    def coverage(self) -> float:
        """The share (0 to 1) of the query's lexical weight that the best passage accounts for."""
        if self.best_bm25 <= 0:
            return 0.0
        if not self.lexical_ceiling:
            return TYPICAL_COVERAGE
        return min(1.0, self.best_bm25 / self.lexical_ceiling)

    @property
    def lexical_trust(self) -> float:
        """The weight of the lexical list beside the dense one, which has weight 1.

        min(1.5, 0.3 · gap(bm25) / max(gap(cosine), 0.02) · coverage^0.75), where
        gap = (best - tenth) / best.
        """
        lexical_gap = _gap(self.best_bm25, self.tenth_bm25, 0.0)
        dense_gap = _gap(self.best_cosine, self.tenth_cosine, self.least_cosine)
        ratio = lexical_gap / max(dense_gap, LEAST_GAP)
        return min(MAX_TRUST, TRUST * ratio * math.pow(self.coverage, COVERAGE_EXPONENT))


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """What an operator may tune.

    `similarity_floor` and `coverage_floor` are a signal, not a filter: when no passage reaches
    either, the answer is that nothing was found. `minimum_similarity` is a filter: a passage below
    it that shares no term with the query is left out; unset, because before fusion such a filter
    discards up to half of the evidence. Weights are shares of a score whose best is 1 to 2.5;
    recency, which is no evidence, should stay at or below 0.05. `relevance` is MMR's lambda: the
    lower, the more variety, at the price of nDCG on every set measured.
    """

    similarity_floor: float = 0.25
    coverage_floor: float = 0.25
    minimum_similarity: float | None = None
    conversation_weight: float = 0.4
    neighbour_weight: float = 0.03
    recency_weight: float = 0.05
    recency_half_life: timedelta = timedelta(days=90)
    near_duplicate: float = 0.95
    relevance: float = 0.85


DEFAULT_SETTINGS = RankingSettings()


def fused_score(cosine: float | None, bm25: float, statistics: PeakStatistics) -> float:
    """Dense share plus trusted lexical share; the store orders its candidates by the same sum."""
    dense, lexical = _shares(cosine, bm25, statistics)
    return dense + lexical


def found(statistics: PeakStatistics, settings: RankingSettings = DEFAULT_SETTINGS) -> bool:
    """Whether anything the learner has resembles the query at all.

    Without cosines (the model is not ready) any shared term counts.
    """
    if statistics.best_cosine is None:
        return statistics.best_bm25 > 0
    return (
        statistics.best_cosine >= settings.similarity_floor
        or statistics.coverage >= settings.coverage_floor
    )


def rank(
    candidates: Iterable[Candidate],
    now: datetime,
    *,
    statistics: PeakStatistics | None = None,
    settings: RankingSettings = DEFAULT_SETTINGS,
) -> list[Ranked]:
    """One entry per memory, by its best passage, best first; a tie goes to the more recent.

    A turn is drawn towards the best turn of its conversation and gains from the turns beside it,
    because an answer seldom repeats the words of its question. Without `statistics` those of the
    candidates stand in.
    """
    offered = [c for c in candidates if _is_evidence(c, settings)]
    known = statistics or PeakStatistics.of(offered)
    best: dict[UUID, tuple[float, Candidate]] = {}
    for candidate in sorted(offered, key=lambda c: c.chunk):
        score = fused_score(candidate.cosine, candidate.bm25, known)
        if candidate.memory.id not in best or score > best[candidate.memory.id][0]:
            best[candidate.memory.id] = score, candidate
    turns = _turns(best.values())
    peaks: dict[str | None, float] = {}
    for (conversation, _), score in turns.items():
        peaks[conversation] = max(score, peaks.get(conversation, score))
    ranked = []
    for score, candidate in best.values():
        memory = candidate.memory
        dense, lexical = _shares(candidate.cosine, candidate.bm25, known)
        neighbour = drawn = 0.0
        if memory.conversation is not None and memory.position is not None:
            beside = (
                turns.get((memory.conversation, memory.position + step), 0.0) for step in (-1, 1)
            )
            neighbour = settings.neighbour_weight * sum(beside)
            drawn = settings.conversation_weight * (peaks[memory.conversation] - score)
        age = max(now - memory.occurred_at, timedelta(0)) / settings.recency_half_life
        parts = ScoreParts(
            similarity=candidate.cosine,
            bm25=candidate.bm25,
            dense=dense,
            lexical=lexical,
            neighbour=neighbour,
            conversation=drawn,
            recency=settings.recency_weight * 0.5**age,
        )
        ranked.append(Ranked(candidate, parts))
    ranked.sort(key=lambda r: r.candidate.memory.id)
    ranked.sort(key=lambda r: (r.parts.total, r.candidate.memory.occurred_at), reverse=True)
    return ranked


def assemble(
    candidates: Sequence[Candidate],
    now: datetime,
    *,
    k: int,
    budget: int,
    statistics: PeakStatistics | None = None,
    settings: RankingSettings = DEFAULT_SETTINGS,
    degraded: str | None = None,
) -> ContextBundle:
    """The answer to one search: at most `k` passages within `budget` tokens.

    Raises BudgetTooSmall as `pack` does.
    """
    known = statistics or PeakStatistics.of(candidates)
    if not found(known, settings):
        return ContextBundle((), 0, found=False, degraded=degraded, tokens=0)
    ranked = rank(candidates, now, statistics=known, settings=settings)
    passages, left_out = pack(
        diversify(ranked, k, relevance=settings.relevance, near_duplicate=settings.near_duplicate),
        budget,
    )
    return ContextBundle(
        passages=passages,
        left_out=left_out,
        found=bool(passages),
        degraded=degraded,
        tokens=sum(map(cost_of, passages)),
    )


def _gap(best: float | None, tenth: float | None, least: float | None) -> float:
    if best is None or best <= 0:
        return 0.0
    reference = least if tenth is None else tenth
    return (best - (reference or 0.0)) / best


def _shares(cosine: float | None, bm25: float, statistics: PeakStatistics) -> tuple[float, float]:
    dense = lexical = 0.0
    if cosine is not None and statistics.best_cosine is not None:
        least = statistics.least_cosine if statistics.least_cosine is not None else cosine
        spread = statistics.best_cosine - least
        dense = (cosine - least) / spread if spread > 0 else 0.0
    if statistics.best_bm25 > 0:
        share = min(max(bm25, 0.0) / statistics.best_bm25, 1.0)
        lexical = statistics.lexical_trust * math.pow(share, LEXICAL_EXPONENT)
    return dense, lexical


def _is_evidence(candidate: Candidate, settings: RankingSettings) -> bool:
    if candidate.bm25 > 0:
        return True
    least = settings.minimum_similarity
    return candidate.cosine is not None and (least is None or candidate.cosine >= least)


def _turns(scored: Iterable[tuple[float, Candidate]]) -> dict[tuple[str, int], float]:
    return {
        (candidate.memory.conversation, candidate.memory.position): score
        for score, candidate in scored
        if candidate.memory.conversation is not None and candidate.memory.position is not None
    }
