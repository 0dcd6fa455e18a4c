"""Rows of memory as domain values, and vectors as the store keeps them."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from pgvector import HalfVector
from sqlalchemy.engine import RowMapping

from db.models.memory import memory
from maang_mcp.domain.memory import Memory, MemoryKind

_HEADER = 4
"""Bytes before the numbers of a halfvec."""

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


def half_text(vector: Sequence[float]) -> str:
    """The same as text, for a cast: five digits tell a 16-bit float from its neighbours, and take
    a third of the time that all of them do, half a millisecond for each vector."""
    numbers = half_vector(vector).to_list()
    return f"[{','.join(['%.5g'] * len(numbers)) % tuple(numbers)}]"


def unpacked(packed: Sequence[bytes]) -> list[Sequence[float]]:
    """Vectors of one length in pgvector's wire format of a halfvec: two 16-bit integers, then
    big-endian 16-bit floats."""
    if not packed:
        return []
    # All at once, and not to lists: of a hundred candidates that would be forty thousand
    # numbers to make, and to turn back when they are compared with each other.
    halves = np.frombuffer(b"".join([one[_HEADER:] for one in packed]), ">f2")
    floats = halves.astype(np.float32).tobytes()
    size = len(floats) // len(packed)
    return [array("f", floats[at : at + size]) for at in range(0, len(floats), size)]
