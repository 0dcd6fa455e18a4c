"""Rows of memory as domain values, and vectors as the store keeps them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from pgvector import HalfVector
from sqlalchemy.engine import RowMapping

from db.models.memory import memory
from maang_mcp.domain.memory import Memory, MemoryKind

MEMORY_COLUMNS = (
    memory.c.id,
    memory.c.kind,
    memory.c.title,
    memory.c.content,
    memory.c.tags,
    memory.c.problem,
    memory.c.interview_id,
    memory.c.conversation,
    memory.c.position,
    memory.c.speaker,
    memory.c.occurred_at,
)


def memory_of(row: RowMapping, content: str = "content") -> Memory:
    """The memory of a row that has `MEMORY_COLUMNS`; `content` names the column of its text, which
    a search cuts to the passage."""
    return Memory(
        id=row["id"],
        kind=MemoryKind(row["kind"]),
        title=row["title"],
        content=row[content],
        occurred_at=row["occurred_at"],
        tags=tuple(row["tags"]),
        problem=row["problem"],
        interview_id=row["interview_id"],
        conversation=row["conversation"],
        position=row["position"],
        speaker=row["speaker"],
    )


def half_vector(vector: Sequence[float]) -> HalfVector:
    """A vector as the store keeps it: 16-bit floats."""
    return HalfVector(list(vector))


def unpacked(packed: bytes) -> Sequence[float]:
    """pgvector's wire format of a halfvec: two 16-bit integers, then big-endian 16-bit floats."""
    # Not a list: of a hundred and fifty candidates that would be sixty thousand numbers to make,
    # and to turn back when they are compared with each other.
    return array("f", np.frombuffer(packed, dtype=">f2", offset=4).astype(np.float32).tobytes())
