"""The surroundings of an agent under test, and a scripted Gemini."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, ExitStack
from functools import partial
from pathlib import Path
from uuid import uuid4

import fastmcp
import pytest
from sqlalchemy import URL

from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from tests.agent.fake_gemini import FakeGemini, Step
from tests.agent.room import Room, room
from tests.factories import SteppingClock

StartGemini = Callable[..., FakeGemini]
EnterRoom = Callable[..., AbstractAsyncContextManager[Room]]

THIRD_PARTY_WARNINGS = (
    # google-genai subclasses aiohttp's session when aiohttp, a dependency of google-adk[mcp], is
    # installed
    "ignore:Inheritance class AiohttpClientSession from ClientSession:DeprecationWarning",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Excuse what ADK's dependencies warn about, in these tests only."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            for warning in THIRD_PARTY_WARNINGS:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what a test states reaches the agent."""
    monkeypatch.setenv("ADK_DISABLE_LOAD_DOTENV", "1")
    for name in ("MAANG_AGENT_MODEL", "MAANG_MCP_URL", "MAANG_MCP_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GOOGLE_API_USE_CLIENT_CERTIFICATE", "false")
    # The agent's own process never imports fastmcp; here it is imported, and its bridge to the
    # field names of mcp 1.x answers ADK's look at them with a deprecation warning.
    monkeypatch.setattr(fastmcp.settings, "mcp_camelcase_compat", False)


@pytest.fixture
def gemini(monkeypatch: pytest.MonkeyPatch) -> Iterator[StartGemini]:
    """Starts a scripted Gemini, and points this process and its children at it."""
    monkeypatch.setenv("GOOGLE_API_KEY", "not-a-key")
    with ExitStack() as running:

        def start(*script: Step) -> FakeGemini:
            fake = running.enter_context(FakeGemini(script))
            monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", fake.url)
            return fake

        yield start


@pytest.fixture
def enter(coach: Coach, learner: Learner, clock: SteppingClock) -> EnterRoom:
    """Opens a process with the agents and the real server, for a learner of the test's own."""
    return partial(room, coach, learner, clock)


@pytest.fixture(scope="package")
async def database(
    fresh_database: Callable[[], AbstractAsyncContextManager[URL]],
) -> AsyncIterator[str]:
    """A database for the servers that agents start."""
    async with fresh_database() as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def server_settings(database: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a server with a learner of its own and no model to load."""
    return {
        "MAANG_DATABASE_URL": database,
        "MAANG_DATA_DIR": str(tmp_path),
        "MAANG_EMBEDDER": "none",
        "MAANG_LEARNER": f"test-{uuid4()}",
    }
