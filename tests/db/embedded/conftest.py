from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.embedded import open_embedded
from db.embedded.cluster import bundled_install

from .clients import REPOSITORY, eventually, kill_watcher, stopped

_ROOM = 2 * 1024**3
_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="package")
def folder() -> Iterator[Path]:
    """A folder every user may pass through; pytest's own are closed to the service user.

    In memory where that may be, because a cluster is a thousand files and a disk may be slow.
    """
    parent = _MEMORY if _MEMORY.is_dir() and _can_hold_clusters(_MEMORY) else None
    made = Path(tempfile.mkdtemp(prefix="maang-test-", dir=parent)).resolve()
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def _can_hold_clusters(directory: Path) -> bool:
    runs_programs = not os.statvfs(directory).f_flag & os.ST_NOEXEC
    return runs_programs and shutil.disk_usage(directory).free > _ROOM


@pytest.fixture(scope="package")
def settled(folder: Path) -> Path:
    """A data directory that has its cluster, and a name that tries every quoting."""
    data_dir = folder / 'Ada\'s "data" here'
    open_embedded(data_dir).close()
    eventually(lambda: stopped(data_dir))
    return data_dir


@pytest.fixture(scope="package")
def installation(folder: Path) -> Path:
    """The embedded modules and their Postgres, where everybody may read them."""
    copy = folder / "installation"
    for part in ("db/embedded", "maang_mcp/domain"):
        shutil.copytree(REPOSITORY / part, copy / part)
    shutil.copy(REPOSITORY / "maang_mcp" / "__init__.py", copy / "maang_mcp")
    postgres = bundled_install()
    package = postgres.parent
    (copy / package.name).mkdir()
    (copy / package.name / "__init__.py").touch()
    shutil.copytree(postgres, copy / package.name / postgres.name, symlinks=True)
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    subprocess.run(["chmod", "-R", "a+rX", copy], check=True)  # whatever our umask is
    return copy


@pytest.fixture
def data_dir(settled: Path) -> Iterator[Path]:
    """The settled directory, at rest before the test and after it."""
    yield settled
    _rest(settled)


@pytest.fixture
def empty(folder: Path) -> Iterator[Path]:
    """A data directory that does not exist yet."""
    directory = Path(tempfile.mkdtemp(dir=folder))
    directory.chmod(0o711)
    yield directory / "data"
    _rest(directory / "data")


def _rest(data_dir: Path) -> None:
    try:
        eventually(lambda: stopped(data_dir))
    except AssertionError:
        kill_watcher(data_dir)
        raise
