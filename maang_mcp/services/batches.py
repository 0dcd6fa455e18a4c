"""Which of the passages that wait for vectors are embedded together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

BATCH = 64
"""Passages that are embedded and stored together, at most."""

CHARACTERS = 12_000
"""And as many of them as have together so many characters: a third of a second of the model's time,
which is what a note may have to wait behind somebody's document."""

LONGEST = 1_200
"""Characters of a passage that count: about as many as the model reads."""

Key = tuple[UUID, int]
"""A passage: its memory, and which of its chunks."""

Label = TypeVar("Label")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a passage is embedded as, and when its memory was recorded."""

    text: str
    recorded_at: datetime


@dataclass(slots=True)
class Told:
    """What one learner told just now: texts to be embedded, and whether none is left."""

    texts: dict[Key, Waiting] = field(default_factory=dict)
    done: asyncio.Event = field(default_factory=asyncio.Event)


def some(texts: Iterable[tuple[Label, Waiting]]) -> dict[Label, Waiting]:
    """The first of them, as many as are embedded together, and at least one."""
    chosen: dict[Label, Waiting] = {}
    left = CHARACTERS
    for label, waiting in texts:
        left -= min(len(waiting.text), LONGEST)
        if chosen and (left < 0 or len(chosen) == BATCH):
            break
        chosen[label] = waiting
    return chosen
