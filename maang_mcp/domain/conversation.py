"""Which of the turns a client tells are new: transcripts are often told again, and longer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One turn as it is told; `at` is None where nobody said when."""

    speaker: str | None
    text: str
    at: datetime | None = None

    def is_told_by(self, other: Said) -> bool:
        """Whether another telling is of this turn; a moment counts only where both have one."""
        if (self.speaker, self.text) != (other.speaker, other.text):
            return False
        return self.at is None or other.at is None or self.at == other.at


def already_there(stored: Mapping[int, Said], next_position: int, told: Sequence[Said]) -> int:
    """How many of the told turns, from the first on, are on record by position already.

    Told turns go on where the record ends: as many of them as repeat its end are there, be it that
    the whole conversation is told once more, or the latest turns with new ones, or that a call is
    repeated. Two or more that stand anywhere in the record in this order are there, too; one alone
    ("yes") may have been said again. What was erased in between matches anything and stays erased.
    """
    for size in range(min(len(told), next_position), 0, -1):
        if _stands(stored, next_position - size, told[:size]):
            return size
    if len(told) > 1 and any(
        _stands(stored, start, told) for start in range(next_position - len(told) + 1)
    ):
        return len(told)
    return 0


def _stands(stored: Mapping[int, Said], start: int, told: Sequence[Said]) -> bool:
    places = [stored.get(start + offset) for offset in range(len(told))]
    return any(place is not None for place in places) and all(
        place is None or place.is_told_by(turn) for place, turn in zip(places, told, strict=True)
    )
