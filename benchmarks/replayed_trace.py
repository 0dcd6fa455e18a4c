"""How often an answer comes from the cache when somebody works with the coach: a replayed trace.

    python -m benchmarks.replayed_trace [--days 30] [--learners 20] [--seed 1]

No recording of real use exists, so the trace is made up, and these are its assumptions. A learner
has a session on about two days of three: it opens with a look at the weaknesses, then come three to
eight exchanges, up to four minutes apart. In each the assistant looks things up (one to three reads
of three kinds; what is searched for is one of twelve recurring questions, the first far more often
than the last), in every third it asks the same again, and in a share of them something is recorded,
after which no earlier answer counts. Answers live five minutes. The hit rate follows from these
assumptions more than from the cache: so it is told for several shares of writing, and with a
dashboard beside that looks every minute of a session.
"""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from uuid_utils.compat import uuid7

from db import Content, open_store
from maang_mcp.app import Coach, wire
from maang_mcp.cache import InProcessCache
from maang_mcp.content.loader import catalogue, content_version, skill_graph
from maang_mcp.domain.attempt import Outcome
from maang_mcp.domain.profile import Learner
from maang_mcp.services.requests import AttemptReport, Note, Question
from tests.factories import NOW, HashEmbedder, SteppingClock, store_directory

from .machine import describe_machine

QUESTIONS: Final = tuple(
    f"why do I struggle with {topic}"
    for topic in (
        *("sliding window", "binary search bounds", "duplicates in 3sum", "graph cycles"),
        *("dynamic programming states", "heap or sort", "off by one errors", "recursion depth"),
        *("system design estimation", "trade-offs", "telling a story", "time management"),
    )
)
WRITE_SHARES: Final = (0.0, 0.1, 0.25, 0.5)


class Kind(StrEnum):
    """What a step of the trace does."""

    RETRIEVE = "retrieve_context"
    WEAKNESSES = "weakness_report"
    PROGRESS = "progress_report"
    ATTEMPT = "record_attempt"
    NOTE = "remember"


@dataclass(frozen=True, slots=True)
class Step:
    """One call: seconds since the trace began, and what is asked or written."""

    at: float
    kind: Kind
    text: str = ""


def trace(dice: random.Random, days: int, writes: float, *, dashboard: bool = False) -> list[Step]:
    """The calls of one learner in the order of time."""
    steps: list[Step] = []
    for day in range(days):
        if dice.random() < 2 / 3:
            begin = (day * 24 + dice.uniform(17, 21)) * 3_600
            session = list(_session(dice, begin, writes))
            if dashboard:
                minutes = range(int((session[-1].at - begin) // 60) + 1)
                session += [Step(begin + 60 * minute, Kind.WEAKNESSES) for minute in minutes]
            steps += session
    return sorted(steps, key=lambda step: step.at)


def _session(dice: random.Random, at: float, writes: float) -> Iterator[Step]:
    yield Step(at, Kind.WEAKNESSES)
    for _ in range(dice.randint(3, 8)):
        at += dice.uniform(30, 240)
        asked = [_read(dice, at) for _ in range(dice.randint(1, 3))]
        yield from asked
        if dice.random() < 1 / 3:
            yield from (Step(at + 40, step.kind, step.text) for step in asked)
        if dice.random() < writes:
            kind = dice.choice((Kind.ATTEMPT, Kind.NOTE))
            yield Step(at + 60, kind, f"Learned at {at:.0f}: check the bounds first.")


def _read(dice: random.Random, at: float) -> Step:
    kind = dice.choices((Kind.RETRIEVE, Kind.WEAKNESSES, Kind.PROGRESS), (6, 3, 1))[0]
    if kind is not Kind.RETRIEVE:
        return Step(at, kind)
    weights = [1 / (rank + 1) for rank in range(len(QUESTIONS))]
    return Step(at, kind, dice.choices(QUESTIONS, weights)[0])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the cache on a made-up trace.")
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(describe_machine())
    print(f"{given.learners} learners, {given.days} days, seed {given.seed}: a synthetic trace")
    with store_directory() as place:
        asyncio.run(_replay_all(place, given))


async def _replay_all(place: Path, given: argparse.Namespace) -> None:
    store = await open_store(database_url=None, data_dir=place)
    try:
        await store.prepare(Content(skill_graph(), catalogue(), content_version()))
        print(f"  {'writes':>6} {'dashboard':>9} {'reads':>6} {'hits':>6}   (claimed: 80-90 %)")
        for dashboard in (False, True):
            for share in WRITE_SHARES:
                clock = SteppingClock(NOW)
                cache = _cache(clock)
                coach = wire(store, cache, HashEmbedder(), clock, uuid7)
                for number in range(given.learners):
                    dice = random.Random(f"{given.seed} {number} {share}")
                    learner = Learner.of(f"replayed-{share}-{dashboard}-{number}")
                    steps = trace(dice, given.days, share, dashboard=dashboard)
                    await _replay(coach, learner, clock, steps)
                await coach.backlog.aclose()
                reads = cache.counts.hits + cache.counts.misses
                rate = cache.counts.hits / reads
                print(f"  {share:6.0%} {'yes' if dashboard else 'no':>9} {reads:6} {rate:6.1%}")
    finally:
        await store.close()


def _cache(clock: SteppingClock) -> InProcessCache:
    """A cache that grows old as the trace goes on."""
    return InProcessCache(clock=lambda: clock().timestamp())


async def _replay(coach: Coach, learner: Learner, clock: SteppingClock, steps: list[Step]) -> None:
    began = NOW
    clock.at = began
    await coach.memories.remember(learner, Note(content="The first note of all."))
    for step in steps:
        clock.at = began + timedelta(seconds=step.at)
        match step.kind:
            case Kind.RETRIEVE:
                await coach.memories.retrieve_context(learner, Question(step.text))
            case Kind.WEAKNESSES:
                await coach.coaching.weakness_report(learner)
            case Kind.PROGRESS:
                await coach.progress.report(learner)
            case Kind.NOTE:
                await coach.memories.remember(learner, Note(content=step.text))
            case Kind.ATTEMPT:
                await coach.practice.record_attempt(
                    learner, AttemptReport(problem="3sum", outcome=Outcome.SOLVED, minutes=25)
                )


if __name__ == "__main__":
    main()
