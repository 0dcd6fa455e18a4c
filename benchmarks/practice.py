"""Practising through the MCP: does the record stay true, and what does a call cost when it is long?

    python -m benchmarks.practice [--attempts 1000] [--calls 100] [--seed 1]

Random attempts go through a real client and `record_attempt` into an embedded store; what the
store then believes is compared with the pure model, which is given the same attempts. After that
calls are timed in turns, each read right after a write, so that no answer comes from the cache;
beside them a call of a server that does nothing, which tells the framework's own price. Client and
server share one process and no pipe. 5,000 attempts, as the targets have it, take a few minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from itertools import chain
from random import Random
from typing import Any, Final
from uuid import UUID

import psutil  # type: ignore[import-untyped]  # it ships no types
from fastmcp import Client

from db import Content, Store, open_store
from maang_mcp.app import Coach, now, wire
from maang_mcp.cache import InProcessCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.attempt import Attempt, Mistake, Outcome
from maang_mcp.domain.mastery import LearnerState
from maang_mcp.domain.problem import Problem
from maang_mcp.domain.profile import Learner
from maang_mcp.domain.scheduling import Review
from maang_mcp.domain.skills import Round
from maang_mcp.domain.standing import replay
from maang_mcp.embedding import NoEmbedder
from maang_mcp.server.build import build_server
from maang_mcp.server.opening import Opening
from tests.factories import Ids, store_directory

from .machine import describe_machine
from .no_op import server as nothing

READS: Final = ("weakness_report", "next_problem", "get_briefing")
TARGETS_MS: Final = {"weakness_report": 30, "next_problem": 40}
WARM_UP: Final = 5
LEARNER: Final = "practice-benchmark"
TOLERANCE: Final = 1e-9

Told = tuple[Attempt, Problem]


def main() -> None:
    parser = argparse.ArgumentParser(description="Replay a life of practice through the MCP.")
    parser.add_argument("--attempts", type=int, default=1_000)
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(f"{describe_machine()}, load {psutil.getloadavg()[0]:.1f}")
    print(f"{given.attempts} attempts, {given.calls} calls of each tool, seed {given.seed}")
    asyncio.run(run(given.attempts, given.calls, Random(given.seed)))


async def run(attempts: int, calls: int, dice: Random) -> None:
    told = list(history(dice, attempts + WARM_UP + calls))
    with store_directory() as place:
        store = await open_store(database_url=None, data_dir=place)
        try:
            await store.prepare(Content(skill_graph(), catalogue(), content_version()))
            server = build_server(Opening(lambda: opened(store)), learner=LEARNER)
            async with Client(server) as client, Client(nothing) as idle:
                began = time.perf_counter()
                for attempt, _ in told[:attempts]:
                    await client.call_tool("record_attempt", arguments(attempt))
                spent = time.perf_counter() - began
                print(f"recorded in {spent:.0f} s, {1_000 * spent / attempts:.1f} ms each")
                await tell_difference(store, told[:attempts])
                await tell_calls(client, idle, told[attempts:])
        finally:
            await store.close()


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Coach]:
    """The product as it is served, without a model."""
    coach = wire(store, InProcessCache(), NoEmbedder(), now, Ids())
    yield coach
    await coach.backlog.aclose()


def history(dice: Random, attempts: int) -> Iterator[Told]:
    """Random attempts up to today, oldest first, at every coding problem there is."""
    problems = sorted(
        (problem for problem in catalogue() if problem.round is Round.CODING),
        key=lambda problem: problem.slug,
    )
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=600 * attempts)
    for _ in range(attempts):
        at += timedelta(minutes=dice.randrange(20, 600))
        problem, outcome = dice.choice(problems), dice.choice(list(Outcome))
        failed = outcome in (Outcome.FAILED, Outcome.GAVE_UP)
        attempt = Attempt(
            id=UUID(int=dice.getrandbits(128)),
            problem=problem.slug,
            round=problem.round,
            outcome=outcome,
            at=at,
            minutes=float(dice.randrange(5, 90)),
            mistakes=tuple(dice.sample(list(Mistake), dice.randrange(3))),
            culprit_skill=dice.choice(problem.skills) if failed and problem.skills else None,
            confidence=dice.choice([None, 1, 2, 3, 4, 5]),
            note="It took a while to see what the window holds.",
        )
        yield attempt, problem


def arguments(attempt: Attempt) -> Mapping[str, Any]:
    """An attempt as a client tells it."""
    return {
        "problem": attempt.problem,
        "outcome": attempt.outcome,
        "minutes": attempt.minutes,
        "mistakes": list(attempt.mistakes),
        "culprit_skill": attempt.culprit_skill,
        "confidence": attempt.confidence,
        "note": attempt.note,
        "when": attempt.at.isoformat(),
        "attempt_id": str(attempt.id),
    }


async def tell_difference(store: Store, told: Sequence[Told]) -> None:
    """How far what is stored lies from what the pure model makes of the same attempts."""
    pure = replay(told)[-1].standing
    async with store.reading(Learner.of(LEARNER).id) as uow:
        state, reviews = await uow.practice.learner_state(), await uow.practice.reviews()
    cards = sorted((history.review for history in pure.problems.values()), key=_by_problem)
    ours = [*numbers(state), *chain.from_iterable(map(card, sorted(reviews, key=_by_problem)))]
    theirs = [*numbers(pure.learner), *chain.from_iterable(map(card, cards))]
    apart = max(abs(one - other) for one, other in zip(ours, theirs, strict=True))
    verdict = "the same" if apart <= TOLERANCE else "NOT the same"
    print(
        f"{len(ours)} numbers of {len(state.skills)} skills and {len(reviews)} reviews: {verdict} "
        f"as the pure model's, at most {apart:.1e} apart"
    )


def numbers(state: LearnerState) -> Iterator[float]:
    """Everything believed, in one order."""
    for belief in (state.ability, state.form, *state.step_offsets):
        yield from astuple(belief)
    for name in sorted(state.skills):
        skill = state.skills[name]
        assert skill.last_practised is not None
        yield from (skill.mean, skill.variance, skill.practice_gain, skill.attempts)
        yield skill.last_practised.timestamp()


def card(review: Review) -> tuple[float, ...]:
    """A review card in numbers."""
    moments = review.due.timestamp(), review.last_review.timestamp()
    return (review.stability, review.difficulty, *moments, review.reviews, review.lapses)


def _by_problem(review: Review) -> str:
    return review.problem


async def tell_calls(client: Client[Any], idle: Client[Any], told: Sequence[Told]) -> None:
    """Milliseconds of each tool, in turns with each other and with one that does nothing."""
    taken: dict[str, list[float]] = {}
    for attempt, _ in told:
        for tool in ("record_attempt", *READS):
            given = arguments(attempt) if tool == "record_attempt" else {}
            taken.setdefault(tool, []).append(await timed(client, tool, given))
        taken.setdefault("no-op", []).append(await timed(idle, "nothing", {}))
    print(f"\n{'ms':16} {'p50':>7} {'p95':>7} {'min':>7}  target")
    for tool, times in taken.items():
        cuts = statistics.quantiles(times[WARM_UP:], n=20)
        target = f"{TARGETS_MS[tool]:7}" if tool in TARGETS_MS else ""
        print(f"{tool:16} {cuts[9]:7.1f} {cuts[18]:7.1f} {min(times[WARM_UP:]):7.1f} {target}")


async def timed(client: Client[Any], tool: str, given: Mapping[str, Any]) -> float:
    began = time.perf_counter()
    await client.call_tool(tool, dict(given))
    return (time.perf_counter() - began) * 1_000


if __name__ == "__main__":
    main()
