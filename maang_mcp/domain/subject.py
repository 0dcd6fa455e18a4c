"""Answers to a question that names a problem: what is about that problem goes up a little."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from .memory import Candidate, ContextBundle, Ranked, ScoreParts
from .ranking import PeakStatistics, RankingSettings, assemble, found, rank
from .selection import cost_of, diversify, pack

SUBJECT_WEIGHT: Final = 0.4
"""What a record gains that is about the problem named, where the best score is 1 to 2.5."""

_UNSCORED: Final = ScoreParts(None, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def assemble_about(
    problems: Collection[str],
    candidates: Sequence[Candidate],
    now: datetime,
    *,
    k: int,
    budget: int,
    query: str,
    statistics: PeakStatistics | None,
    settings: RankingSettings,
    degraded: str | None,
) -> ContextBundle:
    """As `ranking.assemble`, with records about one of the `problems` (slugs) raised.

    They are not all that answers: a lesson may mention a problem without being filed under it.
    Raises BudgetTooSmall as `pack` does.
    """
    known = statistics or PeakStatistics.of(candidates)
    if not problems or not found(known, settings):
        return assemble(
            candidates,
            now,
            k=k,
            budget=budget,
            query=query,
            statistics=known,
            settings=settings,
            degraded=degraded,
        )
    ranked = rank(candidates, now, query=query, statistics=known, settings=settings)
    raised = sorted((_raised(one, problems) for one in ranked), key=lambda one: -one.parts.total)
    passages, left_out = pack(
        diversify(raised, k, relevance=settings.relevance, near_duplicate=settings.near_duplicate),
        budget,
    )
    return ContextBundle(
        passages=passages,
        left_out=left_out,
        found=bool(passages),
        degraded=degraded,
        tokens=sum(map(cost_of, passages)),
    )


def assemble_newest(
    candidates: Sequence[Candidate], *, k: int, budget: int, degraded: str | None
) -> ContextBundle:
    """The latest `k` of the memories, each by its first passage, whatever they are about.

    Raises BudgetTooSmall as `pack` does.
    """
    first: dict[UUID, Candidate] = {}
    for candidate in sorted(candidates, key=lambda c: c.chunk):
        first.setdefault(candidate.memory.id, candidate)
    latest = sorted(first.values(), key=lambda c: (c.memory.occurred_at, c.memory.id), reverse=True)
    passages, left_out = pack([Ranked(one, _UNSCORED) for one in latest[:k]], budget)
    return ContextBundle(
        passages=passages,
        left_out=left_out,
        found=bool(passages),
        degraded=degraded,
        tokens=sum(map(cost_of, passages)),
    )


def _raised(entry: Ranked, problems: Collection[str]) -> Ranked:
    if entry.candidate.memory.problem not in problems:
        return entry
    return replace(entry, parts=replace(entry.parts, subject=SUBJECT_WEIGHT))
