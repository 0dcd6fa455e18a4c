"""Conversations kept turn by turn, several turns in one call."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from maang_mcp.domain.conversation import Said, already_there
from maang_mcp.domain.errors import InvalidInput, StaleWrite
from maang_mcp.domain.memory import PREVIOUS_TURNS, Memory, MemoryKind
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.profile import Learner

from .answers.memory import Remembered
from .dates import parse_moment
from .narrowing import problem_named
from .notes import first_words, quoted, unknown_problem
from .requests import Note

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.domain.catalogue import Catalogue

    from .backlog import Backlog
    from .indexing import Indexer

MOST_TURNS = 200
"""Turns of one call."""


class Conversations:
    """Keeps turns of a conversation: the new ones, in order, in one transaction."""

    def __init__(
        self,
        store: Store,
        indexer: Indexer,
        backlog: Backlog,
        catalogue: Catalogue,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._indexer = indexer
        self._backlog = backlog
        self._catalogue = catalogue
        self._clock = clock

    async def keep(self, learner: Learner, note: Note, removed: int) -> Remembered:
        """Adds those turns that are not on record yet (`domain.conversation`); the note is as the
        store may hold it, and `removed` how many secrets that cost.

        A turn's id follows from learner, conversation and position. Raises InvalidInput for turns
        without a conversation, without text or too many, and for a moment that cannot be read.
        Turns that somebody else adds meanwhile stand before these.
        """
        now = self._clock()
        telling = _Telling(learner, note, _told(note, now), now)
        async with self._store.reading(learner.id) as uow:
            record = await uow.memory.conversation(telling.name)
            problem = await problem_named(uow, self._catalogue, note.problem)
        news = _news(telling, record, problem)
        if news.turns:
            async with self._store.writing(learner.id, learner.subject) as uow:
                if await uow.memory.next_position(telling.name) != news.next_position:
                    record = await uow.memory.conversation(telling.name)
                    news = _news(telling, record, problem)
                passages = [
                    passage
                    for place, turn in enumerate(news.turns)
                    for passage in self._indexer.index(turn, None, news.previous(place))
                ]
                added = await uow.memory.add_all(
                    news.turns,
                    passages,
                    recorded_at=now,
                    embedder_identity=self._indexer.identity,
                )
                if len(added) < len(news.turns):
                    raise StaleWrite(hint="Tell the same turns again.")
            self._backlog.note(learner, passages, now)
        last = (news.turns or record)[-1]
        return Remembered(
            status=_status(telling.name, len(news.turns), news.there, removed)
            + (unknown_problem(note.problem, problem) if news.turns else ""),
            memory_id=str(last.id),
            kind=MemoryKind.TURN,
            secrets_removed=removed,
            repeated=not news.turns,
            next_actions=["retrieve_context"],
        )


@dataclass(frozen=True, slots=True)
class _Telling:
    """Who tells what of which conversation, and when."""

    learner: Learner
    note: Note
    told: Sequence[Said]
    now: datetime

    @property
    def name(self) -> str:
        return self.note.conversation or ""


@dataclass(frozen=True, slots=True)
class _News:
    """What a telling adds to a record: its first `there` turns are on it, `turns` are not."""

    before: Sequence[Memory]
    next_position: int
    there: int
    turns: Sequence[Memory]

    def previous(self, place: int) -> Sequence[Memory]:
        """The turns that the new one at this place is embedded with."""
        at = len(self.before) + place
        return [*self.before, *self.turns][max(0, at - PREVIOUS_TURNS) : at]


def _news(telling: _Telling, record: Sequence[Memory], problem: Problem | None) -> _News:
    next_position = 1 + max((_position(turn) for turn in record), default=-1)
    stored = {_position(t): Said(t.speaker, t.content, t.occurred_at) for t in record}
    there = already_there(stored, next_position, telling.told)
    note = telling.note
    turns = [
        Memory(
            id=_turn_id(telling.learner, telling.name, position),
            kind=MemoryKind.TURN,
            title=first_words(said.text),
            content=said.text,
            occurred_at=said.at or telling.now,
            tags=note.tags,
            problem=problem.slug if problem else note.problem,
            conversation=telling.name,
            position=position,
            speaker=said.speaker,
        )
        for position, said in enumerate(telling.told[there:], next_position)
    ]
    return _News(record[-PREVIOUS_TURNS:], next_position, there, turns)


def _told(note: Note, now: datetime) -> list[Said]:
    if note.conversation is None:
        raise InvalidInput("Turns of which conversation? Its name is missing.")
    if len(note.turns) > MOST_TURNS:
        raise InvalidInput(
            f"{len(note.turns)} turns are too many for one call.",
            hint=f"Tell up to {MOST_TURNS} at a time, in order.",
        )
    if note.content:
        raise InvalidInput("Tell either content or turns.")
    if not all(turn.text for turn in note.turns):
        raise InvalidInput("A turn without text cannot be remembered.")
    return [
        Said(turn.speaker or None, turn.text, parse_moment(turn.when, now) if turn.when else None)
        for turn in note.turns
    ]


def _turn_id(learner: Learner, conversation: str, position: int) -> UUID:
    return uuid5(learner.id, f"turn {position} of {conversation}")


def _position(turn: Memory) -> int:
    return -1 if turn.position is None else turn.position


def _status(name: str, new: int, there: int, removed: int) -> str:
    if not new:
        return f"Those turns of {quoted(name)} were already on record; nothing changed."
    parts = [f"Remembered {new} turn{'s' * (new > 1)} of {quoted(name)}"]
    if there:
        parts.append(f"; {there} {'were' if there > 1 else 'was'} already on record")
    secrets = f" {removed} secret{'s' * (removed > 1)} removed." if removed else ""
    return f"{''.join(parts)}.{secrets}"
