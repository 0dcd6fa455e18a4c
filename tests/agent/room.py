"""Interviews with the real server in this process, over the real store, at the test's own time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from google.adk.sessions import BaseSessionService

from agent.interview_coach.agent import build_app
from maang_mcp.app import Coach
from maang_mcp.domain.profile import Learner
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening
from tests.agent.conversation import Answer, Conversation, converse
from tests.agent.in_process import REMOTE, InProcess
from tests.agent.trajectory import Called, trajectory
from tests.factories import SteppingClock


@dataclass(frozen=True, slots=True)
class Room:
    """Where a candidate talks with the agents; `clock` is the server's."""

    talk: Conversation
    server: InProcess
    clock: SteppingClock

    async def say(self, words: str, *, streaming: bool = False) -> Answer:
        """One message of the candidate's, two minutes after the last."""
        self.clock.forward(minutes=2)
        return await self.talk.say(words, streaming=streaming)

    @property
    def calls(self) -> list[Called]:
        """The trajectory so far."""
        return trajectory(self.talk.events)


@asynccontextmanager
async def room(
    coach: Coach, learner: Learner, clock: SteppingClock, sessions: BaseSessionService | None = None
) -> AsyncIterator[Room]:
    """A process with the agents and a server of its own; another one goes on with the same
    `sessions`."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Coach]:
        yield coach

    mcp = build_server(Opening(opened), learner=learner.subject)
    async with (
        InProcess(mcp).running() as server,
        converse(build_app(REMOTE, server.toolset), sessions) as talk,
    ):
        yield Room(talk, server, clock)
