"""The product without its protocol, in processes that can be killed.

    python -m tests.e2e.coach_process DATABASE_URL PORT

For each line on stdin a process connects to that port of this machine, says its id and answers
what is asked there: one request and one answer per line, both JSON. A request says who asks, what
time it is, and what is to be done. Where processes can be forked, they are copies of this one,
which has imported everything; elsewhere this one serves the first line itself, and no other.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from db import open_store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import NoCache
from maang_mcp.content.loader import catalogue, skill_graph
from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import rounds
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.errors import CoachError
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.rubric import Score
from maang_mcp.domain.skills import Round
from maang_mcp.services.receipts import adapter
from maang_mcp.services.requests import Plan, Scorecard, Step
from tests.factories import HashEmbedder, Ids, SteppingClock

FORKS: Final = sys.platform == "linux"


async def do(coach: Coach, learner: Learner, what: str, given: dict[str, Any]) -> object:
    """The answer of one use-case."""
    id = UUID(given.pop("interview_id", UUID(int=0).hex))
    match what:
        case "start":
            round = Round(given.pop("round", Round.CODING))
            return await coach.interviews.start(learner, Plan(round, **given))
        case "step":
            step_id = UUID(given.pop("step_id"))
            return await coach.interviews.step(learner, Step(id, **given), step_id)
        case "check":
            return await coach.checking.check(learner, given["code"], id, None)
        case "finish":
            quotes = given["quote"].split(". ")  # one quote shows two dimensions at most
            scores = tuple(
                Score(name, 3, (quotes[place % len(quotes)],))
                for place, name in enumerate(given["dimensions"])
            )
            return await coach.grading.finish(learner, Scorecard(id, scores, Outcome.SOLVED))
        case "show":
            return await coach.interviews.show(learner, id)
    return await coach.learners.stats(learner)


async def serve(database_url: str, port: int) -> None:
    """Answers until the other side hangs up."""
    clock = SteppingClock()
    store = await open_store(database_url=database_url, data_dir=Path())
    coach = wire(store, NoCache(), HashEmbedder(), clock, Ids())
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    writer.write(f"{os.getpid()}\n".encode())
    while line := await reader.readline():
        request = json.loads(line)
        clock.at = datetime.fromisoformat(request["at"])
        learner = Learner.of(request["learner"])
        try:
            told = await do(coach, learner, request["do"], request["given"])
            answer = adapter(type(told)).dump_python(told, mode="json")
        except CoachError as error:
            answer = {"error": type(error).__name__}
        writer.write(json.dumps(answer).encode() + b"\n")
    await coach.sandbox.aclose()


def main() -> None:
    """A process for each line of stdin."""
    questions(), catalogue(), skill_graph(), rounds()  # read once, before there are copies
    for _ in sys.stdin:
        if FORKS:
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            if os.fork():
                continue
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
        os._exit(0)


if __name__ == "__main__":
    main()
