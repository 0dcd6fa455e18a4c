"""Life and requests of the embedder that ships."""

from __future__ import annotations

import asyncio
import math
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import BaseFileLock, FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.embedding import EmbedderState, NoEmbedder, OnnxEmbedder
from maang_mcp.embedding.model_files import IDENTITY, ModelFiles
from maang_mcp.embedding.sentence_model import _BATCH_TOKENS, MAX_TOKENS, SentenceModel
from maang_mcp.embedding.unicode import clean

from .factories import token_model


@pytest.fixture(scope="module")
def model(models: Path) -> SentenceModel:
    folder = models / IDENTITY
    return SentenceModel(ModelFiles(folder / "model-2.onnx", folder / "tokenizer.json"), threads=1)


@pytest.fixture
def held_lock(tmp_path: Path) -> Iterator[BaseFileLock]:
    """The build lock of `tmp_path`, as another process holds it that builds the model there."""
    folder = tmp_path / IDENTITY
    folder.mkdir(parents=True)
    lock = FileLock(folder / "build.lock")
    lock.acquire()
    yield lock
    lock.release()


def state_of(embedder: OnnxEmbedder | NoEmbedder) -> EmbedderState:
    return embedder.status.state


# Requests


@given(st.text(st.characters(codec=None), max_size=80))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_becomes_a_unit_vector(model: SentenceModel, text: str) -> None:
    ((vector,),) = model.embed([text])

    assert len(vector) == 384
    assert math.hypot(*vector) == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize(
    "text",
    ["", "\0", "\0" * 5_000, "\ud800", "note \udfff", "x" * 1_000_000, "two pointers " * 80_000],
    ids=[
        "empty",
        "NUL",
        "NULs",
        "high surrogate",
        "low surrogate",
        "one megabyte word",
        "megabyte",
    ],
)
async def test_texts_that_no_tokenizer_likes_are_embedded(
    embedder: OnnxEmbedder, text: str
) -> None:
    assert math.hypot(*await embedder.embed_query(text)) == pytest.approx(1.0, abs=1e-5)


def test_a_surrogate_pair_is_read_as_its_character() -> None:
    assert clean("solved \ud83d\ude00") == "solved \U0001f600"


@given(st.text())
def test_valid_text_is_left_as_it_is(text: str) -> None:
    assert clean(text) == text


async def test_vectors_come_in_the_order_of_the_texts(embedder: OnnxEmbedder) -> None:
    texts = [("graph " * (50 - n)).strip() + f" {n}" for n in range(0, 50, 3)]

    vectors = await embedder.embed(texts)

    for text, vector in zip(texts, vectors, strict=True):
        assert await embedder.embed_query(text) == pytest.approx(vector, abs=1e-5)


async def test_no_texts_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert await embedder.embed([]) == []


def test_full_passages_are_run_a_few_at_a_time(model: SentenceModel) -> None:
    full = "two pointers " * MAX_TOKENS

    sizes = [len(vectors) for vectors in model.embed([full] * 8)]

    assert sizes == [_BATCH_TOKENS // MAX_TOKENS] * (8 * MAX_TOKENS // _BATCH_TOKENS)


async def test_a_question_overtakes_a_store_that_is_being_embedded(embedder: OnnxEmbedder) -> None:
    store = asyncio.create_task(embedder.embed(["a note about graphs"] * 200))
    await asyncio.sleep(0)

    await embedder.embed_query("graphs?")

    assert not store.done()
    assert len(await store) == 200


# Loading


async def test_embedding_while_the_model_loads_is_refused_at_once(
    tmp_path: Path, held_lock: BaseFileLock
) -> None:
    embedder = OnnxEmbedder(tmp_path, allow_download=False)
    embedder.start_loading()

    assert state_of(embedder) is EmbedderState.LOADING
    with pytest.raises(EmbedderUnavailable, match="still loading") as refusal:
        await embedder.embed(["text"])
    assert "Try again" in refusal.value.explain()
    with pytest.raises(EmbedderUnavailable, match="still loading"):
        await embedder.wait_ready(0.01)

    held_lock.release()
    await embedder.wait_ready()
    assert state_of(embedder) is EmbedderState.READY
    await embedder.aclose()


async def test_the_first_request_starts_the_loading(models: Path) -> None:
    embedder = OnnxEmbedder(models, allow_download=False)
    assert state_of(embedder) is EmbedderState.ABSENT

    with pytest.raises(EmbedderUnavailable, match="still loading"):
        await embedder.embed_query("text")

    await embedder.wait_ready()
    assert len(await embedder.embed_query("text")) == embedder.dimensions
    await embedder.aclose()


async def test_closing_gives_up_a_loading_that_waits_for_another_process(
    tmp_path: Path, held_lock: BaseFileLock
) -> None:
    embedder = OnnxEmbedder(tmp_path, allow_download=False)
    embedder.start_loading()

    await embedder.aclose()

    assert "embedding-loader" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(EmbedderUnavailable, match="closed"):
        await embedder.wait_ready()
    held_lock.release()
    assert sorted(file.name for file in (tmp_path / IDENTITY).iterdir()) == ["build.lock"]


async def test_a_closed_embedder_refuses(models: Path) -> None:
    embedder = OnnxEmbedder(models, allow_download=False)
    await embedder.wait_ready()
    await embedder.aclose()

    with pytest.raises(EmbedderUnavailable, match="closed") as refusal:
        await embedder.embed(["text"])
    assert "Try again" not in refusal.value.explain()


def test_the_end_of_the_process_waits_for_a_loader_to_give_up(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys\n"
        "from maang_mcp.embedding import OnnxEmbedder, model_files\n"
        "def prepare(*_, cancelled, **__):\n"
        "    while not cancelled(): pass\n"
        "    print('given up', flush=True)\n"
        "    raise model_files.LoadingCancelled\n"
        "model_files.prepare = prepare\n"
        "OnnxEmbedder(pathlib.Path(sys.argv[1])).start_loading()"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=30
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "given up\n", "")


async def test_loading_can_be_tried_again_after_a_failure(tmp_path: Path, models: Path) -> None:
    configured = tmp_path / "minilm"
    embedder = OnnxEmbedder(tmp_path / "models", configured=configured, allow_download=False)

    with pytest.raises(EmbedderUnavailable, match="lacks"):
        await embedder.wait_ready()
    assert state_of(embedder) is EmbedderState.ABSENT
    assert str(configured) in embedder.status.reason

    token_model(configured, dimensions=384)
    await embedder.wait_ready()
    await embedder.aclose()


async def test_a_broken_model_file_is_reported_and_not_raised(
    tmp_path: Path, models: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(models / IDENTITY / "tokenizer.json", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"this is no graph")
    embedder = OnnxEmbedder(tmp_path, configured=tmp_path, allow_download=False)

    with pytest.raises(EmbedderUnavailable, match="cannot be loaded"):
        await embedder.wait_ready()

    assert "cannot be loaded" in caplog.text
    await embedder.aclose()


# Other models


async def test_a_configured_model_of_token_vectors_is_pooled_by_their_mean(tmp_path: Path) -> None:
    embedder = OnnxEmbedder(tmp_path, configured=token_model(tmp_path, dimensions=384))
    await embedder.wait_ready()

    short, long = await embedder.embed(["graph", "graph and a longer text beside it"])

    assert math.hypot(*short) == pytest.approx(1.0, abs=1e-5)
    assert await embedder.embed_query("graph") == pytest.approx(short, abs=1e-5)
    assert short != pytest.approx(long, abs=1e-2)
    await embedder.aclose()


async def test_a_model_of_other_dimensions_says_how_many_it_gives(tmp_path: Path) -> None:
    embedder = OnnxEmbedder(tmp_path, configured=token_model(tmp_path, dimensions=8))
    await embedder.wait_ready()

    assert embedder.dimensions == len(await embedder.embed_query("graph")) == 8
    await embedder.aclose()


async def test_embedding_that_is_switched_off_refuses_with_the_reason() -> None:
    embedder = NoEmbedder("Switched off by MAANG_EMBEDDING=off.")
    embedder.start_loading()

    for request in (embedder.embed(["text"]), embedder.embed_query("text"), embedder.wait_ready()):
        with pytest.raises(EmbedderUnavailable, match="Switched off by"):
            await request
    assert state_of(embedder) is EmbedderState.ABSENT
    await embedder.aclose()
