"""What an interview costs: each call, beside a server that does nothing, and the bank's own tests.

    python -m benchmarks.interviews [--interviews 6] [--many 60] [--embedder none]

Calls go over stdio, one at a time, to a server with the embedded store; every interview has thirty
exchanges, sixty turns. The last part runs every solution of the bank against every test of its
question, in the sandbox, as the tests of the bank do: one that is correct but marked as too slow
for the size tests, against the others.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

import psutil  # type: ignore[import-untyped]  # it ships no types

from maang_mcp.content.questions import questions
from maang_mcp.content.rounds import rubric
from maang_mcp.domain.code_task import CodeTask
from maang_mcp.domain.skills import Round
from maang_mcp.sandbox import Sandbox
from tests.content.test_solutions import fitting
from tests.factories import store_directory
from tests.lives import SAID

from .machine import describe_machine
from .server import NOTHING, OURS, WARM_UP, call
from .wire import Connection, Stdio

EXCHANGES: Final = 30
SHOWN: Final = (1, 15, 29)
"""Exchanges within a phase whose answers are weighed: turns 2, 30 and 58."""

TARGET: Final = 15.0
"""Milliseconds that half of all steps may take."""


class Measured:
    """Milliseconds by what was called."""

    def __init__(self, server: Connection) -> None:
        self._server = server
        self.taken: dict[str, list[float]] = defaultdict(list)

    def ask(self, name: str, tool: str, **arguments: Any) -> tuple[dict[str, Any], int]:
        """The structured answer of a tool, and the bytes of everything that was answered."""
        began = time.perf_counter()
        answer = self._server.ask("tools/call", name=tool, arguments=arguments)
        self.taken[name].append((time.perf_counter() - began) * 1_000)
        return answer["structuredContent"], len(json.dumps(answer, ensure_ascii=False).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure interviews.")
    parser.add_argument("--interviews", type=int, default=6, help="that are measured")
    parser.add_argument("--many", type=int, default=60, help="held before the last of them")
    parser.add_argument("--embedder", choices=("none", "onnx", "onnx-int8"), default="none")
    given = parser.parse_args()
    print(f"{describe_machine()}, load {psutil.getloadavg()[0]:.1f}")
    print(f"{given.interviews} interviews of {2 * EXCHANGES} turns before and after {given.many}")
    with store_directory() as data_dir:
        environment = {
            **os.environ,
            "MAANG_DATA_DIR": str(data_dir),
            "MAANG_EMBEDDER": given.embedder,
            "MAANG_LOG_LEVEL": "WARNING",
            "FASTMCP_CHECK_FOR_UPDATES": "off",
        }
        nothing = Stdio(NOTHING.stdio, environment)
        nothing.greet()
        server = Stdio(OURS.stdio, environment)
        server.greet()
        hold(Measured(server))  # imports, plans and connections belong to the start
        print(f"\n{'':34}{'n':>6}{'p50':>8}{'p95':>8}  ms over stdio")
        for held in (1, given.many):
            measured = Measured(server)
            for _ in range(given.interviews):
                idle = [call(nothing, "nothing", dict) for _ in range(WARM_UP)]
                measured.taken["a call that does nothing"] += idle[WARM_UP // 2 :]
                hold(measured)
            tell(measured, f"after {held + given.interviews} interviews")
            if held == 1:
                rest = Measured(server)
                for _ in range(given.many):
                    hold(rest, exchanges=2)
        nothing.close()
        server.close()
    asyncio.run(tell_bank())


def hold(measured: Measured, exchanges: int = EXCHANGES) -> None:
    """One coding interview from its beginning to its end."""
    told, began = measured.ask("start_interview", "start_interview", round="coding", minutes=60)
    interview, sizes = told["interview_id"], {}
    task = questions()[told["question"]].code
    for exchange in range(1, exchanges + 1):
        action = "next_phase" if exchange % 6 == 0 else "continue"
        place = "turns 1 to 20" if exchange <= 10 else "turns 41 to 60" if exchange > 20 else ""
        name = f"interview_step, {place or 'turns 21 to 40'}"
        _, sizes[exchange] = measured.ask(
            name if action == "continue" else "interview_step, to a new phase",
            "interview_step",
            interview_id=interview,
            interviewer=f"And what about case {exchange}?",
            candidate=f"{exchange}: {SAID}",
            action=action,
            step_id=str(uuid4()),
        )
    resumed, size = measured.ask("start_interview, resuming", "start_interview")
    assert resumed["resumed"]
    if task is not None:
        code = task.solutions[0].code
        measured.ask("check_solution", "check_solution", code=code, interview_id=interview)
    quotes = SAID.split(". ")
    scores = [
        {"dimension": name, "score": 3, "evidence": [quotes[place % len(quotes)]]}
        for place, name in enumerate(rubric(Round.CODING).names)
    ]
    measured.ask(
        "finish_interview",
        "finish_interview",
        interview_id=interview,
        scores=scores,
        outcome="solved",
    )
    if exchanges == EXCHANGES:
        measured.taken["bytes: start"].append(began)
        measured.taken["bytes: resume after 60 turns"].append(size)
        for exchange in SHOWN:
            measured.taken[f"bytes: step at turn {2 * exchange}"].append(sizes[exchange])


def tell(measured: Measured, when: str) -> None:
    """The table of one series, sizes below it."""
    print(when)
    for name, taken in measured.taken.items():
        if not name.startswith("bytes"):
            print(f"  {name:32}{len(taken):6}{p(taken, 50):8.1f}{p(taken, 95):8.1f}")
    steps = [
        one
        for name, taken in measured.taken.items()
        if name.startswith("interview_step")
        for one in taken
    ]
    print(
        f"  {'interview_step, all':32}{len(steps):6}{p(steps, 50):8.1f}{p(steps, 95):8.1f}", end=""
    )
    print(f"  (target p50 < {TARGET:.0f})")
    for name, sizes in measured.taken.items():
        if name.startswith("bytes"):
            whole = statistics.median(sizes)
            print(
                f"  {name.removeprefix('bytes: '):32}{whole:8,.0f} bytes, {whole / 4:,.0f} tokens"
            )


def p(values: Sequence[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]


async def tell_bank() -> None:
    """How long all of the bank's code takes to pass all of its tests."""
    tasks = [question.code for question in questions().values() if question.code is not None]
    runs = [
        (fitting(task, solution), solution.code) for task in tasks for solution in task.solutions
    ]
    wrong = [(task, one.code) for task in tasks for one in task.wrong]
    async with Sandbox() as sandbox:
        room = asyncio.Semaphore(os.cpu_count() or 1)

        async def passes(task: CodeTask, code: str) -> bool:
            async with room:
                return (await sandbox.check(task, code)).all_passed

        await passes(*runs[0])
        began = time.perf_counter()
        right = await asyncio.gather(*(passes(task, code) for task, code in runs))
        solved = time.perf_counter() - began
        told = await asyncio.gather(*(passes(task, code) for task, code in wrong))
        whole = time.perf_counter() - began
    tests = sum(len(task.tests) for task in tasks)
    print(f"\nthe bank: {len(tasks)} tasks with {tests} tests")
    print(f"  {sum(right)} of {len(runs)} solutions pass in {solved:.1f} s")
    print(f"  {len(told) - sum(told)} of {len(wrong)} wrong ones fail, {whole:.1f} s in all")


if __name__ == "__main__":
    main()
