from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from starlette.applications import Starlette

from db import Store, open_store
from maang_mcp.app import Coach
from maang_mcp.domain.errors import StoreUnavailable
from maang_mcp.domain.profile import Learner
from maang_mcp.server.auth import verifier
from maang_mcp.server.build import build_server
from maang_mcp.server.http import METRICS_SCOPE, http_app
from maang_mcp.server.opening import Opening
from maang_mcp.telemetry import CallMetrics

from .tokens import SECRET, signed

MCP = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
    "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
}


def app_over(opening: Opening, *, tokens: bool = False, **options: Any) -> Starlette:
    metrics = CallMetrics()
    auth = verifier(secret=SECRET) if tokens else None
    server = build_server(opening, learner=f"http-{uuid4()}", auth=auth, hooks=(metrics,))
    return http_app(server, opening, metrics, **options)


@asynccontextmanager
async def visiting(app: Starlette) -> AsyncIterator[httpx2.AsyncClient]:
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1:8765"
        ) as browser,
    ):
        yield browser


def over(coach: Coach) -> Opening:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    return Opening(opened)


async def call(
    browser: httpx2.AsyncClient, tool: str, token: str | None = None, **arguments: Any
) -> httpx2.Response:
    headers = {**MCP, "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call"}
    headers["Mcp-Name"] = tool
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    params = {"name": tool, "arguments": arguments, "_meta": META}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return await browser.post("/mcp", headers=headers, json=body)


def answer(response: httpx2.Response) -> dict[str, Any]:
    """The structured answer, from plain JSON or from the last event of a stream."""
    assert response.status_code == 200, response.text
    lines = [line[5:] for line in response.text.splitlines() if line.startswith("data:")]
    message = json.loads(lines[-1] if lines else response.text)
    content: dict[str, Any] = message["result"]["structuredContent"]
    return content


async def test_health_answers_while_nothing_else_can() -> None:
    @asynccontextmanager
    async def never() -> AsyncIterator[Coach]:
        raise StoreUnavailable
        yield  # a context manager has to

    async with visiting(app_over(Opening(never))) as browser:
        response = await browser.get("/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["cache-control"] == "no-store"
    assert "server" not in response.headers


async def test_it_is_ready_once_the_store_is_open_and_not_before(coach: Coach) -> None:
    gate = asyncio.Event()

    @asynccontextmanager
    async def slowly() -> AsyncIterator[Coach]:
        await gate.wait()
        yield coach

    opening = Opening(slowly)
    async with visiting(app_over(opening)) as browser:
        response = await browser.get("/ready")
        assert (response.status_code, response.json()) == (503, {"status": "opening"})
        gate.set()
        await opening.coach()
        response = await browser.get("/ready")
        assert (response.status_code, response.json()) == (200, {"status": "ready"})


async def test_the_store_is_opened_without_anybody_asking(coach: Coach) -> None:
    begun = asyncio.Event()

    @asynccontextmanager
    async def noted() -> AsyncIterator[Coach]:
        begun.set()
        yield coach

    async with visiting(app_over(Opening(noted))):
        assert not begun.is_set()  # the handshake comes first
        async with asyncio.timeout(5):
            await begun.wait()


async def test_asking_whether_it_is_ready_tries_again_what_failed(coach: Coach) -> None:
    attempts = []

    @asynccontextmanager
    async def second_time() -> AsyncIterator[Coach]:
        attempts.append(1)
        if len(attempts) == 1:
            raise StoreUnavailable
        yield coach

    opening = Opening(second_time)
    async with visiting(app_over(opening)) as browser:
        with pytest.raises(StoreUnavailable):
            await opening.coach()
        assert (await browser.get("/ready")).status_code == 503
        await opening.coach()
        assert (await browser.get("/ready")).status_code == 200


async def test_it_is_not_ready_while_the_store_does_not_answer(coach: Coach) -> None:
    gone = await open_store(database_url="postgresql://nobody@127.0.0.1:1/none", data_dir=Path())
    opening = over(replace(coach, store=gone))
    async with visiting(app_over(opening)) as browser:
        await opening.coach()
        response = await browser.get("/ready")
        assert (response.status_code, response.json()) == (503, {"status": "store"})
        assert (await browser.get("/health")).status_code == 200
    await gone.close()


async def test_a_crowd_of_probes_costs_the_store_one_question(
    coach: Coach, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    ping: Callable[[Store], Any] = Store.ping

    async def counted(self: Store) -> None:
        asked.append(1)
        await ping(self)

    monkeypatch.setattr(Store, "ping", counted)
    opening = over(coach)
    async with visiting(app_over(opening)) as browser:
        await opening.coach()
        answers = await asyncio.gather(*(browser.get("/ready") for _ in range(20)))
    assert {response.status_code for response in answers} == {200}
    assert len(asked) == 1


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics", "/mcp", "/elsewhere"])
async def test_a_foreign_host_or_origin_gets_nowhere(opening: Opening, path: str) -> None:
    async with visiting(app_over(opening)) as browser:
        rebound = await browser.get(path, headers={"Host": "evil.example"})
        page = await browser.get(path, headers={"Origin": "https://evil.example"})
    assert (rebound.status_code, page.status_code) == (421, 403)


async def test_the_names_of_a_reverse_proxy_are_welcome(opening: Opening) -> None:
    app = app_over(opening, tokens=True, host="0.0.0.0", allowed_hosts=["coach.example"])
    async with visiting(app) as browser:
        named = {"Host": "coach.example", "Origin": "https://coach.example"}
        assert (await browser.get("/health", headers=named)).status_code == 200
        other = {"Host": "coach.example.evil.example"}
        assert (await browser.get("/health", headers=other)).status_code == 421


async def test_figures_are_open_on_this_machine(opening: Opening) -> None:
    async with visiting(app_over(opening)) as browser:
        before = (await browser.get("/metrics")).text
        answer(await call(browser, "get_briefing"))
        response = await browser.get("/metrics")
    assert "maang_open 0.0" in before
    assert response.headers["content-type"] == CallMetrics.content_type
    assert "maang_open 1.0" in response.text
    assert 'maang_calls_total{kind="tool",name="get_briefing",outcome="ok"} 1.0' in response.text
    assert "maang_cache_hits_total 0.0" in response.text


async def test_figures_behind_tokens_take_one_with_their_scope(opening: Opening) -> None:
    async with visiting(app_over(opening, tokens=True)) as browser:

        async def status(**headers: str) -> int:
            return (await browser.get("/metrics", headers=headers)).status_code

        assert await status() == 401
        assert await status(Authorization="Bearer nonsense") == 401
        assert await status(Authorization=f"Bearer {signed()}") == 403
        assert await status(Authorization=f"Bearer {signed(scope=METRICS_SCOPE)}") == 200


async def test_nobody_gets_in_without_a_token_where_tokens_are_asked_for(
    opening: Opening,
) -> None:
    async with visiting(app_over(opening, tokens=True)) as browser:
        anonymous = await call(browser, "get_briefing")
        expired = await call(browser, "get_briefing", signed(exp=1))
        ownerless = await call(browser, "get_briefing", signed(sub=None))
        assert {r.status_code for r in (anonymous, expired, ownerless)} == {401}
        assert anonymous.headers["www-authenticate"].startswith("Bearer")
        assert answer(await call(browser, "get_briefing", signed()))["attempts"] == 0
    assert (await _sse_status(opening)) == 401


async def _sse_status(opening: Opening) -> int:
    async with visiting(app_over(opening, tokens=True, transport="sse")) as browser:
        return (await browser.get("/sse")).status_code


async def test_each_subject_has_a_record_of_its_own(opening: Opening, learner: Learner) -> None:
    ada, grace = signed(sub=f"ada-{learner.id}"), signed(sub=f"grace-{learner.id}")
    async with visiting(app_over(opening, tokens=True)) as browser:
        await call(browser, "record_attempt", ada, problem="two-sum", outcome="solved")
        assert answer(await call(browser, "get_briefing", ada))["attempts"] == 1
        assert answer(await call(browser, "get_briefing", grace))["attempts"] == 0


async def test_any_process_can_answer_a_client_of_the_era_of_sessions(opening: Opening) -> None:
    async with visiting(app_over(opening)) as browser:
        headers = {**MCP, "MCP-Protocol-Version": "2025-11-25"}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        response = await browser.post("/mcp", headers=headers, json=body)
    assert response.status_code == 200
    assert "record_attempt" in response.text
    assert "mcp-session-id" not in response.headers
