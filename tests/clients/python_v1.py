"""The Python SDK of the first generation; run by an environment of its own, so it imports nothing
of ours.

    python python_v1.py stdio COMMAND | http URL | sse URL  CONVERSATION
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client import streamable_http
from mcp.client.sse import sse_client
from mcp.client.stdio import stdio_client


@asynccontextmanager
async def connected(kind: str, target: str) -> AsyncIterator[tuple[Any, Any]]:
    """The two streams of a connection."""
    if kind == "stdio":
        server = StdioServerParameters(command=target, args=["serve"], env=dict(os.environ))
        async with stdio_client(server) as streams:
            yield streams
    elif kind == "http":
        connect = streamable_http.streamablehttp_client  # type: ignore[attr-defined]  # mcp 1.x
        async with connect(target) as (reading, writing, _):
            yield reading, writing
    else:
        async with sse_client(target) as streams:
            yield streams


async def hold(session: Any, day: list[Any], wrong: list[Any]) -> dict[str, int]:
    """Calls every tool, makes every mistake, reads every resource, gets every prompt."""
    listed = [tool.name for tool in (await session.list_tools()).tools]
    interview = None
    for name, given in day:
        filled = {
            key: interview if value == "$interview" else value for key, value in given.items()
        }
        answer = await session.call_tool(name, filled)
        assert not answer.isError, (name, answer.content)
        assert answer.content[0].text == answer.structuredContent["status"], name
        interview = interview or answer.structuredContent.get("interview_id")
    assert sorted(listed) == sorted(name for name, _ in day), listed
    for name, given in wrong:
        answer = await session.call_tool(name, given)
        assert answer.isError, name
        assert answer.structuredContent is None, name
    resources = (await session.list_resources()).resources
    for resource in resources:
        json.loads((await session.read_resource(resource.uri)).contents[0].text)
    templates = (await session.list_resource_templates()).resourceTemplates
    prompts = (await session.list_prompts()).prompts
    for prompt in prompts:
        await session.get_prompt(prompt.name)
    return {
        "tools": len(listed),
        "errors": len(wrong),
        "resources": len(resources) + len(templates),
        "prompts": len(prompts),
    }


async def main(kind: str, target: str, conversation: str) -> None:
    """Prints what was seen."""
    held = json.loads(conversation)
    async with connected(kind, target) as streams, ClientSession(*streams) as session:
        greeting = await session.initialize()
        seen = await hold(session, held["day"], held["wrong"])
    protocol = greeting.protocolVersion  # type: ignore[attr-defined]  # mcp 1.x
    sys.stdout.write(json.dumps({"protocol": protocol, **seen}) + "\n")


if __name__ == "__main__":
    transport, place, file = sys.argv[1:]
    asyncio.run(main(transport, place, Path(file).read_text(encoding="utf-8")))
