"""A server that is killed in the middle of its work, with the store it starts itself."""

from __future__ import annotations

import json
from uuid import UUID

from tests.factories import store_directory

from .server_process import ServerProcess, serving

PROBLEMS = ("two-sum", "3sum", "lru-cache", "word-ladder", "coin-change")
OUTCOMES = ("solved", "failed", "solved_with_hints")
REPORTS = [
    {
        "problem": PROBLEMS[number % len(PROBLEMS)],
        "outcome": OUTCOMES[number % len(OUTCOMES)],
        "attempt_id": str(UUID(int=number)),
    }
    for number in range(200)
]
KILLED_AFTER = 100
AT_ONCE = 8
"""Calls under way at any moment, so that the kill hits some of them."""
FIRST_ID = 1_000
"""Ids of these requests; the handshake counts from one."""


async def report(server: ServerProcess, last: int, enough: int) -> dict[int, bool]:
    """Reports in order, up to the last, until that many were answered: see `acknowledged`."""
    known: dict[int, bool] = {}
    sent = 0
    while len(known) < enough:
        while sent < min(len(known) + AT_ONCE, last):
            await send(server, sent)
            sent += 1
        known |= acknowledged(await server.line())
    return known


async def send(server: ServerProcess, number: int) -> None:
    params = {"name": "record_attempt", "arguments": REPORTS[number]}
    request = {"jsonrpc": "2.0", "id": FIRST_ID + number, "method": "tools/call", "params": params}
    assert server.process.stdin is not None
    server.process.stdin.write(json.dumps(request).encode() + b"\n")
    await server.process.stdin.drain()


def acknowledged(line: bytes) -> dict[int, bool]:
    """Which report a line answers, if any, and whether it was known before."""
    message = json.loads(line)
    if message.get("id", 0) < FIRST_ID:
        return {}
    result = message["result"]
    assert not result.get("isError"), result
    return {message["id"] - FIRST_ID: result["structuredContent"]["repeated"]}


async def test_what_was_acknowledged_before_a_kill_is_there_exactly_once() -> None:
    with store_directory() as place:
        async with serving(cwd=place.parent) as server:
            await server.greet()
            before = await report(server, len(REPORTS), KILLED_AFTER)
            server.process.kill()
            assert server.process.stdout is not None
            async for line in server.process.stdout:
                before |= acknowledged(line) if line.endswith(b"\n") else {}
        sent = KILLED_AFTER - 1 + AT_ONCE
        assert KILLED_AFTER <= len(before) <= sent < len(REPORTS)

        async with serving(cwd=place.parent) as server:
            await server.greet()
            kept = await stats(server)
            assert len(before) <= kept["attempts"] <= sent
            again = await report(server, sent, sent)
            assert all(again[number] for number in before)
            assert sum(again.values()) == kept["attempts"]
            counted = await stats(server)
            assert (counted["attempts"], counted["memories"]) == (sent, sent)
            status, err = await server.end()
    assert status == 0
    assert "Traceback" not in err


async def stats(server: ServerProcess) -> dict[str, int]:
    response = await server.request("resources/read", {"uri": "maang://stats"})
    counts: dict[str, int] = json.loads(response["result"]["contents"][0]["text"])
    return counts
