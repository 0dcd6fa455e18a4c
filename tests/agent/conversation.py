"""Talking with an agent in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from google.adk.agents.run_config import RunConfig
from google.adk.apps import App
from google.adk.events.event import Event
from google.adk.runners import Runner
from google.adk.sessions import BaseSessionService, InMemorySessionService
from google.genai import types

USER: Final = "ada"
SESSION: Final = "session-1"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one turn of the user brought about."""

    events: list[Event]

    @property
    def text(self) -> str:
        """The words the user sees."""
        return "".join(
            part.text or ""
            for event in self.events
            if event.content and not event.partial
            for part in event.content.parts or []
        )

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """The tools the model called, with its arguments."""
        return [
            (call.name or "", call.args or {})
            for event in self.events
            if not event.partial
            for call in event.get_function_calls()
        ]

    @property
    def error_codes(self) -> list[str]:
        """The error codes of the turn."""
        return [event.error_code for event in self.events if event.error_code]


class Conversation:
    """One session with the agent; `events` is what came of all its turns so far."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self.events: list[Event] = []

    async def say(self, words: str, *, streaming: bool = False) -> Answer:
        """One user turn, to its end."""
        turn = self._runner.run_async(
            user_id=USER,
            session_id=SESSION,
            new_message=types.Content(role="user", parts=[types.Part(text=words)]),
            run_config=RunConfig.model_validate({"streaming_mode": "sse" if streaming else None}),
        )
        answer = Answer([event async for event in turn])
        self.events += answer.events
        return answer


@asynccontextmanager
async def converse(
    app: App, sessions: BaseSessionService | None = None
) -> AsyncIterator[Conversation]:
    """The session with `app`, a new one unless `sessions` holds it already; its MCP connections are
    closed at the end."""
    service = sessions or InMemorySessionService()
    known = await service.get_session(app_name=app.name, user_id=USER, session_id=SESSION)
    if known is None:
        await service.create_session(app_name=app.name, user_id=USER, session_id=SESSION)
    async with Runner(app=app, session_service=service) as runner:
        yield Conversation(runner)
