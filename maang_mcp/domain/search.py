"""What the candidate search is asked, what it is given to index, and what it returns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Final
from uuid import UUID

from .memory import Candidate, MemoryKind, Passage
from .query import Demand
from .ranking import PeakStatistics

_PART: Final = re.compile(r"[^\W_]+")


class LabelKind(StrEnum):
    """What memories are labelled with, in the learner's own words."""

    TAG = "tag"
    PROBLEM = "problem"
    CONVERSATION = "conversation"

    def key(self, label: str) -> str:
        """What two spellings of one label share: case is nothing, and in the name of a problem
        neither are spaces and punctuation."""
        folded = label.casefold()
        parts = _PART.findall(folded) if self is LabelKind.PROBLEM else ()
        return "-".join(parts) or folded


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic as memories are about it: through one of these problems or one of these tags."""

    problems: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """Which memories may answer; an empty field does not restrict. Labels count in any spelling
    (`LabelKind.key`), a `conversation` may also be an interview, by its id; what is demanded word
    for word restricts the passages."""

    kinds: tuple[MemoryKind, ...] = ()
    tags: tuple[str, ...] = ()
    problem: str | None = None
    interview_id: UUID | None = None
    conversation: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    subject: Subject | None = None
    demand: Demand | None = None

    @property
    def restricts(self) -> bool:
        """Whether any memories are left out whole."""
        return replace(self, demand=None) != SearchFilter()


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """A passage ready to be stored; without a vector until the embedder has seen it."""

    passage: Passage
    vector: Sequence[float] | None


@dataclass(frozen=True, slots=True)
class EmbeddedText:
    """A text and its vector. Where `recorded_at` says when its memory was recorded, it belongs to
    no other that goes by the same id since."""

    text: str
    vector: Sequence[float]
    recorded_at: datetime | None = None


def text_digest(text: str) -> UUID:
    """What a text is known by where its vector is kept: 128 bits of its BLAKE2 hash."""
    return UUID(bytes=blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest())


@dataclass(frozen=True, slots=True)
class Recalled:
    """The best candidates, and what the whole scan looked like; `scanned` counts its passages,
    `waiting` those of them that no vector was compared of."""

    candidates: tuple[Candidate, ...]
    statistics: PeakStatistics | None
    scanned: int
    waiting: int
