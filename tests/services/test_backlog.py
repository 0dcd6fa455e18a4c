"""Passages that waited for the model: embedded later, as they would have been at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from db import Store, UnitOfWork
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.domain.errors import EmbedderUnavailable, StoreUnavailable
from maang_mcp.domain.memory import Memory, MemoryKind, Passage
from maang_mcp.domain.profile import Learner
from maang_mcp.services import backlog, batches
from maang_mcp.services.erasure import ERASE_EVERYTHING
from maang_mcp.services.indexing import Indexer
from maang_mcp.services.requests import Note, Question, Told
from tests.factories import HashEmbedder, Ids, SteppingClock, embed_waiting, report

CUSTOM = "Acme onsite: elevator scheduler"


async def _vectors(store: Store, learner: Learner) -> dict[tuple[UUID, int], str | None]:
    """Every vector as it is stored, by memory and chunk."""
    async with store.reading(learner.id) as uow:
        rows = await uow.memory._connection.execute(
            text("SELECT memory_id, chunk, embedding::text FROM memory_chunk")
        )
        return {(row[0], row[1]): row[2] for row in rows}


class Reversed(HashEmbedder):
    """Another model: no vector of it resembles one of the first."""

    identity = "words-reversed"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [vector[::-1] for vector in await super().embed(texts)]


async def _keep(coach: Coach, learner: Learner, ids: Sequence[UUID]) -> None:
    """An attempt, a note on it, a turn that follows another, and a long document."""
    question, answer, note, document = ids
    await coach.practice.record_attempt(learner, report(CUSTOM, skills=("heap",)))
    for id, content in ((question, "Why do windows overlap?"), (answer, "The edge never moves.")):
        await coach.memories.remember(
            learner, Note(content, MemoryKind.TURN, conversation="chat", memory_id=id)
        )
    await coach.memories.remember(
        learner, Note("It sweeps.", problem=CUSTOM.lower(), memory_id=note)
    )
    long = "\n\n".join(f"Paragraph {n} is about storage and quorum reads." * 9 for n in range(9))
    await coach.memories.remember(learner, Note(long, MemoryKind.DOCUMENT, memory_id=document))


async def _ready(coach: Coach, embedder: HashEmbedder) -> None:
    """The model is there, and nobody has begun with what waits for it."""
    await coach.backlog.drained()
    embedder.ready = True


async def test_passages_are_embedded_later_exactly_as_they_would_have_been(
    coach: Coach, learner: Learner, store: Store, embedder: HashEmbedder
) -> None:
    ids = [uuid4() for _ in range(4)]
    embedder.ready = False
    await _keep(coach, learner, ids)
    waiting = await _vectors(store, learner)
    assert set(waiting.values()) == {None}
    await _ready(coach, embedder)
    assert await embed_waiting(coach.backlog, learner) == len(waiting)
    other = Learner.of(f"other-{uuid4()}")
    await _keep(coach, other, ids)
    await coach.backlog.drained()
    later, at_once = await _vectors(store, learner), await _vectors(store, other)
    assert {key: later[key] for key in later if key[0] in ids} == {
        key: at_once[key] for key in at_once if key[0] in ids
    }
    assert sorted(map(str, later.values())) == sorted(map(str, at_once.values()))
    assert await embed_waiting(coach.backlog, learner) == 0


async def test_a_problem_that_became_known_meanwhile_does_not_shift_the_passages(
    coach: Coach, learner: Learner, store: Store, embedder: HashEmbedder
) -> None:
    """A note on a problem nobody knows has no passage about it; afterwards it would have one."""
    embedder.ready = False
    note = uuid4()
    name = "acme-onsite-elevator-scheduler"
    await coach.memories.remember(
        learner, Note("It sweeps like a disk arm.", problem=name, memory_id=note)
    )
    recorded = await coach.practice.record_attempt(learner, report(CUSTOM))
    assert recorded.problem == name
    await _ready(coach, embedder)
    await embed_waiting(coach.backlog, learner)
    found = await coach.memories.retrieve_context(
        learner, Question("sweeps like a disk arm", kinds=(MemoryKind.NOTE,), explain=True)
    )
    (passage,) = found.passages
    assert passage.parts is not None
    assert passage.parts.similarity is not None
    assert passage.parts.similarity > 0.5


async def test_more_passages_than_a_batch_are_all_embedded(
    coach: Coach,
    learner: Learner,
    store: Store,
    embedder: HashEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    embedder.ready = False
    for n in range(7):
        await coach.memories.remember(learner, Note(f"Note number {n}."))
    await _ready(coach, embedder)
    assert await embed_waiting(coach.backlog, learner) == 7
    assert None not in (await _vectors(store, learner)).values()


async def test_a_long_document_waits_and_no_passage_of_it_when_the_backlog_is_drained(
    coach: Coach, learner: Learner, store: Store
) -> None:
    long = "\n\n".join(f"Paragraph {n} is about storage and quorum reads." * 9 for n in range(300))
    await coach.memories.remember(learner, Note(long, MemoryKind.DOCUMENT))
    before = list((await _vectors(store, learner)).values())
    assert len(before) > batches.BATCH
    assert set(before) == {None}
    await coach.backlog.drained()
    assert None not in (await _vectors(store, learner)).values()


async def test_of_more_than_is_kept_at_hand_the_store_tells(
    coach: Coach, learner: Learner, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "AT_HAND", 2)
    for n in range(5):
        await coach.memories.remember(learner, Note(f"Note number {n}."))
    await coach.backlog.drained()
    assert None not in (await _vectors(store, learner)).values()


async def test_everybody_gets_a_turn_while_somebody_has_much(
    slow: Coach, gated: Gated, store: Store, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 3)
    await slow.memories.remember(learner, Note("The first."))
    await gated.reached.wait()
    for n in range(30):
        await slow.memories.remember(learner, Note(f"Note number {n}."))
    other = Learner.of(f"other-{uuid4()}")
    await slow.memories.remember(other, Note("Just one."))
    order: list[int] = []
    embed = gated.embed

    async def counted(texts: Sequence[str]) -> list[list[float]]:
        order.extend(1 for text in texts if "Just one." in text)
        order.extend(0 for text in texts if "Just one." not in text)
        return await embed(texts)

    monkeypatch.setattr(gated, "embed", counted)
    gated.gate.set()
    await slow.backlog.drained()
    assert order.index(1) < 2 * 3
    assert None not in (await _vectors(store, learner)).values()
    assert None not in (await _vectors(store, other)).values()


async def test_a_batch_of_one_document_is_cut_once(
    coach: Coach, learner: Learner, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cutting 195 KB takes a twentieth of a second, in which nobody else is served."""
    embedder.ready = False
    long = "\n\n".join(f"Paragraph {n} is about storage and quorum reads." * 9 for n in range(30))
    await coach.memories.remember(learner, Note(long, MemoryKind.DOCUMENT))
    await _ready(coach, embedder)
    cut = []
    passages = Indexer.passages

    def counted(self: Indexer, memory: Memory, *rest: Any) -> tuple[Passage, ...]:
        cut.append(memory.id)
        return passages(self, memory, *rest)

    monkeypatch.setattr(Indexer, "passages", counted)
    assert 1 < await embed_waiting(coach.backlog, learner) <= batches.BATCH
    assert len(cut) == 1


async def test_without_the_model_embedding_is_refused_and_nothing_changes(
    coach: Coach, learner: Learner, store: Store, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    await coach.memories.remember(learner, Note("Shrink the window."))
    with pytest.raises(EmbedderUnavailable):
        await embed_waiting(coach.backlog, learner)
    await coach.backlog.drained()
    assert set((await _vectors(store, learner)).values()) == {None}


async def test_another_embedder_embeds_everything_beside_what_there_is(
    coach: Coach, learner: Learner, store: Store, clock: SteppingClock
) -> None:
    await coach.memories.remember(learner, Note("Shrink the window."))
    await coach.backlog.drained()
    before = await _vectors(store, learner)
    other = wire(store, NoCache(), Reversed(), clock, Ids())
    async with store.reading(learner.id) as uow:
        assert len(await uow.vectors.waiting("words-reversed", 9)) == 1
    assert await embed_waiting(other.backlog, learner) == 1
    assert await _vectors(store, learner) == before
    for identity in ("words-reversed", "words-hashed"):
        async with store.reading(learner.id) as uow:
            assert await uow.vectors.waiting(identity, 9) == []
    for coached in (coach, other):
        question = Question("shrink the window", explain=True)
        (passage,) = (await coached.memories.retrieve_context(learner, question)).passages
        assert passage.parts is not None
        assert passage.parts.similarity is not None
        assert passage.parts.similarity > 0.5


async def test_a_text_that_waits_twice_is_embedded_once(
    coach: Coach, learner: Learner, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedder.ready = False
    for _ in range(3):
        await coach.memories.remember(learner, Note("Shrink the window."))
    await _ready(coach, embedder)
    asked: list[str] = []
    embed = embedder.embed

    async def counted(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return await embed(texts)

    monkeypatch.setattr(embedder, "embed", counted)
    assert await embed_waiting(coach.backlog, learner) == 3
    assert len(asked) == 1


class Gated(HashEmbedder):
    """Embeds no text before the gate is opened, and says when somebody stands in front of it."""

    identity = "gated"

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.gate = asyncio.Event(), asyncio.Event()

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.reached.set()
        await self.gate.wait()
        return await super().embed(texts)

    async def embed_query(self, text: str) -> list[float]:
        (vector,) = await super().embed([text])
        return vector


@pytest.fixture
def gated() -> Gated:
    return Gated()


@pytest.fixture
def slow(store: Store, gated: Gated, clock: SteppingClock) -> Coach:
    """The product with an embedder that waits."""
    return wire(store, NoCache(), gated, clock, Ids())


async def test_what_comes_while_the_backlog_works_is_not_missed(
    coach: Coach, slow: Coach, gated: Gated, store: Store, learner: Learner, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    await coach.memories.remember(learner, Note("First."))
    slow.backlog.add(learner)
    await gated.reached.wait()
    await coach.memories.remember(learner, Note("Second."))
    slow.backlog.add(learner)
    gated.gate.set()
    await slow.backlog.drained()
    assert None not in (await _vectors(store, learner)).values()


async def test_what_is_erased_while_the_backlog_works_stays_erased(
    coach: Coach, slow: Coach, gated: Gated, store: Store, learner: Learner, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    note = uuid4()
    await coach.memories.remember(learner, Note("Soon gone.", memory_id=note))
    slow.backlog.add(learner)
    await gated.reached.wait()
    await coach.erasure.forget(learner, "memory", note, "")
    gated.gate.set()
    await slow.backlog.drained()
    assert await _vectors(store, learner) == {}


async def test_a_learner_erased_while_the_backlog_works_does_not_come_back(
    coach: Coach, slow: Coach, gated: Gated, store: Store, learner: Learner, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    await coach.memories.remember(learner, Note("Soon gone."))
    slow.backlog.add(learner)
    await gated.reached.wait()
    await coach.erasure.forget(learner, "everything", None, ERASE_EVERYTHING)
    gated.gate.set()
    await slow.backlog.drained()
    async with store.engine.connect() as connection:
        known = text("SELECT count(*) FROM learner WHERE id = :learner")
        assert await connection.scalar(known, {"learner": learner.id}) == 0


async def test_closing_stops_the_work_and_loses_no_passage(
    coach: Coach, slow: Coach, gated: Gated, store: Store, learner: Learner, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    await coach.memories.remember(learner, Note("Shrink the window."))
    slow.backlog.add(learner)
    await gated.reached.wait()
    await slow.backlog.aclose()
    assert set((await _vectors(store, learner)).values()) == {None}
    await _ready(coach, embedder)
    assert await embed_waiting(coach.backlog, learner) == 1


async def test_a_question_waits_for_what_was_told_just_before_it(
    slow: Coach, gated: Gated, learner: Learner
) -> None:
    await slow.memories.remember(learner, Note("Shrink the window."))
    await gated.reached.wait()
    asking = asyncio.create_task(
        slow.memories.retrieve_context(learner, Question("the window", explain=True))
    )
    await asyncio.sleep(0)
    gated.gate.set()
    (passage,) = (await asking).passages
    assert passage.parts is not None
    assert passage.parts.similarity is not None


async def test_a_question_does_not_wait_for_ever(
    slow: Coach, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "CATCHING_UP_S", 0.001)
    await slow.memories.remember(learner, Note("Shrink the window."))
    found = await slow.memories.retrieve_context(learner, Question("the window"))
    assert found.degraded
    assert found.reason == ("1 of 1 passage wait to be embedded and are found by their words only.")
    assert len(found.passages) == 1
    await slow.backlog.aclose()


async def test_a_text_on_record_is_not_embedded_again_and_somebody_elses_is(
    coach: Coach, learner: Learner, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    embed = embedder.embed

    async def counted(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return await embed(texts)

    monkeypatch.setattr(embedder, "embed", counted)
    for who in (learner, learner, Learner.of(f"other-{uuid4()}")):
        await coach.memories.remember(who, Note("Shrink the window.", title="Windows"))
        await coach.backlog.drained()
    assert len(asked) == 2


async def test_nothing_is_left_of_the_vector_of_what_was_erased(
    coach: Coach, learner: Learner, embedder: HashEmbedder, store: Store
) -> None:
    note = uuid4()
    await coach.memories.remember(learner, Note("Shrink the window.", memory_id=note))
    await coach.backlog.drained()
    await coach.erasure.forget(learner, "memory", note, "")
    embedder.ready = False
    await coach.memories.remember(learner, Note("Shrink the window.", memory_id=note))
    await coach.backlog.drained()
    assert set((await _vectors(store, learner)).values()) == {None}


async def test_embedding_is_no_news_to_answers_that_are_kept(
    coach: Coach, learner: Learner, store: Store
) -> None:
    await coach.memories.remember(learner, Note("Shrink the window."))
    before = await store.generation(learner.id)
    await coach.backlog.drained()
    assert await store.generation(learner.id) == before


async def test_a_turn_that_was_erased_and_told_anew_does_not_get_the_vector_of_the_old_one(
    coach: Coach, slow: Coach, gated: Gated, store: Store, learner: Learner, clock: SteppingClock
) -> None:
    old = Note(turns=(Told("Queues hold what came first."),), conversation="chat")
    told = await slow.memories.remember(learner, old)
    await gated.reached.wait()
    await coach.erasure.forget(learner, "memory", UUID(told.memory_id), "")
    clock.forward(minutes=1)
    new = Note(turns=(Told("Stacks hold what came last."),), conversation="chat")
    again = await coach.memories.remember(learner, new)
    assert again.memory_id == told.memory_id
    await coach.backlog.drained()
    kept = await _vectors(store, learner)
    gated.gate.set()
    await slow.backlog.drained()
    assert await _vectors(store, learner) == kept


async def test_a_short_note_goes_before_the_rest_of_a_document(
    slow: Coach, gated: Gated, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = "\n\n".join(f"Paragraph {n} is about storage and quorum reads." * 9 for n in range(90))
    await slow.memories.remember(learner, Note(long, MemoryKind.DOCUMENT))
    await gated.reached.wait()
    other = Learner.of(f"other-{uuid4()}")
    await slow.memories.remember(other, Note("Just one."))
    await slow.memories.remember(learner, Note("And mine."))
    asked: list[list[str]] = []
    embed = gated.embed

    async def counted(texts: Sequence[str]) -> list[list[float]]:
        asked.append(list(texts))
        return await embed(texts)

    monkeypatch.setattr(gated, "embed", counted)
    gated.gate.set()
    await slow.backlog.drained()
    assert "Just one." in asked[0][0]
    assert "And mine." in asked[0][1]
    assert all(sum(map(len, batch)) < batches.CHARACTERS + 2_000 for batch in asked)


class Failing(HashEmbedder):
    """Chokes on every text."""

    identity = "failing"

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error, self.asked = error, 0

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += 1
        raise self.error


@pytest.mark.parametrize("error", [StoreUnavailable(), ValueError("no such token")])
async def test_after_a_failure_it_rests_whatever_is_told_or_asked(
    store: Store, learner: Learner, clock: SteppingClock, error: Exception
) -> None:
    failing = Failing(error)
    coach = wire(store, NoCache(), failing, clock, Ids())
    for n in range(3):
        await coach.memories.remember(learner, Note(f"Note number {n}."))
        coach.backlog.add(learner)
        await coach.backlog.drained()
    assert failing.asked == 1


async def test_when_one_learners_vectors_cannot_be_stored_the_others_are(
    slow: Coach, gated: Gated, store: Store, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Learner.of(f"other-{n}-{uuid4()}") for n in range(2)]
    indexing = store.indexing

    def refusing(id: UUID) -> AbstractAsyncContextManager[UnitOfWork]:
        if id == learner.id:
            raise StoreUnavailable
        return indexing(id)

    monkeypatch.setattr(store, "indexing", refusing)
    await slow.memories.remember(Learner.of(f"first-{uuid4()}"), Note("The first."))
    await gated.reached.wait()
    for who in (others[0], learner, others[1]):
        await slow.memories.remember(who, Note("Shrink the window."))
    gated.gate.set()
    await slow.backlog.drained()
    for who in others:
        assert None not in (await _vectors(store, who)).values()
    assert set((await _vectors(store, learner)).values()) == {None}


async def test_in_a_batch_of_several_learners_nobody_gains_by_what_another_has(
    slow: Coach, gated: Gated, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    gated.gate.set()
    await slow.memories.remember(learner, Note("Shrink the window."))
    await slow.backlog.drained()
    gated.gate.clear()
    gated.reached.clear()
    await slow.memories.remember(Learner.of(f"first-{uuid4()}"), Note("The first."))
    await gated.reached.wait()
    for who in (learner, Learner.of(f"other-{uuid4()}")):
        await slow.memories.remember(who, Note("Shrink the window."))
    asked: list[str] = []
    embed = gated.embed

    async def counted(texts: Sequence[str]) -> list[list[float]]:
        asked.extend(texts)
        return await embed(texts)

    monkeypatch.setattr(gated, "embed", counted)
    gated.gate.set()
    await slow.backlog.drained()
    assert len(asked) == 1


async def test_once_closed_nothing_is_begun(coach: Coach, learner: Learner, store: Store) -> None:
    await coach.backlog.aclose()
    await coach.memories.remember(learner, Note("Shrink the window."))
    await coach.backlog.drained()
    assert set((await _vectors(store, learner)).values()) == {None}


async def test_what_is_embedded_meanwhile_holds_up_no_count(store: Store, learner: Learner) -> None:
    async with store.writing(learner.id, learner.subject):
        pass
    async with store.indexing(learner.id), store.engine.begin() as connection:
        await connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        await connection.execute(
            text("SELECT 1 FROM learner WHERE id = :learner FOR KEY SHARE"),
            {"learner": learner.id},
        )


async def test_that_some_passages_wait_is_said_where_nothing_is_found(
    coach: Coach, learner: Learner, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "CATCHING_UP_S", 0)
    await coach.memories.remember(learner, Note("Shrink the window."))
    await coach.backlog.drained()
    embedder.ready = False
    await coach.memories.remember(learner, Note("Move the left edge."))
    await coach.backlog.drained()
    embedder.ready = True
    found = await coach.memories.retrieve_context(learner, Question("unrelated zebra"))
    assert found.degraded
    assert str(found.reason).startswith("1 of 2 passages wait")


async def test_what_a_process_left_behind_is_embedded_before_the_next_answer(
    coach: Coach, learner: Learner, embedder: HashEmbedder
) -> None:
    embedder.ready = False
    await coach.memories.remember(learner, Note("Shrink the window."))
    await coach.backlog.drained()
    embedder.ready = True
    question = Question("the window", explain=True)
    found = await coach.memories.retrieve_context(learner, question)
    assert not found.degraded
    (passage,) = found.passages
    assert passage.parts is not None
    assert passage.parts.similarity is not None
