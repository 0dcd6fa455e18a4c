"""The interviewers: one task-mode agent for each round.

Each leads its round in a transcript of its own. It is told a typed brief, opens the interview on
the server itself, so that the guide it receives never comes near the coach, and hands back a
scorecard.
"""

from __future__ import annotations

from typing import Final

from .ai_assisted import AI_ASSISTED
from .behavioral import BEHAVIORAL
from .coding import CODING
from .interviewer import Role, interviewer
from .system_design import SYSTEM_DESIGN

ROUNDS: Final[tuple[Role, ...]] = (CODING, SYSTEM_DESIGN, BEHAVIORAL, AI_ASSISTED)

__all__ = ["ROUNDS", "Role", "interviewer"]
