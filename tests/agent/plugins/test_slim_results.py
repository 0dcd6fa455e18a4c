"""What the model reads of a tool's result."""

from __future__ import annotations

from tests.agent.conftest import StartGemini
from tests.agent.fake_gemini import call, text
from tests.agent.practice_server import practise


async def _result(gemini: StartGemini, tool: str, **arguments: str) -> dict[str, object]:
    fake = gemini([call(tool, **arguments)], [text("Done.")])
    async with practise() as (conversation, _):
        await conversation.say("go")
    return fake.requests[1].results[tool]


async def test_the_model_reads_the_structured_content_once(gemini: StartGemini) -> None:
    result = await _result(gemini, "record_attempt", problem="3sum")
    assert result == {"problem": "3sum", "rating": "hard"}


async def test_a_refusal_is_reduced_to_its_words(gemini: StartGemini) -> None:
    result = await _result(gemini, "weakness_report")
    assert result == {"error": "There is no evidence yet. Call `record_attempt` first."}


async def test_a_result_without_structure_passes_unchanged(gemini: StartGemini) -> None:
    result = await _result(gemini, "plain_text")
    assert result["content"] == [{"type": "text", "text": "words only"}]


async def test_adks_own_word_on_an_unknown_tool_passes_unchanged(gemini: StartGemini) -> None:
    result = await _result(gemini, "no_such_tool")
    assert "no_such_tool" in str(result["error"])
