"""The agent as ADK sees it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.adk.apps import App
from google.adk.cli.utils.agent_loader import AgentLoader
from google.adk.models import Gemini

import agent
from agent.interview_coach.agent import APP_NAME, MODEL_ATTEMPTS, coach_model
from agent.interview_coach.config import DEFAULT_MODEL
from tests.agent.conftest import StartGemini
from tests.agent.fake_gemini import Failure, call, text
from tests.agent.practice_server import practise

AGENTS_DIR = Path(agent.__file__).parent


@pytest.fixture
def loader(monkeypatch: pytest.MonkeyPatch) -> Iterator[AgentLoader]:
    """ADK's loader, whose traces in the interpreter go when the test ends."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield AgentLoader(str(AGENTS_DIR))
    for name in [name for name in sys.modules if name.split(".")[0] == APP_NAME]:
        del sys.modules[name]


def test_adk_finds_the_coach_and_nothing_else(loader: AgentLoader) -> None:
    assert loader.list_agents() == [APP_NAME]


def test_what_adk_loads_is_the_app_under_the_name_of_its_folder(loader: AgentLoader) -> None:
    app = loader.load_agent(APP_NAME)
    assert isinstance(app, App)
    assert app.name == APP_NAME
    assert app.plugins[0].name == "usage_log"


def test_the_default_model_is_gemini_and_is_tried_three_times() -> None:
    model = coach_model(DEFAULT_MODEL)
    assert isinstance(model, Gemini)
    assert model.retry_options is not None
    assert model.retry_options.attempts == MODEL_ATTEMPTS == 3


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no-such-model"):
        coach_model("no-such-model")


async def test_a_passing_outage_of_the_model_is_not_noticed(gemini: StartGemini) -> None:
    fake = gemini(Failure(503, "overloaded"), [text("Hello.")])
    async with practise() as (conversation, _):
        answer = await conversation.say("hi")
    assert answer.text == "Hello."
    assert fake.exhausted


async def test_a_streamed_answer_calls_the_tool_once_and_reads_the_same(
    gemini: StartGemini,
) -> None:
    fake = gemini([call("record_attempt", problem="3sum")], [text("Recorded: rated hard.")])
    async with practise() as (conversation, server):
        answer = await conversation.say("I did 3sum", streaming=True)
    assert answer.text == "Recorded: rated hard."
    assert len(server.attempt_ids) == 1
    assert {request.method for request in fake.requests} == {"streamGenerateContent"}
    assert sum(bool(event.partial) for event in answer.events) >= 2


async def test_the_model_is_told_the_products_rules(gemini: StartGemini) -> None:
    fake = gemini([text("Hello.")])
    async with practise() as (conversation, _):
        await conversation.say("hi")
    (request,) = fake.requests
    assert request.model == DEFAULT_MODEL
    assert "Never invent a number" in request.system
