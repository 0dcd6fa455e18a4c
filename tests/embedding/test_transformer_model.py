"""Any other model, by a stand-in for the library: the real one is half a gigabyte of torch."""

from __future__ import annotations

import importlib
import math
import sys
from pathlib import Path

import pytest

from maang_mcp.domain.errors import EmbedderUnavailable
from maang_mcp.embedding import EmbedderState, TransformerEmbedder, transformer_model
from maang_mcp.embedding.sources import WEIGHTS

LIBRARY = "sentence_transformers"


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in, found where the library would be."""
    monkeypatch.syspath_prepend(str(Path(__file__).with_name("stand_in")))
    monkeypatch.delitem(sys.modules, LIBRARY, raising=False)
    importlib.invalidate_caches()


def folder_of(tmp_path: Path, content: str = "{}") -> Path:
    folder = tmp_path / "own-model"
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling" / "config.json").write_text(content)
    return folder


@pytest.mark.usefixtures("library")
async def test_texts_and_questions_are_embedded_as_the_model_tells_them_apart(
    tmp_path: Path,
) -> None:
    embedder = TransformerEmbedder(str(folder_of(tmp_path)), allow_download=False)
    await embedder.wait_ready()

    short, long = await embedder.embed(["graph", "graph and more"])
    asked = await embedder.embed_query("graph")

    assert embedder.dimensions == 3
    assert math.hypot(*short) == math.hypot(*asked) == pytest.approx(1)
    assert short != long
    assert (short[0] > 0, asked[0] > 0) == (True, False)
    await embedder.aclose()


@pytest.mark.usefixtures("library")
async def test_half_a_character_is_no_reason_to_fail(tmp_path: Path) -> None:
    embedder = TransformerEmbedder(str(folder_of(tmp_path)), allow_download=False)
    await embedder.wait_ready()

    assert await embedder.embed_query("\ud800") == await embedder.embed_query("\ufffd")
    await embedder.aclose()


@pytest.mark.usefixtures("library")
async def test_a_model_that_cannot_be_had_is_a_reason_and_no_traceback() -> None:
    embedder = TransformerEmbedder("somebody/else", allow_download=True)

    with pytest.raises(EmbedderUnavailable, match="somebody/else is not there") as refusal:
        await embedder.wait_ready()

    assert "much more" not in refusal.value.message
    assert embedder.status.state is EmbedderState.ABSENT


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("allowed", "state"), [(True, "ready"), (False, "absent")])
async def test_the_hub_is_asked_only_when_downloads_are_allowed(allowed: bool, state: str) -> None:
    embedder = TransformerEmbedder("somebody/model@abc", allow_download=allowed)
    embedder.start_loading()

    if allowed:
        await embedder.wait_ready()
    else:
        with pytest.raises(EmbedderUnavailable, match="not there"):
            await embedder.wait_ready()

    assert embedder.status.state == state
    await embedder.aclose()


async def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformer_model, "find_spec", lambda name: None)
    embedder = TransformerEmbedder()

    with pytest.raises(EmbedderUnavailable, match="not installed") as refusal:
        await embedder.wait_ready()

    assert "maang-mcp[st]" in refusal.value.message


def test_a_folder_is_known_by_its_content_and_a_name_by_its_revision(tmp_path: Path) -> None:
    first = TransformerEmbedder(str(folder_of(tmp_path))).identity
    again = TransformerEmbedder(str(folder_of(tmp_path))).identity
    changed = TransformerEmbedder(str(folder_of(tmp_path, "pooling"))).identity

    assert first == again != changed
    assert first.startswith("own-model/sentence-transformers/")
    assert TransformerEmbedder("a/b").identity == "a/b@main/sentence-transformers"
    assert TransformerEmbedder("a/b@c").identity == "a/b@c/sentence-transformers"
    assert TransformerEmbedder().identity.endswith(f"sentence-transformers/{WEIGHTS.sha256[:8]}")
