"""What is said in an interview, kept as turns of a conversation that a search finds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid5

from maang_mcp.domain.interview import Interview
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.search import IndexedPassage
from maang_mcp.domain.transcript import Speaker, Turn

from .notes import first_words

if TYPE_CHECKING:
    from db import UnitOfWork

    from .indexing import Indexer


async def keep_spoken(
    uow: UnitOfWork,
    indexer: Indexer,
    interview: Interview,
    turns: Sequence[Turn],
    hint: str | None,
    now: datetime,
) -> list[IndexedPassage]:
    """Keeps the turns of one step, then the hint that was given in it; returns their passages.

    The conversation is the interview's id, and an id follows from it and the number of the turn or
    hint. Words are found at once, meaning as soon as the `Backlog` gets to it: no model is waited
    for. An interviewer who begins by passing the last hint on word for word says it once.
    """
    if not turns and hint is None:
        return []
    name = str(interview.id)
    position = await uow.memory.next_position(name)
    said = [(f"turn {turn.position}", turn.speaker, turn.text) for turn in turns]
    hints = interview.hints_given - (hint is not None)
    if hints and said and said[0][1] is Speaker.INTERVIEWER:
        last = await uow.memory.get(uuid5(interview.id, f"hint {hints}"))
        if last is not None and (last.position, last.content) == (position - 1, said[0][2]):
            del said[0]
    if hint is not None:
        said.append((f"hint {interview.hints_given}", Speaker.INTERVIEWER, hint))
    memories = [
        Memory(
            id=uuid5(interview.id, key),
            kind=MemoryKind.TURN,
            title=first_words(text),
            content=text,
            occurred_at=now,
            problem=interview.question,
            interview_id=interview.id,
            conversation=name,
            position=place,
            speaker=speaker.value,
        )
        for place, (key, speaker, text) in enumerate(said, position)
    ]
    passages = [passage for memory in memories for passage in indexer.index(memory)]
    await uow.memory.add_all(
        memories, passages, recorded_at=now, embedder_identity=indexer.identity
    )
    return passages
