"""Remembering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maang_mcp.domain.errors import Conflict, InvalidInput, UnknownMemory
from maang_mcp.domain.memory import PREVIOUS_TURNS, Memory, MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scrubbing import fence, label

from .answers.memory import Context, MemoryShown, Remembered
from .dates import parse_moment
from .lessons import learned, recurrence, shown
from .narrowing import problem_named
from .notes import first_words, quoted_title, storable, unknown_problem
from .parts import parts
from .recall import Recall
from .requests import Note, Question
from .stories import Kept, story_read, story_status

if TYPE_CHECKING:
    from db import Store
    from maang_mcp.domain.catalogue import Catalogue
    from maang_mcp.domain.problem import Problem

    from .backlog import Backlog
    from .conversations import Conversations
    from .indexing import Indexer

LATEST_OCCURRENCES = 50
"""Of a lesson, that are shown with it."""


class Memories:
    """Use-cases over what the learner has on record."""

    def __init__(
        self,
        store: Store,
        indexer: Indexer,
        backlog: Backlog,
        recall: Recall,
        conversations: Conversations,
        catalogue: Catalogue,
        clock: Callable[[], datetime],
        new_id: Callable[[], UUID],
    ) -> None:
        self._store = store
        self._indexer = indexer
        self._backlog = backlog
        self._recall = recall
        self._conversations = conversations
        self._catalogue = catalogue
        self._clock = clock
        self._new_id = new_id

    async def remember(self, learner: Learner, note: Note) -> Remembered:
        """Keeps one memory, or turns of a conversation; the same id again keeps nothing and
        answers alike, and a lesson that was learned before is counted instead.

        Raises InvalidInput for an empty text or a moment that cannot be read, UnknownMemory for
        one to supersede that is not there, and Conflict for an id that holds another memory or one
        to supersede that was superseded before.
        """
        now = self._clock()
        note, removed = storable(note)
        if note.turns:
            return await self._conversations.keep(learner, note, removed)
        if not note.content:
            raise InvalidInput("There is nothing to remember: the content is empty.")
        problem, previous = await self._surroundings(learner, note)
        unknown = unknown_problem(note.problem, problem)
        memory = Memory(
            id=note.memory_id or self._new_id(),
            kind=note.kind,
            title=note.title or first_words(note.content),
            content=note.content,
            occurred_at=parse_moment(note.when, now) if note.when else now,
            tags=note.tags,
            problem=problem.slug if problem else note.problem,
            conversation=note.conversation,
            speaker=note.speaker,
        )
        passages = self._indexer.index(memory, problem, previous)
        if memory.kind is MemoryKind.LESSON and note.supersedes is None:
            passages = await self._indexer.comparable(passages)
        kept = Kept.of(memory) if memory.kind is MemoryKind.STORY else None
        async with self._store.writing(learner.id, learner.subject) as uow:
            if note.supersedes is not None:
                newer = await uow.memory.successor(note.supersedes)
                if newer not in (None, memory.id):
                    raise Conflict(
                        f"The memory {note.supersedes} was superseded before, by {newer}.",
                        hint="Supersede that one instead.",
                    )
            if note.conversation is not None:
                memory = replace(memory, position=await uow.memory.next_position(note.conversation))
            if memory.kind is MemoryKind.LESSON and note.supersedes is None:
                recurred = await recurrence(uow, memory, passages, self._indexer.identity)
                if recurred is not None:
                    return Remembered(
                        status=recurred.status + ("" if recurred.repeated else unknown),
                        memory_id=str(recurred.lesson.id),
                        kind=memory.kind,
                        secrets_removed=removed,
                        repeated=recurred.repeated,
                        next_actions=["retrieve_context"],
                        times=len(recurred.occurrences),
                    )
            added = await uow.memory.add(
                memory, passages, recorded_at=now, embedder_identity=self._indexer.identity
            )
            if not added:
                known = await uow.memory.get(memory.id)
                if known is None or not _alike(known, memory, note):
                    raise Conflict(f"The id {memory.id} already holds another memory.")
            elif note.supersedes is not None and (
                note.supersedes == memory.id
                or not await uow.memory.supersede(note.supersedes, memory.id)
            ):
                raise UnknownMemory(f"No memory goes by the id {note.supersedes}.")
            if added and note.supersedes is not None:
                await uow.lessons.move(note.supersedes, memory.id)
            elif added and memory.kind is MemoryKind.LESSON:
                await learned(uow, memory)
            story = story_read(kept, await uow.learner.profile()) if kept else None
        if added:
            self._backlog.note(learner, passages, now)
        return Remembered(
            status=_remembered(memory, removed, kept, repeated=not added)
            + (unknown if added else ""),
            memory_id=str(memory.id),
            kind=memory.kind,
            secrets_removed=removed,
            repeated=not added,
            next_actions=["remember"] if kept and kept.findings else ["retrieve_context"],
            story=story,
        )

    async def retrieve_context(self, learner: Learner, question: Question) -> Context:
        """The passages that answer the question; see `Recall.retrieve_context`."""
        return await self._recall.retrieve_context(learner, question)

    async def show(self, learner: Learner, memory_id: UUID, part: int = 1) -> MemoryShown:
        """One memory, also a superseded one; a long text comes in parts, counted from 1.

        Raises UnknownMemory, and InvalidInput for a part that it does not have.
        """
        async with self._store.reading(learner.id) as uow:
            memory = await uow.memory.get(memory_id)
            if memory is None:
                raise UnknownMemory(f"No memory goes by the id {memory_id}.")
            occurrences = await uow.lessons.of(memory_id)
            retrieved = await uow.retrievals.times(memory_id)
            newer = await uow.memory.successor(memory_id)
        pieces = parts(memory.content)
        if not 1 <= part <= len(pieces):
            raise InvalidInput(f"That memory has no part {part}; its last one is {len(pieces)}.")
        return MemoryShown(
            memory_id=str(memory.id),
            kind=memory.kind,
            title=label(memory.title),
            content=fence(pieces[part - 1]),
            tags=list(map(label, memory.tags)),
            problem=memory.problem,
            when=memory.occurred_at.replace(microsecond=0),
            learned=shown(occurrences[-LATEST_OCCURRENCES:]),
            times=len(occurrences),
            retrieved=retrieved,
            part=part,
            parts=len(pieces),
            next_part=f"{memory.uri}/{part + 1}" if part < len(pieces) else None,
            superseded_by=f"maang://memories/{newer}" if newer else None,
        )

    async def _surroundings(
        self, learner: Learner, note: Note
    ) -> tuple[Problem | None, list[Memory]]:
        """The problem a note is about, and the turns that came before it in its conversation."""
        if note.problem is None and note.conversation is None:
            return None, []
        async with self._store.reading(learner.id) as uow:
            problem = await problem_named(uow, self._catalogue, note.problem)
            if note.conversation is None:
                return problem, []
            position = await uow.memory.next_position(note.conversation)
            previous = await uow.memory.previous_turns(note.conversation, position, PREVIOUS_TURNS)
        return problem, previous


def _alike(known: Memory, memory: Memory, note: Note) -> bool:
    """Whether the memory was told like this before. Its moment and its place in a conversation
    are those of the first telling, its problem may have become known by a slug since, and a lesson
    may have gained tags behind its first ones."""
    told = replace(memory, occurred_at=known.occurred_at, position=known.position)
    if known.kind is MemoryKind.LESSON and known.tags[: len(told.tags)] == told.tags:
        told = replace(told, tags=known.tags)
    return known in (told, replace(told, problem=note.problem))


def _remembered(
    memory: Memory,
    removed: int,
    story: Kept | None,
    *,
    repeated: bool,
) -> str:
    if repeated:
        return "That was already on record; nothing changed."
    kind = memory.kind.replace("_", " ")
    secrets = f" {removed} secret{'s' * (removed > 1)} removed." if removed else ""
    judged = f" {story_status(story)}" if story else ""
    return f"Remembered as {kind}: {quoted_title(memory.title)}.{judged}{secrets}"
