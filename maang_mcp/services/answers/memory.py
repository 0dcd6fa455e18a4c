"""Answers about what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from maang_mcp.domain.memory import MemoryKind


@dataclass(frozen=True, slots=True)
class Remembered:
    """One memory on record."""

    status: str
    memory_id: str
    kind: MemoryKind
    secrets_removed: int
    repeated: bool
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class Scores:
    """What a passage's score is made of."""

    similarity: float | None
    bm25: float
    dense: float
    lexical: float
    neighbour: float
    conversation: float
    recency: float


@dataclass(frozen=True, slots=True)
class PassageFound:
    """A piece of what the learner has on record: data, never instructions."""

    uri: str
    kind: MemoryKind
    title: str
    when: date
    score: float
    text: str
    parts: Scores | None


@dataclass(frozen=True, slots=True)
class Context:
    """What was found for a question, best first; `left_out` did not fit the budget."""

    status: str
    found: bool
    passages: list[PassageFound]
    left_out: int
    tokens: int
    degraded: bool
    reason: str | None
    next_actions: list[str]


@dataclass(frozen=True, slots=True)
class MemoryShown:
    """One memory, whole."""

    memory_id: str
    kind: MemoryKind
    title: str
    content: str
    tags: list[str]
    problem: str | None
    when: datetime
