"""The Inspector's command line: one process for one request, as a developer uses it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from typing import Any

from tests.server.conversation import INTERVIEW

from .node import CACHE, Node

Calls = Sequence[tuple[str, Mapping[str, Any]]]


def inspect(
    node: Node, target: Sequence[str], environment: Mapping[str, str], day: Calls, wrong: Calls
) -> subprocess.CompletedProcess[str]:
    """Lists everything, strictly, calls every tool, makes every mistake; the first failure, or a
    summary of what was seen."""
    surroundings = {**environment, "MCP_CATALOG_PATH": str(CACHE / "inspector.json")}

    def ask(method: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = node.command("mcp-inspector", "--cli", *target, "--method", method, *options)
        return node.run(command, surroundings)

    def call(tool: str, given: Mapping[str, Any]) -> subprocess.CompletedProcess[str]:
        text = json.dumps({k: interview if v == INTERVIEW else v for k, v in given.items()})
        return ask("tools/call", "--tool-name", tool, "--tool-args-json", text)

    interview = ""
    seen: dict[str, int] = {}
    for method in ("tools/list", "resources/list", "resources/templates/list", "prompts/list"):
        strict = ["--strict"] if method == "tools/list" else []
        listed = ask(method, *strict)
        if listed.returncode != 0 or "Warning: tool" in listed.stderr:
            return failed(listed)
        seen[method] = len(next(iter(answer(listed).values())))
    for tool, given in day:
        called = call(tool, given)
        if called.returncode != 0 or answer(called).get("isError"):
            return failed(called)
        interview = answer(called)["structuredContent"].get("interview_id", interview)
    for tool, given in wrong:
        called = call(tool, given)
        if not answer(called).get("isError") or "structuredContent" in answer(called):
            return failed(called)
    summary = json.dumps({"called": len(day), "errors": len(wrong), **seen})
    return subprocess.CompletedProcess([], 0, summary, "")


def answer(process: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON that a request printed."""
    found: dict[str, Any] = json.loads(process.stdout)
    return found


def failed(process: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """The same process, which went well by its own lights."""
    return subprocess.CompletedProcess(process.args, 1, process.stdout, process.stderr)
