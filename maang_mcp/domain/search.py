"""What the candidate search is asked, what it is given to index, and what it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from .memory import Candidate, MemoryKind, Passage
from .ranking import PeakStatistics


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which memories may answer; an empty field does not restrict."""

    kinds: tuple[MemoryKind, ...] = ()
    tags: tuple[str, ...] = ()
    problem: str | None = None
    interview_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def restricts(self) -> bool:
        """Whether anything is filtered at all."""
        return self != SearchFilter()


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage ready to be stored; without a vector until the embedder has seen it."""

    passage: Passage
    vector: Sequence[float] | None


@dataclass(frozen=True, slots=True)
class Recalled:
    """The best candidates, and what the whole scan looked like; `scanned` counts passages."""

    candidates: tuple[Candidate, ...]
    statistics: PeakStatistics | None
    scanned: int
