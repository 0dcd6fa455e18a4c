"""The hints of an interview as they were given, for whoever reads it or takes it up later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid5

from maang_mcp.domain.interview import Interview

if TYPE_CHECKING:
    from db import UnitOfWork


@dataclass(frozen=True, slots=True)
class HintGiven:
    """A hint that was given, with the number of turns that had been recorded by then."""

    level: int
    text: str
    after: int


async def hints_given(uow: UnitOfWork, interview: Interview) -> list[HintGiven]:
    """The hints as they were given, in order; what the learner had erased is not among them."""
    if not interview.hints_given:
        return []
    # The ids that `keep_spoken` gives to what was said.
    turns = {uuid5(interview.id, f"turn {n}"): n for n in range(1, interview.turns + 1)}
    levels = {uuid5(interview.id, f"hint {n}"): n for n in range(1, interview.hints_given + 1)}
    after, found = 0, []
    for memory in await uow.memory.conversation(str(interview.id)):
        after = turns.get(memory.id, after)
        if level := levels.get(memory.id):
            found.append(HintGiven(level, memory.content, after))
    return found
