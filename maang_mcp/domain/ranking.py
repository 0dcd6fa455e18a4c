"""From candidates to a cited answer: fuse, boost, then select (`selection`).

The store scores every passage of a learner by cosine and by BM25 and proposes the best; all that
follows is here and pure. No single weight between the two suits both conversations and notes, so
the lexical list is trusted by how clear a winner it has (peak-gated fusion) and by how much of the
query that winner accounts for. Turns of a conversation are short and embedded among others: there
the words weigh more, and the form of the conversation counts too (`dialogue`). Measured by
`benchmarks/retrieval_quality.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from .dialogue import NOWHERE, DialogueWeights, Surroundings, Turn, surroundings
from .memory import Candidate, ContextBundle, MemoryKind, Ranked, ScoreParts
from .selection import cost_of, diversify, pack

PEAK_RANK = 10
"""A list has a clear winner when its first stands far above its tenth."""

TRUST = 0.3
MAX_TRUST = 1.5
LEAST_GAP = 0.02
COVERAGE_EXPONENT = 0.75
LEXICAL_EXPONENT = 1.5
TYPICAL_COVERAGE = 0.35
TURN_TRUST = 2.0
"""How much more the lexical list is trusted among turns, up to the same limit."""
FAINT = 0.5
"""A record that is less near than this share of the nearest may be noise beside it."""


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

    @property
    def trust_among_turns(self) -> float:
        """The same where turns of conversations are ranked."""
        return min(MAX_TRUST, TURN_TRUST * self.lexical_trust)


@dataclass(frozen=True, slots=True)
class RankingSettings:
    """What an operator may tune.

    When no passage reaches `similarity_floor` or `coverage_floor`, the answer is that nothing was
    found. Shared words count half their coverage towards the first: what comes near in both ways is
    no accident. A record below the first that is not half as near as the nearest, shares no term
    with the query and replies to none that does is left out as well, which costs no relevant one
    among the first ten of any set measured. Weights are shares of a score whose best is 1 to 2.5;
    recency, which is no evidence, should stay at or below 0.05. `reply_weight` is what a question
    hands over to the turn after it, `speaker_weight` what a turn gains whose speaker the query
    names. `relevance` is MMR's lambda: the lower, the more variety, at the price of nDCG on every
    set measured.
    """

    similarity_floor: float = 0.3
    coverage_floor: float = 0.25
    conversation_weight: float = 0.4
    neighbour_weight: float = 0.1
    reply_weight: float = 0.25
    speaker_weight: float = 0.2
    recency_weight: float = 0.05
    recency_half_life: timedelta = timedelta(days=90)
    near_duplicate: float = 0.95
    relevance: float = 0.85


DEFAULT_SETTINGS = RankingSettings()


def fused_score(cosine: float | None, bm25: float, statistics: PeakStatistics) -> float:
    """Dense share plus trusted lexical share; the store orders its candidates by the same sum."""
    return sum(_shares(cosine, bm25, statistics, statistics.lexical_trust))


def found(statistics: PeakStatistics, settings: RankingSettings = DEFAULT_SETTINGS) -> bool:
    """Whether anything the learner has resembles the query at all.

    Without cosines (the model is not ready) any shared term counts.
    """
    if statistics.best_cosine is None:
        return statistics.best_bm25 > 0
    coverage = statistics.coverage
    nearness = statistics.best_cosine + coverage / 2
    return nearness >= settings.similarity_floor or coverage >= settings.coverage_floor


def rank(
    candidates: Iterable[Candidate],
    now: datetime,
    *,
    query: str = "",
    statistics: PeakStatistics | None = None,
    settings: RankingSettings = DEFAULT_SETTINGS,
) -> list[Ranked]:
    """One entry per memory, shown by its best passage, best first; a tie goes to the more recent.

    A memory's words may be found in one of its passages and its meaning in another: it has the best
    of both. A turn is drawn towards the best turn of its conversation and gains from the turns
    beside it, because an answer seldom repeats the words of its question; a question hands over
    part of what it has to the turn that follows; and whose speaker the `query` names stands before
    the others. What resembles the query in neither way is left out. Without `statistics` those of
    the candidates stand in.
    """
    offered = [c for c in candidates if c.bm25 > 0 or c.cosine is not None]
    known = statistics or PeakStatistics.of(offered)
    trust = known.lexical_trust, known.trust_among_turns
    records = [_Record.of(passages, known, *trust) for passages in _by_memory(offered)]
    least = min(settings.similarity_floor, FAINT * (known.best_cosine or 0.0))
    ranked = []
    for record, gained in zip(records, _gained(records, query, settings), strict=True):
        replies = gained.neighbour >= settings.reply_weight / 2
        if not (replies or record.resembles(least)):
            continue
        memory = record.shown.memory
        age = max(now - memory.occurred_at, timedelta(0)) / settings.recency_half_life
        parts = ScoreParts(
            similarity=record.cosine,
            bm25=record.bm25,
            dense=record.dense,
            lexical=record.lexical,
            neighbour=gained.neighbour,
            conversation=gained.conversation,
            recency=settings.recency_weight * 0.5**age,
        )
        ranked.append(Ranked(record.shown, parts))
    ranked.sort(key=lambda r: r.candidate.memory.id.bytes)
    ranked.sort(key=lambda r: (r.parts.total, r.candidate.memory.occurred_at), reverse=True)
    return ranked


def assemble(
    candidates: Sequence[Candidate],
    now: datetime,
    *,
    k: int,
    budget: int,
    query: str = "",
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
    ranked = rank(candidates, now, query=query, statistics=known, settings=settings)
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


def _shares(
    cosine: float | None, bm25: float, statistics: PeakStatistics, trust: float
) -> tuple[float, float]:
    dense = lexical = 0.0
    if cosine is not None and statistics.best_cosine is not None:
        least = statistics.least_cosine if statistics.least_cosine is not None else cosine
        spread = statistics.best_cosine - least
        dense = (cosine - least) / spread if spread > 0 else 0.0
    if statistics.best_bm25 > 0 and bm25 > 0:
        lexical = trust * math.pow(min(bm25 / statistics.best_bm25, 1.0), LEXICAL_EXPONENT)
    return dense, lexical


def _by_memory(candidates: Iterable[Candidate]) -> Iterable[list[Candidate]]:
    passages: dict[UUID, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: c.chunk):
        passages.setdefault(candidate.memory.id, []).append(candidate)
    return passages.values()


@dataclass(frozen=True, slots=True)
class _Record:
    """A memory with the best evidence of all its passages."""

    shown: Candidate
    cosine: float | None
    bm25: float
    dense: float
    lexical: float

    @classmethod
    def of(
        cls, passages: Sequence[Candidate], statistics: PeakStatistics, trust: float, turns: float
    ) -> _Record:
        """`turns` is the trust among turns. The best of these is worth what the best note is."""
        shown = passages[0]
        if len(passages) > 1:
            shown = max(passages, key=lambda c: sum(_shares(c.cosine, c.bm25, statistics, trust)))
        cosine = max([c.cosine for c in passages if c.cosine is not None], default=None)
        bm25 = max([c.bm25 for c in passages])
        if shown.memory.kind is not MemoryKind.TURN:
            return cls(shown, cosine, bm25, *_shares(cosine, bm25, statistics, trust))
        dense, lexical = _shares(cosine, bm25, statistics, turns)
        scale = (1 + trust) / (1 + turns)
        return cls(shown, cosine, bm25, scale * dense, scale * lexical)

    def resembles(self, least: float) -> bool:
        """Whether it shares a term with the query or comes near it."""
        return self.bm25 > 0 or (self.cosine is not None and self.cosine >= least)

    @property
    def turn(self) -> Turn | None:
        """What it is in its conversation, if it belongs to one."""
        memory = self.shown.memory
        if memory.conversation is None or memory.position is None:
            return None
        said = memory.content[self.shown.start : self.shown.end] or memory.content
        score = self.dense + self.lexical
        return Turn(memory.conversation, memory.position, memory.speaker, said, score)


def _gained(
    records: Sequence[_Record], query: str, settings: RankingSettings
) -> Iterator[Surroundings]:
    turns = [record.turn for record in records]
    weights = DialogueWeights(
        settings.neighbour_weight,
        settings.reply_weight,
        settings.conversation_weight,
        settings.speaker_weight,
    )
    gains = iter(surroundings([turn for turn in turns if turn], query, weights))
    return (next(gains) if turn else NOWHERE for turn in turns)
