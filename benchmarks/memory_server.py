"""The measured server: how it is started and asked."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from maang_mcp.cli.installed import command_path
from maang_mcp.embedding import Precision

from .wire import Stdio

LEARNER: Final = "sized"
SERVER: Final = (str(command_path()), "serve")


def environment(place: Path, precision: Precision = Precision.FP32) -> Mapping[str, str]:
    """What the server is started with, for a store in that directory."""
    return {
        **os.environ,
        "MAANG_DATA_DIR": str(place),
        "MAANG_LEARNER": LEARNER,
        "MAANG_LOG_LEVEL": "WARNING",
        "MAANG_EMBEDDER": "onnx" if precision is Precision.FP32 else f"onnx-{precision}",
    }


def answer(server: Stdio, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What a tool answers."""
    result = server.ask("tools/call", name=tool, arguments=arguments)
    content: dict[str, Any] = result["structuredContent"]
    return content


def timed(server: Stdio, tool: str, arguments: Mapping[str, Any]) -> float:
    """Milliseconds of one call."""
    began = time.perf_counter()
    answer(server, tool, arguments)
    return (time.perf_counter() - began) * 1_000


def await_meaning(server: Stdio) -> None:
    """Asks until an answer is not degraded: the model has come."""
    while answer(server, "retrieve_context", {"query": "what did I get wrong"})["degraded"]:
        time.sleep(0.01)
