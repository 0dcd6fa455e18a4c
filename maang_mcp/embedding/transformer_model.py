"""Any other model, or a GPU: sentence-transformers, an optional extra (`maang-mcp[st]`).

The model is a folder or a name on the hub, there with an optional `@revision`; without one it is
the model that ships. The library decides pooling, prompts and length as the model's own files say,
and picks the device (CUDA, Apple's MPS, else the CPU). Code that a repository brings is not run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from maang_mcp.domain.errors import EmbedderUnavailable

from .background import BackgroundEmbedder, Model
from .sources import HUB_MODEL, HUB_REVISION, WEIGHTS, package_folder, sha256_of
from .unicode import clean

logger = logging.getLogger(__name__)

_LIBRARY = "sentence_transformers"
_WEIGHTS = ("*.safetensors", "*.bin", "*.json")


class TransformerEmbedder(BackgroundEmbedder):
    """An embedder over sentence-transformers.

    `configured` is a folder, or a name on the hub with an optional `@revision`. A name without one
    follows its main branch: whoever publishes there changes the vectors under one identity, so pin
    it where several machines share a store.
    """

    batch: ClassVar[int] = 32  # what a GPU wants; a question waits for one batch at most

    def __init__(self, configured: str | None = None, *, allow_download: bool = True) -> None:
        self._place, self._revision = _place(configured)
        self._allow_download = allow_download
        super().__init__(_identity(configured, self._place, self._revision))

    def load(self, cancelled: Callable[[], bool]) -> Model:
        if find_spec(_LIBRARY) is None:
            raise EmbedderUnavailable(
                "MAANG_EMBEDDER=sentence-transformers needs a library that is not installed.",
                hint='Install the extra: `pip install "maang-mcp[st]"`. It brings torch.',
            )
        logger.info("loading %s; what is missing of it is fetched, once", self._place)
        from sentence_transformers import (  # type: ignore[import-not-found,unused-ignore] # an extra
            SentenceTransformer,
        )

        try:
            model = SentenceTransformer(
                self._place, revision=self._revision, local_files_only=not self._allow_download
            )
        except (OSError, ValueError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise EmbedderUnavailable(
                f"sentence-transformers cannot load {self._place!r}: {reason}",
                hint="Let MAANG_EMBEDDING_MODEL name a folder or a model of the hub, and check "
                "the network and MAANG_OFFLINE.",
            ) from error
        return _TransformerModel(model)


class _TransformerModel:
    """The library's model in our words."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.dimensions = len(self.embed_query("warm-up"))

    def embed(self, texts: Sequence[str]) -> Iterator[list[list[float]]]:
        yield _lists(self._model.encode_document([clean(text) for text in texts], **_OPTIONS))

    def embed_query(self, text: str) -> list[float]:
        (vector,) = _lists(self._model.encode_query([clean(text)], **_OPTIONS))
        return vector


_OPTIONS = {"normalize_embeddings": True, "show_progress_bar": False, "convert_to_numpy": True}


def _lists(vectors: Any) -> list[list[float]]:
    lists: list[list[float]] = vectors.tolist()
    return lists


def _place(configured: str | None) -> tuple[str, str | None]:
    """What the library is asked for, and at which revision."""
    if configured is None:
        package = package_folder()
        return (HUB_MODEL, HUB_REVISION) if package is None else (str(package), None)
    folder = Path(configured).expanduser()
    if folder.is_dir():
        return str(folder), None
    name, _, revision = configured.partition("@")
    return name, revision or None


def _identity(configured: str | None, place: str, revision: str | None) -> str:
    if configured is None:
        return f"all-MiniLM-L6-v2/sentence-transformers/{WEIGHTS.sha256[:8]}"
    folder = Path(place)
    if not folder.is_dir():
        return f"{place}@{revision or 'main'}/sentence-transformers"
    content = sha256()
    for pattern in _WEIGHTS:
        for file in sorted(folder.rglob(pattern)):
            content.update(f"{file.relative_to(folder).as_posix()} {sha256_of(file)}\n".encode())
    return f"{folder.absolute().name}/sentence-transformers/{content.hexdigest()[:8]}"
