"""The methods that are compared, the product's among them, and what their rankings are worth."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from maang_mcp.domain.memory import Candidate
from maang_mcp.domain.ranking import PEAK_RANK, PeakStatistics, fused_score, rank
from maang_mcp.domain.selection import diversify

from .retrieval_sets import Array, Question, Rows, Store

METHODS = ("grep", "BM25", "dense", "RRF k=60", "product")
CANDIDATES = 100
SHOWN = 50
LISTED = 100
DEPTH = 10

Ranking = list[int]
Figures = Mapping[str, Array]
_WORD = re.compile(r"\w+")


def rankings(store: Store) -> Iterator[tuple[Question, dict[str, Ranking]]]:
    """Each question with the first 100 records by every method (the product's first 50).

    grep counts how many of the question's words occur in a record, as substrings, whatever their
    case. Dense and BM25 take the best passage of a record; RRF (k = 60) fuses those two lists.
    """
    lexical, ceilings = store.lexical()
    cosines = store.queries @ store.vectors.T
    texts = [memory.content.lower() for memory in store.memories]
    now = max(memory.occurred_at for memory in store.memories)
    for i, question in enumerate(store.questions):
        dense = _best_per_record(cosines[i], store.owner, len(store.memories))
        sparse = _best_per_record(lexical[i], store.owner, len(store.memories))
        by_dense, by_sparse = np.argsort(-dense, kind="stable"), np.argsort(-sparse, kind="stable")
        reciprocal = np.zeros(len(dense))
        reciprocal[by_dense] += 1 / (61 + np.arange(len(dense)))
        reciprocal[by_sparse] += np.where(
            sparse[by_sparse] > 0, 1 / (61 + np.arange(len(dense))), 0
        )
        words = set(_WORD.findall(question.text.lower()))
        matches = np.array([sum(word in text for word in words) for text in texts])
        yield (
            question,
            {
                "grep": np.argsort(-matches, kind="stable")[:LISTED].tolist(),
                "BM25": by_sparse[:LISTED].tolist(),
                "dense": by_dense[:LISTED].tolist(),
                "RRF k=60": np.argsort(-reciprocal, kind="stable")[:LISTED].tolist(),
                "product": _ranked(store, question, cosines[i], lexical[i], ceilings[i], now),
            },
        )


def _ranked(
    store: Store, question: Question, cosines: Array, lexical: Array, ceiling: float, now: datetime
) -> Ranking:
    top, deep = np.sort(cosines)[::-1], np.sort(lexical)[::-1]
    full = len(top) >= PEAK_RANK
    statistics = PeakStatistics(
        best_cosine=float(top[0]),
        least_cosine=float(top[-1]),
        tenth_cosine=float(top[PEAK_RANK - 1]) if full else None,
        best_bm25=float(deep[0]),
        tenth_bm25=float(deep[PEAK_RANK - 1]) if full else None,
        lexical_ceiling=ceiling,
    )
    scores = [
        fused_score(float(c), float(b), statistics) for c, b in zip(cosines, lexical, strict=True)
    ]
    candidates = []
    for row in np.argsort(-np.array(scores), kind="stable")[:CANDIDATES]:
        passage = store.passages[row]
        candidates.append(
            Candidate(
                memory=store.memories[store.owner[row]],
                chunk=passage.chunk,
                start=passage.start,
                end=passage.end,
                cosine=float(cosines[row]),
                bm25=float(lexical[row]),
                embedding=store.vectors[row].tolist(),
            )
        )
    number = {memory.id: i for i, memory in enumerate(store.memories)}
    ranked = rank(candidates, now, query=question.text, statistics=statistics)
    return [number[entry.candidate.memory.id] for entry in diversify(ranked, SHOWN)]


def measures(ranking: Sequence[int], relevant: frozenset[int]) -> tuple[float, ...]:
    """Recall at 5, recall at 10, reciprocal rank, nDCG at 10; nothing where nothing is relevant."""
    if not relevant:
        return (np.nan,) * 4
    places = [place for place, record in enumerate(ranking) if record in relevant]
    gain = sum(1 / np.log2(place + 2) for place in places if place < DEPTH)
    ideal = sum(1 / np.log2(place + 2) for place in range(min(len(relevant), DEPTH)))
    return (
        sum(place < 5 for place in places) / len(relevant),
        sum(place < DEPTH for place in places) / len(relevant),
        1 / (places[0] + 1) if places else 0.0,
        gain / ideal,
    )


def worth(ranking: Ranking, question: Question, store: Store) -> tuple[float, ...]:
    """The measures of records, then those of the sessions in the order their records come in."""
    visited = list(dict.fromkeys(store.sessions[i] for i in ranking))
    return (*measures(ranking, question.relevant), *measures(visited, question.sessions))


def evaluate(stores: Iterable[Store]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Per method the mean measures of all questions; and the product's by category."""
    collected: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    categories: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for store in stores:
        for question, by_method in rankings(store):
            for method, ranking in by_method.items():
                collected[method].append(worth(ranking, question, store))
            categories[question.category].append(collected["product"][-1])
    return _means(collected), _means(categories)


def _means(rows: Mapping[str, list[tuple[float, ...]]]) -> dict[str, Array]:
    return {
        name: np.ma.masked_invalid(np.array(row, np.float32)).mean(axis=0).filled(np.nan)
        for name, row in rows.items()
    }


def _best_per_record(scores: Array, owner: Rows, records: int) -> Array:
    best = np.full(records, -np.inf, np.float32)
    np.maximum.at(best, owner, scores)
    return best
