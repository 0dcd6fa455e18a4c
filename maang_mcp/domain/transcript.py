"""What was said in an interview, turn by turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Speaker(StrEnum):
    """Who said a turn."""

    CANDIDATE = "candidate"
    INTERVIEWER = "interviewer"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one side said, as it was recorded; `position` counts from 1 within the interview."""

    position: int
    speaker: Speaker
    phase: str
    text: str
    at: datetime
