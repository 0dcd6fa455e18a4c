"""That a candidate's code was run, as it is kept on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class SolutionCheck:
    """One run of a candidate's code, on record: how many tests it passed and failed.

    Not `verified` means that the sandbox could not run it; then both counts are 0.
    """

    id: UUID
    interview_id: UUID | None
    question: str
    code: str
    passed: int
    failed: int
    verified: bool
    at: datetime
