"""Which files an embedder loads, and how they come to lie in the models folder.

The published weights and tokenizer are copied there once, hash-checked on the way, from the
first of

1. the configured folder, when there is one (then from nowhere else);
2. the installed weights package;
3. the model hub, when downloads are allowed;

and the ONNX graph is written beside them, last: where it stands, the model is complete. The int8
model is made from the same published weights, in a folder of its own that keeps only what it needs,
and is another embedder: its vectors are not to be compared with those of float32.

A configured `.onnx` file (or folder with `model.onnx`) may hold any model; it is used where it
lies, with the `tokenizer.json` beside it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
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


class Precision(StrEnum):
    """How the weights of the model that ships are kept."""

    FP32 = "fp32"
    INT8 = "int8"


def _identity(precision: Precision) -> str:
    return f"all-MiniLM-L6-v2/onnx-{precision}/{WEIGHTS.sha256[:8]}"


IDENTITY = _identity(Precision.FP32)
INT8_IDENTITY = _identity(Precision.INT8)

# Raised when the graph is written differently though its vectors stay the same: an older file in
# the models folder is then passed over. Other vectors would need another identity.
_GRAPH_REVISION = 2
_INT8_DATA = f"weights-{_GRAPH_REVISION}.bin"
_LOCK_POLL = 0.25  # seconds between two looks at whether the wait for the lock is still wanted


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """What a session is opened from."""

    graph: Path
    tokenizer: Path


def identity_of(configured: Path | None, precision: Precision = Precision.FP32) -> str:
    """The identity of the vectors that the configured model will give.

    The published model keeps its own; any other ONNX file is known by its folder and content.
    """
    graph = _configured_graph(configured)
    if graph is None:
        return _identity(precision)
    try:
        content = sha256_of(graph)[:8]
    except OSError:
        content = "unreadable"
    return f"{graph.absolute().parent.name}/onnx/{content}"


def prepare(
    models: Path,
    configured: Path | None,
    *,
    precision: Precision = Precision.FP32,
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
        if precision is not Precision.FP32:
            raise EmbedderUnavailable(
                f"{graph} cannot be loaded as {precision}: only the model that ships is quantised.",
                hint="Set MAANG_EMBEDDER=onnx for it: a file may be quantised already.",
            )
        return _in_place(graph)
    if configured is not None and sha256_of(configured / WEIGHTS.name) != WEIGHTS.sha256:
        raise EmbedderUnavailable(
            f"{configured / WEIGHTS.name} is not all-MiniLM-L6-v2.",
            hint="Another model must be configured as an .onnx file, or with "
            "MAANG_EMBEDDER=sentence-transformers.",
        )
    folder = models / _identity(precision)
    files = ModelFiles(folder / f"model-{_GRAPH_REVISION}.onnx", folder / TOKENIZER.name)
    if not _complete(files, precision):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / "build.lock", cancelled):
            if not _complete(files, precision):
                logger.info("building the embedding model %s", _identity(precision))
                built = list(_sources(models, configured, precision, allow_download, hub))
                build = _build if precision is Precision.FP32 else _build_int8
                build(files, built, cancelled)
    return files


def _build(files: ModelFiles, sources: list[Source], cancelled: Callable[[], bool]) -> None:
    folder = files.graph.parent
    for file in (WEIGHTS, TOKENIZER):
        obtain(file, sources, folder, cancelled)
    from .build_graph import minilm_graph  # loads onnx, which only this needs

    graph = minilm_graph(folder / WEIGHTS.name)
    with replacing(files.graph) as target:
        target.write(graph)


def _build_int8(files: ModelFiles, sources: list[Source], cancelled: Callable[[], bool]) -> None:
    folder = files.graph.parent
    for file in (WEIGHTS, TOKENIZER):
        obtain(file, sources, folder, cancelled)
    from .quantise import int8_graph  # loads numpy and onnx, which only this needs

    with replacing(folder / _INT8_DATA) as data:
        graph = int8_graph(folder / WEIGHTS.name, data, _INT8_DATA)
    (folder / WEIGHTS.name).unlink()
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


def _complete(files: ModelFiles, precision: Precision) -> bool:
    folder = files.graph.parent
    if not files.graph.is_file() or not is_present(TOKENIZER, folder):
        return False
    if precision is Precision.INT8:
        return (folder / _INT8_DATA).is_file()
    return is_present(WEIGHTS, folder)


def _sources(
    models: Path, configured: Path | None, precision: Precision, allow_download: bool, hub: str
) -> Iterator[Source]:
    if configured is not None:
        yield folder_source("the configured folder", configured)
        return
    if precision is not Precision.FP32 and is_present(WEIGHTS, models / IDENTITY):
        yield folder_source("the float32 model", models / IDENTITY)
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
