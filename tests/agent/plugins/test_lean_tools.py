"""How the tools are declared to the model."""

from __future__ import annotations

import json

import pytest

from agent.interview_coach.config import AgentConfig
from tests.agent.conftest import StartGemini
from tests.agent.fake_gemini import Request, text
from tests.agent.in_process import REMOTE
from tests.agent.practice_server import LOCAL, practise


async def _declared(gemini: StartGemini, config: AgentConfig) -> Request:
    fake = gemini([text("Hello.")])
    async with practise(config) as (conversation, _):
        await conversation.say("hi")
    (request,) = fake.requests
    return request


async def test_the_agents_own_server_describes_its_tools_in_its_own_words(
    gemini: StartGemini,
) -> None:
    request = await _declared(gemini, LOCAL)
    assert request.declarations["record_attempt"]["description"] == "Record one attempt."
    assert "UNTRUSTED" not in json.dumps(request.declarations)


async def test_descriptions_from_a_server_elsewhere_stay_fenced(gemini: StartGemini) -> None:
    request = await _declared(gemini, REMOTE)
    fenced = request.declarations["record_attempt"]["description"]
    assert fenced.startswith("<<<BEGIN_UNTRUSTED_TOOL_DESCRIPTION>>>")


@pytest.mark.parametrize("config", [LOCAL, REMOTE], ids=["local", "remote"])
async def test_inputs_are_declared_and_outputs_are_not(
    gemini: StartGemini, config: AgentConfig
) -> None:
    request = await _declared(gemini, config)
    for declared in request.declarations.values():
        schemas = {key for key in declared if "schema" in key.lower()}
        assert len(schemas) == 1
        assert not any("response" in key.lower() for key in schemas)
