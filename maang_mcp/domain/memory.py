"""What the coach remembers, the passages it is found by, and what a search returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from .chunking import Span, split

PREVIOUS_TURNS = 2
"""Turns of the same conversation that a turn is embedded with."""

_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


class MemoryKind(StrEnum):
    """What a memory is a record of."""

    ATTEMPT = "attempt"
    NOTE = "note"
    LESSON = "lesson"
    CHECKPOINT = "checkpoint"
    STORY = "story"
    RESUME = "resume"
    JOB_DESCRIPTION = "job_description"
    DOCUMENT = "document"
    INTERVIEW = "interview"
    TURN = "turn"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Memory:
    """One record of a learner, exactly as it was given (after scrubbing).

    `occurred_at` is when it happened, an aware datetime, not when it was stored. `problem` is a
    slug. Turns belong to a `conversation` (any key that is unique for the learner; an interview's
    turns use the interview's id) in which `position` counts up, and have a `speaker`.
    """

    id: UUID
    kind: MemoryKind
    title: str
    content: str
    occurred_at: datetime
    tags: tuple[str, ...] = ()
    problem: str | None = None
    interview_id: UUID | None = None
    conversation: str | None = None
    position: int | None = None
    speaker: str | None = None

    @property
    def uri(self) -> str:
        """The resource that shows this memory whole."""
        return f"maang://memories/{self.id}"


@dataclass(frozen=True, slots=True)
class Passage:
    """A findable piece of a memory: `content[start:end]`, and the texts it is found by.

    A passage with `start == end` stands for what the memory is about (a problem's statement)
    and covers none of its content. `dense_text` is embedded; `lexical_text` is indexed by BM25.
    """

    memory_id: UUID
    chunk: int
    start: int
    end: int
    dense_text: str
    lexical_text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the store proposes for a query.

    `cosine` is None where the passage has no vector or the query could not be embedded; `bm25` is
    0 where no term of the query occurs. `embedding` has unit length and is only needed by the
    steps that compare candidates with each other; without it they are skipped.
    """

    memory: Memory
    chunk: int
    start: int
    end: int
    cosine: float | None
    bm25: float
    embedding: Sequence[float] | None = None


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """Why a passage stands where it stands; `total` is the sum of the other weighted parts.

    `similarity` (cosine, -1 to 1) and `bm25` are the raw evidence, the best of all passages of the
    record; `dense` and `lexical` are their shares of the fused score, each scaled by the range
    found for this query. `neighbour` is what a turn owes to the turns beside it, `conversation`
    what to its conversation and to whose words it is; the first may be below zero. `subject` is
    what it gains for being about the problem that was named.
    """

    similarity: float | None
    bm25: float
    dense: float
    lexical: float
    neighbour: float
    conversation: float
    recency: float
    subject: float = 0.0

    @property
    def total(self) -> float:
        """The score that orders the answer; comparable within one answer only."""
        evidence = self.dense + self.lexical + self.neighbour + self.conversation
        return evidence + self.recency + self.subject


@dataclass(frozen=True, slots=True)
class Ranked:
    """A memory's best passage and its score."""

    candidate: Candidate
    parts: ScoreParts


@dataclass(frozen=True, slots=True)
class CitedPassage:
    """A piece of what the learner has, with where it comes from and why it was chosen."""

    uri: str
    kind: MemoryKind
    title: str
    text: str
    when: datetime
    score: float
    parts: ScoreParts


@dataclass(frozen=True, slots=True)
class ContextBundle:
    """The answer to one search.

    `left_out` counts relevant passages that did not fit, `found` is False when nothing stored
    resembles the query, `degraded` names what was missing during the search (None: nothing), and
    `tokens` is the estimated size of all passages (bytes / 4).
    """

    passages: tuple[CitedPassage, ...]
    left_out: int
    found: bool
    degraded: str | None
    tokens: int


def passages_of(
    memory: Memory, *, about: str = "", names: str = "", previous: Sequence[Memory] = ()
) -> tuple[Passage, ...]:
    """Cut a memory into the passages it is found by, one for short records.

    `about` says what the record is about as a searcher would: for an attempt or a note on a problem
    its title and a summary in our own words. It becomes a passage of its own, because a long
    statement in front of a short note would drown the note, and is embedded without the heading,
    which would drown it in turn. `names` are further words it may be looked up by (aliases,
    skills), indexed with it but not embedded. `previous` are the turns before this one in its
    conversation, oldest first. The last two are embedded with it, but after its own words and these
    twice, for a mean over all tokens would lose them otherwise. The date is indexed but not
    embedded: questions name it, yet it blurs the meaning.
    """
    heading, about = _heading(memory), about.strip()
    date = f"{memory.occurred_at.day} {_MONTHS[memory.occurred_at.month]} {memory.occurred_at.year}"
    context = "".join(f"\n{_spoken(turn, turn.content)}" for turn in previous[-PREVIOUS_TURNS:])
    texts = [(Span(0, 0), about, f"{heading}\n{about}\n{names}")] if about else []
    for span in split(memory.content) or [Span(0, len(memory.content))]:
        said = _spoken(memory, memory.content[span.start : span.end].strip())
        text = f"{heading}\n{said}" if heading else said
        texts.append((span, f"{text}\n{text}{context}" if context else text, text))
    return tuple(
        Passage(memory.id, chunk, span.start, span.end, dense_text, f"{lexical_text}\n{date}")
        for chunk, (span, dense_text, lexical_text) in enumerate(texts)
    )


def _heading(memory: Memory) -> str:
    """Kind, title and tags; a turn's are those of its whole conversation and tell it from nothing.

    A title that only repeats the opening words would count them twice.
    """
    if memory.kind is MemoryKind.TURN:
        return " ".join(memory.tags)
    repeated = memory.content.startswith(memory.title.removesuffix("..."))
    title = () if repeated else (memory.title,)
    return " ".join((memory.kind.value.replace("_", " "), *title, *memory.tags))


def _spoken(memory: Memory, text: str) -> str:
    return f"{memory.speaker}: {text}" if memory.speaker else text
