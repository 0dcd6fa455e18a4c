"""The life of the sandbox: opened when needed, closed with the coach, never more than it can do."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from maang_mcp.domain.checking import CaseStatus
from maang_mcp.domain.code_task import Comparison, Shape
from maang_mcp.domain.errors import SandboxBusy, SandboxUnavailable
from maang_mcp.sandbox import Sandbox

from .tasks import code_task, hidden, visible

TASK = code_task(visible("(1,)", "2"))
RIGHT = "def solve(x):\n    return x + 1"


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


async def test_no_process_is_there_before_the_first_check_or_after_closing() -> None:
    before = children()
    sandbox = Sandbox()
    assert children() == before
    assert (await sandbox.check(TASK, RIGHT)).all_passed
    assert children() > before
    await sandbox.aclose()
    assert children() <= before
    with pytest.raises(SandboxUnavailable):
        await sandbox.check(TASK, RIGHT)
    await sandbox.aclose()


async def test_closing_what_was_never_opened_is_nothing() -> None:
    async with Sandbox():
        pass


async def test_more_than_can_wait_are_turned_away() -> None:
    async with Sandbox(workers=1, waiting=2, seconds=0.3, total=0.5) as sandbox:
        endless = "def solve(x):\n    while True: pass"
        waiting = [asyncio.create_task(sandbox.check(TASK, endless)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(SandboxBusy):
            await sandbox.check(TASK, RIGHT)
        for report in await asyncio.gather(*waiting):
            assert report.visible[0].status is CaseStatus.TOO_SLOW
        assert (await sandbox.check(TASK, RIGHT)).all_passed


async def test_two_checks_of_one_learner_are_under_way_and_no_more() -> None:
    async with Sandbox(workers=2, waiting=8, seconds=0.3, total=0.5) as sandbox:
        ada, ben = UUID(int=1), UUID(int=2)
        endless = "def solve(x):\n    while True: pass"
        flood = [asyncio.create_task(sandbox.check(TASK, endless, learner=ada)) for _ in range(9)]
        assert (await sandbox.check(TASK, RIGHT, learner=ben)).all_passed
        ended = await asyncio.gather(*flood, return_exceptions=True)
        refused = [answer for answer in ended if isinstance(answer, SandboxBusy)]
        assert len(refused) == 7
        assert "Wait for their answers" in refused[0].next_step
        assert (await sandbox.check(TASK, RIGHT, learner=ada)).all_passed


async def test_one_who_does_not_wait_any_longer_leaves_the_worker_usable() -> None:
    async with Sandbox(workers=1, waiting=0, seconds=0.3, total=0.5) as sandbox:
        endless = asyncio.create_task(sandbox.check(TASK, "def solve(x):\n    while True: pass"))
        await asyncio.sleep(0)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        with pytest.raises(SandboxBusy):  # the worker is still at it
            await sandbox.check(TASK, RIGHT)
        while True:
            try:
                report = await sandbox.check(TASK, RIGHT)
            except SandboxBusy:
                await asyncio.sleep(0)
            else:
                break
        assert report.all_passed


async def test_without_an_interpreter_the_sandbox_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MONTY_BIN", str(tmp_path / "missing"))
    async with Sandbox() as sandbox:
        with pytest.raises(SandboxUnavailable):
            await sandbox.check(TASK, RIGHT)


def test_a_process_that_exits_right_after_closing_exits_well() -> None:
    """Which the interpreter's own pool for asyncio does not: it aborts every third time."""
    program = (
        "import asyncio\n"
        "from maang_mcp.sandbox import Sandbox\n"
        "from tests.sandbox.test_runner import RIGHT, TASK\n"
        "async def main():\n"
        "    async with Sandbox() as sandbox:\n"
        "        assert (await sandbox.check(TASK, RIGHT)).all_passed\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[2]
    for _ in range(3):
        ended = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True)
        assert (ended.returncode, ended.stderr) == (0, b"")


async def test_a_test_of_the_bank_that_cannot_be_evaluated_is_not_quoted(sandbox: Sandbox) -> None:
    broken = code_task(visible("(1,)", "2"), hidden("(secret,)", "1"))
    with pytest.raises(ValueError, match="test 2 of 'solve' does not evaluate") as raised:
        await sandbox.check(broken, RIGHT)
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


# --- How a task says what is called, given and expected.


async def test_linked_lists_and_trees_are_built_and_read_back(sandbox: Sandbox) -> None:
    task = code_task(
        visible("([1, 2, 3], [4, 2, None, 1])", "[3, 2, 1]"),
        visible("([], [])", "[]"),
        takes=(Shape.LINKED_LIST, Shape.TREE),
        gives=Shape.LINKED_LIST,
    )
    code = """
def solve(head, root):
    back = None
    while head:
        head.next, back, head = back, head, head.next
    assert root is None or root.left.left.val == 1 and root.right is None
    return back
"""
    assert (await sandbox.check(task, code)).all_passed
    ring = code.replace("    return back", "    if back: back.next = back\n    return back")
    report = await sandbox.check(task, ring)
    assert report.visible[0].error == "ValueError: the linked list that is returned has a cycle"


async def test_a_class_is_played_call_by_call(sandbox: Sandbox) -> None:
    calls = "[('Counter', 2), ('add_many', 3), ('value',)]"
    task = code_task(visible(calls, "[None, 5, 5]"), entry="Counter", is_class=True)
    code = """
class Counter:
    def __init__(self, start):
        self.n = start
    def addMany(self, more):
        self.n += more
        return self.n
    def value(self):
        return self.n
"""
    assert (await sandbox.check(task, code)).all_passed


async def test_an_answer_can_be_what_was_changed_in_place(sandbox: Sandbox) -> None:
    task = code_task(visible("([3, 1, 2],)", "[1, 2, 3]"), in_place=True)
    assert (await sandbox.check(task, "def solve(xs):\n    xs.sort()")).all_passed
    report = await sandbox.check(task, "def solve(xs):\n    return sorted(xs)")
    assert report.visible[0].answer == "[3, 1, 2]"


async def test_several_answers_can_be_right(sandbox: Sandbox) -> None:
    accepts = "def accepts(given, answer, expected):\n    return answer in given[0]"
    task = code_task(visible("([3, 1],)", "None"), accepts=accepts)
    assert (await sandbox.check(task, "def solve(xs): return xs[1]")).all_passed
    assert not (await sandbox.check(task, "def solve(xs): return 7")).all_passed
    for odd in ("[[]]", "{}", "solve", "'x' * 10 ** 6"):
        assert not (await sandbox.check(task, f"def solve(xs): return {odd}")).all_passed


async def test_the_comparison_is_the_tasks(sandbox: Sandbox) -> None:
    code = "def solve(xs): return xs[::-1]"
    for comparison, right in ((Comparison.EXACTLY, False), (Comparison.ANY_ORDER, True)):
        task = code_task(visible("([1, 2],)", "[1, 2]"), compares=comparison)
        assert (await sandbox.check(task, code)).all_passed is right
