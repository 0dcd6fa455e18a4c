"""A real interview over the wire: told in the words of a client, shown, told again, erased."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from fastmcp import Client, FastMCP

from .conftest import Era


async def called(client: Client[Any], tool: str, **arguments: Any) -> dict[str, Any]:
    answer = await client.call_tool_mcp(tool, arguments)
    assert not answer.is_error, answer.content
    found: dict[str, Any] | None = answer.structured_content
    assert found is not None
    return found


async def test_a_real_interview_is_told_shown_repeated_and_erased(
    server: FastMCP, era: Era
) -> None:
    told = {
        "real_result": "rejected",
        "real_round": "system_design",
        "real_company": "Google",
        "real_when": "yesterday",
        "real_id": str(uuid4()),
    }
    async with Client(server, mode=era) as client:
        before = await called(client, "progress_report")
        answer = await called(client, "update_profile", **told)
        assert answer["real_interview_id"] == told["real_id"]
        assert answer["status"].startswith("On record: system design round at Google, rejected")
        assert await called(client, "update_profile", **told) == answer
        (shown,) = (await called(client, "progress_report"))["real_interviews"]
        assert (shown["id"], shown["result"]) == (told["real_id"], "rejected")
        assert (shown["round"], shown["company"]) == ("system_design", "Google")
        conflict = await client.call_tool_mcp("update_profile", {**told, "real_result": "passed"})
        assert conflict.is_error
        await called(client, "forget", what="real_interview", id=told["real_id"])
        assert await called(client, "progress_report") == before


async def test_a_result_is_all_that_has_to_be_told(server: FastMCP, era: Era) -> None:
    async with Client(server, mode=era) as client:
        first, second = [
            await called(client, "update_profile", real_result="passed") for _ in range(2)
        ]
        report = await called(client, "progress_report")
    assert first["real_interview_id"] != second["real_interview_id"]
    assert len(report["real_interviews"]) == 2
