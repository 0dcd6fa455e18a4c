"""How quickly notes go in with the model on, one at a time and as turns of a conversation.

A call is answered once the text is on record and found by its words; the model follows behind. So
both are told: when the last call was answered, and when the last vector was stored.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import psutil  # type: ignore[import-untyped]  # it ships no types

from db import open_store
from maang_mcp.content.loader import catalogue
from maang_mcp.content.summaries import summaries
from maang_mcp.domain.profile import Learner
from maang_mcp.embedding import Precision
from maang_mcp.embedding.model_files import identity_of
from tests.factories import store_directory

from .memory_server import LEARNER, SERVER, answer, await_meaning, environment
from .wire import Stdio

TURNS: Final = 50
"""Turns told in one call."""


def tell_ingest(notes: int, precision: Precision) -> None:
    """Prints how long it takes until that many notes are on record and embedded."""
    print(f"\ningest through `remember` over stdio, {notes:,} of about 50 words each")
    for name, told in (
        ("one note a call", _one_by_one(notes)),
        ("turns, 50 a call", _turns(notes)),
    ):
        with (
            store_directory() as place,
            closing(Stdio(SERVER, environment(place, precision))) as server,
        ):
            server.greet()
            answer(server, "remember", {"content": "The first, for which the store is made."})
            await_meaning(server)
            process = psutil.Process(server.process.pid)
            began, before = time.perf_counter(), process.cpu_times()
            for arguments in told:
                answer(server, "remember", arguments)
            answered = time.perf_counter() - began
            asyncio.run(_embedded(place, identity_of(None, precision)))
            took, after = time.perf_counter() - began, process.cpu_times()
            spent = after.user + after.system - before.user - before.system
            resident = process.memory_info().rss / 1e6
        print(
            f"  {name:17} {1_000 * answered / notes:5.1f} ms each to be answered; 10,000 told in"
            f" {10_000 * answered / notes:4.0f} s, embedded in {10_000 * took / notes:4.0f} s"
            f" (target 120); processor {1_000 * spent / notes:.1f} ms each, {resident:.0f} MB"
        )


async def _embedded(place: Path, identity: str) -> None:
    """Waits until no passage lacks its vector."""
    store = await open_store(database_url=None, data_dir=place)
    learner = Learner.of(LEARNER)
    try:
        waiting = -1
        while waiting:
            async with store.reading(learner.id) as uow:
                waiting = await uow.vectors.count_waiting(identity)
            await asyncio.sleep(0.05)
    finally:
        await store.close()


def _one_by_one(count: int) -> Iterator[dict[str, Any]]:
    return ({"content": content} for content in _texts(count))


def _turns(count: int) -> Iterator[dict[str, Any]]:
    texts = list(_texts(count))
    for begin in range(0, count, TURNS):
        turns = [
            {"text": content, "speaker": "candidate"} for content in texts[begin : begin + TURNS]
        ]
        yield {"conversation": f"conversation {begin // 500}", "turns": turns}


def _texts(count: int) -> Iterator[str]:
    dice = random.Random(11)
    words = [word for told in summaries().values() for word in told.split()]
    titles: Sequence[str] = [problem.title for problem in catalogue()]
    for number in range(count):
        said = " ".join(dice.choices(words, k=dice.randint(35, 60)))
        yield f"{number}. On {dice.choice(titles)}: {said}"
