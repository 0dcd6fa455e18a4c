"""Memories and candidates for tests, with defaults."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from maang_mcp.domain.memory import Candidate, Memory, MemoryKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def memory(number: int = 1, **fields: Any) -> Memory:
    """A note whose id is its number."""
    values: dict[str, Any] = {
        "kind": MemoryKind.NOTE,
        "title": f"Note {number}",
        "content": f"What I learned, {number}.",
        "occurred_at": NOW,
    }
    return Memory(id=UUID(int=number), **values | fields)


def turn(number: int, conversation: str = "mock", **fields: Any) -> Memory:
    """A turn at the position of its number."""
    return memory(
        number,
        **{
            "kind": MemoryKind.TURN,
            "conversation": conversation,
            "position": number,
            "speaker": "Candidate",
            **fields,
        },
    )


def candidate(
    of: Memory | int = 1,
    cosine: float | None = 0.5,
    bm25: float = 0.0,
    *,
    chunk: int = 0,
    span: tuple[int, int] | None = None,
    embedding: Sequence[float] | None = None,
) -> Candidate:
    """A candidate that covers its memory's whole content."""
    record = memory(of) if isinstance(of, int) else of
    start, end = span or (0, len(record.content))
    return Candidate(record, chunk, start, end, cosine, bm25, embedding)


def direction(degrees: float) -> tuple[float, float]:
    """A unit vector; the cosine of two is the cosine of the angle between them."""
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
