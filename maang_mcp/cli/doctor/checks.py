"""What can be looked at without the store."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from importlib.metadata import version
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

from maang_mcp.cli.installed import command_path
from maang_mcp.cli.settings import unknown_variables
from maang_mcp.domain.errors import CoachError, Unavailable

from .findings import Finding, State

if TYPE_CHECKING:
    from maang_mcp.config import Settings

ROOM_NEEDED: Final = 200 << 20
ROOM_WANTED: Final = 1 << 30
"""Bytes: the empty store and the built model take about 150 MB together."""
MODEL_PATIENCE_S: Final = 180.0


def python() -> Finding:
    """The interpreter, what the protocol is spoken with, and whether starts are quick."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("maang-mcp", "fastmcp", "mcp"))
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}; {packages}"
    from maang_mcp import app

    compiled = Path(cache_from_source(app.__file__))
    if sys.dont_write_bytecode and not compiled.exists():
        return Finding(
            "python",
            State.WARN,
            told,
            "Python may not keep compiled modules, so each start compiles them anew, for seconds. "
            "Unset PYTHONDONTWRITEBYTECODE, or run python -m compileall once.",
        )
    return Finding("python", State.OK, told)


def command() -> Finding:
    """The program that hosts have to start."""
    return Finding("command", State.OK, str(command_path()))


def variables() -> Finding:
    """Whether every MAANG_ variable is a setting."""
    unknown = list(unknown_variables())
    set_here = sum(name.startswith("MAANG_") for name in os.environ) - len(unknown)
    if not unknown:
        return Finding("variables", State.OK, f"{set_here} set")
    meant = [f"{name} (meant {close}?)" if close else name for name, close in unknown]
    return Finding(
        "variables",
        State.WARN,
        f"{set_here} set; unknown: {', '.join(name for name, _ in unknown)}",
        f"These variables are read by nobody: {', '.join(meant)}.",
    )


def address(settings: Settings) -> Finding:
    """Whether the server may listen where it is told to."""
    from maang_mcp.server.auth import require_safe_address

    place = f"{settings.host}:{settings.port} for HTTP and SSE"
    if settings.requires_tokens:
        return Finding("address", State.OK, f"{place}, bearer tokens required")
    try:
        require_safe_address(settings.host, signed_in=False)
    except CoachError as error:
        return Finding("address", State.FAIL, place, error.explain())
    return Finding("address", State.OK, f"{place}, this machine only")


def disk(data_dir: Path) -> Finding:
    """Whether the data directory can be written and has room."""
    existing = next(path for path in (data_dir, *data_dir.parents) if path.exists())
    if not os.access(existing, os.W_OK | os.X_OK):
        return Finding(
            "disk",
            State.FAIL,
            f"{data_dir} cannot be written",
            "Give yourself access to it, or set MAANG_DATA_DIR to another directory.",
        )
    free = shutil.disk_usage(existing).free
    told = f"{data_dir}, {size(free)} free"
    if free >= ROOM_WANTED:
        return Finding("disk", State.OK, told)
    state = State.FAIL if free < ROOM_NEEDED else State.WARN
    return Finding("disk", state, told, "Make room, or set MAANG_DATA_DIR to another disk.")


async def model(settings: Settings) -> Finding:
    """Whether texts become vectors, after building the model if that was never done."""
    from maang_mcp.app import open_embedder

    if settings.embedder == "none":
        return Finding(
            "model",
            State.WARN,
            "switched off: search finds words, not meanings",
            "Unset MAANG_EMBEDDER for semantic search.",
        )
    embedder = open_embedder(settings)
    began = time.perf_counter()
    try:
        await embedder.wait_ready(MODEL_PATIENCE_S)
        loaded = time.perf_counter()
        await embedder.embed_query("why do I keep failing sliding window?")
        asked = time.perf_counter()
    except CoachError as error:
        # Whoever reads this is asking the doctor already.
        reason = error.message.removesuffix(Unavailable.hint).strip()
        return Finding("model", State.FAIL, reason, _model_advice(settings))
    finally:
        await embedder.aclose()
    kept = sum(path.stat().st_size for path in (settings.data_dir / "models").rglob("*.*"))
    return Finding(
        "model",
        State.OK,
        f"{embedder.identity}, {embedder.dimensions} dimensions, loaded in {loaded - began:.1f} s, "
        f"a question takes {(asked - loaded) * 1000:.0f} ms; {size(kept)} kept",
    )


def _model_advice(settings: Settings) -> str:
    do_without = "or set MAANG_EMBEDDER=none to search by words alone."
    if settings.embedder == "sentence-transformers" and not find_spec("sentence_transformers"):
        return f'Install the extra (`pip install "maang-mcp[st]"`), {do_without}'
    if settings.embedding_model is not None:
        wanted = {
            "onnx": "a folder with model.onnx and tokenizer.json",
            "onnx-int8": "a folder with the published model.safetensors and tokenizer.json",
            "sentence-transformers": "a folder or a name on the hub",
        }[settings.embedder]
        return (
            f"Let MAANG_EMBEDDING_MODEL name {wanted}, unset it for the model that ships, "
            f"{do_without}"
        )
    if settings.offline:
        return f"Unset MAANG_OFFLINE, so that the model can be fetched once, {do_without}"
    return f"Check the network and the room on the disk, {do_without}"


async def cache(settings: Settings) -> Finding:
    """Whether Redis answers, if it is configured."""
    from maang_mcp.app import open_cache

    try:
        opened = open_cache(settings)
    except ValueError as error:
        return Finding("cache", State.FAIL, "MAANG_REDIS_URL is wrong", str(error))
    status = await opened.ping()
    await opened.aclose()
    told = f"{status.name}: {status.detail}"
    if status.available:
        return Finding("cache", State.OK, told)
    return Finding(
        "cache",
        State.FAIL,
        told,
        "Start Redis or correct MAANG_REDIS_URL. Until then answers are right, but slower.",
    )


def size(count: int) -> str:
    """A number of bytes as people say it."""
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit in ("B", "KB") else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
