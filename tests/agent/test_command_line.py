"""ADK's own commands with the agent as it is shipped."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

import agent
from agent.interview_coach.agent import APP_NAME
from tests.agent.conftest import StartGemini
from tests.agent.fake_gemini import Body, Part, call, results_in, text

AGENTS_DIR = Path(agent.__file__).parent
ADK = (sys.executable, "-m", "google.adk.cli")
SECONDS = 60
PROPOSAL = re.compile("Tell me what you practised last")


def _propose(body: Body) -> list[Part]:
    return [text(results_in(body)["get_briefing"]["proposal"])]


@pytest.fixture
def surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server_settings: dict[str, str]
) -> None:
    """The server's settings in the environment, and a directory where nothing is ours."""
    monkeypatch.chdir(tmp_path)
    for name, value in server_settings.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("surroundings")
def test_adk_run_answers_a_single_query(gemini: StartGemini) -> None:
    fake = gemini([call("get_briefing")], _propose)
    done = subprocess.run(
        [*ADK, "run", "--in_memory", str(AGENTS_DIR / APP_NAME), "hi"],
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    assert re.search(rf"^\[coach\]: {PROPOSAL.pattern}", done.stdout, re.MULTILINE)
    assert fake.exhausted


@pytest.mark.usefixtures("surroundings")
def test_adk_api_server_answers_over_http(gemini: StartGemini) -> None:
    fake = gemini([call("get_briefing")], _propose)
    command = [*ADK, "api_server", str(AGENTS_DIR), "--port", "0"]
    with subprocess.Popen(
        [*command, "--session_service_uri", "memory://", "--auto_create_session"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            address = _announced(server)
            assert _fetch(f"{address}/list-apps") == [APP_NAME]
            events = _fetch(
                f"{address}/run",
                appName=APP_NAME,
                userId="ada",
                sessionId="s1",
                newMessage={"role": "user", "parts": [{"text": "hi"}]},
            )
        finally:
            server.terminate()
            server.communicate(timeout=SECONDS)
    assert PROPOSAL.match(events[-1]["content"]["parts"][0]["text"])
    assert fake.exhausted


def _announced(server: subprocess.Popen[str]) -> str:
    """The address uvicorn says it runs at."""
    assert server.stderr is not None
    said = []
    for line in server.stderr:
        said.append(line)
        if running := re.search(r"running on (http://[\d.]+:\d+)", line):
            return running[1]
    raise AssertionError("".join(said))


def _fetch(address: str, **body: Any) -> Any:
    data = json.dumps(body).encode() if body else None
    request = Request(address, data, {"Content-Type": "application/json"})
    with urlopen(request, timeout=SECONDS) as response:
        return json.load(response)
