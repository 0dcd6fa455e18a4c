"""Answers about what is remembered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from maang_mcp.domain.memory import MemoryKind

from .stories import StoryRead


@dataclass(frozen=True, slots=True)
class Remembered:
    """One memory on record, or the last of the turns that were told; `times` counts how often a
    lesson was learned, `story` is how a story was understood."""

    status: str
    memory_id: str
    kind: MemoryKind
    secrets_removed: int
    repeated: bool
    next_actions: list[str]
    times: int | None = None
    story: StoryRead | None = None


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
    subject: float


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
class LessonLearned:
    """One time a lesson was learned; `attempt` is the address of the attempt it came from."""

    when: date
    problem: str | None
    attempt: str | None


@dataclass(frozen=True, slots=True)
class MemoryShown:
    """One memory, or one part of a long one, whose `next_part` is an address like that of the
    memory it is `superseded_by`. A lesson was learned `times` times, of which `learned` has the
    latest; `retrieved` counts the answers that cited it."""

    memory_id: str
    kind: MemoryKind
    title: str
    content: str
    tags: list[str]
    problem: str | None
    when: datetime
    learned: list[LessonLearned]
    times: int
    retrieved: int
    part: int
    parts: int
    next_part: str | None
    superseded_by: str | None
