"""Interviews, agendas and transcripts to test with."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from maang_mcp.domain.agenda import PhaseSpec, RoundSpec
from maang_mcp.domain.interview import Interview, open_interview
from maang_mcp.domain.level import Level
from maang_mcp.domain.skills import Round
from maang_mcp.domain.transcript import Speaker, Turn

START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
LADDER = ("what repeats?", "a window", "it only moves forward", "move right, then left")


def agenda(shares: Sequence[float] = (0.1, 0.2, 0.4, 0.2, 0.1)) -> RoundSpec:
    names = ("clarify", "approach", "code", "test", "follow_ups", "sixth", "seventh")
    return RoundSpec(
        Round.CODING,
        tuple(
            PhaseSpec(name, share, ("ask",), ("the answer",), ("done",))
            for name, share in zip(names, shares, strict=False)
        ),
    )


def interview(**changes: Any) -> Interview:
    settings: dict[str, Any] = {
        "question": "tide-log",
        "level": Level.MID,
        "minutes": 45,
        "at": START,
        "company": "Google",
    }
    return open_interview(UUID(int=7), agenda(), **settings | changes)


def turns(*said: str | tuple[Speaker, str]) -> list[Turn]:
    """A transcript; plain strings are the candidate's."""
    spoken = [(Speaker.CANDIDATE, entry) if isinstance(entry, str) else entry for entry in said]
    return [
        Turn(position, speaker, "code", text, START)
        for position, (speaker, text) in enumerate(spoken, start=1)
    ]
