"""Who waits for whom while a store is being embedded."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence

import pytest

from maang_mcp.embedding import BackgroundEmbedder

SLICE = 2
STORE = ["passage"] * 40


class SlicedModel:
    """Writes down what it runs, slice by slice; the first run waits for the gate."""

    dimensions = 1

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.running, self.gate = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Iterator[list[list[float]]]:
        for start in range(0, len(texts), SLICE):
            yield self._run(texts[start : start + SLICE])

    def embed_query(self, text: str) -> list[float]:
        return self._run([text])[0]

    def _run(self, texts: Sequence[str]) -> list[list[float]]:
        self.runs.append(texts[0])
        self.running.set()
        assert self.gate.wait(30)
        return [[float(len(text))] for text in texts]


class SlicedEmbedder(BackgroundEmbedder):
    def __init__(self, model: SlicedModel) -> None:
        super().__init__("sliced")
        self._sliced = model

    def load(self, cancelled: Callable[[], bool]) -> SlicedModel:
        return self._sliced


@pytest.fixture
def model() -> SlicedModel:
    return SlicedModel()


@pytest.fixture
async def sliced(model: SlicedModel) -> AsyncIterator[SlicedEmbedder]:
    embedder = SlicedEmbedder(model)
    await embedder.wait_ready()
    yield embedder
    await embedder.aclose()


async def test_a_question_waits_for_one_slice_of_a_store_and_a_write_for_little_more(
    model: SlicedModel, sliced: SlicedEmbedder
) -> None:
    async with asyncio.TaskGroup() as group:
        store = group.create_task(sliced.embed(STORE))
        await asyncio.to_thread(model.running.wait, 30)
        write = group.create_task(sliced.embed(["note"] * 4))
        question = group.create_task(sliced.embed_query("question"))
        await asyncio.sleep(0)  # both stand in line
        model.gate.set()
    assert model.runs[:4] == ["passage", "question", "note", "note"]
    assert model.runs[4:] == ["passage"] * (len(STORE) // SLICE - 1)
    assert (question.result(), write.result()) == ([8.0], [[4.0]] * 4)
    assert store.result() == [[7.0]] * len(STORE)


async def test_a_store_is_embedded_while_questions_never_cease(
    model: SlicedModel, sliced: SlicedEmbedder
) -> None:
    model.gate.set()
    store = asyncio.create_task(sliced.embed(STORE))

    async def ask() -> None:
        while not store.done():
            await sliced.embed_query("question")

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(ask())
    assert await store == [[7.0]] * len(STORE)
    assert "question" in model.runs


async def test_a_store_given_up_between_two_slices_leaves_the_model_to_others(
    model: SlicedModel, sliced: SlicedEmbedder
) -> None:
    store = asyncio.create_task(sliced.embed(STORE))
    await asyncio.to_thread(model.running.wait, 30)
    store.cancel()
    model.gate.set()
    with pytest.raises(asyncio.CancelledError):
        await store
    assert await sliced.embed_query("question") == [8.0]
    assert model.runs == ["passage", "question"]
