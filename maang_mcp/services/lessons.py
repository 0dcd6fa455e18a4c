"""Lessons that recur: told again they are counted and linked to their attempts, not kept twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from maang_mcp.domain.errors import Conflict
from maang_mcp.domain.lesson import Occurrence, same_words, says_the_same
from maang_mcp.domain.memory import Memory, MemoryKind
from maang_mcp.domain.search import IndexedPassage, LabelKind, SearchFilter

from .answers.memory import LessonLearned
from .notes import quoted_title

if TYPE_CHECKING:
    from db import UnitOfWork

_NEAR = 20
"""The nearest passages of lessons that are looked at more closely."""


@dataclass(frozen=True, slots=True)
class Recurred:
    """A lesson on record that was told once more; `repeated` where this telling was known."""

    lesson: Memory
    occurrences: Sequence[Occurrence]
    repeated: bool

    @property
    def status(self) -> str:
        """In words."""
        if self.repeated:
            return "That was already on record; nothing changed."
        first, last = self.occurrences[0].at.date(), self.occurrences[-1].at.date()
        return (
            f"A lesson you have already: seen {len(self.occurrences)} times, first {first}, "
            f"last {last}: {quoted_title(self.lesson.title)}."
        )


async def recurrence(
    uow: UnitOfWork, told: Memory, passages: Sequence[IndexedPassage], embedder_identity: str
) -> Recurred | None:
    """Counts a lesson that says what one on record says, in the writer's transaction; None for a
    new one. Without vectors only the same words are the same lesson.

    Tags that the lesson lacks are added behind those it has. A search that is narrowed to one finds
    it; the passages are left as they are, so its words alone are not found by them.

    Raises Conflict for an id that stands for another telling.
    """
    if (counted := await uow.lessons.get(told.id)) is not None and counted[0] != told.id:
        lesson = await uow.memory.get(counted[0])
        if lesson is None or (counted[1].wording or lesson.content) != told.content:
            raise Conflict(f"The id {told.id} already stands for another telling of a lesson.")
        return Recurred(lesson, await uow.lessons.of(lesson.id), repeated=True)
    if await uow.memory.get(told.id) is not None:
        return None
    lesson = await _same(uow, told, passages, embedder_identity)
    if lesson is None:
        return None
    if not await uow.lessons.of(lesson.id):  # kept before occurrences were counted
        await learned(uow, lesson)
    lesson = await _tagged(uow, lesson, told.tags)
    wording = None if told.content == lesson.content else told.content
    await uow.lessons.add(lesson.id, await _occurrence(uow, told, wording))
    return Recurred(lesson, await uow.lessons.of(lesson.id), repeated=False)


async def learned(uow: UnitOfWork, lesson: Memory) -> None:
    """Counts the first occurrence of a lesson that was just kept."""
    await uow.lessons.add(lesson.id, await _occurrence(uow, lesson, None))


def shown(occurrences: Sequence[Occurrence]) -> list[LessonLearned]:
    """Occurrences as they are answered with."""
    return [
        LessonLearned(
            when=one.at.date(),
            problem=one.problem,
            attempt=f"maang://attempts/{one.attempt_id}" if one.attempt_id else None,
        )
        for one in occurrences
    ]


async def _tagged(uow: UnitOfWork, lesson: Memory, told: Sequence[str]) -> Memory:
    spelt: dict[str, str] = {}
    for tag in (*lesson.tags, *told):
        spelt.setdefault(LabelKind.TAG.key(tag), tag)
    further = [tag for tag in spelt.values() if tag not in lesson.tags]
    if not further:
        return lesson
    tags = (*lesson.tags, *further)
    await uow.lessons.tag(lesson.id, tags)
    return replace(lesson, tags=tags)


async def _occurrence(uow: UnitOfWork, told: Memory, wording: str | None) -> Occurrence:
    attempt = None
    if told.problem is not None:
        attempt = await uow.lessons.latest_attempt(told.problem, told.occurred_at)
    return Occurrence(told.id, told.occurred_at, told.problem, attempt, wording)


async def _same(
    uow: UnitOfWork, told: Memory, passages: Sequence[IndexedPassage], embedder_identity: str
) -> Memory | None:
    latest_first = await uow.memory.current(MemoryKind.LESSON)
    lessons = {lesson.id: lesson for lesson in reversed(latest_first)}
    for lesson in lessons.values():
        if same_words(lesson.content, told.content):
            return lesson
    own = [entry for entry in passages if entry.passage.end > entry.passage.start]
    if not lessons or len(own) != 1 or own[0].vector is None:
        return None
    near = await uow.memory.recall(
        terms=(),
        vector=own[0].vector,
        embedder_identity=embedder_identity,
        search=SearchFilter(kinds=(MemoryKind.LESSON,)),
        limit=_NEAR,
    )
    for candidate in near.candidates:
        lesson = lessons[candidate.memory.id]
        if candidate.end and says_the_same(lesson.content, told.content, candidate.cosine or 0.0):
            return lesson
    return None
