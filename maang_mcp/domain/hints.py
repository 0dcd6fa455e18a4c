"""The hint gate: four levels, one after the other, each only after the last one was tried.

1 orientation   a question that turns the candidate towards what matters
2 pattern       which kind of technique fits, and what in the task says so
3 insight       the fact about the task that makes the technique work
4 outline       the steps in words, never code
"""

from __future__ import annotations

from typing import Final

from .errors import InvalidTransition

MOST: Final = 4

GIVES_THE_APPROACH: Final = 2
"""The level from which a solution no longer counts as found alone (docs/learner-model.md)."""

HintLadder = tuple[str, ...]
"""The texts of the levels: all four, or none in a round that gives no hints."""


def next_level(given: int, pending_use: bool, most: int = MOST) -> int:
    """The level, 1 to `most`, of the hint that may be given now.

    `pending_use` says that the candidate has said nothing since the last hint. Raises
    InvalidTransition while it holds, when all have been given, and in a round without hints.
    """
    if most == 0:
        raise InvalidTransition(
            "This round has no hints: what was done cannot be hinted at.",
            hint="Rephrase the question once, or go on with a probe of the guide.",
        )
    if given >= most:
        raise InvalidTransition(
            f"All {most} hints have been given; the rest is the candidate's.",
            hint="Let them go on, move to the next phase, or close the interview.",
        )
    if pending_use:
        raise InvalidTransition(
            f"Hint {given} has not been tried yet.",
            hint="Record with `interview_step` what the candidate says or tries with it; then ask.",
        )
    return given + 1
