"""What checking a candidate's code costs here, and how soon code that means harm is over.

    python -m benchmarks.sandbox

Latency is that of the bank's own expected solutions, against all their tests, beside the same tests
in CPython processes: one for all of them, which isolates nothing, and one for each.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from maang_mcp.content.questions import questions
from maang_mcp.domain.code_task import CodeTask, Shape
from maang_mcp.sandbox import Sandbox
from maang_mcp.sandbox.prelude import source_of

from .machine import describe_machine

HOSTILE = {
    "endless loop": "while True: pass",
    "loop that catches all": (
        "while True:\n  try:\n   while True: pass\n  except BaseException: pass"
    ),
    "one long operation": "y = 3\n while True: y = y * y",
    "memory bomb": "y = []\n while True: y.append('x' * 10 ** 6)",
    "huge integer": "return 10 ** 10 ** 9",
    "huge string": "return 'x' * 10 ** 11",
    "flood of output": "while True: print('x' * 10000)",
    "deep recursion": "return solve(*x)",
    "exponential regex": "import re\n return re.match('(a|aa)+$', 'a' * 50000 + 'b')",
    "nested answer": "y = []\n for _ in range(60): y = [y, y]\n return y",
    "large answer": "return [0] * 10 ** 7",
    "file": "return open('/etc/passwd').read()",
    "environment": "import os\n return os.environ['HOME']",
}
CHILD = """
import json, sys
given = json.load(sys.stdin)
room = {"__name__": "candidate"}
exec(given["harness"] + given["code"], room)
for test in given["tests"]:
    arguments = eval(f"({test})")
    if given["is_class"]:
        room["_sandbox_play"](room[given["entry"]], arguments)
    else:
        takes = given["takes"] or ["value"] * len(arguments)
        call = room["_sandbox_call"]
        call(room[given["entry"]], arguments, takes, given["gives"], given["in_place"])
"""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the sandbox.")
    parser.add_argument("--questions", type=int, default=30, help="of the bank")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    tasks = [question.code for question in questions().values() if question.code is not None]
    asyncio.run(measure(tasks[: arguments.questions], arguments.rounds))


async def measure(tasks: Sequence[CodeTask], rounds: int) -> None:
    print(describe_machine())
    async with Sandbox() as sandbox:
        began = time.perf_counter()
        await sandbox.check(tasks[0], tasks[0].solutions[0].code)
        print(f"first check, with the worker's start: {elapsed(began):.0f} ms")
        await latency(sandbox, tasks, rounds)
        plain = next(task for task in tasks if task.gives is Shape.VALUE and not task.is_class)
        await hostile(sandbox, plain)
        await responsiveness(sandbox, plain, tasks)


def elapsed(began: float) -> float:
    """Milliseconds."""
    return (time.perf_counter() - began) * 1_000


def row(name: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    print(f"  {name:44} {p50:8.1f} p50 {p95:8.1f} p95 {ordered[-1]:8.1f} max  (n={len(times)})")


async def latency(sandbox: Sandbox, tasks: Sequence[CodeTask], rounds: int) -> None:
    count = sum(len(task.tests) for task in tasks)
    print(f"\nmilliseconds per check: {len(tasks)} questions, {count} tests")
    checks: list[float] = []
    small: list[float] = []
    together: list[float] = []
    apart: list[float] = []
    for task in tasks:
        code = task.solutions[0].code
        await sandbox.check(task, code)
        for _ in range(rounds):  # in turns, so that a busy machine is busy for all of them
            began = time.perf_counter()
            report = await sandbox.check(task, code)
            checks.append(elapsed(began))
            if not report.all_passed:
                raise SystemExit(f"{task.entry}: the expected solution does not pass")
            began = time.perf_counter()
            await sandbox.check(task, f"{code}\nraise SystemError")
            small.append(elapsed(began))
            together.append(cpython(task, [test.given for test in task.tests]))
        apart.append(sum(cpython(task, [test.given]) for test in task.tests))
    row("sandbox", checks)
    row("sandbox, code that fails when it is loaded", small)
    row("CPython, one process for all tests", together)
    row("CPython, one process for each test", apart)


def cpython(task: CodeTask, tests: Sequence[str]) -> float:
    given = {
        "harness": source_of(()),
        "code": task.solutions[0].code,
        "tests": tests,
        "entry": task.entry,
        "is_class": task.is_class,
        "takes": list(task.takes),
        "gives": task.gives,
        "in_place": task.in_place,
    }
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-I", "-c", CHILD], input=json.dumps(given).encode(), check=True
    )
    return elapsed(began)


def program(task: CodeTask, body: str) -> str:
    """A candidate's code for that task which does something else; `x` are the arguments."""
    return f"def {task.entry}(*x):\n {body}".replace("solve(", f"{task.entry}(")


async def hostile(sandbox: Sandbox, task: CodeTask) -> None:
    print("\nmilliseconds until code that means harm is over, and what is said of it")
    for name, body in HOSTILE.items():
        began = time.perf_counter()
        report = await sandbox.check(task, program(task, body))
        said = report.cannot_verify or report.problem or report.visible[0].status.value
        print(f"  {name:44} {elapsed(began):8.1f}  {said}")


async def responsiveness(sandbox: Sandbox, plain: CodeTask, tasks: Sequence[CodeTask]) -> None:
    print("\nmilliseconds that a coroutine which asks for 5 waits longer")
    row("nothing runs", await late_by(asyncio.sleep(1.5)))
    for name in ("endless loop", "flood of output", "memory bomb", "large answer"):
        code = program(plain, HOSTILE[name])
        row(f"two checks: {name}", await late_by(twice(sandbox, plain, code)))
    row("checks of the bank, one after the other", await late_by(bank(sandbox, tasks[:20])))


async def twice(sandbox: Sandbox, task: CodeTask, code: str) -> None:
    await asyncio.gather(sandbox.check(task, code), sandbox.check(task, code))


async def bank(sandbox: Sandbox, tasks: Sequence[CodeTask]) -> None:
    for task in tasks:
        await sandbox.check(task, task.solutions[0].code)


async def late_by(work: Coroutine[Any, Any, None]) -> list[float]:
    running = asyncio.create_task(work)
    late = []
    while not running.done():
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append(elapsed(began) - 5)
    await running
    return late


if __name__ == "__main__":
    main()
