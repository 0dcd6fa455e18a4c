"""One line per turn, without a word of what was said."""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest
from google.adk.agents.invocation_context import InvocationContext

from agent.interview_coach.plugins import UsageLog, usage_log
from tests.agent.conftest import StartGemini
from tests.agent.conversation import SESSION
from tests.agent.fake_gemini import OUTPUT_TOKENS, PROMPT_TOKENS, Failure, call, text
from tests.agent.practice_server import practise


@pytest.fixture
def turns(caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.INFO, logger=usage_log.__name__)

    def lines() -> list[dict[str, Any]]:
        return [
            json.loads(record.getMessage())
            for record in caplog.records
            if record.name == usage_log.__name__
        ]

    return lines


@pytest.mark.parametrize("streaming", [False, True], ids=["whole", "streamed"])
async def test_a_turn_is_accounted_for_once(
    gemini: StartGemini, turns: Any, streaming: bool
) -> None:
    gemini(
        [call("record_attempt", problem="3sum"), call("weakness_report")],
        [text("Recorded; there is no evidence of a weakness yet.")],
    )
    async with practise() as (conversation, _):
        await conversation.say("I did 3sum, and what am I bad at?", streaming=streaming)
    (turn,) = turns()
    assert turn["session"] == SESSION
    assert turn["outcome"] == "answered"
    assert turn["model_calls"] == 2
    assert turn["models"] == ["gemini-3.5-flash-fake"]
    assert turn["tokens"]["prompt"] == 2 * PROMPT_TOKENS
    assert turn["tokens"]["output"] == 2 * OUTPUT_TOKENS
    assert turn["tools"] == {"record_attempt": 1, "weakness_report": 1}
    assert turn["tool_errors"] == 1
    assert turn["duration_ms"] >= 0


async def test_no_word_of_the_conversation_is_logged(
    gemini: StartGemini, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger=usage_log.__name__)
    gemini([call("record_attempt", problem="zebra-argument")], [text("zebra answer")])
    async with practise() as (conversation, _):
        await conversation.say("zebra message")
    (record,) = (record for record in caplog.records if record.name == usage_log.__name__)
    assert "zebra" not in record.getMessage()


async def test_a_refused_turn_carries_its_error_code(gemini: StartGemini, turns: Any) -> None:
    gemini()
    async with practise(without="get_briefing") as (conversation, _):
        await conversation.say("hi")
    (turn,) = turns()
    assert (turn["outcome"], turn["model_calls"]) == ("MCP_UNAVAILABLE", 0)


async def test_a_turn_the_model_failed_is_accounted_for_too(
    gemini: StartGemini, turns: Any
) -> None:
    gemini(Failure(400, "no such model"))
    async with practise() as (conversation, _):
        with pytest.raises(Exception, match="no such model"):
            await conversation.say("hi")
    (turn,) = turns()
    assert turn["outcome"] == "ClientError"


async def test_turns_that_never_end_are_forgotten_by_age(turns: Any) -> None:
    log = UsageLog()
    session = SimpleNamespace(id=SESSION)
    contexts = [
        cast(InvocationContext, SimpleNamespace(invocation_id=str(number), session=session))
        for number in range(1025)
    ]
    for context in contexts:
        await log.before_run_callback(invocation_context=context)
    for context in contexts:
        await log.after_run_callback(invocation_context=context)
    assert len(turns()) == 1024
