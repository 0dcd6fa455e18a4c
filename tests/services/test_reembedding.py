"""Another model for a store in use: no search without meaning, whatever happens on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from uuid import uuid4

import pytest
from sqlalchemy import text

from db import Store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.domain.errors import EmbedderUnavailable, Rejected
from maang_mcp.domain.profile import Learner
from maang_mcp.services import batches
from maang_mcp.services.reembedding import Advance, Reembedding
from maang_mcp.services.requests import Note, Question
from tests.factories import HashEmbedder, Ids, SteppingClock


class NewModel(HashEmbedder):
    """Gives other vectors than the first one; `dimensions` of them."""

    identity = "new-model"

    def __init__(self, dimensions: int = 384) -> None:
        super().__init__()
        self.dimensions = dimensions
        self.asked = 0

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked += len(texts)
        padding = [0.0] * (self.dimensions - 384)
        return [[*padding, *vector[::-1]] for vector in await super().embed(texts)]


@pytest.fixture(params=[384, 768], ids=["in the key", "other dimensions"])
def model(request: pytest.FixtureRequest) -> NewModel:
    return NewModel(request.param)


@pytest.fixture
async def new(store: Store, clock: SteppingClock, model: NewModel) -> AsyncIterator[Coach]:
    """A server with the new setting."""
    coach = wire(store, NoCache(), model, clock, Ids())
    yield coach
    await coach.backlog.aclose()


@pytest.fixture
def reembedding(new: Coach) -> Reembedding:
    return Reembedding(new.store, new.embedder, new.backlog)


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)


@pytest.fixture
async def notes(coach: Coach, learner: Learner) -> int:
    """Seven notes on record by the old model."""
    for n in range(7):
        await coach.memories.remember(learner, Note(f"Shrink the window, rule {n}."))
    return 7


async def similarities(coach: Coach, learner: Learner) -> list[float | None]:
    """How near each note is to a question, as that server sees it."""
    question = Question("shrink the window", k=9, explain=True)
    answer = await coach.memories.retrieve_context(learner, question)
    return [passage.parts.similarity if passage.parts else None for passage in answer.passages]


def found_by_meaning(similar: list[float | None]) -> bool:
    return bool(similar) and all(value is not None and value > 0.5 for value in similar)


@pytest.mark.usefixtures("small_batches")
async def test_both_servers_search_by_meaning_before_during_and_after(
    coach: Coach, new: Coach, reembedding: Reembedding, learner: Learner, notes: int
) -> None:
    advances: list[Advance] = []
    assert await reembedding.run([learner], advances.append) == notes
    assert advances == [Advance(done, notes) for done in (2, 4, 6, 7)]
    assert found_by_meaning(await similarities(coach, learner))
    assert found_by_meaning(await similarities(new, learner))
    assert await reembedding.run([learner]) == 0

    await reembedding.finish([learner])
    assert found_by_meaning(await similarities(new, learner))


@pytest.mark.usefixtures("small_batches")
async def test_what_was_interrupted_goes_on_where_it_stopped(
    coach: Coach, model: NewModel, reembedding: Reembedding, learner: Learner, notes: int
) -> None:
    def pull_the_plug(advance: Advance) -> None:
        if advance.done >= 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await reembedding.run([learner], pull_the_plug)
    assert found_by_meaning(await similarities(coach, learner))
    assert await reembedding.run([learner]) == notes - 4
    assert model.asked == notes


async def test_two_at_once_do_not_disturb_each_other(
    new: Coach, reembedding: Reembedding, learner: Learner, notes: int
) -> None:
    await asyncio.gather(*(reembedding.run([learner]) for _ in range(3)))
    await asyncio.gather(*(reembedding.finish([learner]) for _ in range(3)))
    assert found_by_meaning(await similarities(new, learner))


@pytest.mark.usefixtures("small_batches")
async def test_what_an_old_server_writes_meanwhile_is_embedded_too(
    coach: Coach, reembedding: Reembedding, learner: Learner, notes: int
) -> None:
    written: list[asyncio.Task[object]] = []

    def write(advance: Advance) -> None:
        if not written:
            note = Note("Shrink the window, said later.")
            written.append(asyncio.create_task(coach.memories.remember(learner, note)))

    assert await reembedding.run([learner], write) >= notes
    await asyncio.gather(*written)
    assert await reembedding.run([learner]) <= 1
    async with coach.store.reading(learner.id) as uow:
        assert await uow.vectors.count_waiting("new-model") == 0


async def test_servers_of_two_models_write_and_search_side_by_side(
    coach: Coach, new: Coach, learner: Learner
) -> None:
    for server in (coach, new, coach, new):
        await server.memories.remember(learner, Note(f"Shrink the window {uuid4()}."))
    for server in (coach, new):
        await similarities(server, learner)
        await server.backlog.drained()
    for server in (coach, new, coach):
        assert found_by_meaning(await similarities(server, learner))
        await server.backlog.drained()


async def test_finishing_leaves_no_vector_of_the_old_model(
    new: Coach, reembedding: Reembedding, learner: Learner, store: Store, notes: int
) -> None:
    await reembedding.run([learner])
    assert await reembedding.finish([learner]) == notes
    async with store.engine.connect() as connection:
        for table in ("memory_chunk", "memory_vector"):
            identities = await connection.scalars(
                text(
                    f"SELECT DISTINCT identity FROM {table} JOIN embedder e ON e.id = embedder_id"
                    " WHERE learner_id = :learner"
                ),
                {"learner": learner.id},
            )
            assert set(identities) <= {"new-model"}
    assert await reembedding.finish([learner]) == 0


async def test_asking_for_somebody_unknown_puts_nobody_on_record(
    reembedding: Reembedding, learner: Learner, store: Store
) -> None:
    assert await reembedding.run([learner]) == 0
    assert await reembedding.finish([learner]) == 0
    async with store.engine.connect() as connection:
        known = text("SELECT count(*) FROM learner WHERE id = :learner")
        assert await connection.scalar(known, {"learner": learner.id}) == 0


async def test_everybody_with_a_memory_is_found_and_nobody_else(
    coach: Coach, reembedding: Reembedding, learner: Learner, notes: int
) -> None:
    silent = Learner.of(f"silent-{uuid4()}")
    await coach.learners.update_profile(silent, {"name": "Ada"})
    everybody = await reembedding.everybody()
    assert learner in everybody
    assert silent not in everybody


async def test_an_account_that_may_not_list_learners_is_told_what_to_do(
    reembedding: Reembedding, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hidden() -> None:
        return None

    monkeypatch.setattr(store, "learners", hidden)
    with pytest.raises(Rejected) as refusal:
        await reembedding.everybody()
    assert "--learner" in refusal.value.explain()


async def test_without_the_model_nothing_is_begun(
    reembedding: Reembedding, model: NewModel, learner: Learner, notes: int
) -> None:
    model.ready = False
    with pytest.raises(EmbedderUnavailable):
        await reembedding.run([learner])
    assert model.asked == 0
