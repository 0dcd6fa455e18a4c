"""Lessons that recur are one lesson: counted, dated, linked to their attempts."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from db import Store
from maang_mcp.app import Coach
from maang_mcp.domain.errors import Conflict, UnknownMemory
from maang_mcp.domain.memory import MemoryKind
from maang_mcp.domain.profile import Learner
from maang_mcp.services.answers.memory import Remembered
from maang_mcp.services.requests import Note, Question
from tests.factories import HashEmbedder, SteppingClock, report

LESSON = "I forget to skip duplicates after moving a pointer."
AGAIN = "I always forget to skip the duplicates after moving a pointer."
OTHER = "I forget to move a pointer after skipping duplicates."


async def _learn(coach: Coach, learner: Learner, content: str, **fields: object) -> Remembered:
    note = Note(content, MemoryKind.LESSON, **fields)  # type: ignore[arg-type]  # the fields are the caller's choice
    return await coach.memories.remember(learner, note)


async def _count(store: Store, learner: Learner) -> int:
    async with store.reading(learner.id) as uow:
        return await uow.memory.count()


async def test_a_lesson_that_recurs_is_counted_and_linked_to_its_attempts(
    coach: Coach, learner: Learner, clock: SteppingClock, store: Store
) -> None:
    await coach.practice.record_attempt(learner, report("3sum"))
    first = await _learn(coach, learner, LESSON, problem="3sum")
    clock.forward(days=3)
    attempt = await coach.practice.record_attempt(learner, report("two-sum"))
    again = await _learn(coach, learner, AGAIN, problem="two-sum")
    clock.forward(days=1)
    third = await _learn(coach, learner, LESSON.upper())
    assert (first.times, again.times, third.times) == (None, 2, 3)
    assert first.memory_id == again.memory_id == third.memory_id
    assert third.status == (
        "A lesson you have already: seen 3 times, first 2026-11-20, last 2026-11-24: "
        "'I forget to skip duplicates after moving a pointer'."
    )
    shown = await coach.memories.show(learner, UUID(first.memory_id))
    assert [(one.when, one.problem) for one in shown.learned] == [
        (date(2026, 11, 20), "3sum"),
        (date(2026, 11, 23), "two-sum"),
        (date(2026, 11, 24), None),
    ]
    assert shown.learned[1].attempt == f"maang://attempts/{attempt.attempt_id}"
    assert shown.learned[2].attempt is None
    found = await coach.memories.retrieve_context(
        learner, Question("skip duplicates", kinds=(MemoryKind.LESSON,))
    )
    (passage,) = found.passages
    assert passage.title == "(learned 3 times)"
    assert LESSON in shown.content
    async with store.reading(learner.id) as uow:
        (_, told, _) = await uow.lessons.of(UUID(first.memory_id))
    assert told.wording == AGAIN


async def test_a_lesson_that_says_something_else_is_kept_beside_it(
    coach: Coach, learner: Learner, store: Store
) -> None:
    one, other = [await _learn(coach, learner, text) for text in (LESSON, OTHER)]
    assert one.memory_id != other.memory_id
    assert other.times is None
    assert await _count(store, learner) == 2


async def test_a_note_is_never_counted(coach: Coach, learner: Learner, store: Store) -> None:
    for _ in range(2):
        await coach.memories.remember(learner, Note(LESSON))
    await _learn(coach, learner, LESSON)
    assert await _count(store, learner) == 3


async def test_without_the_model_only_the_same_words_are_the_same_lesson(
    coach: Coach, learner: Learner, store: Store, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    first = await _learn(coach, learner, LESSON)
    assert (await _learn(coach, learner, AGAIN)).times is None
    assert (await _learn(coach, learner, f"  {LESSON.lower()} ")).memory_id == first.memory_id
    assert await _count(store, learner) == 2


async def test_a_retry_counts_nothing_twice(coach: Coach, learner: Learner, store: Store) -> None:
    first_id, again_id = uuid4(), uuid4()
    for _ in range(2):
        first = await _learn(coach, learner, LESSON, memory_id=first_id)
        again = await _learn(coach, learner, AGAIN, memory_id=again_id)
    assert (first.repeated, again.repeated, again.times) == (True, True, 2)
    assert again.memory_id == str(first_id)
    with pytest.raises(Conflict):
        await _learn(coach, learner, "Something else.", memory_id=again_id)
    assert await _count(store, learner) == 1


async def test_a_lesson_that_is_superseded_hands_its_history_on(
    coach: Coach, learner: Learner, clock: SteppingClock
) -> None:
    old = UUID((await _learn(coach, learner, LESSON)).memory_id)
    await _learn(coach, learner, LESSON)
    clock.forward(days=1)
    new = UUID((await _learn(coach, learner, "Skip duplicates.", supersedes=old)).memory_id)
    assert len((await coach.memories.show(learner, new)).learned) == 2
    assert (await coach.memories.show(learner, old)).content
    assert (await _learn(coach, learner, "Skip duplicates!")).times == 3
    beside = await _learn(coach, learner, LESSON)
    assert UUID(beside.memory_id) not in (old, new)
    assert beside.times is None


async def test_an_erased_lesson_is_gone_with_its_occurrences_and_may_be_learned_anew(
    coach: Coach, learner: Learner, store: Store
) -> None:
    lesson = UUID((await _learn(coach, learner, LESSON)).memory_id)
    await _learn(coach, learner, LESSON)
    await coach.erasure.forget(learner, "memory", lesson, "")
    async with store.reading(learner.id) as uow:
        assert await uow.lessons.of(lesson) == []
    with pytest.raises(UnknownMemory):
        await coach.memories.show(learner, lesson)
    assert (await _learn(coach, learner, LESSON)).times is None


async def test_an_erased_attempt_is_no_longer_linked_but_the_lesson_was_learned(
    coach: Coach, learner: Learner
) -> None:
    attempt = await coach.practice.record_attempt(learner, report("3sum"))
    lesson = UUID((await _learn(coach, learner, LESSON, problem="3sum")).memory_id)
    assert (await coach.memories.show(learner, lesson)).learned[0].attempt
    await coach.erasure.forget(learner, "attempt", UUID(attempt.attempt_id), "")
    (one,) = (await coach.memories.show(learner, lesson)).learned
    assert (one.problem, one.attempt) == ("3sum", None)


async def test_what_somebody_else_learned_is_not_counted(coach: Coach, learner: Learner) -> None:
    other = Learner.of(f"other-{uuid4()}")
    one, another = [await _learn(coach, who, LESSON) for who in (other, learner)]
    assert one.memory_id != another.memory_id
    assert another.times is None


async def test_a_lesson_told_again_gains_the_tags_it_lacked(coach: Coach, learner: Learner) -> None:
    first = await _learn(coach, learner, LESSON, tags=("Pointers", "loops"))
    asked = Question("duplicates", tags=("OFF-BY-ONE",))
    assert (await coach.memories.retrieve_context(learner, asked)).passages == []
    again = await _learn(coach, learner, LESSON.upper(), tags=("LOOPS", "off-by-one", "Off-By-One"))
    assert again.memory_id == first.memory_id
    shown = await coach.memories.show(learner, UUID(first.memory_id))
    assert shown.tags == ["Pointers", "loops", "off-by-one"]
    (passage,) = (await coach.memories.retrieve_context(learner, asked)).passages
    assert passage.uri == f"maang://memories/{first.memory_id}"


async def test_a_retry_of_the_first_telling_is_known_after_tags_were_added(
    coach: Coach, learner: Learner
) -> None:
    first = uuid4()
    await _learn(coach, learner, LESSON, memory_id=first, tags=("loops",))
    await _learn(coach, learner, LESSON, tags=("pointers",))
    retried = await _learn(coach, learner, LESSON, memory_id=first, tags=("loops",))
    assert (retried.repeated, retried.memory_id) == (True, str(first))
    with pytest.raises(Conflict):
        await _learn(coach, learner, LESSON, memory_id=first, tags=("pointers",))
    assert (await coach.memories.show(learner, first)).tags == ["loops", "pointers"]
