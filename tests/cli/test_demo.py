from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client

from maang_mcp.cli import main
from maang_mcp.cli.demo.answers import facts
from maang_mcp.cli.demo.script import LESSON, scenes
from maang_mcp.cli.installed import command_path
from maang_mcp.domain.profile import Learner
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening
from tests.factories import NOW


async def played(opening: Opening, learner: Learner) -> list[tuple[str, dict[str, Any]]]:
    """Every answer of the script, in order, from the server under test."""
    answers: list[tuple[str, dict[str, Any]]] = []
    async with Client(build_server(opening, learner=learner.subject)) as client:
        for scene in scenes(NOW):
            for line in scene.lines:
                result = await client.call_tool(line.tool, line.call(dict(answers)))
                answers.append((line.tool, result.structured_content or {}))
    return answers


async def test_the_script_tells_the_story_it_is_meant_to(
    opening: Opening, learner: Learner
) -> None:
    answers = await played(opening, learner)
    greetings = [answer for tool, answer in answers if tool == "get_briefing"]
    assert greetings[0]["attempts"] == 0
    assert greetings[1]["attempts"] == sum(tool == "record_attempt" for tool, _ in answers)
    assert greetings[1]["days_to_interview"] == 19
    assert "sliding-window" in [spot["name"] for spot in greetings[1]["weaknesses"]]

    latest = dict(answers)
    assert latest["interview_step"]["hints_given"] == 1
    assert latest["finish_interview"]["verdict"]
    assert LESSON[:60] in latest["retrieve_context"]["passages"][0]["text"]
    assert latest["remember"]["secrets_removed"] == 1
    assert latest["remember"]["memory_id"] in latest["forget"]["erased"]


async def test_every_answer_of_the_script_can_be_shown(opening: Opening, learner: Learner) -> None:
    for tool, answer in await played(opening, learner):
        shown = facts(tool, answer)
        assert all(isinstance(fact, str) for fact in shown)
        assert shown or tool in {"forget", "interview_step", "remember"}


def test_what_is_shown_is_what_was_answered() -> None:
    briefing = {
        "due": [{"problem": "p-1", "overdue_days": 77, "retrievability": 0.123}],
        "weaknesses": [{"name": "w-1", "severity": 6.5, "confidence": 0.41, "n": 13}],
        "proposal": "Do p-1.",
    }
    assert facts("get_briefing", briefing) == [
        "due: p-1, 77 days over, 12% still remembered",
        "weak: w-1, severity 6.5/10, confidence 0.41, n = 13",
        "proposal: Do p-1.",
    ]


def test_a_folder_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["demo", "--data-dir", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def words(text: str) -> Iterator[str]:
    """The lines of an output without their layout."""
    yield from (" ".join(line.split()) for line in text.splitlines())


@pytest.mark.timeout(180)  # half a minute of work where others keep the machine busy
async def test_the_demo_runs_from_nothing_with_plain_text_for_pipes(tmp_path: Path) -> None:
    """The real thing: processes, pipes, an embedded Postgres, a restart in the middle."""
    process = await asyncio.create_subprocess_exec(
        command_path(),
        "demo",
        env={**os.environ, "MAANG_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (stream.decode() for stream in await process.communicate())
    assert process.returncode == 0, err
    assert "\x1b[" not in out
    told = list(words(out))
    assert told.count("Ada hi") == 2
    assert "Coach Nothing is on record yet: a fresh start. get_briefing" in told
    connection = json.loads(out[out.index("{\n") : out.rindex("}") + 1])
    assert connection["mcpServers"]["maang"]["command"] == str(command_path())
    assert os.listdir(tmp_path) == []


async def test_a_server_that_does_not_start_leaves_its_log_and_one_sentence(
    tmp_path: Path,
) -> None:
    process = await asyncio.create_subprocess_exec(
        command_path(),
        "demo",
        env={**os.environ, "MAANG_EMBEDDER": "harbour"},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    *log, last = err.decode().splitlines()
    assert process.returncode == 1
    assert last.startswith("maang-mcp: The server stopped answering: Connection closed.")
    assert log
    assert all(line.startswith("server.log: ") for line in log)
    assert "MAANG_EMBEDDER" in log[-1]
